"""A lost password (SECURITY B12, B15–B19, V73–V80)."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import OneTimeLink, Person
from core import clock
from core.db import db, transaction
from core.tokens import new_token, token_hash
from tests.accounts.mailbox import NEW_PASSWORD, answer_of, count, deliver, path_in, text_of
from tests.accounts.test_registration import FORM
from tests.cast import PASSWORD, Cast

BOTH = {"clave": NEW_PASSWORD, "repetir": NEW_PASSWORD}


def asked(app: Flask, email: str = "ana@example.com") -> str:
    """The path of a link that was just asked for."""
    app.test_client().post("/cuenta/clave/olvidada", data={"correo": email})
    return path_in(deliver(app)[-1])


def test_reset_sets_the_password_and_ends_every_session(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    elsewhere = cast.sign_in(app, cast.ana)
    path = asked(app)
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    answer = client.post(path, data=BOTH)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/cuenta").status_code == 200
    assert elsewhere.get("/cuenta").status_code == 302
    (mail,) = deliver(app)
    assert (mail["To"], "Cambió la clave" in mail["Subject"]) == (cast.ana.email, True)
    assert NEW_PASSWORD not in text_of(mail)
    data = {"correo": cast.ana.email, "clave": PASSWORD}
    assert app.test_client().post("/cuenta/ingresar", data=data).status_code == 401
    data["clave"] = NEW_PASSWORD
    assert app.test_client().post("/cuenta/ingresar", data=data).status_code == 303


def test_reset_answers_the_same_for_everybody(app: Flask, cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Person, cast.carla.person_id).disabled_at = clock.now()
    answers = []
    for email in (cast.ana.email, cast.carla.email, "nadie@example.com"):
        client = app.test_client()
        answer = client.post("/cuenta/clave/olvidada", data={"correo": email})
        assert answer.location == "/cuenta/clave/enviada"
        answers.append((answer_of(answer), answer_of(client.get(answer.location))))
    assert answers[0] == answers[1] == answers[2]
    assert [mail["To"] for mail in deliver(app)] == [cast.ana.email]


@pytest.mark.parametrize("email", ["", "a@b", "ana@example.com\r\nBcc: x@y.co", "x" * 100_000])
def test_reset_needs_an_address(app: Flask, cast: Cast, client: FlaskClient, email: str) -> None:
    answer = client.post("/cuenta/clave/olvidada", data={"correo": email})
    assert answer.status_code == 422
    assert 'id="correo-error"' in answer.text
    assert deliver(app) == []


def test_reset_mails_are_three_an_hour_for_an_address(app: Flask, cast: Cast) -> None:
    for number in range(20):
        email = "ANA@example.com" if number % 2 else " ana@EXAMPLE.com"
        app.test_client().post("/cuenta/clave/olvidada", data={"correo": email})
    assert [mail["To"] for mail in deliver(app)] == [cast.ana.email] * 3
    with transaction() as session:
        for link in session.query(OneTimeLink):
            link.created_at -= timedelta(minutes=61)
    asked(app)


def test_reset_link_is_made_of_the_public_address(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    form = {"correo": cast.ana.email}
    client.post("/cuenta/clave/olvidada", data=form, headers={"X-Forwarded-Host": "evil.example"})
    (mail,) = deliver(app)
    assert "evil.example" not in mail.as_string()


@pytest.mark.parametrize("method", ["get", "head"])
def test_reset_link_is_not_used_up_by_a_scanner(
    app: Flask, cast: Cast, client: FlaskClient, method: str
) -> None:
    path = asked(app)
    for _ in range(3):
        assert getattr(client, method)(path).status_code == 200
    assert client.post(path, data=BOTH).status_code == 303


def test_used_link_ends_itself_and_the_others(app: Flask, cast: Cast, client: FlaskClient) -> None:
    first, second = asked(app), asked(app)
    assert client.post(first, data=BOTH).status_code == 303
    for path in (first, second):
        for answer in (client.get(path), client.post(path, data=BOTH)):
            assert answer.status_code == 410
            assert 'href="/cuenta/clave/olvidada"' in answer.text


def test_link_ends_after_thirty_minutes(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = asked(app)
    link = db.session.query(OneTimeLink).one()
    assert timedelta(minutes=29) < link.ends_at - clock.now() <= timedelta(minutes=30)
    link.ends_at = clock.now()
    db.session.commit()
    assert client.get(path).status_code == 410
    assert client.post(path, data=BOTH).status_code == 410


def test_link_ends_when_the_password_is_changed(app: Flask, cast: Cast) -> None:
    path, client = asked(app), cast.sign_in(app, cast.ana)
    form = {"clave_actual": PASSWORD, "clave_nueva": NEW_PASSWORD, "repetir": NEW_PASSWORD}
    assert client.post("/cuenta/clave", data=form).status_code == 303
    assert app.test_client().post(path, data=BOTH).status_code == 410


@pytest.mark.parametrize(
    "token", ["", " ", "0", "null", "%00", "../", "x" * 10_000, "A" * 43, "None", "undefined"]
)
@pytest.mark.parametrize("page", ["clave/nueva", "confirmar", "invitacion"])
def test_unknown_token_is_a_missing_page(
    app: Flask, cast: Cast, client: FlaskClient, page: str, token: str
) -> None:
    # An asked-for link that was not mailed yet has no token: nothing may match it.
    client.post("/cuenta/clave/olvidada", data={"correo": cast.ana.email})
    assert client.get(f"/cuenta/{page}/{token}").status_code == 404
    assert client.post(f"/cuenta/{page}/{token}", data=BOTH).status_code == 404


def test_token_is_good_for_its_purpose_alone(app: Flask, client: FlaskClient) -> None:
    client.post("/cuenta/registro", data=FORM)
    token = path_in(deliver(app)[0]).rsplit("/", 1)[1]
    assert client.post(f"/cuenta/clave/nueva/{token}", data=BOTH).status_code == 404
    assert client.get(f"/cuenta/invitacion/{token}").status_code == 404


def test_only_the_hash_of_a_token_is_stored(app: Flask, cast: Cast) -> None:
    token = asked(app).rsplit("/", 1)[1]
    assert len(token) == len(new_token())
    db.session.rollback()
    stored = db.session.query(OneTimeLink).one()
    assert stored.token_hash == token_hash(token)
    dump = "".join(
        str(row)
        for table in ("one_time_links", "outbox_jobs", "audit_entries")
        for row in db.session.execute(db.text(f"SELECT * FROM {table}"))
    )
    assert token not in dump


def test_two_uses_of_one_link_at_once_set_one_password(app: Flask, cast: Cast) -> None:
    path, ready, statuses = asked(app), Barrier(2), []

    def use(password: str) -> None:
        client = app.test_client()
        ready.wait()
        data = {"clave": password, "repetir": password}
        statuses.append(client.post(path, data=data).status_code)

    threads = [Thread(target=use, args=(NEW_PASSWORD + str(n),)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 410]


@pytest.mark.parametrize(
    ("clave", "repetir", "field"),
    [
        ("corta", "corta", "clave"),
        ("ana@example.com", "ana@example.com", "clave"),
        ("Ana Quispe 2026", "Ana Quispe 2026", "clave"),
        (NEW_PASSWORD, NEW_PASSWORD + "x", "repetir"),
        (NEW_PASSWORD, "", "repetir"),
    ],
)
def test_refused_password_leaves_the_link_good(
    app: Flask, cast: Cast, client: FlaskClient, clave: str, repetir: str, field: str
) -> None:
    path = asked(app)
    answer = client.post(path, data={"clave": clave, "repetir": repetir})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert client.post(path, data=BOTH).status_code == 303


def test_link_of_a_disabled_person_is_gone(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = asked(app)
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).disabled_at = clock.now()
    assert client.post(path, data=BOTH).status_code == 410


def test_reset_of_an_address_with_two_registrations_is_the_confirmed_ones(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    app.test_client().post("/cuenta/registro", data={**FORM, "correo": cast.ana.email})
    deliver(app)
    client.post(asked(app), data=BOTH)
    assert "Ana Quispe" in client.get("/cuenta").text
    assert count(Person) == 9
