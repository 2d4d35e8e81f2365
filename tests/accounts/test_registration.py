"""Registering: signed in at once, never telling who has an account (B07–B11, V78)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Company, Person
from accounts.permissions import PRESETS
from core.db import db
from core.outbox import drain
from tests.accounts.mailbox import NEW_PASSWORD, answer_of, count, deliver, text_of
from tests.cast import Cast

FORM = {
    "nombre": "Hugo Paz",
    "correo": "hugo@example.com",
    "empresa": "Café Paz",
    "clave": NEW_PASSWORD,
}


def registered(email: str) -> Person:
    db.session.rollback()
    return db.session.scalars(
        select(Person).where(Person.email == email).order_by(Person.id.desc())
    ).all()[0]


def test_registration_makes_a_company_and_its_administrator(client: FlaskClient) -> None:
    answer = client.post("/cuenta/registro", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/tickets")
    person = registered("hugo@example.com")
    assert (person.name, person.roles, person.confirmed_at) == ("Hugo Paz", frozenset(), None)
    assert person.rights == frozenset(map(str, PRESETS["administrador"]))
    assert db.session.get_one(Company, person.company_id).name == "Café Paz"
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert client.get("/cuenta").status_code == 200


def test_registration_mails_a_link_without_a_word_of_the_visitor(
    app: Flask, client: FlaskClient
) -> None:
    typed = {**FORM, "nombre": "Gane dinero", "empresa": "premios.example"}
    client.post("/cuenta/registro", data=typed)
    (mail,) = deliver(app)
    assert mail["To"] == "hugo@example.com"
    assert "/cuenta/confirmar/" in text_of(mail)
    for word in ("Gane", "premios"):
        assert word not in mail.as_string()


def test_registration_leads_where_the_person_was_going(client: FlaskClient) -> None:
    answer = client.post("/cuenta/registro", data={**FORM, "next": "/tickets/nuevo"})
    assert (answer.status_code, answer.location) == (303, "/tickets/nuevo")


def test_registration_answers_the_same_for_a_known_address(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    other = app.test_client()
    known = client.post("/cuenta/registro", data={**FORM, "correo": cast.ana.email})
    unknown = other.post("/cuenta/registro", data=FORM)
    assert answer_of(known) == answer_of(unknown)
    address = "hugo@example.com"
    mine = answer_of(client.get("/cuenta"), cast.ana.email)
    theirs = answer_of(other.get("/cuenta"), address)
    assert _without_session(mine) == _without_session(theirs)
    again = [
        app.test_client().post("/cuenta/ingresar", data={"correo": email, "clave": NEW_PASSWORD})
        for email in (cast.ana.email, address)
    ]
    assert answer_of(again[0]) == answer_of(again[1])


def _without_session(answer: tuple[object, ...]) -> str:
    own = r"[0-9a-f]{64}|title=\"\d+ \w+ \d+, [\d:]+\"|data-bell=\"\d+\"|datetime=\"[^\"]*\""
    return re.sub(own, "…", str(answer))


def test_registration_of_a_known_address_warns_its_owner_alone(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    client.post("/cuenta/registro", data={**FORM, "correo": "ANA@example.com "})
    (mail,) = deliver(app)
    assert (mail["To"], "Usted ya tiene una cuenta" in mail["Subject"]) == (cast.ana.email, True)
    assert "/cuenta/confirmar/" not in text_of(mail)
    assert "Hugo" not in text_of(mail)
    stranger = registered(cast.ana.email)
    assert stranger.id != cast.ana.person_id
    assert stranger.company_id != cast.ana.company_id


def test_mails_to_one_address_are_three_an_hour(app: Flask, cast: Cast) -> None:
    for number in range(6):
        address = "ana@example.com" if number % 2 else "Ana@EXAMPLE.com"
        app.test_client().post("/cuenta/registro", data={**FORM, "correo": address})
    assert len(deliver(app)) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nombre", ""),
        ("nombre", "   "),
        ("nombre", "\u200b" * 5),
        ("nombre", "x" * 121),
        ("empresa", " "),
        ("empresa", "x" * 161),
        ("correo", "a@b"),
        ("correo", "hugo@example.com\r\nBcc: x@y.co"),
        ("correo", "hugo\u202e@example.com"),
        ("correo", "a" * 100_000 + "@example.com"),
        ("clave", ""),
        ("clave", "once letras"),
        ("clave", "password1234"),
        ("clave", "CaféPaz2026!"),
        ("clave", "hugo@example.com"),
        ("clave", "aaaaaaaaaaaa"),
        ("clave", "x7" * 129),
    ],
)
def test_registration_refuses_in_words_and_keeps_what_was_typed(
    client: FlaskClient, field: str, value: str
) -> None:
    before = count(Person)
    answer = client.post("/cuenta/registro", data={**FORM, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    if field != "nombre":
        assert 'value="Hugo Paz"' in answer.text
    assert NEW_PASSWORD not in answer.text
    assert count(Person) == before


@pytest.mark.parametrize(
    "name", ["Zoë", "O'Neil", "李", "مريم", "👨‍👩‍👧", "<script>alert(1)</script>", "Bcc: x"]
)
def test_registration_takes_any_name(client: FlaskClient, name: str) -> None:
    assert client.post("/cuenta/registro", data={**FORM, "nombre": name}).status_code == 303
    assert registered("hugo@example.com").name == name
    assert "<script>alert" not in client.get("/cuenta").text


@pytest.mark.parametrize("length", [12, 64, 100, 128, 256])
def test_registration_takes_a_long_passphrase(client: FlaskClient, length: int) -> None:
    password = ("tren verde  🚂 lunes q8 " * 12)[:length]
    assert client.post("/cuenta/registro", data={**FORM, "clave": password}).status_code == 303
    data = {"correo": FORM["correo"], "clave": password[:-1] + "~"}
    assert client.post("/cuenta/ingresar", data=data).status_code == 401
    data["clave"] = password
    assert client.post("/cuenta/ingresar", data=data).status_code == 303


def test_registration_ignores_fields_that_are_not_asked_for(client: FlaskClient) -> None:
    extra = {"roles": "admin", "role": "admin", "is_staff": "1", "confirmed_at": "1", "rights": ""}
    client.post("/cuenta/registro", data={**FORM, **extra})
    person = registered("hugo@example.com")
    assert (person.roles, person.confirmed_at) == (frozenset(), None)


def test_confirmation_mail_is_sent_once_though_its_job_runs_twice(
    app: Flask, client: FlaskClient
) -> None:
    from core.models import Job

    client.post("/cuenta/registro", data=FORM)
    (first,) = deliver(app)
    job = db.session.scalars(select(Job).where(Job.kind == "accounts.confirm")).one()
    job.done_at = None
    job.claimed_until = None
    moment = job.run_at + timedelta(minutes=10)
    db.session.commit()
    drain(moment)
    second = app.extensions["mail_sender"].sent[-1]
    assert second["Message-ID"] == first["Message-ID"]
    assert text_of(second) == text_of(first)
