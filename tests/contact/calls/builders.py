"""Short words for the tests of calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from accounts.permissions import Actor
from contact.calls import actions
from contact.calls.models import CallAddition, CallAttempt, CallRequest
from core.db import db
from core.tokens import new_token
from tests.cast import START
from tests.quotes.guest import handed_out

PHONE = "+51969782160"


def form(**changes: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    filled = {
        "nombre": "Rosa Díaz", "telefono": "(01) 739-0054", "momento": "tarde",
        "asunto": "Mi correo no llega.",
    }  # fmt: skip
    return handed_out() | filled | changes


def asked(name: str = "Rosa", phone: str = "+5117390054") -> actions.CallAsked:
    return actions.CallAsked(name, phone, "cualquiera", "Un asunto")


def requested(
    actor: Actor | None = None, *, name: str = "Rosa", phone: str = PHONE, now: datetime = START
) -> int:
    """Ask to be called; the number of the request."""
    token = new_token()
    actions.receive(asked(name, phone), token=token, actor=actor, now=now)
    found = db.session.scalar(select(CallRequest.id).where(CallRequest.token == token))
    assert found is not None
    return found


def received() -> list[CallRequest]:
    db.session.rollback()
    return list(db.session.scalars(select(CallRequest).order_by(CallRequest.id)))


def call(call_id: int) -> CallRequest:
    """The request as it is stored now."""
    db.session.rollback()
    return db.session.scalars(select(CallRequest).where(CallRequest.id == call_id)).one()


def added() -> list[CallAddition]:
    db.session.rollback()
    return list(db.session.scalars(select(CallAddition).order_by(CallAddition.id)))


def attempts() -> list[CallAttempt]:
    db.session.rollback()
    return list(db.session.scalars(select(CallAttempt).order_by(CallAttempt.id)))
