"""Short words for the tests of the chat: be on duty, begin, take, say."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import sessions
from accounts.permissions import Actor
from contact.chat import actions, handling
from contact.chat.actions import Begun, Sent
from contact.chat.models import Chat, ChatMessage
from contact.chat.policy import Side
from core import clock
from core.db import db
from core.tokens import new_token, token_hash

FIRST = "Mi sitio no carga desde ayer."


def form(**changes: str) -> dict[str, str]:
    """The form that begins a conversation, as a visitor fills it in."""
    return {
        "nombre": "Rosa Díaz", "correo": "rosa@example.com", "mensaje": FIRST,
        "accion": "chat", "token": new_token(), **changes,
    }  # fmt: skip


def on_duty(actor: Actor, now: datetime | None = None) -> str:
    """Sign a technician in and put them on duty; the secret of the session."""
    now = now or clock.now()
    token = sessions.start(actor.person_id, browser="test", now=now)
    handling.go_on_duty(actor=actor, session_hash=token_hash(token), now=now)
    return token


def begun(
    actor: Actor | None = None,
    *,
    text: str = FIRST,
    now: datetime | None = None,
    network: str = "n" * 64,
    about: int | None = None,
) -> Chat:
    """A conversation in the line."""
    name, email = (actor.name, actor.email) if actor else ("Rosa Díaz", "rosa@example.com")
    token = new_token()
    told = Begun(name, email, text, "es", network, about)
    actions.start(told, token=token, actor=actor, now=now or clock.now())
    return chat_of(token)


def taken(actor: Actor, now: datetime | None = None) -> int:
    """Take the next; its number."""
    found = handling.take_next(actor=actor, form_id=new_token(), now=now or clock.now())
    assert found is not None
    return found


def say(
    chat: Chat | int, side: Side, actor: Actor | None, text: str = "Hola", **more: object
) -> None:
    """Write a message."""
    chat_id = chat if isinstance(chat, int) else chat.id
    now = more.get("now") or clock.now()
    assert isinstance(now, datetime)
    actions.write(chat_id, Sent(text, new_token()), side=side, actor=actor, now=now)


def chat_of(token: str) -> Chat:
    """The conversation as it is stored now."""
    db.session.rollback()
    return db.session.scalars(
        select(Chat).where(Chat.token == token).execution_options(populate_existing=True)
    ).one()


def bodies(chat_id: int) -> list[tuple[int, str, str]]:
    """The lines: number, side, and what they say or tell."""
    db.session.rollback()
    rows = db.session.scalars(
        select(ChatMessage).where(ChatMessage.chat_id == chat_id).order_by(ChatMessage.seq)
    )
    return [(m.seq, m.side, m.event or m.body) for m in rows]


def start(client: FlaskClient, **changes: str) -> str:
    """Begin a conversation in a browser; its address."""
    answer = client.post("/chat", data=form(**changes))
    assert answer.status_code == 303, answer.text
    address: str = answer.location
    return address
