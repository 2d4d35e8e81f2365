"""Mails about tickets. Rights are asked again when the mail leaves, not when it was written."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may_see_ticket
from accounts.sessions import actor_for
from core import mail, outbox
from core.db import db
from core.text import plain_text
from core.web import external_url
from tickets import places
from tickets.models import Message, Ticket
from tickets.words import ahead_reasons


@outbox.handles("tickets.filed")
def send_receipt(payloads: Sequence[outbox.Payload]) -> None:
    """«Recibimos su ticket»: its number and how many are ahead, and never a time (R4)."""
    for payload in payloads:
        ticket = _ticket(payload["number"])
        if ticket is None or not _may_be_told(ticket):
            continue
        in_queue = places.queued(ticket)
        message = mail.render(
            "ticket_filed",
            to=ticket.author.email,
            locale=ticket.author.locale,
            reference=f"ticket-{ticket.number}",
            ticket=ticket,
            ahead=places.count_ahead(ticket) if in_queue else None,
            reasons=ahead_reasons(places.ahead_of(ticket)) if in_queue else [],
            url=external_url("tickets.show", number=ticket.number),
        )
        mail.deliver(message)


@outbox.handles("tickets.replied")
def send_reply(payloads: Sequence[outbox.Payload]) -> None:
    """The technician's answer, to whoever opened the ticket and may still see it."""
    for payload in payloads:
        message = db.session.get(Message, payload["message_id"])
        ticket = _ticket(message.ticket_number) if message else None
        if message is None or ticket is None or message.internal or not _may_be_told(ticket):
            continue
        letter = mail.render(
            "ticket_replied",
            to=ticket.author.email,
            locale=ticket.author.locale,
            reference=f"ticket-{ticket.number}-{message.id}",
            ticket=ticket,
            text=plain_text(message.body),
            then=payload["then"],
            url=external_url("tickets.show", number=ticket.number),
        )
        mail.deliver(letter)


def _ticket(number: int) -> Ticket | None:
    return db.session.scalar(
        select(Ticket)
        .where(Ticket.number == number)
        .options(joinedload(Ticket.author).joinedload(Person.company))
    )


def _may_be_told(ticket: Ticket) -> bool:
    author = ticket.author
    if author.confirmed_at is None or author.disabled_at is not None:
        return False
    actor = actor_for(author, "")
    return may_see_ticket(actor, company_id=ticket.company_id, author_id=ticket.author_id)
