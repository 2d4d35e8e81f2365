"""What technicians do with tickets. Nothing here can choose a place in the queue (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_read_desk, may_work_desk
from core import outbox
from core.db import transaction
from tickets import events, queueing
from tickets.drafts import Upload
from tickets.lifecycle import State, Step, after
from tickets.mentions.actions import call_people
from tickets.mentions.policy import Misread
from tickets.messages import add_message, add_note
from tickets.models import Message, Ticket
from tickets.outcomes.replies import record_reply
from tickets.policy import may_take
from tickets.refusals import HoldsEnough, NotAllowed
from tickets.teaching import actions as teaching
from tickets.workbench.drafts import forget_note, forget_reply


class Then(StrEnum):
    """What a technician's reply does to the ticket."""

    STAY = "responder"
    WAIT = "esperar"
    RESOLVE = "resolver"


@dataclass(frozen=True)
class Reply:
    """A technician's answer as the form sends it; `form_id` names the form, once.

    `promise`: it promises a time, and was sent all the same (R4). `seen` is the last message of
    the thread its writer had read, `articles` the slugs it links to. The customer gets it after
    `hold`; until then it can be undone.
    """

    text: str
    then: Then
    form_id: str
    uploads: Sequence[Upload] = ()
    promise: bool = False
    seen: int | None = None
    articles: Sequence[str] = ()
    hold: timedelta = timedelta()


@dataclass(frozen=True)
class Sent:
    """The state after a reply; `message_id` is None where the same form was sent before."""

    state: State
    message_id: int | None


#: The event of a reply, by what it does to the ticket.
REPLY_EVENTS = {Then.STAY: "replied", Then.WAIT: "asked", Then.RESOLVE: "resolved"}


def take_next(*, actor: Actor, limit: int, form_id: str, now: datetime) -> int | None:
    """Hand out the head of the queue, and nothing else (R3); its number, None when it is empty.

    A ticket that the technician gave back is passed over while another one is active; the
    event says which were and who was there, so that the audit can judge it.

    One transaction at a time changes the queue, so a ticket is handed out once and no other
    one was ahead of it at that moment. The same form gives the same ticket again.
    Raises NotAllowed, and HoldsEnough when `limit` tickets are in attention already.
    """
    if not may_work_desk(actor):
        raise NotAllowed("desk")
    with transaction(queue=True) as session:
        mine = select(Ticket.number).where(
            Ticket.holder_id == actor.person_id, Ticket.state == State.ACTIVE.value
        )
        again = session.scalar(mine.where(Ticket.taken_with == form_id)) if form_id else None
        if again is not None:
            return again
        held = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        if not may_take(held, limit):
            raise HoldsEnough
        head, passed_over = queueing.head_for(session, actor.person_id, now=now)
        if head is None:
            return None
        moves = queueing.leaving(head)
        head.state = after(State(head.state), Step.TAKE).value
        head.holder_id = actor.person_id
        head.taken_at, head.taken_with = now, form_id or None
        taken = events.Happened("taken", {"limit": limit, **passed_over}, moves)
        events.record_all(head.number, [taken], actor_id=actor.person_id, now=now)
        return head.number


def _held_ticket(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_work_desk(actor):
        raise NotAllowed("desk")
    if ticket.holder_id != actor.person_id:
        raise NotAllowed("holder")
    return ticket


def reply(*, number: int, actor: Actor, answer: Reply, now: datetime) -> Sent:
    """Answer in public, and wait for the customer or resolve with it.

    Only the holder may. Raises NotAllowed("holder" | "desk"), StepNotAllowed, ThreadMoved.
    """
    with transaction(queue=True) as session:
        ticket = _held_ticket(session, number, actor)
        message = add_message(
            session,
            ticket,
            actor=actor,
            text=answer.text,
            form_id=answer.form_id,
            uploads=answer.uploads,
            now=now,
            from_staff=True,
            hold=answer.hold,
            seen=answer.seen,
        )
        if message is None:
            return Sent(State(ticket.state), None)
        step = {Then.WAIT: Step.ASK, Then.RESOLVE: Step.RESOLVE}.get(answer.then)
        if step is not None:
            ticket.state = after(State(ticket.state), step).value
            ticket.settles_at = message.released_at
        if answer.then == Then.RESOLVE:
            ticket.resolved_at = now
        events.record(
            number,
            REPLY_EVENTS[answer.then],
            actor_id=actor.person_id,
            now=now,
            message=message.id,
            articles=list(answer.articles),
            **({"promise": True} if answer.promise else {}),
        )
        _follow(session, message, answer, actor, now)
        return Sent(State(ticket.state), message.id)


def _follow(session: Session, message: Message, answer: Reply, actor: Actor, now: datetime) -> None:
    """What comes with a reply: its articles were used, its draft is done, its mail goes out."""
    number, resolves = message.ticket_number, answer.then == Then.RESOLVE
    record_reply(session, number, answer.articles, resolves=resolves, now=now)
    forget_reply(session, number, actor.person_id)
    payload = {"message_id": message.id, "then": answer.then.value}
    outbox.enqueue("tickets.replied", payload, now=now, run_at=message.released_at)
    teaching.plan_reply(message, answer.articles, now=now)


def note(*, number: int, actor: Actor, text: str, form_id: str, now: datetime) -> list[Misread]:
    """Leave an internal note and call whom it names; the names that were not understood.

    Anybody of the desk may. Raises NotAllowed.
    """
    with transaction() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_read_desk(actor):
            raise NotAllowed("desk")
        message = add_note(session, ticket, actor=actor, text=text, form_id=form_id, now=now)
        if message is None:
            return []
        forget_note(session, number, actor.person_id)
        events.record(number, "noted", actor_id=actor.person_id, now=now)
        return call_people(session, message, actor=actor, now=now)


def reopen(
    *, number: int, actor: Actor, text: str, form_id: str, promise: bool = False, now: datetime
) -> None:
    """Put a resolved or closed ticket back in its place, with a reason that the customer reads.

    `promise`: the reason promises a time, and was sent all the same (R4).
    Raises NotAllowed, StepNotAllowed.
    """
    with transaction(queue=True) as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_work_desk(actor):
            raise NotAllowed("desk")
        sent = add_message(
            session,
            ticket,
            actor=actor,
            text=text,
            form_id=form_id,
            now=now,
            from_staff=True,
        )
        if sent is None:
            return
        ticket.changed_at = now
        told = {"promise": True} if promise else {}
        queueing.enter(ticket, Step.REOPEN, "reopened", actor_id=actor.person_id, now=now, **told)
        outbox.enqueue("tickets.replied", {"message_id": sent.id, "then": "reabrir"}, now=now)
