"""Signing in and out (SECURITY A01–A20, V78–V92)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts import sessions
from accounts.models import Person, UserSession
from accounts.passwords import needs_rehash
from core import clock
from core.db import db, transaction
from tests.accounts.mailbox import NEW_PASSWORD, answer_of, count
from tests.accounts.test_registration import FORM
from tests.cast import PASSWORD, Cast

#: Where nobody may be sent after signing in (the list of Django and CTFd, shortened).
ELSEWHERE = [
    "http://evil.example",
    "https:///evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\\\evil.example",
    "http:\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "http://localhost@evil.example/",
    "//localhost@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    " //evil.example",
    "evil.example",
    "..//evil.example",
    "/nada-de-esto",
    "/" + "x" * 3000,
]


def enter(client: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    return client.post("/cuenta/ingresar", data={"correo": email, "clave": password, **more})


def test_sign_in_opens_a_new_session(app: Flask, cast: Cast, client: FlaskClient) -> None:
    client.get("/cuenta/ingresar")
    before = client.get_cookie("session")
    answer = enter(client, " ANA@EXAMPLE.com ", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    after = client.get_cookie("session")
    assert after is not None
    assert before is None or before.value != after.value
    assert client.get("/cuenta").status_code == 200
    assert db.session.scalar(select(UserSession.person_id)) == cast.ana.person_id


def test_planted_session_is_not_the_one_signed_in(app: Flask, cast: Cast) -> None:
    attacker, victim = app.test_client(), app.test_client()
    attacker.post("/cuenta/registro", data=FORM)
    planted = attacker.get_cookie("session")
    assert planted is not None
    victim.set_cookie("session", planted.value)
    enter(victim, cast.ana.email, PASSWORD)
    after = victim.get_cookie("session")
    assert after is not None
    assert after.value != planted.value
    assert "Ana Quispe" in victim.get("/cuenta").text
    assert "Ana Quispe" not in attacker.get("/cuenta").text


def test_sign_in_asks_for_both(client: FlaskClient) -> None:
    answer = enter(client, "", "")
    assert answer.status_code == 422
    assert 'id="correo-error"' in answer.text
    assert 'id="clave-error"' in answer.text


def test_sign_in_refuses_every_wrong_pair_alike(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with transaction() as session:
        disabled = session.get_one(Person, cast.carla.person_id)
        disabled.disabled_at = clock.now()
        stored = session.get_one(Person, cast.ana.person_id).password_hash
    answers = [
        enter(app.test_client(), email, password)
        for email, password in (
            (cast.ana.email, "otra cosa distinta"),
            ("nadie@example.com", PASSWORD),
            (cast.carla.email, PASSWORD),
            ("a' OR '1'='1", PASSWORD),
            ('"; DROP TABLE people;--', PASSWORD),
            (cast.ana.email, stored),
            (cast.ana.email, PASSWORD.upper()),
            (cast.ana.email, PASSWORD + "\x00"),
            (cast.ana.email, PASSWORD + " "),
            (cast.ana.email, "x" * 300),
            ("x" * 300 + "@example.com", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert all("El correo o la clave no son correctos." in a.text for a in answers)
    emails = (cast.ana.email, cast.carla.email, "nadie@example.com")
    seen = [
        answer_of(enter(app.test_client(), email, "otra cosa distinta"), email) for email in emails
    ]
    assert seen[0] == seen[1] == seen[2]
    assert count(UserSession) == 0


def test_refused_page_keeps_the_address_and_not_the_password(
    cast: Cast, client: FlaskClient
) -> None:
    answer = enter(client, cast.ana.email, "secreto muy secreto")
    assert f'value="{cast.ana.email}"' in answer.text
    assert "secreto muy secreto" not in answer.text


def test_sign_in_prefers_the_confirmed_person(app: Flask, cast: Cast, client: FlaskClient) -> None:
    """A registration with Ana's address opens itself with its password, and Ana's with hers."""
    client.post("/cuenta/registro", data={**FORM, "correo": cast.ana.email})
    one, other = app.test_client(), app.test_client()
    assert enter(one, cast.ana.email, PASSWORD).status_code == 303
    assert "Ana Quispe" in one.get("/cuenta").text
    assert enter(other, cast.ana.email, NEW_PASSWORD).status_code == 303
    assert "Hugo Paz" in other.get("/cuenta").text


@pytest.mark.parametrize("email", ["ana@example.com", "nadie@example.com", "sin arroba"])
def test_sign_in_compares_two_hashes_whatever_the_address(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    from accounts import passwords

    compared: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, stored: str, password: str) -> bool:
        compared.append(stored)
        return bool(verify(self, stored, password))

    monkeypatch.setattr(passwords.PasswordHasher, "verify", counting)
    enter(app.test_client(), email, "otra cosa distinta")
    assert len(compared) == 2


def test_sign_in_renews_an_old_hash(cast: Cast, client: FlaskClient) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).password_hash = weak.hash(PASSWORD)
    assert enter(client, cast.ana.email, PASSWORD).status_code == 303
    db.session.rollback()
    stored = db.session.get_one(Person, cast.ana.person_id).password_hash
    assert not needs_rehash(stored)
    assert enter(client, cast.ana.email, PASSWORD).status_code == 303


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_never_leads_elsewhere(cast: Cast, client: FlaskClient, target: str) -> None:
    page = client.get("/cuenta/ingresar", query_string={"next": target})
    assert 'name="next"' not in page.text
    answer = enter(client, cast.ana.email, PASSWORD, next=target)
    assert (answer.status_code, answer.location) == (303, "/")


def test_sign_in_leads_back_to_the_page_that_was_asked_for(cast: Cast, client: FlaskClient) -> None:
    asked = client.get("/tickets?pagina=2")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert 'name="next" value="/tickets?pagina=2"' in page.text
    answer = enter(client, cast.ana.email, PASSWORD, next="/tickets?pagina=2")
    assert (answer.status_code, answer.location) == (303, "/tickets?pagina=2")


def test_signed_in_person_is_not_asked_again(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    assert client.get("/cuenta/ingresar").status_code == 302
    assert client.get("/cuenta/registro").status_code == 302


@pytest.mark.parametrize("cookie", ["garbage", "x" * 8000, '"; a=b', ".eJwBAAD.x.y"])
def test_broken_session_cookie_is_a_visitor(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("session", cookie)
    assert client.get("/cuenta/ingresar").status_code == 200


def test_sign_in_takes_forms_alone(client: FlaskClient) -> None:
    assert client.post("/cuenta/ingresar", json={"correo": "a@b.co"}).status_code == 415


def test_sign_in_of_ten_megabytes_is_too_large(client: FlaskClient) -> None:
    assert enter(client, "a@b.co", "x" * 10_000_000).status_code == 413


@pytest.mark.parametrize("path", ["/cuenta/ingresar", "/cuenta/registro", "/cuenta/clave/olvidada"])
def test_forms_need_their_token(strict_app: Flask, path: str) -> None:
    answer = strict_app.test_client().post(path, data={"correo": "ana@example.com"})
    assert answer.status_code == 400
    assert "El formulario venció" in answer.text


def test_sign_out_ends_the_session(app: Flask, cast: Cast, client: FlaskClient) -> None:
    enter(client, cast.ana.email, PASSWORD)
    copied = client.get_cookie("session")
    assert copied is not None
    answer = client.post("/cuenta/salir")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert count(UserSession) == 0
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/cuenta").status_code == 302
    assert client.get("/cuenta/salir").status_code == 405


def test_disabled_person_is_out_at_once(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).disabled_at = clock.now()
    assert client.get("/cuenta").status_code == 302


def test_eleventh_session_ends_the_oldest(cast: Cast) -> None:
    now = clock.now()
    tokens = [
        sessions.start(cast.ana.person_id, browser="", now=now + timedelta(seconds=n))
        for n in range(11)
    ]
    alive = [sessions.actor_of(token, now=now + timedelta(minutes=1)) for token in tokens]
    assert [actor is not None for actor in alive] == [False] + [True] * 10


@pytest.mark.parametrize(
    ("who", "idle", "life"),
    [
        ("ana", sessions.CUSTOMER_IDLE, sessions.CUSTOMER_LIFE),
        ("diego", sessions.STAFF_IDLE, sessions.STAFF_LIFE),
    ],
)
def test_session_ends_when_unused_and_in_any_case(
    cast: Cast, who: str, idle: timedelta, life: timedelta
) -> None:
    now, second = clock.now(), timedelta(seconds=1)
    token = sessions.start(getattr(cast, who).person_id, browser="", now=now)
    assert sessions.actor_of(token, now=now + idle + second) is None
    at = now
    while at + idle < now + life:
        at += idle
        assert sessions.actor_of(token, now=at) is not None
    assert sessions.actor_of(token, now=now + life) is None
