"""What customers do with tickets. Each verb is one transaction: rows, events, outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_authorise_access, may_write_in_ticket
from core import outbox
from core.db import transaction
from tickets import events, queueing
from tickets.drafts import Upload
from tickets.lifecycle import OPEN_STATES, Reopening, State, Step, StepNotAllowed, after
from tickets.messages import add_message
from tickets.models import Message, Satisfaction, Ticket
from tickets.refusals import NotAllowed
from tickets.vault import wiping


def _customers_ticket(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_write_in_ticket(
        actor, company_id=ticket.company_id, author_id=ticket.author_id
    ):
        raise NotAllowed("write")
    return ticket


def reply_as_customer(
    *,
    number: int,
    actor: Actor,
    text: str,
    form_id: str,
    uploads: Sequence[Upload] = (),
    now: datetime,
) -> State:
    """Write in the thread. A waiting ticket goes back to its place in the queue; a resolved
    one stays resolved, for a «gracias» never reopens (R11). The state afterwards.

    Raises NotAllowed, and StepNotAllowed for a closed ticket.
    """
    with transaction(queue=True) as session:
        ticket = _customers_ticket(session, number, actor)
        state = State(ticket.state)
        if state not in OPEN_STATES | {State.RESOLVED}:
            raise StepNotAllowed(state, Step.ANSWER)
        message = add_message(
            session,
            ticket,
            actor=actor,
            text=text,
            form_id=form_id,
            uploads=uploads,
            now=now,
            from_staff=False,
        )
        if message is None:
            return state
        if state != State.WAITING:
            events.record(number, "customer_replied", actor_id=actor.person_id, now=now)
            return state
        queueing.enter(ticket, Step.ANSWER, "answered", actor_id=actor.person_id, now=now)
        _tell_place(number, message, reopened=False, now=now)
        return State.QUEUED


def reopen(
    *,
    number: int,
    actor: Actor,
    text: str,
    form_id: str,
    reason: Reopening = Reopening.NOT_SOLVED,
    now: datetime,
) -> None:
    """The solution does not satisfy (R11): it was none, or it did not last.

    Raises NotAllowed, StepNotAllowed. What is «otra cosa» is no reopening: `links.begin_apart`.
    """
    with transaction(queue=True) as session:
        ticket = _customers_ticket(session, number, actor)
        sent = add_message(
            session,
            ticket,
            actor=actor,
            text=text,
            form_id=form_id,
            uploads=(),
            now=now,
            from_staff=False,
        )
        if sent is None:
            return
        ticket.changed_at = now
        by, why = actor.person_id, reason.value
        queueing.enter(ticket, Step.REOPEN, "reopened", actor_id=by, now=now, reason=why)
        _tell_place(number, sent, reopened=True, now=now)


def _tell_place(number: int, message: Message, *, reopened: bool, now: datetime) -> None:
    payload = {"number": number, "message_id": message.id, "reopened": reopened}
    outbox.enqueue("tickets.queued", payload, now=now)


def close(*, number: int, actor: Actor, now: datetime) -> None:
    """The customer ends it: a resolved ticket is closed, one that waits is withdrawn.

    Raises NotAllowed, and StepNotAllowed while a technician is on it.
    """
    with transaction(queue=True) as session:
        ticket = _customers_ticket(session, number, actor)
        state = State(ticket.state)
        if state == State.CLOSED:
            return
        moves = queueing.leaving(ticket)
        ticket.state = after(state, Step.CLOSE if state == State.RESOLVED else Step.WITHDRAW).value
        ticket.holder_id = None
        ticket.closed_at = ticket.changed_at = now
        wiping.with_ticket(session, number, now=now)
        closed = events.Happened("closed", {"was": state.value}, moves)
        events.record_all(number, [closed], actor_id=actor.person_id, now=now)


def rate(*, number: int, actor: Actor, satisfied: bool, comment: str, now: datetime) -> None:
    """Whether the solution satisfies (R11); the last answer counts. Raises NotAllowed."""
    with transaction() as session:
        ticket = _customers_ticket(session, number, actor)
        if State(ticket.state) not in {State.RESOLVED, State.CLOSED}:
            raise StepNotAllowed(State(ticket.state), Step.CLOSE)
        session.add(
            Satisfaction(
                ticket_number=number,
                person_id=actor.person_id,
                satisfied=satisfied,
                comment=comment[:1000],
                at=now,
            )
        )
        events.record(number, "rated", actor_id=actor.person_id, now=now, satisfied=satisfied)


def authorise(*, number: int, actor: Actor, now: datetime) -> None:
    """Give the access of R12 afterwards. Raises NotAllowed."""
    with transaction() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_authorise_access(actor, company_id=ticket.company_id):
            raise NotAllowed("authorise")
        if ticket.authorised_at is None:
            ticket.authorised_at, ticket.authorised_by = now, actor.person_id
            events.record(number, "authorised", actor_id=actor.person_id, now=now)
