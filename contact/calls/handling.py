"""What technicians do with requests to be called: take, note an attempt, find the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Company, Person
from accounts.permissions import Actor, may_answer_calls
from accounts.sessions import actor_for
from contact.calls import threads
from contact.calls.models import CallAttempt, CallRequest
from contact.calls.policy import ENDING, EVENT_OF, Result, holder
from core import audit
from core.db import transaction
from core.tokens import once_key
from tickets.other_ways import say_in_ticket


class AlreadyAttendedError(Exception):
    """The call was attended, or withdrawn by whoever asked; nothing was changed."""


class TakenByOtherError(Exception):
    """A colleague is about to call; nothing was changed."""


class NobodyKnownError(Exception):
    """A visitor asked: there is no customer whose ticket it could be."""


@dataclass(frozen=True)
class Attempt:
    """A call that a technician made."""

    result: Result
    note: str
    form_id: str


def take(call_id: int, *, actor: Actor, now: datetime) -> None:
    """Say «la llamo yo», so that nobody else calls meanwhile; it lapses by itself.

    Raises LookupError, AlreadyAttendedError, TakenByOtherError.
    """
    with transaction() as session:
        call = _free(session, call_id, actor, now)
        call.claimed_by, call.claimed_at = actor.person_id, now


def leave(call_id: int, *, actor: Actor) -> None:
    """Let go of a call that one took; nothing happens to anybody else's. Raises LookupError."""
    with transaction() as session:
        call = _locked(session, call_id, actor)
        if call.claimed_by == actor.person_id:
            call.claimed_by = call.claimed_at = None


def note_attempt(call_id: int, attempt: Attempt, *, actor: Actor, now: datetime) -> None:
    """Note a call and how it ended. One that ended with a talk, or in vain for good, attends the
    request; after any other it keeps its place in the list.

    The fact stands in the history of its tickets, the note is internal there. Once per form.
    Raises LookupError, AlreadyAttendedError, TakenByOtherError.
    """
    with transaction() as session:
        call = _locked(session, call_id, actor)
        once = once_key("attempt", attempt.form_id, call_id, actor.person_id)
        if session.scalar(select(CallAttempt.id).where(CallAttempt.form_id == once)):
            return
        _require_free(call, actor, now)
        session.add(
            CallAttempt(
                call_id=call_id,
                person_id=actor.person_id,
                result=attempt.result.value,
                note=attempt.note,
                at=now,
                form_id=once,
            )
        )
        call.claimed_by = call.claimed_at = None
        if attempt.result in ENDING:
            _attend(call, attempt, actor, now)
        session.flush()
        if attempt.note:
            threads.note(session, call, attempt.note, form_id=once, actor=actor, now=now)
        kind = EVENT_OF[attempt.result]
        threads.record(session, call, kind, actor_id=actor.person_id, now=now)


def _attend(call: CallRequest, attempt: Attempt, actor: Actor, now: datetime) -> None:
    call.attended_at, call.attended_by, call.outcome = now, actor.person_id, attempt.note
    call.waiting_for = None
    audit.record("calls.attended", f"call_request:{call.id}", actor_id=actor.person_id, now=now)


def join(call_id: int, number: int, *, text: str, actor: Actor, now: datetime) -> None:
    """Write a customer's request into an open ticket of their company; again changes nothing.

    Raises LookupError, NobodyKnownError, NotAllowed("desk"), StepNotAllowed.
    """
    with transaction(queue=True) as session:
        call = _locked(session, call_id, actor)
        author = _customer(session, call)
        if number in threads.numbers_of(session, call):
            return
        said = say_in_ticket(
            session,
            number=number,
            author=author,
            text=text,
            form_id=once_key("join", call.token),
            desk=actor,
            now=now,
        )
        message_id = said.id if said else None
        threads.link(session, call, number, message_id, by=actor.person_id, now=now)
        audit.record("calls.joined", f"call_request:{call.id}", actor_id=actor.person_id, now=now)


def convert(call_id: int, about: threads.About, *, actor: Actor, now: datetime) -> int:
    """Make a ticket of a customer's request, which arrived when they asked; its number, the same
    for one call. Raises LookupError, NobodyKnownError, Incomplete, and
    NotAllowed("incident" | "request") where the customer may not open that kind (R10).
    """
    with transaction(queue=True) as session:
        call = _locked(session, call_id, actor)
        author = _customer(session, call)
        known = threads.numbers_of(session, call)
        if known:
            return known[0]
        number = threads.file_at_desk(session, call, about, author=author, desk=actor, now=now)
        audit.record(
            "calls.converted", f"call_request:{call.id}", actor_id=actor.person_id, now=now
        )
        return number


def _locked(session: Session, call_id: int, actor: Actor) -> CallRequest:
    call = session.scalar(select(CallRequest).where(CallRequest.id == call_id).with_for_update())
    if call is None or not may_answer_calls(actor):
        raise LookupError(call_id)
    return call


def _free(session: Session, call_id: int, actor: Actor, now: datetime) -> CallRequest:
    call = _locked(session, call_id, actor)
    _require_free(call, actor, now)
    return call


def _require_free(call: CallRequest, actor: Actor, now: datetime) -> None:
    if not call.waits:
        raise AlreadyAttendedError
    if holder(call.claimed_by, call.claimed_at, now=now) not in {None, actor.person_id}:
        raise TakenByOtherError


def _customer(session: Session, call: CallRequest) -> Actor:
    """Who asked, while they are somebody's customer. Raises NobodyKnownError."""
    row = session.execute(
        select(Person, Company.name)
        .join(Company, Company.id == Person.company_id)
        .where(Person.id == call.person_id, Person.disabled_at.is_(None))
    ).first()
    if row is None:
        raise NobodyKnownError
    person, company = row
    author = actor_for(person, company)
    if not author.is_customer:
        raise NobodyKnownError
    return author
