"""What whoever wants to be called does: ask, add to what was asked, withdraw it.

Nobody waits twice: a second request of the same person, or for the same number, finds the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.bell import actions as bell
from accounts.permissions import Actor, may_answer_calls
from contact.calls import queries, threads
from contact.calls.models import CallAddition, CallRequest
from contact.calls.policy import waiting_key
from core import audit, outbox
from core.db import transaction

#: As often as two requests of the same person can meet in the instant before the first is stored.
_TRIES = 3


class NotWaitingError(Exception):
    """The call was attended or withdrawn; nothing was changed."""


@dataclass(frozen=True)
class CallAsked:
    """What the form says. `phone` is E.164; `part_of_day` one of `policy.PARTS_OF_DAY`."""

    name: str
    phone: str
    part_of_day: str
    matter: str


def receive(
    asked: CallAsked,
    *,
    token: str,
    actor: Actor | None,
    about: threads.About | None = None,
    now: datetime,
) -> None:
    """Store a request once per `token`; where one waits already, as an addition to it.

    `about` says in which ticket of theirs a customer's request belongs. Then it raises
    NotAllowed, StepNotAllowed, ConditionsChanged or Incomplete, and nothing is stored.
    """
    for left in reversed(range(_TRIES)):
        try:
            return _store(asked, token, actor, about, now)
        except IntegrityError:
            # Sent twice at the same moment: the other one was stored, and is found now.
            if not left:
                raise
    return None


def _store(
    asked: CallAsked,
    token: str,
    actor: Actor | None,
    about: threads.About | None,
    now: datetime,
) -> None:
    with transaction(queue=about is not None) as session:
        if queries.was_received(token):
            return
        call = _waiting(session, asked, actor)
        if call is None:
            call = _new_call(session, asked, token, actor, about, now)
        else:
            _add(session, call, asked, token, is_own=actor is not None, now=now)
        if about is not None and actor is not None:
            threads.place(session, call, about, token=token, actor=actor, now=now)


def _waiting(session: Session, asked: CallAsked, actor: Actor | None) -> CallRequest | None:
    waiting = select(CallRequest).where(CallRequest.waiting_for.is_not(None))
    if actor is not None:
        waiting = waiting.where(CallRequest.waiting_for == waiting_key(actor.person_id, ""))
    else:
        waiting = waiting.where(CallRequest.phone == asked.phone)
    first = waiting.order_by(CallRequest.received_at, CallRequest.id).limit(1)
    return session.scalar(first.with_for_update())


def _new_call(
    session: Session,
    asked: CallAsked,
    token: str,
    actor: Actor | None,
    about: threads.About | None,
    now: datetime,
) -> CallRequest:
    person_id = actor.person_id if actor else None
    call = CallRequest(
        token=token,
        person_id=person_id,
        name=asked.name,
        phone=asked.phone,
        part_of_day=asked.part_of_day,
        matter=asked.matter,
        received_at=now,
        waiting_for=waiting_key(person_id, asked.phone),
    )
    session.add(call)
    session.flush()
    audit.record("calls.received", f"call_request:{call.id}", actor_id=person_id, now=now)
    if person_id is not None:
        outbox.enqueue("contact.call_received", {"call": call.id}, now=now)
    bell.ring_staff(
        session,
        may=may_answer_calls,
        but=actor,
        kind="call_received",
        reference=f"call-{call.id}",
        about=f"call:{call.id}",
        now=now,
        told=threads.told_of(session, about),
    )
    return call


def _add(
    session: Session,
    call: CallRequest,
    asked: CallAsked,
    token: str,
    *,
    is_own: bool,
    now: datetime,
) -> None:
    """Its place in the list stays that of the first request."""
    session.add(
        CallAddition(
            call_id=call.id,
            token=token,
            is_own=is_own,
            name=asked.name,
            part_of_day=asked.part_of_day,
            matter=asked.matter,
            at=now,
        )
    )
    if is_own:
        # Where and when they can be reached is what they said last.
        call.name, call.part_of_day = asked.name, asked.part_of_day
        if call.person_id is not None:
            call.phone = asked.phone
    session.flush()
    audit.record("calls.added", f"call_request:{call.id}", actor_id=call.person_id, now=now)


def change(
    asked_in: str,
    *,
    part_of_day: str,
    matter: str,
    form_id: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Whoever holds the receipt `asked_in` says another part of the day, or more of the matter.

    What is added to a customer's request is written in its open tickets too; one that ended
    meanwhile is passed over. Once per `form_id`. Raises LookupError, NotWaitingError.
    """
    with transaction(queue=True) as session:
        call = _own(session, asked_in, actor)
        if queries.was_received(form_id):
            return
        if not call.waits:
            raise NotWaitingError
        asked = CallAsked(call.name, call.phone, part_of_day, matter)
        _add(session, call, asked, form_id, is_own=True, now=now)
        if matter and actor is not None:
            threads.say_everywhere(session, call, matter, token=form_id, actor=actor, now=now)


def withdraw(token: str, *, actor: Actor | None, now: datetime) -> None:
    """«Ya no hace falta», by whoever holds this receipt; again changes nothing.

    What others added for the same number goes on waiting, as a request of its own.
    Raises LookupError, NotWaitingError for a call that was attended.
    """
    with transaction() as session:
        added = session.scalar(
            select(CallAddition).where(CallAddition.token == token, ~CallAddition.is_own)
        )
        if added is not None:
            added.withdrawn_at = added.withdrawn_at or now
            return
        call = _own(session, token, actor)
        if call.withdrawn_at is not None:
            return
        if call.attended_at is not None:
            raise NotWaitingError
        call.withdrawn_at, call.waiting_for, call.claimed_by = now, None, None
        session.flush()
        threads.record(session, call, "call_withdrawn", actor_id=call.person_id, now=now)
        audit.record("calls.withdrawn", f"call_request:{call.id}", actor_id=call.person_id, now=now)
        _let_others_wait(session, call)


def _own(session: Session, token: str, actor: Actor | None) -> CallRequest:
    """The call of this receipt. That of a customer is changed by them alone."""
    call = session.scalar(select(CallRequest).where(CallRequest.token == token).with_for_update())
    if call is None or not queries.may_change(actor, call):
        raise LookupError(token)
    return call


def _let_others_wait(session: Session, call: CallRequest) -> None:
    others = session.scalars(
        select(CallAddition)
        .where(CallAddition.call_id == call.id, ~CallAddition.is_own)
        .where(CallAddition.withdrawn_at.is_(None))
        .order_by(CallAddition.id)
    ).all()
    if not others:
        return
    first, *rest = others
    heir = CallRequest(
        token=first.token,
        name=first.name,
        phone=call.phone,
        part_of_day=first.part_of_day,
        matter=first.matter,
        received_at=first.at,
        waiting_for=waiting_key(None, call.phone),
    )
    session.delete(first)
    session.add(heir)
    session.flush()
    for addition in rest:
        addition.call_id = heir.id
