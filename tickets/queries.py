"""Reading tickets: the guarded doors, the lists, the queue and the places in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload, selectinload, undefer

from accounts.permissions import (
    Actor,
    Right,
    may_read_desk,
    may_see_ticket,
)
from core.db import db
from core.models import Blob
from tickets.lifecycle import OPEN_STATES, State
from tickets.models import (
    Attachment,
    Draft,
    Message,
    PolicyVersion,
    Satisfaction,
    Ticket,
    TicketEvent,
)
from tickets.policy import Explanation, Mark, Policy, explain

#: Counting stops here: the first desk page must cost the same with a million waiting.
COUNT_AT_MOST = 1000
_KEY = (Ticket.typology, Ticket.effective_arrival, Ticket.number)


@dataclass(frozen=True)
class Ahead:
    """So many tickets ahead for one reason: an older arrival, or what their affection buys."""

    typology: int
    affection: str
    older: bool
    count: int


@dataclass(frozen=True)
class Placed:
    """An open ticket of a customer with how many are ahead (None when it is not queued)."""

    number: int
    subject: str
    state: str
    changed_at: datetime
    ahead: int | None


def current_policy() -> Policy:
    """The policy in force. Raises LookupError before the first one is published."""
    newest = select(PolicyVersion.table).order_by(PolicyVersion.version.desc()).limit(1)
    table = db.session.scalar(newest)
    if table is None:
        raise LookupError("no policy was published")
    return Policy.from_json(table)


def policy(version: int) -> Policy:
    """One version of the policy. Raises LookupError when there is no such version."""
    row = db.session.get(PolicyVersion, version)
    if row is None:
        raise LookupError(f"no policy {version}")
    return Policy.from_json(row.table)


def explanation(ticket: Ticket) -> Explanation:
    """What each factor counted for this ticket, under the policy it was keyed with."""
    return explain(policy(ticket.policy_version), ticket.affection, Mark(ticket.mark))


def explanations(rows: list[Ticket]) -> dict[int, Explanation]:
    """What each factor counted, by ticket; each policy is read once."""
    policies = {version: policy(version) for version in {t.policy_version for t in rows}}
    return {t.number: explain(policies[t.policy_version], t.affection, Mark(t.mark)) for t in rows}


def last_rating(ticket: Ticket) -> Satisfaction | None:
    """The customer's last word on the solution."""
    return db.session.scalar(
        select(Satisfaction)
        .where(Satisfaction.ticket_number == ticket.number)
        .order_by(Satisfaction.id.desc())
        .limit(1)
    )


def draft_for(owner: str, draft_id: str) -> Draft | None:
    """A draft of this owner with its files; None for anybody else's."""
    return db.session.scalar(
        select(Draft)
        .where(Draft.id == draft_id, Draft.owner == owner)
        .options(selectinload(Draft.attachments))
    )


def unsent_drafts(owner: str, limit: int = 3) -> list[Draft]:
    """What this owner began to write and neither sent nor solved, the last first."""
    begun = select(Draft).where(Draft.owner == owner, Draft.ticket_number.is_(None))
    begun = begun.where(Draft.solved_at.is_(None), Draft.subject != "")
    return list(db.session.scalars(begun.order_by(Draft.updated_at.desc()).limit(limit)))


def ticket_for(actor: Actor | None, number: int) -> Ticket | None:
    """The one door to a ticket: None when it is missing, and when it is not for `actor`."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.number == number)
        .options(joinedload(Ticket.company), joinedload(Ticket.author), joinedload(Ticket.holder))
    )
    if ticket is None or not may_see_ticket(
        actor, company_id=ticket.company_id, author_id=ticket.author_id
    ):
        return None
    return ticket


def thread_of(actor: Actor, ticket: Ticket) -> list[Message]:
    """The messages `actor` may read, oldest first, with authors and files."""
    query = (
        select(Message)
        .where(Message.ticket_number == ticket.number)
        .options(joinedload(Message.author), selectinload(Message.attachments))
        .order_by(Message.id)
    )
    if not may_read_desk(actor):
        query = query.where(Message.internal.is_(False))
    return list(db.session.scalars(query))


def events_of(actor: Actor, ticket: Ticket) -> list[TicketEvent]:
    """What happened, oldest first; internal notes are no event to a customer."""
    query = (
        select(TicketEvent)
        .where(TicketEvent.ticket_number == ticket.number)
        .options(joinedload(TicketEvent.actor))
        .order_by(TicketEvent.seq)
    )
    if not may_read_desk(actor):
        query = query.where(TicketEvent.kind != "noted")
    return list(db.session.scalars(query))


def attachment_for(actor: Actor | None, number: int, attachment_id: int) -> Attachment | None:
    """A file of a message that `actor` may read, with its bytes."""
    if ticket_for(actor, number) is None:
        return None
    query = (
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .where(Attachment.id == attachment_id, Message.ticket_number == number)
        .options(joinedload(Attachment.blob).options(undefer(Blob.content)))
    )
    if not may_read_desk(actor):
        query = query.where(Message.internal.is_(False))
    return db.session.scalar(query)


def tickets_of(
    actor: Actor, *, only_open: bool, offset: int, limit: int
) -> tuple[list[Ticket], int]:
    """The tickets a customer may see, the last changed first, and how many there are."""
    query = _visible_to(actor)
    if only_open:
        query = query.where(Ticket.state.in_([state.value for state in OPEN_STATES]))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(Ticket.changed_at.desc(), Ticket.number.desc())
    rows = rows.options(joinedload(Ticket.author)).offset(offset).limit(limit)
    return list(db.session.scalars(rows)), total


def _visible_to(actor: Actor) -> Select[Ticket]:
    query = select(Ticket).where(Ticket.company_id == actor.company_id)
    if Right.SEE_COMPANY_TICKETS not in actor.rights:
        query = query.where(Ticket.author_id == actor.person_id)
    return query


def open_tickets_with_place(actor: Actor, limit: int = 5) -> list[Placed]:
    """A customer's open tickets, what waits for them first, with their places."""
    rows, _total = tickets_of(actor, only_open=True, offset=0, limit=limit)
    places = counts_ahead(rows)
    return [
        Placed(t.number, t.subject, t.state, t.changed_at, places.get(t.number))
        for t in sorted(rows, key=lambda t: t.state != State.WAITING)
    ]


