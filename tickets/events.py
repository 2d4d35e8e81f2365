"""The log of what happened to tickets, in the order of commits; rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from core.counters import next_value
from core.db import db
from tickets.models import TicketEvent


def record(
    number: int, kind: str, *, actor_id: int | None, now: datetime, **data: object
) -> TicketEvent:
    """Add one event to the transaction under way; `data` must be plain JSON values."""
    event = TicketEvent(
        seq=next_value("ticket_event"),
        ticket_number=number,
        at=now,
        kind=kind,
        actor_id=actor_id,
        data=data,
    )
    db.session.add(event)
    return event
