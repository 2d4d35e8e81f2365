"""Short words for the tests of tickets: file, take, age."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from sqlalchemy import select

from accounts.permissions import Actor
from core import settings
from core.db import db, transaction
from core.tokens import new_token
from tests.cast import START
from tickets import drafts, handling, opening
from tickets.drafts import Upload, Written
from tickets.models import Ticket


def form(**more: object) -> dict[str, object]:
    """The ticket form as somebody fills it in."""
    return {
        "asunto": "No llegan correos de Gmail",
        "descripcion": "Desde ayer los correos no aparecen.",
        "afeccion": "servicio-con-errores",
        "prioridad": "normal",
        **more,
    }


def draft(
    actor: Actor,
    *,
    subject: str = "No llegan correos de Gmail",
    description: str = "Desde ayer los correos de Gmail no aparecen en la bandeja.",
    affection: str = "servicio-con-errores",
    mark: str = "normal",
    uploads: tuple[Upload, ...] = (),
    now: datetime = START,
) -> str:
    """Save a draft of this person; its id."""
    draft_id = new_token()
    drafts.save_draft(
        draft_id=draft_id,
        owner=drafts.owner_of(actor, ""),
        written=Written(subject, description, affection, mark),
        uploads=uploads,
        now=now,
    )
    return draft_id


def filed(actor: Actor, *, now: datetime = START, **written: object) -> int:
    """File a ticket; its number."""
    draft_id = draft(actor, now=now, **written)  # type: ignore[arg-type]
    return opening.file_ticket(
        draft_id=draft_id, owner=drafts.owner_of(actor, ""), actor=actor, now=now
    )


def taken(actor: Actor, *, now: datetime = START) -> int:
    """Take the next one; its number."""
    number = handling.take_next(actor=actor, limit=20, form_id=new_token(), now=now)
    assert number is not None
    return number


def answered(
    number: int,
    actor: Actor,
    then: handling.Then,
    *,
    text: str = "Revise los registros MX.",
    now: datetime = START,
) -> None:
    """Reply as the holder."""
    reply = handling.Reply(text, then, new_token())
    handling.reply(number=number, actor=actor, answer=reply, now=now)


def ticket(number: int) -> Ticket:
    """The ticket as it is stored now."""
    db.session.rollback()
    return db.session.scalars(select(Ticket).where(Ticket.number == number)).one()


def without_undo() -> None:
    """Let replies reach the customer at once, as where the setting is 0."""
    at_once = dataclasses.replace(settings.load(), undo_seconds=0)
    settings.change(at_once, actor_id=0, now=START)


def withdraw_rights(actor: Actor) -> None:
    """Leave a member without any right."""
    from accounts.models import Person

    with transaction() as session:
        session.get_one(Person, actor.person_id).rights = frozenset()
