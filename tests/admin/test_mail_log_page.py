"""The log of mails as administrators read it: filters, reasons, and trying again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.mail_smtp import Refused
from core.models import AuditEntry, Job, Mail
from tests.admin.test_admin import statements
from tests.cast import Cast
from tests.tickets.builders import filed

LOG = "/admin/correo/registro"
HOSTILE = '"><img src=x onerror=MARK>'


class Refusing(MemorySender):
    def send(self, message: Any, *, handed: Any) -> None:
        raise Refused(f"550 {HOSTILE}", for_good=True)


@pytest.fixture
def gloria(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.gloria)


def refused(app: Flask, cast: Cast, count: int = 1) -> None:
    kept, app.extensions["mail_sender"] = app.extensions["mail_sender"], Refusing()
    for _ in range(count):
        filed(cast.ana, subject=f"No llegan {HOSTILE}", now=clock.now())
    outbox.drain(clock.now())
    app.extensions["mail_sender"] = kept


def mails_of(page: str) -> int:
    return len(re.findall(r'<li class="stack-s">', page))


def entries() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_log_that_is_empty_says_so(gloria: FlaskClient) -> None:
    for state in ("", "espera", "enviados", "dudosos", "fallidos"):
        page = gloria.get(LOG, query_string={"estado": state})
        assert page.status_code == 200
        assert "Aquí no hay ningún correo" in page.text
    assert gloria.get(LOG, query_string={"estado": "x"}).status_code == 404
    assert gloria.get(LOG, query_string={"pagina": "2"}).status_code == 404


def test_each_filter_shows_its_mails(app: Flask, cast: Cast, gloria: FlaskClient) -> None:
    refused(app, cast)
    filed(cast.beto, now=clock.now())
    filed(cast.carla, now=clock.now())
    outbox.drain(clock.now())
    with transaction() as session:
        mine = update(Mail).where(Mail.recipient == "carla@example.com")
        session.execute(mine.values(doubtful=1))
    shown = {
        state: mails_of(gloria.get(LOG, query_string={"estado": state}).text)
        for state in ("", "espera", "enviados", "dudosos", "fallidos")
    }
    assert shown == {"": 3, "espera": 0, "enviados": 2, "dudosos": 1, "fallidos": 1}
    assert "pudo llegar dos veces" in gloria.get(LOG + "?estado=dudosos").text


def test_failed_mail_shows_its_reason_escaped_and_the_menu_counts_it(
    app: Flask, cast: Cast, gloria: FlaskClient
) -> None:
    refused(app, cast)
    page = gloria.get(LOG + "?estado=fallidos").text
    assert "El servidor dice que esa dirección no existe" in page
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x onerror=MARK&gt;") >= 2
    assert re.search(r'Administración <span class="count">1</span>', gloria.get("/admin").text)
    assert '<span class="count">' not in cast.sign_in(app, cast.diego).get("/mesa").text


def test_failed_mail_is_tried_again_once_however_often_the_button_is_pressed(
    app: Flask, cast: Cast, gloria: FlaskClient, mails: MemorySender
) -> None:
    refused(app, cast)
    mail_id = db.session.scalars(select(Mail.id)).one()
    for _ in range(3):
        assert gloria.post(f"{LOG}/{mail_id}/reintento").status_code == 303
    assert entries().count("mail.retried") == 1
    assert mails_of(gloria.get(LOG + "?estado=espera").text) == 1
    outbox.drain(clock.now())
    assert [m["To"] for m in mails.sent] == ["ana@example.com"]
    gloria.post(f"{LOG}/{mail_id}/reintento")
    outbox.drain(clock.now())
    assert len(mails.sent) == 1
    assert gloria.post(f"{LOG}/999/reintento").status_code == 404


def test_all_failed_mails_are_tried_again_and_nothing_else(
    app: Flask, cast: Cast, gloria: FlaskClient, mails: MemorySender
) -> None:
    refused(app, cast, 3)
    with transaction():
        outbox.enqueue("nobody.handles", {}, now=clock.now())
    outbox.drain(clock.now())
    assert outbox.failed() == 4
    for _ in range(2):
        assert gloria.post(f"{LOG}/reintentos").status_code == 303
    db.session.rollback()
    assert outbox.failed() == 1
    outbox.drain(clock.now())
    assert len(mails.sent) == 3
    assert entries().count("mail.retried") == 1


def test_job_retried_on_its_own_page_takes_its_mail_along(
    app: Flask, cast: Cast, gloria: FlaskClient
) -> None:
    refused(app, cast)
    job = db.session.scalars(select(Job.id).where(Job.kind == "tickets.filed")).one()
    gloria.post(f"/admin/trabajos/{job}/reintento")
    assert mails_of(gloria.get(LOG + "?estado=espera").text) == 1


def test_log_costs_the_same_with_one_mail_and_with_thirty(
    app: Flask, cast: Cast, gloria: FlaskClient
) -> None:
    refused(app, cast)
    one = len(statements(gloria, LOG))
    refused(app, cast, 35)
    assert len(statements(gloria, LOG)) == one
    page = gloria.get(LOG).text
    assert mails_of(page) == 30
    assert mails_of(gloria.get(LOG + "?pagina=2").text) == 6
