"""Where a conversation ends up: a ticket, an open ticket's thread, a draft, a mail (R7). Once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from accounts.permissions import Actor, may_answer_chat
from contact.chat import lines, queries
from contact.chat.actions import Ended, NotYours
from contact.chat.models import Chat, ChatMessage, ChatPicture
from contact.chat.policy import MAILS_A_DAY, Event, Side, first_line
from contact.chat.words import transcript_parts
from core import audit, outbox
from core.db import transaction
from core.files import MAX_PER_MESSAGE, check_file
from core.tokens import new_token, once_key
from tickets.drafts import DESCRIPTION_LIMIT, SUBJECT_LIMIT, Upload, attach
from tickets.models import Draft
from tickets.opening import file_draft
from tickets.other_ways import say_in_ticket


class NoAccount(Exception):
    """A visitor's conversation cannot be filed for them: they sign in and do it."""


class NotAnswered(Exception):
    """No technician wrote: there is nothing to mail."""


class EnoughMails(Exception):
    """This address got as many links today as it may."""


def make_ticket(chat_id: int, *, actor: Actor, subject: str, affection: str, now: datetime) -> int:
    """A customer's conversation becomes a ticket with its arrival; its number, the same again.

    Raises LookupError, NotYours, NoAccount, and those of `tickets.opening.file_draft`.
    """
    with transaction(queue=True) as session:
        chat = _to_settle(session, chat_id, actor)
        if chat.ticket_number is not None:
            return chat.ticket_number
        author = _customer(chat)
        first, *rest = _parts(chat)
        draft = _draft(chat, f"p:{author.person_id}", subject, first, now)
        draft.affection = affection
        session.add(draft)
        session.flush()
        files = list(_pictures(session, chat))
        for upload in files[:MAX_PER_MESSAGE]:
            session.add(attach(session, upload, now=now, draft_id=draft.id))
        session.flush()
        number = file_draft(session, draft, actor=author, shown=None, now=now, by=actor)
        _go_on(session, chat, number, author, rest, files[MAX_PER_MESSAGE:], now)
        _settled(session, chat, number, Event.FILED, actor, now)
        return number


def join(chat_id: int, *, actor: Actor | None, number: int, now: datetime) -> int:
    """A customer's conversation goes into the thread of a ticket of theirs; the number of the
    ticket that has it, which is another one where it was settled before. Without `actor` the
    house does it.

    Raises LookupError, NotYours, NoAccount, tickets.refusals.NotAllowed, StepNotAllowed.
    """
    with transaction(queue=True) as session:
        chat = _to_settle(session, chat_id, actor) if actor else lines.locked(session, chat_id)
        if chat.ticket_number is not None:
            return chat.ticket_number
        author = _customer(chat)
        files = list(_pictures(session, chat))
        _go_on(session, chat, number, author, _parts(chat), files, now)
        _settled(session, chat, number, Event.JOINED, actor, now)
        return number


def offer(chat_id: int, *, actor: Actor, subject: str, affection: str, now: datetime) -> None:
    """Offer a visitor to file it: they register, and the ticket keeps the arrival.

    Raises LookupError, NotYours, Ended for one who is gone.
    """
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        if chat.holder_id != actor.person_id or chat.person_id is not None:
            raise NotYours
        if chat.closed_at is not None:
            raise Ended
        again = bool(chat.offered_affection)
        chat.offered_subject, chat.offered_affection = subject[:SUBJECT_LIMIT], affection[:40]
        if not again:
            lines.say(session, chat, Event.OFFERED, actor.name, now=now)


def claim(chat_id: int, *, owner: str, now: datetime) -> str:
    """The draft that a visitor makes of what was offered; the same again.

    Raises LookupError where nothing was.
    """
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        if not chat.offered_affection:
            raise LookupError(chat_id)
        if chat.draft_id is None:
            text = _parts(chat)[0]
            draft = _draft(chat, owner, chat.offered_subject, text, now)
            draft.affection = chat.offered_affection
            _keep(session, chat, draft, now)
        return str(chat.draft_id)


