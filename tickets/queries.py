"""Reading tickets: the guarded doors, the lists, the queue and the places in it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from accounts.permissions import (
    Actor,
    Right,
    may_read_desk,
    may_see_ticket,
)
from core import clock
from core.db import db
from core.models import Blob
from tickets.events import INTERNAL_KINDS
from tickets.lifecycle import OPEN_STATES, State
from tickets.models import (
    Attachment,
    Draft,
    Message,
    Satisfaction,
    Ticket,
    TicketEvent,
)
from tickets.participants.queries import shared_with, takes_part


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


def made_by_dividing(draft: Draft) -> Draft | None:
    """The unsent draft with the second problem of this one (R6), the last where there are more."""
    second = select(Draft).where(Draft.divided_from == draft.id, Draft.owner == draft.owner)
    second = second.where(Draft.ticket_number.is_(None), Draft.solved_at.is_(None))
    return db.session.scalar(second.order_by(Draft.created_at.desc(), Draft.id).limit(1))


def ticket_for(actor: Actor | None, number: int) -> Ticket | None:
    """The one door to a ticket: None when it is missing, and when it is not for `actor`."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.number == number)
        .options(joinedload(Ticket.company), joinedload(Ticket.author), joinedload(Ticket.holder))
    )
    if ticket is None or not may_see_ticket(
        actor,
        company_id=ticket.company_id,
        author_id=ticket.author_id,
        participates=takes_part(actor, number),
    ):
        return None
    return ticket


def thread_numbers(ticket: Ticket) -> list[int]:
    """The ticket and whatever was merged into it, also by way of another."""
    numbers, newest = [ticket.number], [ticket.number]
    while newest:
        rows = db.session.scalars(select(Ticket.number).where(Ticket.merged_into.in_(newest)))
        newest = [number for number in rows if number not in numbers]
        numbers += newest
    return numbers


def merged_tickets(ticket: Ticket) -> list[Ticket]:
    """The tickets that are read in this one's thread, oldest first."""
    return list(
        db.session.scalars(
            select(Ticket).where(Ticket.merged_into == ticket.number).order_by(Ticket.number)
        )
    )


def thread_of(actor: Actor, ticket: Ticket) -> list[Message]:
    """The messages `actor` may read, oldest first, with authors and files."""
    query = (
        select(Message)
        .where(Message.ticket_number.in_(thread_numbers(ticket)))
        .options(joinedload(Message.author), selectinload(Message.attachments))
        .order_by(Message.written_at, Message.id)
    )
    if not may_read_desk(actor):
        query = query.where(_reached_customers())
    return list(db.session.scalars(query))


def _reached_customers() -> ColumnElement[bool]:
    """Neither internal nor a reply that its writer may still undo."""
    released = or_(Message.released_at.is_(None), Message.released_at <= clock.now())
    return and_(Message.internal.is_(False), released)


def events_of(actor: Actor, ticket: Ticket) -> list[TicketEvent]:
    """What happened, oldest first. To a customer internal notes are no event, nor is a reply
    that was undone or still can be."""
    query = (
        select(TicketEvent)
        .where(TicketEvent.ticket_number == ticket.number)
        .options(joinedload(TicketEvent.actor))
        .order_by(TicketEvent.seq)
    )
    if may_read_desk(actor):
        return list(db.session.scalars(query))
    found = list(db.session.scalars(query.where(TicketEvent.kind.not_in(INTERNAL_KINDS))))
    told = {event.data.get("message") for event in found} - {None}
    reached = select(Message.id).where(Message.id.in_(told), _reached_customers())
    known = set(db.session.scalars(reached)) if told else set()
    return [event for event in found if event.data.get("message", None) in known | {None}]


def attachment_for(actor: Actor | None, number: int, attachment_id: int) -> Attachment | None:
    """A file of a message that `actor` may read, with its bytes."""
    query = readable_attachment(actor, number, attachment_id)
    if query is None:
        return None
    whole = joinedload(Attachment.blob).options(undefer(Blob.content))
    return db.session.scalar(query.options(whole))


def readable_attachment(
    actor: Actor | None, number: int, attachment_id: int
) -> Select[Attachment] | None:
    """The one door to files of a thread; None where the ticket is not for `actor`."""
    ticket = ticket_for(actor, number)
    if ticket is None:
        return None
    query = (
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .where(Attachment.id == attachment_id)
        .where(Message.ticket_number.in_(thread_numbers(ticket)))
    )
    return query if may_read_desk(actor) else query.where(_reached_customers())


def tickets_of(
    actor: Actor, *, only_open: bool, offset: int, limit: int
) -> tuple[list[Ticket], int]:
    """The tickets a customer may see, the last changed first, and how many there are."""
    query = visible_to(actor)
    if only_open:
        still = and_(Ticket.state == State.RESOLVED.value, Ticket.settles_at > clock.now())
        query = query.where(or_(Ticket.state.in_([s.value for s in OPEN_STATES]), still))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(Ticket.changed_at.desc(), Ticket.number.desc())
    rows = rows.options(joinedload(Ticket.author)).offset(offset).limit(limit)
    return list(db.session.scalars(rows)), total


def visible_to(actor: Actor) -> Select[Ticket]:
    """The tickets a customer may see: the rule of `may_see_ticket` as a query."""
    query = select(Ticket).where(Ticket.company_id == actor.company_id)
    if Right.SEE_COMPANY_TICKETS not in actor.rights:
        own = Ticket.author_id == actor.person_id
        query = query.where(or_(own, Ticket.number.in_(shared_with(actor.person_id))))
    return query


def held_by(actor: Actor) -> list[Ticket]:
    """What a technician has in attention, and what they hold while the customer answers."""
    return list(
        db.session.scalars(
            select(Ticket)
            .where(Ticket.holder_id == actor.person_id)
            .where(Ticket.state.in_([State.ACTIVE.value, State.WAITING.value]))
            .order_by(Ticket.state, Ticket.typology, Ticket.effective_arrival, Ticket.number)
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
