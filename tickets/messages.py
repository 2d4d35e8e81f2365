"""Adding a message to a thread, inside the transaction of the verb that needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core.tokens import once_key
from tickets.drafts import Upload, attach
from tickets.finding import indexing
from tickets.models import Message, Ticket
from tickets.previews.actions import ask_for


def add_message(
    session: Session,
    ticket: Ticket,
    *,
    actor: Actor,
    text: str,
    form_id: str | None,
    uploads: Sequence[Upload],
    now: datetime,
    from_staff: bool,
    internal: bool = False,
) -> Message | None:
    """Add a message to the transaction under way; None when this form was already sent."""
    once = None
    if form_id:
        # With what it says: a text that was changed after a press that seemed lost is another.
        files = [upload.checked.sha256 for upload in uploads]
        once = once_key(form_id, ticket.number, actor.person_id, internal, text, *files)
        if session.scalar(select(Message.id).where(Message.form_id == once)):
            return None
    message = Message(
        ticket_number=ticket.number,
        author_id=actor.person_id,
        from_staff=from_staff,
        internal=internal,
        body=text,
        written_at=now,
        form_id=once,
    )
    session.add(message)
    session.flush()
    session.add_all(attach(session, upload, now=now, message_id=message.id) for upload in uploads)
    ask_for(session, message.id, now=now)
    if not internal:
        ticket.changed_at = now
    indexing.plan(ticket.number, now=now)
    return message
