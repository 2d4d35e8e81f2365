"""What both sides do in a conversation: begin it, write, say what they have read, end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_answer_chat, may_write_in_ticket
from contact.chat import lines, queries
from contact.chat.models import Chat, ChatMessage, ChatPicture
from contact.chat.policy import MINUTE, PER_MINUTE, Event, Side
from core import imaging, outbox
from core.db import db, transaction
from core.tokens import once_key
from tickets.lifecycle import OPEN_STATES
from tickets.models import Ticket
from tickets.participants.queries import takes_part

#: Longest side of a stored picture, in pixels.
PICTURE: Mapping[str, int] = {"chat": 1600}
#: The job that looks after open conversations, and how often.
WATCH, EVERY = "chat.watch", timedelta(minutes=1)
#: A typing mark is written anew when less than this is left of it.
RENEWED_AFTER = timedelta(seconds=2)


class Blocked(Exception):
    """A technician ended the chat for this network today."""


class Ended(Exception):
    """The conversation has ended; nothing was stored."""


class TooFast(Exception):
    """More messages in a minute than one side may write; nothing was stored."""


class NotYours(Exception):
    """The conversation is another technician's, or waits again; nothing was stored."""


@dataclass(frozen=True)
class Begun:
    """What the form says. `network` is a keyed hash; `about` an open ticket of the customer."""

    name: str
    email: str
    text: str
    locale: str
    network: str
    about: int | None = None


@dataclass(frozen=True)
class Sent:
    """A message. `key` is what its page gave it; `picture` the bytes of a checked image."""

    text: str
    key: str
    picture: bytes = b""
    picture_name: str = ""


def start(begun: Begun, *, token: str, actor: Actor | None, now: datetime) -> None:
    """Put somebody at the end of the line with their first message, once per `token`.

    Raises Blocked for a visitor whose network is, LookupError for a ticket that is not open or
    not theirs.
    """
    try:
        _start(begun, token, actor, now)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other request was stored.
        if queries.by_token(token) is None:
            raise


def _start(begun: Begun, token: str, actor: Actor | None, now: datetime) -> None:
    with transaction() as session:
        if queries.by_token(token) is not None:
            return
        if actor is None and queries.is_blocked(begun.network, now):
            raise Blocked
        if begun.about is not None:
            _require_open(session, begun.about, actor)
        chat = Chat(
            token=token,
            person_id=actor.person_id if actor else None,
            company_id=actor.company_id if actor else None,
            name=begun.name,
            email=begun.email,
            locale=begun.locale,
            network=begun.network,
            arrived_at=now,
            visitor_seen_at=now,
            last_at=now,
            last_seq=0,
            version=0,
            about_number=begun.about,
        )
        session.add(chat)
        session.flush()
        first = ChatMessage(side=Side.VISITOR.value, author_id=chat.person_id, body=begun.text)
        lines.add(session, chat, first, now=now)
        lines.call(session, chat, queries.on_duty(now), kind="chat_waiting", now=now)
        watch(now=now)


def _require_open(session: Session, number: int, actor: Actor | None) -> None:
    ticket = session.get(Ticket, number)
    open_states = {state.value for state in OPEN_STATES}
    if (
        ticket is None
        or ticket.state not in open_states
        or not may_write_in_ticket(
            actor,
            company_id=ticket.company_id,
            author_id=ticket.author_id,
            participates=takes_part(actor, number),
        )
    ):
        raise LookupError(number)


def watch(*, now: datetime) -> None:
    """Have open conversations looked after; belongs into the transaction under way."""
    if not outbox.pending([WATCH]):
        outbox.enqueue(WATCH, {}, now=now, run_at=now + EVERY)


