"""Reading what came in: senders, what was sent before, the administrators' list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, undefer

from accounts.models import Person
from accounts.permissions import Actor, may_read_desk
from core.db import db
from tickets.inbound.models import InboundMail, InboundOriginal, MailboxVisit
from tickets.inbound.policy import Outcome
from tickets.models import Attachment, Message, Ticket
from tickets.queries import thread_numbers, ticket_for


def sender_of(address: str) -> Person | None:
    """The confirmed person whose open account has this address."""
    if not address:
        return None
    return db.session.scalar(
        select(Person)
        .where(Person.email == address)
        .where(Person.confirmed_at.is_not(None), Person.disabled_at.is_(None))
    )


def receipt_of(fingerprint: str) -> InboundMail | None:
    """What became of this mail when it came before."""
    return db.session.scalar(select(InboundMail).where(InboundMail.fingerprint == fingerprint))


def sent_since(address: str, since: datetime) -> int:
    """How many mails of this address came since then."""
    return _count(InboundMail.sender == address, InboundMail.received_at > since)


def landed_since(number: int, since: datetime) -> int:
    """How many mails were written into this ticket since then."""
    return _count(InboundMail.ticket_number == number, InboundMail.received_at > since)


def was_remarked(address: str, number: int, since: datetime) -> bool:
    """Whether this sender was told since then how a mail landed in this ticket."""
    return bool(
        _count(
            InboundMail.sender == address,
            InboundMail.ticket_number == number,
            InboundMail.answered_at > since,
            InboundMail.outcome == Outcome.LANDED.value,
        )
    )


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(InboundMail.id)).where(*conditions)) or 0


def where_it_goes(number: int) -> Ticket | None:
    """The ticket, or the one it was merged into in the end."""
    ticket = db.session.get(Ticket, number)
    for _step in range(20):
        if ticket is None or ticket.merged_into is None:
            return ticket
        ticket = db.session.get(Ticket, ticket.merged_into)
    return ticket


def files_of(number: int) -> set[str]:
    """The SHA-256 of every file of a ticket's messages."""
    found = select(Attachment.sha256).join(Message, Message.id == Attachment.message_id)
    return set(db.session.scalars(found.where(Message.ticket_number == number)))


def mails(
    *, outcome: str, words: str, offset: int, limit: int
) -> tuple[Sequence[InboundMail], int]:
    """Mails that came in, the last first, and how many there are."""
    query = select(InboundMail)
    if outcome in set(Outcome):
        query = query.where(InboundMail.outcome == outcome)
    if words:
        query = query.where(InboundMail.sender.contains(words.lower(), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(InboundMail.received_at.desc(), InboundMail.id.desc())
    rows = rows.options(joinedload(InboundMail.person)).offset(offset).limit(limit)
    return db.session.scalars(rows).all(), total


def last_visit() -> MailboxVisit | None:
    """The last time the mailbox was read."""
    return db.session.get(MailboxVisit, 1)


def with_original(messages: Sequence[Message]) -> set[int]:
    """Of these messages, those of which more was written than they show."""
    ids = [message.id for message in messages]
    query = select(InboundOriginal.message_id).where(InboundOriginal.message_id.in_(ids))
    return set(db.session.scalars(query)) if ids else set()


def original_for(actor: Actor | None, number: int, message_id: int) -> InboundOriginal | None:
    """The whole text of a mail, for staff who may read the ticket."""
    ticket = ticket_for(actor, number)
    if ticket is None or not may_read_desk(actor):
        return None
    return db.session.scalar(
        select(InboundOriginal)
        .join(Message, Message.id == InboundOriginal.message_id)
        .where(InboundOriginal.message_id == message_id)
        .where(Message.ticket_number.in_(thread_numbers(ticket)))
        .options(undefer(InboundOriginal.text))
    )
