"""Adding a line to a conversation, inside the transaction of the verb that needs it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.bell import actions as bell
from accounts.permissions import may_answer_chat
from contact.chat.models import Chat, ChatMessage
from contact.chat.policy import Event, Side


def locked(session: Session, chat_id: int) -> Chat:
    """The conversation as it is now, nobody else's until the commit. Raises LookupError."""
    chat = session.scalar(
        select(Chat)
        .where(Chat.id == chat_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if chat is None:
        raise LookupError(chat_id)
    return chat


def add(session: Session, chat: Chat, message: ChatMessage, *, now: datetime) -> ChatMessage:
    """Number the line and store it; both sides have news."""
    chat.last_seq += 1
    chat.version += 1
    chat.last_at = message.written_at = now
    message.chat_id, message.seq = chat.id, chat.last_seq
    session.add(message)
    session.flush()
    return message


def say(session: Session, chat: Chat, event: Event, body: str, *, now: datetime) -> None:
    """A line of the house."""
    line = ChatMessage(side=Side.HOUSE.value, event=event.value, body=body)
    add(session, chat, line, now=now)


def end(session: Session, chat: Chat, event: Event, body: str, *, now: datetime) -> None:
    """The last line. Where it came from is forgotten with it, and nobody is told to come."""
    say(session, chat, event, body, now=now)
    chat.closed_at = now
    chat.network = ""
    chat.visitor_typed_at = chat.staff_typed_at = None
    came(session, chat, now=now)


def call(session: Session, chat: Chat, people: Iterable[int], *, kind: str, now: datetime) -> None:
    """Ring for these technicians; once for each line that the conversation has."""
    bell.ring_all(
        session,
        people=people,
        kind=kind,
        reference=f"chat-{chat.id}-{chat.last_seq}",
        about=f"chat:{chat.id}",
        now=now,
    )


def came(session: Session, chat: Chat, *, now: datetime) -> None:
    """Somebody came, or nobody needs to: what rang for it is no longer new for anybody."""
    bell.settle_staff(session, may=may_answer_chat, about=f"chat:{chat.id}", now=now)
