"""Limits that hold across processes and side by side (A12, A13, V80, V98, R1)."""

from __future__ import annotations

from threading import Thread

from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Person
from core.db import db
from core.models import RateWindow
from tests.accounts.mailbox import NEW_PASSWORD
from tests.accounts.test_registration import FORM
from tests.cast import PASSWORD, Cast

WRONG = "otra cosa distinta"


def browser(app: Flask, address: str = "203.0.113.5") -> FlaskClient:
    """A browser at an address, with its form's token switched off."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def enter(client: FlaskClient, email: str, password: str) -> int:
    return client.post("/cuenta/ingresar", data={"correo": email, "clave": password}).status_code


def test_eleventh_wrong_try_is_refused_with_a_time(strict_app: Flask, cast: Cast) -> None:
    client = browser(strict_app)
    tries = [enter(client, cast.ana.email, WRONG) for _ in range(10)]
    assert tries == [401] * 10
    answer = client.post("/cuenta/ingresar", data={"correo": cast.ana.email, "clave": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert cast.ana.email in answer.text
    assert PASSWORD not in answer.text
    assert enter(client, cast.carla.email, PASSWORD) == 303
    assert enter(browser(strict_app, "198.51.100.7"), cast.ana.email, PASSWORD) == 303


def test_limit_is_the_same_for_an_unknown_address(strict_app: Flask, cast: Cast) -> None:
    client = browser(strict_app)
    tries = [enter(client, "nadie@example.com", WRONG) for _ in range(11)]
    assert tries == [401] * 10 + [429]


def test_right_password_is_not_counted(strict_app: Flask, cast: Cast) -> None:
    client = browser(strict_app)
    assert [enter(client, cast.ana.email, PASSWORD) for _ in range(12)] == [303] * 12
    assert [enter(client, cast.ana.email, WRONG) for _ in range(11)] == [401] * 10 + [429]


def test_address_written_otherwise_is_the_same_account(strict_app: Flask, cast: Cast) -> None:
    client = browser(strict_app)
    forms = ["ana@example.com", " ANA@example.com", "Ana@Example.Com", "ａｎａ@example.com"]
    tries = [enter(client, forms[n % 4], WRONG) for n in range(11)]
    assert tries == [401] * 10 + [429]


def test_parallel_tries_are_all_counted(strict_app: Flask, cast: Cast) -> None:
    clients = [browser(strict_app) for _ in range(25)]
    statuses: list[int] = []
    threads = [
        Thread(target=lambda c=client: statuses.append(enter(c, cast.ana.email, WRONG)))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [401] * 10 + [429] * 15


def test_one_network_has_a_hundred_wrong_tries_an_hour(strict_app: Flask, cast: Cast) -> None:
    client = browser(strict_app)
    enter(client, cast.ana.email, WRONG)
    db.session.rollback()
    (window,) = [w for w in db.session.query(RateWindow) if "100" in w.key]
    assert window.hits == 1
    window.hits = 99
    db.session.commit()
    assert enter(client, cast.ana.email, PASSWORD) == 303
    assert enter(client, "uno@example.com", WRONG) == 401
    assert enter(client, "dos@example.com", WRONG) == 429
    neighbour = browser(strict_app, "203.0.113.6")
    assert enter(neighbour, "dos@example.com", WRONG) == 401


def test_six_registrations_an_hour_are_too_many(strict_app: Flask) -> None:
    client = browser(strict_app)
    refused = client.post("/cuenta/registro", data={**FORM, "clave": "corta"})
    assert refused.status_code == 422
    statuses = [
        client.post("/cuenta/registro", data={**FORM, "correo": f"p{n}@example.com"}).status_code
        for n in range(6)
    ]
    assert statuses == [303] * 5 + [429]
    assert db.session.query(Person).count() == 5


def test_resets_of_one_network_are_twenty_an_hour(strict_app: Flask, cast: Cast) -> None:
    client = browser(strict_app)
    statuses = [
        client.post("/cuenta/clave/olvidada", data={"correo": f"p{n}@example.com"}).status_code
        for n in range(21)
    ]
    assert statuses == [303] * 20 + [429]


def test_current_password_cannot_be_guessed(strict_app: Flask, cast: Cast) -> None:
    browser(strict_app)
    client = cast.sign_in(strict_app, cast.ana)
    form = {"clave_actual": WRONG, "clave_nueva": NEW_PASSWORD, "repetir": NEW_PASSWORD}
    statuses = [client.post("/cuenta/clave", data=form).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_limits_are_off_by_setting(app: Flask, cast: Cast) -> None:
    client = browser(app)
    assert [enter(client, cast.ana.email, WRONG) for _ in range(12)] == [401] * 12
    assert db.session.query(RateWindow).count() == 0
