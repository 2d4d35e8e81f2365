"""Confirming an address: the mailbox alone blesses nobody's password (V84, S11)."""

from __future__ import annotations

from threading import Barrier, Thread

from flask import Flask
from flask.testing import FlaskClient

from accounts import actions
from accounts.models import Person
from core import clock
from core.db import db
from tests.accounts.mailbox import NEW_PASSWORD, deliver, path_in
from tests.accounts.test_registration import FORM, registered
from tests.cast import Cast


def test_confirmation_is_one_click_where_the_person_is_signed_in(
    app: Flask, client: FlaskClient
) -> None:
    client.post("/cuenta/registro", data=FORM)
    path = path_in(deliver(app)[0])
    page = client.get(path)
    assert page.status_code == 200
    assert 'name="clave"' not in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert client.head(path).status_code == 200
    assert registered(FORM["correo"]).confirmed_at is None
    answer = client.post(path)
    assert (answer.status_code, answer.location) == (303, "/cuenta")
    assert registered(FORM["correo"]).confirmed_at is not None
    assert client.post(path).status_code == 410


def test_confirmation_elsewhere_asks_the_password(app: Flask, client: FlaskClient) -> None:
    client.post("/cuenta/registro", data=FORM)
    path = path_in(deliver(app)[0])
    other = app.test_client()
    assert 'name="clave"' in other.get(path).text
    assert other.post(path).status_code == 422
    assert other.post(path, data={"clave": "otra cosa distinta"}).status_code == 401
    assert registered(FORM["correo"]).confirmed_at is None
    assert other.post(path, data={"clave": NEW_PASSWORD}).status_code == 303
    assert registered(FORM["correo"]).confirmed_at is not None
    assert other.get("/cuenta").status_code == 200


def test_confirmation_by_another_signed_in_person_asks_the_password(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    client.post("/cuenta/registro", data=FORM)
    path = path_in(deliver(app)[0])
    assert cast.sign_in(app, cast.carla).post(path).status_code == 422


def test_mailbox_owner_takes_a_strangers_registration_over_by_reset(
    app: Flask, client: FlaskClient
) -> None:
    client.post("/cuenta/registro", data=FORM)
    deliver(app)
    owner = app.test_client()
    owner.post("/cuenta/clave/olvidada", data={"correo": FORM["correo"]})
    path = path_in(deliver(app)[0])
    password = "otra clave del buzón 3"
    answer = owner.post(path, data={"clave": password, "repetir": password})
    assert answer.status_code == 303
    assert registered(FORM["correo"]).confirmed_at is not None
    assert client.get("/cuenta").status_code == 302
    stranger = {"correo": FORM["correo"], "clave": NEW_PASSWORD}
    assert client.post("/cuenta/ingresar", data=stranger).status_code == 401


def test_confirmation_is_gone_when_another_person_confirmed_the_address(
    app: Flask, client: FlaskClient
) -> None:
    client.post("/cuenta/registro", data=FORM)
    path = path_in(deliver(app)[0])
    actions.create_person(
        name="Otro", email=FORM["correo"], password=NEW_PASSWORD, company="B", now=clock.now()
    )
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert 'href="/cuenta/ingresar"' in answer.text
        assert "ya es de una cuenta confirmada" in answer.text


def test_confirmation_link_is_sent_again_and_capped(app: Flask, client: FlaskClient) -> None:
    client.post("/cuenta/registro", data=FORM)
    for _ in range(5):
        answer = client.post("/cuenta/confirmacion", data={"next": "/cuenta"})
        assert (answer.status_code, answer.location) == (303, "/cuenta")
    mails = deliver(app)
    assert [mail["To"] for mail in mails] == [FORM["correo"]] * 3
    assert client.post(path_in(mails[0])).status_code == 303
    assert client.post(path_in(mails[1])).status_code == 410


def test_confirmed_person_is_sent_no_link(app: Flask, cast: Cast) -> None:
    cast.sign_in(app, cast.ana).post("/cuenta/confirmacion")
    assert deliver(app) == []


def test_two_registrations_of_one_address_are_confirmed_once(app: Flask) -> None:
    first, second = app.test_client(), app.test_client()
    first.post("/cuenta/registro", data=FORM)
    second.post("/cuenta/registro", data=FORM)
    paths = [path_in(mail) for mail in deliver(app)]
    statuses: list[int] = []
    ready = Barrier(2)

    def confirm(client: FlaskClient, path: str) -> None:
        ready.wait()
        statuses.append(client.post(path).status_code)

    threads = [
        Thread(target=confirm, args=pair) for pair in zip((first, second), paths, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 410]
    db.session.rollback()
    confirmed = [p for p in db.session.query(Person) if p.confirmed_at is not None]
    assert len(confirmed) == 1
