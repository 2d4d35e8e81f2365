"""The report of the desk and the public sheet: numbers without names, and an alarm that rings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core import clock, outbox
from core.db import transaction
from core.mail import MemorySender
from core.models import Job
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.home.counting import statements
from tests.tickets.builders import filed, taken
from tickets import turns
from tickets.proof import actions, queries

DAY = timedelta(days=1)


def numbers(page: str) -> dict[str, int]:
    """What the list of figures says."""
    import re

    rows = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    return {words: int(count) for words, count in rows}


@pytest.fixture
def march(cast: Cast) -> int:
    """In March: two arrivals, one returned and corrected; another arrives in April."""
    number = filed(cast.ana, affection="corte-de-red", subject="Secreto de Ana")
    filed(cast.carla, now=START + DAY)
    taken(cast.diego, now=START + DAY)
    turns.give_back(number=number, actor=cast.diego, reason="Es de redes.", now=START + DAY)
    turns.reclassify(
        number=number,
        actor=cast.dora,
        correction=turns.Correction("spam", "Secreto"),
        now=START + DAY,
    )
    filed(cast.ana, now=START + 31 * DAY)
    return number


def test_a_month_is_counted_and_names_nobody(client: FlaskClient, march: int) -> None:
    page = client.get("/transparencia/2026-03").text
    assert numbers(page) == {
        "incidencias recibidas": 1,
        "peticiones recibidas": 1,
        "entregadas a un técnico": 1,
        "devueltas a su lugar, con motivo": 1,
        "afecciones corregidas, con motivo": 1,
        "reabiertas": 0,
        "resueltas juntas, con su avería": 0,
        "unidas por repetidas": 0,
        "cambios de la tabla del orden": 0,
    }
    for name in ("Secreto", "Ana", "Diego", "Andina", str(march)):
        assert name not in page
    assert "La cola en marzo de 2026" in page


def test_a_month_ends_at_midnight_in_peru(cast: Cast, client: FlaskClient) -> None:
    last = START.replace(month=4, day=1, hour=4, minute=59)
    filed(cast.ana, now=last)
    filed(cast.ana, now=last + timedelta(minutes=1))
    assert numbers(client.get("/transparencia/2026-03").text)["peticiones recibidas"] == 1
    assert numbers(client.get("/transparencia/2026-04").text)["peticiones recibidas"] == 1


@pytest.mark.parametrize("month", ["2026-02", "2026-13", "2026-3", "x", "9999-12", "2026-03-01"])
def test_a_month_without_a_sheet_is_missing(client: FlaskClient, march: int, month: str) -> None:
    assert client.get(f"/transparencia/{month}").status_code == 404


def test_the_newest_sheet_says_since_when_the_oldest_waits(client: FlaskClient, march: int) -> None:
    page = client.get("/transparencia").text
    assert "En espera ahora" in page
    assert f'datetime="{START.isoformat()}"' in page
    assert "En espera ahora" not in client.get("/transparencia/2026-03").text


def test_an_empty_site_has_a_sheet(client: FlaskClient) -> None:
    page = client.get("/transparencia").text
    assert "Nadie espera en la cola." in page
    assert "Aún no hay comprobación" in page


def test_the_sheet_shows_the_last_audit_and_its_digest(client: FlaskClient, march: int) -> None:
    run = actions.audit(now=clock.now())
    assert run.digest in client.get("/transparencia").text


def break_the_log() -> None:
    with transaction() as session:
        session.execute(text("UPDATE ticket_events SET kind = 'replied' WHERE seq = 2"))


def test_a_broken_log_is_admitted_in_public_and_named_at_the_desk(
    app: Flask, cast: Cast, client: FlaskClient, march: int
) -> None:
    break_the_log()
    actions.audit(now=clock.now())
    public = client.get("/transparencia").text
    assert "La última comprobación encontró un problema" in public
    assert str(march) not in public
    report = cast.sign_in(app, cast.diego).get("/reportes").text
    assert f"La anotación 2, del ticket {march}: se alteró" in report


def test_a_broken_log_is_told_to_every_administrator_by_mail(
    cast: Cast, march: int, mails: MemorySender
) -> None:
    break_the_log()
    actions.ask_for_audit(now=clock.now())
    outbox.drain(clock.now())
    outbox.drain(clock.now())
    letters = [m for m in mails.sent if "comprobación" in m["Subject"]]
    assert [m["To"] for m in letters] == ["gloria@example.com"]
    assert "La anotación 2, del ticket 1001: se alteró" in text_of(letters[0])


def test_audits_follow_each_other_a_day_apart(cast: Cast, mails: MemorySender) -> None:
    now = clock.now()
    actions.ask_for_audit(now=now)
    actions.ask_for_audit(now=now)
    outbox.drain(now)
    with transaction() as session:
        waiting = session.query(Job).filter_by(kind="tickets.audit", done_at=None).all()
        assert [job.run_at - now >= DAY for job in waiting] == [True]
    assert len(queries.last_runs(9)) == 2
    outbox.run_due(now + 2 * DAY)
    assert len(queries.last_runs(9)) == 3


def test_asking_for_an_audit_runs_it_behind_the_request(app: Flask, cast: Cast) -> None:
    gloria = cast.sign_in(app, cast.gloria)
    sent = gloria.post("/reportes/comprobaciones")
    assert (sent.status_code, sent.location) == (303, "/reportes")
    assert queries.last_runs(9) == []
    outbox.drain(clock.now())
    assert len(queries.last_runs(9)) == 1


def test_the_pages_cost_the_same_with_many_months_and_tickets(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    filed(cast.ana)
    few = len(statements(client, "/transparencia"))
    for n in range(30):
        filed(cast.ana, now=START + n * DAY)
        actions.audit(now=START + n * DAY)
    assert len(statements(client, "/transparencia")) == few
