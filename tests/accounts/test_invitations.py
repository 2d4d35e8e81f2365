"""Inviting colleagues (R10, V74, V75, V78)."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import OneTimeLink, Person
from core import clock
from core.db import db, transaction
from tests.accounts.mailbox import NEW_PASSWORD, answer_of, count, deliver, path_in, text_of
from tests.accounts.test_members import give
from tests.cast import Cast

EVA = "eva@example.com"
ACCEPT = {"nombre": "Eva Soto", "clave": NEW_PASSWORD}
URL = "/cuenta/empresa/invitaciones"


def invited(app: Flask, cast: Cast, **more: object) -> str:
    """The path of an invitation that Ana has just sent to Eva."""
    data = {"correo": EVA, "preset": "lectura", **more}
    assert cast.sign_in(app, cast.ana).post(URL, data=data).status_code == 303
    return path_in(deliver(app)[-1])


def eva() -> Person:
    db.session.rollback()
    return db.session.query(Person).filter_by(email=EVA).one()


def test_invitation_makes_a_confirmed_member(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = invited(app, cast, preset="tecnico", permisos=["ask_quotes"])
    page = client.get(path)
    assert page.status_code == 200
    assert "Textiles Andina" in page.text
    assert "Ana Quispe" in page.text
    answer = client.post(path, data=ACCEPT)
    assert (answer.status_code, answer.location) == (303, "/")
    person = eva()
    assert (person.name, person.company_id) == ("Eva Soto", cast.ana.company_id)
    assert person.confirmed_at is not None
    assert person.rights == {
        "see_company_tickets",
        "open_incidents",
        "open_requests",
        "authorise_access",
        "ask_quotes",
    }
    assert client.get("/cuenta/empresa").status_code == 200
    assert client.get(path).status_code == 410
    assert client.post(path, data=ACCEPT).status_code == 410


def test_invitation_mail_carries_no_name_that_was_typed(app: Flask, cast: Cast) -> None:
    cast.sign_in(app, cast.ana).post(URL, data={"correo": EVA, "preset": "lectura"})
    (mail,) = deliver(app)
    assert mail["To"] == EVA
    assert cast.ana.email in text_of(mail)
    for word in ("Quispe", "Andina"):
        assert word not in mail.as_string()


def test_invitation_answers_the_same_for_a_known_address(app: Flask, cast: Cast) -> None:
    answers = []
    for email in (cast.carla.email, EVA):
        with transaction() as session:
            session.query(OneTimeLink).delete()
        client = cast.sign_in(app, cast.ana)
        answer = client.post(URL, data={"correo": email, "preset": "lectura"})
        page = client.get(answer.location)
        assert email in page.text
        answers.append((answer_of(answer, email), _steady(answer_of(page, email))))
    assert answers[0] == answers[1]


def _steady(answer: tuple[object, ...]) -> str:
    return re.sub(r'datetime="[^"]*"|/invitaciones/\d+/', "…", str(answer))


def test_invited_person_with_an_account_is_told_by_mail_alone(app: Flask, cast: Cast) -> None:
    data = {"correo": cast.carla.email, "preset": "lectura"}
    cast.sign_in(app, cast.ana).post(URL, data=data)
    (mail,) = deliver(app)
    assert mail["To"] == cast.carla.email
    assert "/cuenta/invitacion/" not in text_of(mail)
    assert "soporte@netsolution.example" in text_of(mail)


def test_member_of_the_own_company_is_not_invited_again(app: Flask, cast: Cast) -> None:
    data = {"correo": cast.beto.email, "preset": "lectura"}
    answer = cast.sign_in(app, cast.ana).post(URL, data=data)
    assert answer.status_code == 422
    assert "ya es miembro" in answer.text
    assert deliver(app) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"correo": ""}, "correo"),
        ({"correo": "a@b"}, "correo"),
        ({"preset": "dueño"}, "preset"),
        ({"preset": ""}, "preset"),
        ({"preset": "a_medida"}, "permisos"),
        ({"permisos": ["admin"]}, "permisos"),
    ],
)
def test_invitation_refuses_in_words(
    app: Flask, cast: Cast, change: dict[str, object], field: str
) -> None:
    data = {"correo": EVA, "preset": "lectura", **change}
    answer = cast.sign_in(app, cast.ana).post(URL, data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert count(OneTimeLink) == 0


def test_nobody_invites_to_more_than_they_hold(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, "manage_members", "see_company_tickets")
    client = cast.sign_in(app, cast.beto)
    page = client.get("/cuenta/empresa").text
    assert 'value="lectura"' in page
    assert 'value="administrador"' not in page
    for data in (
        {"correo": EVA, "preset": "administrador"},
        {"correo": EVA, "preset": "lectura", "permisos": ["open_incidents"]},
    ):
        assert client.post(URL, data=data).status_code == 422
    assert count(OneTimeLink) == 0


@pytest.mark.parametrize("loss", ["right", "account"])
def test_invitation_is_worth_what_its_sender_may_give(
    app: Flask, cast: Cast, client: FlaskClient, loss: str
) -> None:
    path = invited(app, cast)
    if loss == "right":
        give(cast.ana.person_id, "manage_members")
    else:
        with transaction() as session:
            session.get_one(Person, cast.ana.person_id).disabled_at = clock.now()
    assert client.post(path, data=ACCEPT).status_code == 410
    assert count(Person) == 8


def test_invitation_is_withdrawn(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = invited(app, cast)
    link = db.session.query(OneTimeLink).one()
    url = f"{URL}/{link.id}/retiro"
    for other in (cast.carla, cast.beto):
        assert cast.sign_in(app, other).post(url).status_code == 404
    ana = cast.sign_in(app, cast.ana)
    assert EVA in ana.get("/cuenta/empresa").text
    assert ana.post(url).status_code == 303
    assert ana.post(url).status_code == 404
    answer = client.post(path, data=ACCEPT)
    assert answer.status_code == 410
    assert "Pida a quien le invitó" in answer.text


def test_new_invitation_replaces_the_earlier(app: Flask, cast: Cast, client: FlaskClient) -> None:
    first, second = invited(app, cast), invited(app, cast, preset="tecnico")
    assert client.get(first).status_code == 410
    assert client.post(second, data=ACCEPT).status_code == 303
    assert "authorise_access" in eva().rights


def test_invitation_ends_after_72_hours(app: Flask, cast: Cast, client: FlaskClient) -> None:
    path = invited(app, cast)
    link = db.session.query(OneTimeLink).one()
    assert timedelta(hours=71) < link.ends_at - clock.now() <= timedelta(hours=72)
    link.ends_at = clock.now()
    db.session.commit()
    assert client.get(path).status_code == 410
    assert client.post(path, data=ACCEPT).status_code == 410


def test_two_acceptances_at_once_make_one_member(app: Flask, cast: Cast) -> None:
    path, ready, statuses = invited(app, cast), Barrier(2), []

    def accept() -> None:
        client = app.test_client()
        ready.wait()
        statuses.append(client.post(path, data=ACCEPT).status_code)

    threads = [Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 410]
    assert eva().name == "Eva Soto"


def test_refused_acceptance_leaves_the_invitation_good(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    path = invited(app, cast)
    for data, field in (
        ({**ACCEPT, "nombre": " "}, "nombre"),
        ({**ACCEPT, "clave": "corta"}, "clave"),
        ({**ACCEPT, "clave": "textiles andina"}, "clave"),
    ):
        answer = client.post(path, data=data)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert client.post(path, data=ACCEPT).status_code == 303
