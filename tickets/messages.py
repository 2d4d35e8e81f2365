"""Adding a message to a thread, inside the transaction of the verb that needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core.tokens import once_key
from tickets.drafts import Upload, attach
from tickets.finding import indexing
from tickets.models import Message, Ticket
from tickets.previews.actions import ask_for
from tickets.queries import thread_numbers
from tickets.refusals import ThreadMoved


def add_message(
    session: Session,
    ticket: Ticket,
    *,
    actor: Actor,
    text: str,
    form_id: str | None,
    uploads: Sequence[Upload] = (),
    now: datetime,
    from_staff: bool,
    internal: bool = False,
    hold: timedelta = timedelta(),
    seen: int | None = None,
) -> Message | None:
    """Add a message to the transaction under way; None when this form was already sent.

    The customer gets it after `hold`. `seen` is the last message that its writer had read: with
    later ones from others it raises ThreadMoved.
    """
    once = _once(uploads, form_id, ticket.number, actor.person_id, internal, text)
    if once and session.scalar(select(Message.id).where(Message.form_id == once)):
        return None
    _check_nothing_came(session, ticket, actor, seen)
    message = Message(
        ticket_number=ticket.number,
        author_id=actor.person_id,
        from_staff=from_staff,
        internal=internal,
        body=text,
        written_at=now,
        released_at=now + hold if hold else None,
        form_id=once,
    )
    _store(session, message, uploads, now)
    if not internal:
        ticket.changed_at = now
    return message


def add_note(
    session: Session, ticket: Ticket, *, actor: Actor, text: str, form_id: str | None, now: datetime
) -> Message | None:
    """Add what the team alone reads; None when this form was already sent."""
    return add_message(
        session,
        ticket,
        actor=actor,
        text=text,
        form_id=form_id,
        now=now,
        from_staff=True,
        internal=True,
    )


def _store(session: Session, message: Message, uploads: Sequence[Upload], now: datetime) -> None:
    session.add(message)
    session.flush()
    session.add_all(attach(session, upload, now=now, message_id=message.id) for upload in uploads)
    ask_for(session, message.id, now=now)
    _plan_reading(message, now)


def _plan_reading(message: Message, now: datetime) -> None:
    indexing.plan(message.ticket_number, now=now)
    if message.released_at is not None:
        # Until then its words are found by the desk alone.
        indexing.plan(message.ticket_number, now=now, run_at=message.released_at)


def _once(uploads: Sequence[Upload], form_id: str | None, *told: object) -> str | None:
    # With what it says: a text that was changed after a press that seemed lost is another.
    files = [upload.checked.sha256 for upload in uploads]
    return once_key(form_id, *told, *files) if form_id else None


def _check_nothing_came(session: Session, ticket: Ticket, actor: Actor, seen: int | None) -> None:
    if seen is None:
        return
    later = select(Message.id).where(
        Message.ticket_number.in_(thread_numbers(ticket)),
        Message.id > seen,
        Message.author_id != actor.person_id,
    )
    if session.scalar(later.limit(1)) is not None:
        raise ThreadMoved
