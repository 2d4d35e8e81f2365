"""Calling colleagues in a note, and having seen it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_read_desk
from core import outbox
from core.db import transaction
from tickets.mentions import policy, queries
from tickets.mentions.models import Mention
from tickets.mentions.policy import Misread
from tickets.models import Message
from tickets.refusals import NotAllowed


def call_people(session: Session, note: Message, *, actor: Actor, now: datetime) -> list[Misread]:
    """Call whom an internal note names, inside the transaction that stores it; what was misread.

    Whoever names themselves is not called.
    """
    if "@" not in note.body:
        return []
    called = policy.called_in(note.body, queries.colleagues())
    for person_id in called.person_ids:
        if person_id == actor.person_id:
            continue
        session.add(
            Mention(
                message_id=note.id,
                person_id=person_id,
                ticket_number=note.ticket_number,
                by_id=actor.person_id,
                at=now,
            )
        )
        payload = {"message_id": note.id, "person_id": person_id}
        outbox.enqueue("tickets.mentioned", payload, now=now)
    return list(called.misread)


def mark_seen(*, number: int, actor: Actor, now: datetime) -> int | None:
    """Say that this person opened the notes of a ticket that call them; the first such note.

    None where no note calls them. Raises NotAllowed.
    """
    if not may_read_desk(actor):
        raise NotAllowed("desk")
    with transaction() as session:
        mine = (Mention.person_id == actor.person_id, Mention.ticket_number == number)
        unseen = session.scalars(
            select(Mention.message_id).where(*mine, Mention.seen_at.is_(None))
        ).all()
        session.execute(update(Mention).where(*mine, Mention.seen_at.is_(None)).values(seen_at=now))
        return min(unseen, default=None)
