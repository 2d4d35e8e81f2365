"""The log of what happened to tickets, in the order of commits; rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert

from core.counters import next_value
from core.db import db
from tickets.models import TicketEvent

_TABLE = cast(Table, TicketEvent.__table__)
#: What only the desk may know of.
INTERNAL_KINDS = frozenset({"noted"})


@dataclass(frozen=True)
class Happened:
    """One kind of event with its facts, which must be plain JSON values."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


def record(number: int, kind: str, *, actor_id: int | None, now: datetime, **data: object) -> None:
    """Add one event to the transaction under way."""
    record_all(number, [Happened(kind, data)], actor_id=actor_id, now=now)


def record_all(
    number: int, happened: Sequence[Happened], *, actor_id: int | None, now: datetime
) -> None:
    """Add events of one moment, in this order, to the transaction under way."""
    last = next_value("ticket_event", step=len(happened))
    rows = [
        {
            "seq": last - len(happened) + n,
            "ticket_number": number,
            "at": now,
            "kind": event.kind,
            "actor_id": actor_id,
            "data": dict(event.data),
        }
        for n, event in enumerate(happened, start=1)
    ]
    db.session.flush()
    db.session.execute(insert(_TABLE), rows)
