"""The log of what happened to tickets, in the order of commits; rows are only ever added.

Each event carries the hash of the one before it of the same ticket (`tickets/chain.py`), and
whatever enters or leaves the queue leaves a move with the key it had: the history of places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, insert, select

from core.counters import next_value
from core.db import db
from tickets.chain import GENESIS, event_hash
from tickets.models import QueueMove, Ticket, TicketEvent

_TABLE = cast(Table, TicketEvent.__table__)
_MOVES = cast(Table, QueueMove.__table__)
#: How many rows go to the database at once, and how many tickets are asked about at once.
_BATCH = 500
#: What only the desk may know of.
INTERNAL_KINDS = frozenset(
    {
        "noted",
        # Which tickets the desk reads together may be another company's matter.
        "linked",
        "unlinked",
        "internal_secret_kept",
        "internal_secret_read",
        "internal_secret_removed",
        "reply_undone",
    }
)


@dataclass(frozen=True)
class Move:
    """A ticket that enters (+1) or leaves (-1) the queue, with the key it has at that moment."""

    delta: int
    typology: int
    effective_arrival: datetime
    affection: str
    opened_at: datetime


@dataclass(frozen=True)
class Happened:
    """One kind of event with its facts, which must be plain JSON values, and its moves."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()


def move(ticket: Ticket, delta: int) -> Move:
    """A move of this ticket with its present key."""
    return Move(
        delta, ticket.typology, ticket.effective_arrival, ticket.affection, ticket.opened_at
    )


def key_facts(ticket: Ticket) -> dict[str, object]:
    """What orders a ticket, as an event carries it: enough to compute the key again."""
    return {
        "affection": ticket.affection,
        "mark": ticket.mark,
        "policy": ticket.policy_version,
        "typology": ticket.typology,
        "effective_arrival": ticket.effective_arrival.isoformat(),
    }


def record(number: int, kind: str, *, actor_id: int | None, now: datetime, **data: object) -> None:
    """Add one event to the transaction under way."""
    record_all(number, [Happened(kind, data)], actor_id=actor_id, now=now)


def record_all(
    number: int, happened: Sequence[Happened], *, actor_id: int | None, now: datetime
) -> None:
    """Add events of one moment, in this order, to the transaction under way."""
    record_many([(number, event) for event in happened], actor_id=actor_id, now=now)


def record_many(
    happened: Sequence[tuple[int, Happened]], *, actor_id: int | None, now: datetime
) -> None:
    """The same for events of several tickets, each with its ticket's number."""
    if not happened:
        return
    # The counter's row is locked until the commit: the chains below cannot change meanwhile.
    first = next_value("ticket_event", step=len(happened)) - len(happened) + 1
    db.session.flush()
    last = _last_hashes(number for number, event in happened if event.kind != "filed")
    rows: list[dict[str, object]] = []
    moves: list[dict[str, object]] = []
    for seq, (number, event) in enumerate(happened, start=first):
        before = last.get(number, GENESIS)
        data = dict(event.data)
        last[number] = event_hash(
            before, seq=seq, ticket=number, at=now, kind=event.kind, actor=actor_id, data=data
        )
        rows.append(
            {
                "seq": seq,
                "ticket_number": number,
                "at": now,
                "kind": event.kind,
                "actor_id": actor_id,
                "data": data,
                "previous": before,
                "hash": last[number],
            }
        )
        moves += [{**asdict(m), "seq": seq, "ticket_number": number} for m in event.moves]
    _insert(_TABLE, rows)
    _insert(_MOVES, moves)


def _insert(table: Table, rows: Sequence[dict[str, object]]) -> None:
    for start in range(0, len(rows), _BATCH):
        db.session.execute(insert(table), rows[start : start + _BATCH])


def _last_hashes(numbers: Iterable[int]) -> dict[int, str]:
    wanted, found = sorted(set(numbers)), dict[int, str]()
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        newest = (
            select(func.max(TicketEvent.seq))
            .where(TicketEvent.ticket_number.in_(some))
            .group_by(TicketEvent.ticket_number)
        )
        rows = db.session.execute(
            select(TicketEvent.ticket_number, TicketEvent.hash).where(TicketEvent.seq.in_(newest))
        )
        found.update((row.ticket_number, row.hash) for row in rows)
    return found