def leave(chat_id: int, *, owner: str, now: datetime) -> str:
    """Whoever was not answered goes on with a ticket: what they wrote is its draft, the line is
    left; the id of the draft, the same again.

    Raises LookupError for a conversation that a technician has taken up.
    """
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        if chat.draft_id is not None:
            return chat.draft_id
        if chat.answered_at is not None:
            raise LookupError(chat_id)
        wrote = select(ChatMessage.body).where(ChatMessage.chat_id == chat.id)
        wrote = wrote.where(ChatMessage.side == Side.VISITOR.value).order_by(ChatMessage.seq)
        text = "\n\n".join(body for body in session.scalars(wrote) if body)
        text = text[:DESCRIPTION_LIMIT]
        draft = _draft(chat, owner, first_line(text, SUBJECT_LIMIT), text, now)
        draft.arrived_at = None
        _keep(session, chat, draft, now)
        if chat.closed_at is None:
            lines.end(session, chat, Event.VISITOR_CLOSED, chat.name, now=now)
        return draft.id


def _keep(session: Session, chat: Chat, draft: Draft, now: datetime) -> None:
    session.add(draft)
    session.flush()
    for upload in list(_pictures(session, chat))[:MAX_PER_MESSAGE]:
        session.add(attach(session, upload, now=now, draft_id=draft.id))
    chat.draft_id = draft.id
    chat.version += 1


def ask_for_mail(chat_id: int, *, now: datetime) -> None:
    """Have the conversation mailed after its end, once (decision 0037).

    Raises LookupError for one under way, NotAnswered, EnoughMails.
    """
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        if chat.closed_at is None:
            raise LookupError(chat_id)
        if chat.answered_at is None:
            raise NotAnswered
        if chat.mailed_at is not None:
            return
        today = (Chat.email == chat.email, Chat.mailed_at > now - timedelta(days=1))
        if (session.scalar(select(func.count()).where(*today)) or 0) >= MAILS_A_DAY:
            raise EnoughMails
        chat.mailed_at, chat.reading_token = now, new_token()
        outbox.enqueue("chat.mail", {"chat": chat.id}, now=now)


def _to_settle(session: Session, chat_id: int, actor: Actor) -> Chat:
    chat = lines.locked(session, chat_id)
    if not may_answer_chat(actor) or (chat.closed_at is None and chat.holder_id != actor.person_id):
        raise NotYours
    return chat


def _customer(chat: Chat) -> Actor:
    customer = queries.customer_of(chat)
    if customer is None:
        raise NoAccount
    return customer


def _parts(chat: Chat) -> list[str]:
    found = queries.lines_of(chat)
    return transcript_parts(chat, found, locale=chat.locale, longest=DESCRIPTION_LIMIT)


def _draft(chat: Chat, owner: str, subject: str, text: str, now: datetime) -> Draft:
    return Draft(
        id=new_token(),
        owner=owner,
        subject=" ".join(subject.split())[:SUBJECT_LIMIT],
        description=text,
        mark="normal",
        shown=[],
        opened=[],
        searched=[],
        created_at=now,
        updated_at=now,
        arrived_at=chat.arrived_at,
        attachments=[],
    )


def _pictures(session: Session, chat: Chat) -> Iterator[Upload]:
    rows = session.scalars(
        select(ChatPicture)
        .join(ChatMessage, ChatMessage.id == ChatPicture.message_id)
        .where(ChatMessage.chat_id == chat.id)
        .options(undefer(ChatPicture.content))
        .order_by(ChatMessage.seq)
    )
    for place, picture in enumerate(rows, start=1):
        stem = picture.name.rpartition(".")[0] or picture.name
        yield Upload(check_file(f"{place}-{stem}.webp", picture.content), picture.content)


def _go_on(
    session: Session,
    chat: Chat,
    number: int,
    author: Actor,
    parts: list[str],
    files: list[Upload],
    now: datetime,
) -> None:
    """Messages in the thread, each with as many files as one may have."""
    while parts or files:
        text = parts.pop(0) if parts else "…"
        some, files = files[:MAX_PER_MESSAGE], files[MAX_PER_MESSAGE:]
        once = once_key("chat", chat.id, len(parts), len(files))
        say_in_ticket(
            session,
            number=number,
            author=author,
            text=text,
            form_id=once,
            uploads=some,
            now=now,
        )


def _settled(
    session: Session, chat: Chat, number: int, event: Event, actor: Actor | None, now: datetime
) -> None:
    chat.ticket_number = number
    lines.say(session, chat, event, str(number), now=now)
    by = actor.person_id if actor else None
    audit.record(f"chat.{event}", f"chat:{chat.id}", actor_id=by, now=now, ticket=number)
