"""Keeping the words of tickets at the state of their texts, after the commit that changed them.

Whatever writes, changes or removes a text of a ticket calls `plan` in its transaction. The job
reads the present state, so running twice, late or out of order does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import Table, and_, delete, func, insert, or_, select, tuple_
from sqlalchemy.orm import Session

from core import clock, outbox
from core.db import db, transaction
from tickets.finding.models import LONGEST_TERM, IndexedTicket, TicketTerm
from tickets.finding.terms import VERSION, terms_of
from tickets.models import Message, Ticket

log = logging.getLogger(__name__)
INDEX_JOB = "tickets.index"
#: Tickets of one transaction: while it writes, nobody files.
AT_ONCE = 20
_TABLE = cast(Table, TicketTerm.__table__)
Row = tuple[str, bool]
T = TypeVar("T")


def plan(number: int, *, now: datetime, run_at: datetime | None = None) -> None:
    """Have the words of a ticket read again, as part of the transaction under way."""
    outbox.enqueue(INDEX_JOB, {"number": number}, now=now, run_at=run_at)


def index(numbers: Collection[int]) -> None:
    """Bring the words of these tickets to what their texts say now, the newest first."""
    for some in _slices(sorted(set(numbers), reverse=True), AT_ONCE):
        texts = {number: _read(number) for number in some}
        db.session.rollback()
        with transaction() as session:
            for number, (last, wanted) in texts.items():
                if last is not None:
                    _store(session, number, last, wanted)


def _read(number: int) -> tuple[int | None, set[Row]]:
    """Outside the writing transaction, for reading words is nearly all of the work."""
    subject = db.session.scalar(select(Ticket.subject).where(Ticket.number == number))
    if subject is None:
        return None, set()
    last, rows = 0, {(term, False) for term in terms_of(subject)}
    # A reply that can still be undone has reached nobody outside.
    held_back = and_(Message.released_at.is_not(None), Message.released_at > clock.now())
    texts = select(Message.id, Message.body, or_(Message.internal, held_back)).where(
        Message.ticket_number == number
    )
    for message_id, body, internal in db.session.execute(texts):
        last = max(last, message_id)
        rows.update((term[:LONGEST_TERM], bool(internal)) for term in terms_of(body))
    return last, rows


def _store(session: Session, number: int, last: int, wanted: set[Row]) -> None:
    present = select(TicketTerm.term, TicketTerm.internal).where(TicketTerm.ticket_number == number)
    known = {(term, bool(internal)) for term, internal in session.execute(present)}
    if known - wanted:
        gone = tuple_(TicketTerm.term, TicketTerm.internal)
        for some in _slices(sorted(known - wanted), 200):
            session.execute(
                delete(TicketTerm).where(TicketTerm.ticket_number == number, gone.in_(some))
            )
    new = [
        {"term": term, "ticket_number": number, "internal": internal}
        for term, internal in sorted(wanted - known)
    ]
    if new:
        session.execute(insert(_TABLE), new)
    session.merge(IndexedTicket(ticket_number=number, message_id=last, analysis=VERSION))


def _slices(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def behind(limit: int, *, below: int | None = None) -> list[int]:
    """Tickets with texts that were never read, or read by another analysis; the newest first."""
    last = (
        select(func.max(Message.id)).where(Message.ticket_number == Ticket.number).scalar_subquery()
    )
    stale = or_(
        IndexedTicket.ticket_number.is_(None),
        IndexedTicket.analysis != VERSION,
        IndexedTicket.message_id < last,
    )
    query = (
        select(Ticket.number)
        .outerjoin(IndexedTicket, IndexedTicket.ticket_number == Ticket.number)
        .where(stale)
        .order_by(Ticket.number.desc())
        .limit(limit)
    )
    if below is not None:
        query = query.where(Ticket.number < below)
    return list(db.session.scalars(query))


def plan_what_is_behind(*, now: datetime, limit: int = 500, below: int | None = None) -> int:
    """Plan the next `limit` tickets whose words are behind; how many.

    In steps, each planned by the one before: the worker goes on sending mails meanwhile.
    """
    numbers = behind(limit, below=below)
    db.session.rollback()
    if numbers:
        log.info("ticket search: %d tickets to be read", len(numbers))
        with transaction():
            outbox.enqueue(INDEX_JOB, {"numbers": numbers}, now=now)
    return len(numbers)
