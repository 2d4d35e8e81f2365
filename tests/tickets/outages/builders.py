"""Short words for the tests of outages."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.permissions import Actor
from core.db import db
from core.tokens import new_token
from tests.cast import START
from tests.kb.counting import statements
from tickets.models import TicketEvent
from tickets.outages import actions, joining
from tickets.outages.actions import Told


def outaged(
    actor: Actor,
    *,
    title: str = "No llegan correos de Gmail",
    body: str = "Los correos de Gmail **no entran**.",
    affection: str = "corte-de-red",
    services: tuple[str, ...] = ("Correo",),
    title_en: str = "",
    body_en: str = "",
    now: datetime = START,
) -> int:
    """Declare an outage; its number."""
    told = Told(title, body, affection, services, title_en, body_en)
    return actions.declare(actor=actor, told=told, form_id=new_token(), now=now)


def reported(outage: int, actor: Actor, *, seen: str = "", now: datetime = START) -> joining.Report:
    """«A mí también me afecta»."""
    return joining.report(
        outage_number=outage, actor=actor, seen=seen, form_id=new_token(), shown=None, now=now
    )


def joined(outage: int, actor: Actor, *, now: datetime = START) -> int:
    """The ticket of somebody who reports an outage; its number."""
    number = reported(outage, actor, now=now).number
    assert number is not None
    return number


def history(number: int) -> list[tuple[str, object]]:
    """What happened to a ticket, with the outage it was about."""
    db.session.rollback()
    rows = select(TicketEvent).where(TicketEvent.ticket_number == number)
    found = db.session.scalars(rows.order_by(TicketEvent.seq))
    return [(event.kind, event.data.get("outage")) for event in found]


def queries_of(client: FlaskClient, path: str) -> list[str]:
    """The statements that a page costs."""
    with statements() as seen:
        assert client.get(path).status_code == 200
    return seen
