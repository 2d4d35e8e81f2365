"""The list that a technician takes out as CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.models import Company, Person
from core.db import db, transaction
from core.models import AuditEntry
from tests.cast import START, Cast
from tests.tickets.builders import filed
from tests.tickets.finding.test_search import read_words
from tests.tickets.finding.test_sheet import PAYLOADS

EXPORT = "/mesa/buscar.csv"


def rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def audited() -> list[tuple[int | None, object]]:
    db.session.rollback()
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "tickets.exported").order_by(AuditEntry.id)
    )
    return [(entry.actor_id, entry.data) for entry in entries]


def test_export_holds_what_is_listed_in_its_order_and_is_audited(app: Flask, cast: Cast) -> None:
    first = filed(cast.ana, subject="Correo, «uno»; dos")
    second = filed(cast.ana, subject='Correo "tres"', now=START + timedelta(hours=1))
    filed(cast.carla, subject="Otra cosa", description="Nada.")
    read_words()
    answer = cast.sign_in(app, cast.diego).post(EXPORT, data={"q": "correo", "empresa": "andina"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="tickets-')
    assert answer.headers["Cache-Control"] == "no-store"
    header, *lines = rows(answer.data.decode())
    assert header == [
        "Ticket", "Asunto", "Estado", "Tipología", "Afección", "Prioridad que marcó", "Empresa",
        "Persona", "Correo", "Lo atiende", "Llegó", "Último cambio", "Resuelto", "Cerrado",
    ]  # fmt: skip
    assert [(line[0], line[1], line[10]) for line in lines] == [
        (str(second), 'Correo "tres"', "2026-03-02T11:00:00-05:00"),
        (str(first), "Correo, «uno»; dos", "2026-03-02T10:00:00-05:00"),
    ]
    assert audited() == [
        (cast.diego.person_id, {"count": 2, "asked": {"q": ["correo"], "empresa": ["andina"]}})
    ]


def test_names_and_subjects_are_no_formulas(app: Flask, cast: Cast) -> None:
    for payload in PAYLOADS:
        filed(cast.ana, subject=f"{payload.strip()}")
    with transaction() as session:
        session.execute(update(Company).values(name='=HYPERLINK("http://evil.example")'))
        session.execute(
            update(Person)
            .where(Person.id == cast.ana.person_id)
            .values(name="@SUM(1)", email="=cmd@b.co")
        )
    answer = cast.sign_in(app, cast.diego).post(EXPORT)
    cells = [cell for line in rows(answer.data.decode())[1:] for cell in line]
    assert len(cells) == 14 * len(PAYLOADS)
    assert [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝＋－＠"))] == []
    assert cells.count("'=cmd@b.co") == len(PAYLOADS)


def test_a_wrong_filter_exports_nothing(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    answer = cast.sign_in(app, cast.diego).post(EXPORT, data={"desde": "ayer"})
    assert answer.status_code == 422
    assert "Escriba la fecha como 2026-03-31." in answer.text
    assert f'data-label="Ticket">{number}<' in answer.text
    assert audited() == []


@pytest.mark.parametrize("name", ["ana", "elena", "fabio"])
def test_nobody_else_exports(app: Flask, cast: Cast, name: str) -> None:
    filed(cast.ana)
    answer = cast.sign_in(app, getattr(cast, name)).post(EXPORT)
    assert answer.status_code == 404
    assert audited() == []


def test_reading_is_no_export(app: Flask, cast: Cast) -> None:
    assert cast.sign_in(app, cast.diego).get(EXPORT).status_code == 405
