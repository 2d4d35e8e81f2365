"""What else a technician does with a turn: give it back, hand it over, correct its afección.

None of it chooses a place: a ticket goes back to where its facts put it (R3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.permissions import Actor, Role, may_work_desk
from core import outbox
from core.db import transaction
from tickets import events, places, queueing
from tickets.lifecycle import OPEN_STATES, State, Step, StepNotAllowed, after
from tickets.messages import add_note
from tickets.models import Ticket, TicketReturn
from tickets.policy import may_take
from tickets.refusals import HoldsEnough, NotAllowed, SameAffection, WrongPerson


def _ticket(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_work_desk(actor):
        raise NotAllowed("desk")
    return ticket


def _held(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = _ticket(session, number, actor)
    if ticket.holder_id != actor.person_id:
        raise NotAllowed("holder")
    return ticket


def give_back(*, number: int, actor: Actor, reason: str, now: datetime) -> None:
    """Return a ticket to its place, with a reason that the desk reads.

    It is not offered again to whoever returned it while another technician is active.
    Raises NotAllowed("holder" | "desk"), StepNotAllowed.
    """
    with transaction(queue=True) as session:
        ticket = _held(session, number, actor)
        queueing.enter(
            ticket, Step.RETURN, "returned", actor_id=actor.person_id, now=now, reason=reason
        )
        if session.get(TicketReturn, (number, actor.person_id)) is None:
            session.add(TicketReturn(ticket_number=number, person_id=actor.person_id, at=now))


def return_tickets_of(session: Session, person_id: int, *, actor: Actor, now: datetime) -> int:
    """Put back what a technician who no longer works at the desk had in attention; how many.

    Each goes to the place it always had. Belongs into a transaction that guards the queue.
    """
    held = session.scalars(
        select(Ticket)
        .where(Ticket.holder_id == person_id, Ticket.state == State.ACTIVE.value)
        .order_by(Ticket.number)
        .with_for_update()
    ).all()
    for ticket in held:
        queueing.enter(
            ticket, Step.RETURN, "returned", actor_id=actor.person_id, now=now, account_closed=True
        )
    return len(held)


def hand_over(
    *, number: int, actor: Actor, to: int, note: str, form_id: str, limit: int, now: datetime
) -> None:
    """Give a ticket in attention to a colleague, with a note for them; they are told by mail.

    Raises NotAllowed("holder" | "desk"), StepNotAllowed, WrongPerson, and HoldsEnough where the
    colleague has `limit` in attention already: handing over is no way around the limit.
    """
    with transaction(queue=True) as session:
        ticket = _held(session, number, actor)
        state = after(State(ticket.state), Step.HAND_OVER)
        _check_colleague(session, to, actor, limit)
        message = add_note(session, ticket, actor=actor, text=note, form_id=form_id, now=now)
        ticket.state, ticket.holder_id, ticket.taken_with = state.value, to, None
        facts: dict[str, object] = {"to": to, "limit": limit}
        happened = [events.Happened("handed_over", facts)]
        events.record_all(number, happened, actor_id=actor.person_id, now=now)
        if message is not None:
            outbox.enqueue("tickets.handed_over", {"message_id": message.id, "to": to}, now=now)


def _check_colleague(session: Session, to: int, actor: Actor, limit: int) -> None:
    if not _can_take_over(session.get(Person, to), actor):
        raise WrongPerson
    held = select(func.count()).where(Ticket.holder_id == to, Ticket.state == State.ACTIVE.value)
    if not may_take(session.scalar(held) or 0, limit):
        raise HoldsEnough


def _can_take_over(colleague: Person | None, actor: Actor) -> bool:
    return (
        colleague is not None
        and colleague.id != actor.person_id
        and colleague.disabled_at is None
        and colleague.company_id is None
        and Role.TECHNICIAN in colleague.roles
    )


@dataclass(frozen=True)
class Correction:
    """What is affected really, and why; `promise` says that the reason promises a time (R4)."""

    affection: str
    reason: str
    promise: bool = False


def reclassify(*, number: int, actor: Actor, correction: Correction, now: datetime) -> None:
    """Correct what is affected, with a reason that the customer reads; the key follows (R1, R9).

    Any technician may while the ticket is in the queue; once somebody has it, its holder may.
    Raises NotAllowed("holder" | "desk"), StepNotAllowed for an ended ticket, SameAffection, and
    ValueError for an affection that the policy does not know.
    """
    with transaction(queue=True) as session:
        ticket = _ticket(session, number, actor)
        state = State(ticket.state)
        if state not in OPEN_STATES:
            raise StepNotAllowed(state, Step.ASK)
        if state != State.QUEUED and ticket.holder_id != actor.person_id:
            raise NotAllowed("holder")
        before, leaving = ticket.affection, events.move(ticket, -1)
        if correction.affection == before:
            raise SameAffection
        told: dict[str, object] = {"was": before, "reason": correction.reason}
        if correction.promise:
            told["promise"] = True
        ticket.affection = correction.affection
        policy, by = places.current_policy(), actor.person_id
        queueing.rekey(
            ticket, policy, "reclassified", leaving=leaving, actor_id=by, now=now, **told
        )
        ticket.changed_at = now
        outbox.enqueue("tickets.reclassified", {"number": number, "was": before}, now=now)
