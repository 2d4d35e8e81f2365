"""Mails to participants, each judged by their own rights when it leaves, in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.mail_choices import MailKind
from accounts.models import Person
from accounts.permissions import may_see_ticket
from accounts.sessions import actor_for
from core import outbox
from core.db import db, transaction
from core.text import plain_text
from tickets import letters
from tickets.models import Message, Ticket
from tickets.participants.queries import participants_of, takes_part

COPY_JOB = "tickets.replied_copy"


def plan_copies(ticket: Ticket, payload: outbox.Payload, *, now: datetime) -> None:
    """One job for each participant: a mailbox that fails must not hold up the others."""
    people = [row.person_id for row in participants_of(ticket)]
    if not people:
        return
    with transaction():
        for person_id in people:
            outbox.enqueue(COPY_JOB, {**payload, "person_id": person_id}, now=now)


@outbox.handles(COPY_JOB)
def send_copy(payloads: Sequence[outbox.Payload]) -> None:
    """The technician's answer, to somebody who still takes part."""
    for payload in payloads:
        message = db.session.get(Message, payload["message_id"])
        if message is None or message.internal:
            continue
        told = _who_may_be_told(message.ticket_number, payload["person_id"])
        if told is None:
            continue
        ticket, person = told
        letters.send(
            ticket,
            person,
            "ticket_replied",
            kind=MailKind.COLLEAGUES,
            reference=f"ticket-{ticket.number}-reply-{message.id}-{person.id}",
            text=plain_text(message.body, to_read=True),
            then=payload["then"],
            url=payload["url"],
            # How many are ahead is told to the author.
            place=None,
        )


@outbox.handles("tickets.participant_added")
def send_invitation(payloads: Sequence[outbox.Payload]) -> None:
    """«Ahora participa en el ticket»: which one, and where to write."""
    for payload in payloads:
        told = _who_may_be_told(payload["number"], payload["person_id"])
        if told is None:
            continue
        ticket, person = told
        reference = f"ticket-{ticket.number}-participant-{person.id}-{payload['at']}"
        letters.send(ticket, person, "participant_added", reference=reference)


def _who_may_be_told(number: int, person_id: int) -> tuple[Ticket, Person] | None:
    """The ticket and the person, while they take part, may sign in and read their mail."""
    person = db.session.get(Person, person_id, options=[joinedload(Person.company)])
    ticket = db.session.scalar(
        select(Ticket).where(Ticket.number == number).options(joinedload(Ticket.author))
    )
    if person is None or ticket is None:
        return None
    if person.confirmed_at is None or person.disabled_at is not None:
        return None
    actor = actor_for(person, "")
    takes = takes_part(actor, number)
    sees = may_see_ticket(
        actor, company_id=ticket.company_id, author_id=ticket.author_id, participates=takes
    )
    return (ticket, person) if takes and sees else None