def write(chat_id: int, sent: Sent, *, side: Side, actor: Actor | None, now: datetime) -> None:
    """Add a message once per key. Raises LookupError, Ended, TooFast, NotYours, and
    `core.imaging.Broken` for an image of which no picture can be made.
    """
    picture = None
    if sent.picture:
        # Drawing takes a while: nothing of the database is held meanwhile.
        db.session.rollback()
        picture = imaging.pictures_of(sent.picture, PICTURE)[0]
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        once = once_key("chat", chat_id, side.value, sent.key) if sent.key else None
        known = select(ChatMessage.id).where(ChatMessage.form_id == once)
        if once and session.scalar(known) is not None:
            return
        _may_write(session, chat, side, actor, now)
        person = actor.person_id if actor else None
        message = ChatMessage(side=side.value, author_id=person, body=sent.text, form_id=once)
        lines.add(session, chat, message, now=now)
        if picture is not None:
            session.add(
                ChatPicture(
                    message_id=message.id,
                    name=sent.picture_name[:150],
                    width=picture.width,
                    height=picture.height,
                    content=picture.content,
                )
            )
        _wrote(chat, side, now)


def _may_write(
    session: Session, chat: Chat, side: Side, actor: Actor | None, now: datetime
) -> None:
    if side == Side.STAFF and (
        actor is None or not may_answer_chat(actor) or chat.holder_id != actor.person_id
    ):
        raise NotYours
    if side == Side.VISITOR and not queries.is_of(chat, actor):
        raise NotYours
    if chat.closed_at is not None:
        raise Ended
    lately = (ChatMessage.side == side.value, ChatMessage.written_at > now - MINUTE)
    count = select(func.count()).where(ChatMessage.chat_id == chat.id, *lately)
    if (session.scalar(count) or 0) >= PER_MINUTE:
        raise TooFast


def _wrote(chat: Chat, side: Side, now: datetime) -> None:
    """Whoever writes has read what was there, and types no longer."""
    if side == Side.STAFF:
        chat.staff_read, chat.staff_typed_at = chat.last_seq, None
        chat.answered_at = chat.answered_at or now
    else:
        chat.visitor_read, chat.visitor_typed_at = chat.last_seq, None
        chat.visitor_seen_at = now


def signal(chat: Chat, *, side: Side, read: int = 0, typing: bool = False, now: datetime) -> None:
    """What a page says of itself: read up to this line, typing, there. `chat` as it was just
    read: what changes nothing costs no transaction."""
    is_staff = side == Side.STAFF
    read = min(read, chat.last_seq)
    before = chat.staff_read if is_staff else chat.visitor_read
    typed_at = chat.staff_typed_at if is_staff else chat.visitor_typed_at
    renew = typing and (typed_at is None or now - typed_at >= RENEWED_AFTER)
    there = not is_staff and now - chat.visitor_seen_at >= MINUTE / 2
    if chat.closed_at is not None or not (read > before or renew or there):
        return
    chat_id = chat.id
    with transaction() as session:
        _signal(lines.locked(session, chat_id), is_staff, read, renew, now)


def _signal(chat: Chat, is_staff: bool, read: int, renew: bool, now: datetime) -> None:
    seen = chat.staff_read if is_staff else chat.visitor_read
    if read > seen:
        chat.version += 1
    if is_staff:
        chat.staff_read = max(chat.staff_read, read)
        chat.staff_typed_at = now if renew else chat.staff_typed_at
    else:
        chat.visitor_read = max(chat.visitor_read, read)
        chat.visitor_typed_at = now if renew else chat.visitor_typed_at
        chat.visitor_seen_at = now


def close(chat_id: int, *, side: Side, actor: Actor | None, now: datetime) -> None:
    """Either side ends it; ending it again changes nothing. Raises LookupError, NotYours."""
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        is_staff = side == Side.STAFF
        if is_staff and (actor is None or chat.holder_id != actor.person_id):
            raise NotYours
        if not is_staff and not queries.is_of(chat, actor):
            raise NotYours
        if chat.closed_at is not None:
            return
        event = Event.STAFF_CLOSED if is_staff else Event.VISITOR_CLOSED
        name = actor.name if is_staff and actor else chat.name
        lines.end(session, chat, event, name, now=now)
        if chat.about_number is not None and chat.answered_at is not None:
            outbox.enqueue("chat.belongs", {"chat": chat.id}, now=now)
