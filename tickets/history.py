"""Every change of place of a ticket and its cause, from the moves of the queue (R3).

Places are counted backwards: from how many are ahead now, or were when the ticket left the
queue, over the moves of what stood before its key. Only counts and reasons leave here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from core.db import db
from tickets import places
from tickets.models import QueueMove, Ticket

#: What moves several tickets at one moment, or one of them from one place to another.
_AT_ONCE = frozenset({"rekeyed", "reclassified", "resolved_with_outage"})
#: What takes a ticket out of the queue only to put it in again elsewhere.
_BACK_AT_ONCE = frozenset({"rekeyed", "reclassified"})
_KEY = (QueueMove.typology, QueueMove.effective_arrival, QueueMove.ticket_number)


@dataclass(frozen=True)
class PlaceChange:
    """How many were ahead before and after: None for outside the queue.

    `cause` is the kind of event; `own` tells whose: the ticket's, or one of another that is
    `older` or stands ahead by its affection.
    """

    at: datetime
    before: int | None
    after: int | None
    cause: str
    own: bool
    typology: int = 0
    affection: str = ""
    older: bool = False


@dataclass(frozen=True)
class _Stay:
    """One time in the queue under one key."""

    entered: QueueMove
    left: QueueMove | None


def place_changes(ticket: Ticket, *, limit: int) -> list[PlaceChange]:
    """The newest changes first, at most `limit`; a stay that is cut off lacks its beginning."""
    changes: list[PlaceChange] = []
    for stay in reversed(_stays(ticket)):
        if len(changes) >= limit:
            break
        changes += _changes_in(stay, ticket, limit - len(changes))
    return _told(changes)[:limit]


def _stays(ticket: Ticket) -> list[_Stay]:
    own = db.session.scalars(
        select(QueueMove)
        .where(QueueMove.ticket_number == ticket.number)
        .order_by(QueueMove.seq, QueueMove.delta)
        .options(joinedload(QueueMove.event))
    ).all()
    stays: list[_Stay] = []
    entered: QueueMove | None = None
    for move in own:
        if move.delta > 0:
            entered = move
        elif entered is not None:
            stays.append(_Stay(entered, move))
            entered = None
    return [*stays, _Stay(entered, None)] if entered is not None else stays


def _changes_in(stay: _Stay, ticket: Ticket, limit: int) -> list[PlaceChange]:
    moves = _moves_ahead(stay, limit + 1)
    place = _place_at_the_end(stay, ticket)
    changes: list[PlaceChange] = []
    if stay.left is not None and stay.left.event.kind not in _BACK_AT_ONCE:
        left = stay.left.event
        changes.append(PlaceChange(left.at, place, None, left.kind, own=True))
    for move in moves[:limit]:
        if not _left_by(stay, move):
            changes.append(_caused_by(move, stay, place))
        place -= move.delta
    if len(moves) <= limit:
        entered = stay.entered.event
        changes.append(PlaceChange(entered.at, None, place, entered.kind, own=True))
    return changes


def _left_by(stay: _Stay, move: QueueMove) -> bool:
    """Whether the act that moved another ended this stay as well: nobody saw what lay between."""
    if stay.left is None or stay.left.event.kind not in _AT_ONCE:
        return False
    return stay.left.event.at == move.event.at


def _caused_by(move: QueueMove, stay: _Stay, place: int) -> PlaceChange:
    older = move.typology == stay.entered.typology and move.opened_at <= stay.entered.opened_at
    return PlaceChange(
        move.event.at,
        place - move.delta,
        place,
        move.event.kind,
        own=False,
        typology=move.typology,
        affection=move.affection,
        older=older,
    )


def _moves_ahead(stay: _Stay, limit: int) -> list[QueueMove]:
    key = (stay.entered.typology, stay.entered.effective_arrival, stay.entered.ticket_number)
    query = (
        select(QueueMove)
        .where(QueueMove.seq > stay.entered.seq, tuple_(*_KEY) < key)
        .order_by(QueueMove.seq.desc(), QueueMove.delta.desc())
        .options(joinedload(QueueMove.event))
        .limit(limit)
    )
    if stay.left is not None:
        query = query.where(QueueMove.seq < stay.left.seq)
    return list(db.session.scalars(query))


def _place_at_the_end(stay: _Stay, ticket: Ticket) -> int:
    if stay.left is None:
        return places.count_ahead(ticket)
    if stay.left.event.kind == "taken":
        return len(stay.left.event.data.get("passed", []))
    key = (stay.entered.typology, stay.entered.effective_arrival, stay.entered.ticket_number)
    ahead = select(func.sum(QueueMove.delta)).where(
        QueueMove.seq < stay.left.seq, tuple_(*_KEY) < key
    )
    return db.session.scalar(ahead) or 0


def _told(changes: list[PlaceChange]) -> list[PlaceChange]:
    """What one act did to many at one moment is one change; what changes nothing is none.

    The list is newest first: of two neighbours the second happened earlier.
    """
    out: list[PlaceChange] = []
    for place, change in enumerate(changes):
        earlier = changes[place + 1].after if place + 1 < len(changes) else None
        if change.before is None and change.cause in _AT_ONCE:
            change = replace(change, before=earlier)
        last = out[-1] if out else None
        if last and _same_act(last, change):
            out[-1] = PlaceChange(
                last.at, change.before, last.after, last.cause, own=last.own or change.own
            )
        else:
            out.append(change)
    return [change for change in out if change.before != change.after]


def _same_act(one: PlaceChange, other: PlaceChange) -> bool:
    """Whether both came of one act: a ticket's own coming and going is always told by itself."""
    alone = any(change.own and change.cause not in _AT_ONCE for change in (one, other))
    return one.at == other.at and not alone and None not in (one.after, other.after)
