"""The bell of the demonstration: its mails are never sent, so the replies ring here."""

from __future__ import annotations

from sqlalchemy import select

from accounts.bell.actions import ring
from core.db import transaction
from tickets import rings
from tickets.models import Message, Ticket


def ring_for_replies() -> None:
    """What the technicians answered, for whoever asked, named as their mails would have been."""
    answers = (
        select(Message.id, Message.ticket_number, Message.written_at, Ticket.author_id)
        .join(Ticket, Ticket.number == Message.ticket_number)
        .where(Message.from_staff, Message.internal.is_(False))
        .order_by(Message.id)
    )
    with transaction() as session:
        for message_id, number, written_at, author_id in session.execute(answers).all():
            ring(
                session,
                person_id=author_id,
                kind="ticket_replied",
                reference=f"ticket-{number}-{message_id}",
                about=rings.about(number),
                now=written_at,
            )
