"""One's own account: name, language, password, sessions (A3, B22, S6, V82)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Person, UserSession
from core.db import db
from tests.accounts.mailbox import NEW_PASSWORD, count, deliver
from tests.accounts.test_registration import FORM
from tests.cast import PASSWORD, Cast

CHANGE = {"clave_actual": PASSWORD, "clave_nueva": NEW_PASSWORD, "repetir": NEW_PASSWORD}


def test_profile_is_for_the_signed_in(client: FlaskClient) -> None:
    answer = client.get("/cuenta")
    assert (answer.status_code, answer.location) == (302, "/cuenta/ingresar?next=/cuenta")


@pytest.mark.parametrize("who", ["ana", "beto", "diego", "elena", "fabio", "gloria"])
def test_everybody_has_a_profile(app: Flask, cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    page = cast.sign_in(app, actor).get("/cuenta")
    assert page.status_code == 200
    assert actor.email in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_profile_changes_name_and_language_alone(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.beto)
    extra = {
        "role": "admin",
        "roles": "admin",
        "rights": "manage_members",
        "permisos": "manage_members",
        "company_id": "2",
        "is_staff": "1",
        "email_confirmed": "1",
        "correo": "otro@example.com",
    }
    answer = client.post("/cuenta", data={"nombre": "Beto Núñez", "idioma": "en", **extra})
    assert answer.status_code == 303
    db.session.rollback()
    person = db.session.get_one(Person, cast.beto.person_id)
    assert (person.name, person.locale, person.email) == ("Beto Núñez", "en", cast.beto.email)
    assert (person.rights, person.roles) == (cast.beto.rights, frozenset())
    assert person.company_id == cast.beto.company_id


def test_language_of_the_account_wins_over_an_earlier_click(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    client.set_cookie("idioma", "es")
    client.post("/cuenta", data={"nombre": "Ana Quispe", "idioma": "en"})
    assert client.get_cookie("idioma") is None
    assert '<html lang="en"' in client.get("/cuenta").text


@pytest.mark.parametrize(
    ("field", "value"), [("nombre", " "), ("nombre", "x" * 121), ("idioma", "xx")]
)
def test_profile_refuses_in_words(app: Flask, cast: Cast, field: str, value: str) -> None:
    data = {"nombre": "Ana", "idioma": "es", field: value}
    answer = cast.sign_in(app, cast.ana).post("/cuenta", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_password_change_ends_the_other_sessions(app: Flask, cast: Cast) -> None:
    client, other = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.ana)
    before = client.get_cookie("session")
    answer = client.post("/cuenta/clave", data=CHANGE)
    assert (answer.status_code, answer.location) == (303, "/cuenta")
    after = client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/cuenta").status_code == 200
    assert other.get("/cuenta").status_code == 302
    assert count(UserSession) == 1
    assert [mail["To"] for mail in deliver(app)] == [cast.ana.email]
    data = {"correo": cast.ana.email, "clave": NEW_PASSWORD}
    assert app.test_client().post("/cuenta/ingresar", data=data).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clave_actual": "otra cosa distinta"}, "clave_actual"),
        ({"clave_actual": ""}, "clave_actual"),
        ({"clave_nueva": "corta", "repetir": "corta"}, "clave_nueva"),
        ({"clave_nueva": "textiles andina", "repetir": "textiles andina"}, "clave_nueva"),
        ({"repetir": "otra"}, "repetir"),
    ],
)
def test_password_stays_when_the_change_is_refused(
    app: Flask, cast: Cast, change: dict[str, str], field: str
) -> None:
    before = db.session.get_one(Person, cast.ana.person_id).password_hash
    answer = cast.sign_in(app, cast.ana).post("/cuenta/clave", data={**CHANGE, **change})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    db.session.rollback()
    assert db.session.get_one(Person, cast.ana.person_id).password_hash == before
    assert deliver(app) == []


def test_unconfirmed_address_gets_no_mail_about_passwords(app: Flask, client: FlaskClient) -> None:
    client.post("/cuenta/registro", data=FORM)
    deliver(app)
    change = {"clave_actual": NEW_PASSWORD, "clave_nueva": PASSWORD, "repetir": PASSWORD}
    assert client.post("/cuenta/clave", data=change).status_code == 303
    assert deliver(app) == []


def test_sessions_are_listed_and_ended_one_by_one(app: Flask, cast: Cast) -> None:
    client, other = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.ana)
    foreign = cast.sign_in(app, cast.carla)
    keys = {row.token_hash: row.person_id for row in db.session.query(UserSession).all()}
    page = client.get("/cuenta").text
    (target,) = [key for key in keys if f"/cuenta/sesiones/{key}/cierre" in page]
    assert client.post(f"/cuenta/sesiones/{target}/cierre").status_code == 303
    assert other.get("/cuenta").status_code == 302
    assert client.get("/cuenta").status_code == 200
    (carlas,) = [key for key, person in keys.items() if person == cast.carla.person_id]
    assert client.post(f"/cuenta/sesiones/{carlas}/cierre").status_code == 404
    assert foreign.get("/cuenta").status_code == 200


def test_all_other_sessions_are_ended_at_once(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    others = [cast.sign_in(app, cast.ana) for _ in range(3)]
    foreign = cast.sign_in(app, cast.carla)
    assert client.post("/cuenta/sesiones/cierre").status_code == 303
    assert client.get("/cuenta").status_code == 200
    assert [other.get("/cuenta").status_code for other in others] == [302] * 3
    assert foreign.get("/cuenta").status_code == 200
