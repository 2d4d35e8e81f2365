"""The people of the chat's measurement: technicians signed in, conversations under way."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from accounts import sessions
from accounts.models import Person
from accounts.permissions import Actor, Role
from accounts.sessions import actor_for
from bench.bench import application
from bench.rows import BenchError
from bench.server import Instance
from contact.chat import actions, handling
from contact.chat.actions import Begun
from contact.chat.models import Chat
from core import clock
from core.db import db, transaction
from core.tokens import new_token, token_hash


@dataclass(frozen=True)
class Identity:
    """A browser: its cookie and the token of its forms."""

    cookie: str
    csrf: str


@dataclass(frozen=True)
class Talk:
    """A conversation under way."""

    id: int
    token: str
    visitor: Identity


@dataclass(frozen=True)
class Worker:
    """A technician and the conversations they hold."""

    staff: Identity
    talks: list[Talk]


def fill(instance: Instance, *, talks: int, each: int) -> list[Worker]:
    """Conversations, `each` of them with every technician."""
    with application(instance) as app:
        people = _technicians(-(-talks // each))
        for number in range(talks):
            _begin(number)
        return [_worker(app, actor, each) for actor in people]


def _technicians(count: int) -> list[Actor]:
    with transaction() as session:
        rows = [
            Person(
                email=f"bench-{n}@example.com", name=f"Técnico {n}", password_hash="none",
                company_id=None, rights=frozenset(), roles=frozenset({Role.TECHNICIAN.value}),
                created_at=clock.now(), confirmed_at=clock.now(),
            )
            for n in range(count)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [actor_for(row, "") for row in rows]


def _begin(number: int) -> None:
    told = Begun(f"Visitante {number}", f"v{number}@example.com", "Hola", "es", "")
    actions.start(told, token=new_token(), actor=None, now=clock.now())


def _worker(app: Flask, actor: Actor, each: int) -> Worker:
    token, now = sessions.start(actor.person_id, browser="bench", now=clock.now()), clock.now()
    handling.go_on_duty(actor=actor, session_hash=token_hash(token), now=now)
    talks = []
    for _ in range(each):
        taken = handling.take_next(actor=actor, form_id=new_token(), now=clock.now())
        if taken is not None:
            talks.append(_talk(app, taken))
    return Worker(_identity(app, {"_user_id": token}), talks)


def _talk(app: Flask, chat_id: int) -> Talk:
    return Talk(chat_id, db.session.get_one(Chat, chat_id).token, _identity(app, {}))


def _identity(app: Flask, values: dict[str, str]) -> Identity:
    """A signed cookie as the site makes them, with a token that belongs to it."""
    secret = new_token()
    csrf = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(secret)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise BenchError("the site has no secret key")
    signed = serializer.dumps({**values, "csrf_token": secret})
    return Identity(f"{app.config['SESSION_COOKIE_NAME']}={signed}", str(csrf))
