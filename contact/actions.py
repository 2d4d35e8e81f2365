"""What happens to a request to be called: it is received once, and its outcome noted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Actor
from contact import queries
from contact.models import CallRequest
from core import audit
from core.db import transaction


class AlreadyAttendedError(Exception):
    """Somebody has noted the outcome of this call."""


@dataclass(frozen=True)
class CallAsked:
    """What the form says. `phone` is E.164; `part_of_day` one of `forms.PARTS_OF_DAY`."""

    name: str
    phone: str
    part_of_day: str
    matter: str


def receive(asked: CallAsked, *, token: str, actor: Actor | None, now: datetime) -> None:
    """Store a request once per `token`."""
    try:
        _store(asked, token, actor, now)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other request was stored.
        if queries.by_token(token) is None:
            raise


def _store(asked: CallAsked, token: str, actor: Actor | None, now: datetime) -> None:
    with transaction() as session:
        if queries.by_token(token) is not None:
            return
        call = CallRequest(
            token=token,
            person_id=actor.person_id if actor else None,
            name=asked.name,
            phone=asked.phone,
            part_of_day=asked.part_of_day,
            matter=asked.matter,
            received_at=now,
        )
        session.add(call)
        session.flush()
        audit.record("calls.received", f"call_request:{call.id}", actor_id=call.person_id, now=now)


def note_outcome(call_id: int, outcome: str, *, actor: Actor, now: datetime) -> None:
    """Note how a call ended, which attends it. Raises LookupError, AlreadyAttendedError."""
    with transaction() as session:
        if queries.call_for(actor, call_id) is None:
            raise LookupError(call_id)
        marked = session.scalar(
            update(CallRequest)
            .where(CallRequest.id == call_id, CallRequest.attended_at.is_(None))
            .values(attended_at=now, attended_by=actor.person_id, outcome=outcome)
            .returning(CallRequest.id)
        )
        if marked is None:
            raise AlreadyAttendedError
        audit.record("calls.attended", f"call_request:{call_id}", actor_id=actor.person_id, now=now)
