"""Jobs of the chat: the mail after its end, the thread it belongs to, and looking after it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from accounts.models import Person
from contact.chat import handling, queries, settling
from contact.chat.actions import EVERY, WATCH
from contact.chat.models import Chat
from contact.chat.words import transcript_parts
from core import clock, mail, outbox
from core.db import db, transaction
from core.models import Job
from core.text import plain_text
from core.web import external_url
from tickets.lifecycle import StepNotAllowed
from tickets.refusals import NotAllowed

#: A mail holds up to so many characters of a conversation; the page has all of it.
MAILED_AT_MOST = 100_000


@outbox.handles("chat.mail")
def send(payloads: Sequence[outbox.Payload]) -> None:
    """To a customer's confirmed address the conversation itself; to any other only a private
    link, for nothing that somebody typed goes to an address that nobody confirmed."""
    for payload in payloads:
        chat = db.session.get(Chat, payload["chat"])
        if chat is None or chat.reading_token is None:
            continue
        person = db.session.get(Person, chat.person_id) if chat.person_id else None
        own = person is not None and person.confirmed_at is not None
        if person is not None and person.disabled_at is not None:
            continue
        if person is None:
            url = external_url("chat.reading", token=chat.reading_token)
        else:
            url = external_url("chat.show", token=chat.token)
        message = mail.render(
            "chat_transcript",
            to=person.email if person else chat.email,
            locale=chat.locale,
            reference=f"chat-{chat.id}",
            arrived_at=chat.arrived_at,
            url=url,
            text=_text(chat) if own else "",
        )
        mail.deliver(message)


def _text(chat: Chat) -> str:
    found = queries.lines_of(chat)
    parts = transcript_parts(chat, found, locale=chat.locale, longest=MAILED_AT_MOST)
    return plain_text(parts[0], to_read=True)


@outbox.handles("chat.belongs")
def put_where_it_belongs(payloads: Sequence[outbox.Payload]) -> None:
    """A conversation about an open ticket is written into its thread when it ends (R7)."""
    for payload in payloads:
        chat = db.session.get(Chat, payload["chat"])
        if chat is None or chat.about_number is None or chat.ticket_number is not None:
            continue
        try:
            settling.join(chat.id, actor=None, number=chat.about_number, now=clock.now())
        except (NotAllowed, StepNotAllowed, settling.NoAccount):
            # The ticket ended meanwhile, or is theirs no longer: the desk finds the conversation.
            continue


@outbox.handles(WATCH)
def watch(_payloads: Sequence[outbox.Payload]) -> None:
    """Look after what is open, and come back while anything is."""
    now = clock.now()
    if not handling.look_after(now=now):
        return
    with transaction() as session:
        later = select(Job.id).where(Job.kind == WATCH, Job.done_at.is_(None), Job.run_at > now)
        if session.scalar(later.limit(1)) is None:
            outbox.enqueue(WATCH, {}, now=now, run_at=now + EVERY)
