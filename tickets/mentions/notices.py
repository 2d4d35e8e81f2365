"""The mail to whom a note calls. It carries the note: it goes to staff alone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may_read_desk
from accounts.sessions import actor_for
from core import outbox
from core.db import db
from core.text import plain_text
from core.web import external_url
from tickets import letters
from tickets.mentions.models import Mention


@outbox.handles("tickets.mentioned")
def send_mention(payloads: Sequence[outbox.Payload]) -> None:
    """«Le mencionan en el ticket N», to somebody who still reads the desk."""
    for payload in payloads:
        mention = db.session.scalar(
            select(Mention)
            .where(
                Mention.message_id == payload["message_id"],
                Mention.person_id == payload["person_id"],
            )
            .options(
                joinedload(Mention.person),
                joinedload(Mention.by),
                joinedload(Mention.ticket),
                joinedload(Mention.message),
            )
        )
        if mention is None or not mention.message.internal or not _reads_desk(mention.person):
            continue
        letters.send(
            mention.ticket,
            mention.person,
            "mentioned",
            reference=f"ticket-{mention.ticket_number}-mention-{mention.message_id}-{mention.person_id}",
            mention=mention,
            text=plain_text(mention.message.body, to_read=True),
            url=external_url("desk.show", number=mention.ticket_number),
        )


def _reads_desk(person: Person) -> bool:
    is_open = person.confirmed_at is not None and person.disabled_at is None
    return is_open and may_read_desk(actor_for(person, ""))