def queued(ticket: Ticket) -> bool:
    """Whether it stands in the queue."""
    return ticket.state == State.QUEUED


def _before(ticket: Ticket) -> ColumnElement[bool]:
    key = (ticket.typology, ticket.effective_arrival, ticket.number)
    return and_(Ticket.state == State.QUEUED.value, tuple_(*_KEY) < key)


def count_ahead(ticket: Ticket) -> int:
    """How many are ahead of a queued ticket: one range count of the index."""
    return db.session.scalar(select(func.count()).where(_before(ticket))) or 0


def counts_ahead(tickets: Sequence[Ticket]) -> dict[int, int]:
    """How many are ahead of each of these that is queued; one query for all."""
    numbers = [ticket.number for ticket in tickets if queued(ticket)]
    if not numbers:
        return {}
    other = aliased(Ticket)
    theirs = tuple_(other.typology, other.effective_arrival, other.number)
    ahead = (
        select(func.count())
        .where(other.state == State.QUEUED.value, theirs < tuple_(*_KEY))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Ticket.number, ahead.label("ahead")).where(Ticket.number.in_(numbers))
    )
    return {row.number: row.ahead for row in rows}


def ahead_of(ticket: Ticket) -> list[Ahead]:
    """Who is ahead, counted by reason, in the order in which they will be served.

    A ticket of the same typology that arrived earlier is ahead by age; any other is ahead by
    what its typology or affection counts for.
    """
    older = and_(Ticket.typology == ticket.typology, Ticket.opened_at <= ticket.opened_at)
    rows = db.session.execute(
        select(Ticket.typology, Ticket.affection, older.label("older"), func.count())
        .where(_before(ticket))
        .group_by(Ticket.typology, Ticket.affection, "older")
    ).all()
    by_reason: dict[tuple[int, bool, str], int] = {}
    for typology, affection, is_older, count in rows:
        reason = (typology, bool(is_older), "" if is_older else affection)
        by_reason[reason] = by_reason.get(reason, 0) + count
    return [
        Ahead(typology, affection, is_older, count)
        for (typology, is_older, affection), count in sorted(by_reason.items())
    ]


def queue(*, offset: int, limit: int) -> list[Ticket]:
    """A stretch of the queue in its order."""
    return list(
        db.session.scalars(
            select(Ticket)
            .where(Ticket.state == State.QUEUED.value)
            .order_by(*_KEY)
            .options(joinedload(Ticket.company))
            .offset(offset)
            .limit(limit)
        )
    )


def queue_length() -> int:
    """How many wait, counted up to COUNT_AT_MOST + 1."""
    some = select(Ticket.number).where(Ticket.state == State.QUEUED.value)
    some_more = some.limit(COUNT_AT_MOST + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some_more)) or 0


def held_by(actor: Actor) -> list[Ticket]:
    """What a technician has in attention, and what they hold while the customer answers."""
    return list(
        db.session.scalars(
            select(Ticket)
            .where(Ticket.holder_id == actor.person_id)
            .where(Ticket.state.in_([State.ACTIVE.value, State.WAITING.value]))
            .order_by(Ticket.state, *_KEY)
            .options(joinedload(Ticket.company))
        )
    )


def others_of_company(ticket: Ticket, limit: int = 5) -> list[Ticket]:
    """The company's other open tickets (R7, R8), newest first."""
    return list(
        db.session.scalars(
            select(Ticket)
            .where(Ticket.company_id == ticket.company_id, Ticket.number != ticket.number)
            .where(or_(*(Ticket.state == state.value for state in OPEN_STATES)))
            .order_by(Ticket.number.desc())
            .limit(limit)
        )
    )
