"""Two tickets for one matter become one, and a second matter becomes its own (R6, R8).

Nobody gains a place by it: of two tickets the older survives with its own key, and what is
split off arrives when its message did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Actor, may_work_desk
from core import outbox
from core.counters import next_value
from core.db import transaction
from core.tokens import once_key
from tickets import events, links, places, queries, queueing
from tickets.events import Happened
from tickets.finding import indexing
from tickets.lifecycle import OPEN_STATES, State, Step, StepNotAllowed, after
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.news.actions import tell
from tickets.news.policy import What
from tickets.participants.actions import let_in, let_out
from tickets.participants.queries import participants_of
from tickets.refusals import CannotMerge, NotAllowed

#: A merge can be undone for so long.
UNDO_WITHIN = timedelta(days=1)


def merge(*, number: int, other: int, actor: Actor, now: datetime) -> int:
    """Make one of two open tickets of a company; the number of the one that survives.

    The older survives, whichever way round they are named; the newer is read in its thread.
    A survivor that waits for the customer is queued again where the other ticket came after the
    question: then it is their answer.
    Raises NotAllowed and CannotMerge("same" | "company" | "ended" | "typology" | "holder").
    """
    with transaction(queue=True) as session:
        if not may_work_desk(actor):
            raise NotAllowed("desk")
        rows = session.scalars(
            select(Ticket)
            .where(Ticket.number.in_([number, other]))
            .order_by(Ticket.opened_at, Ticket.number)
            .with_for_update()
        ).all()
        if len(rows) != 2:
            raise CannotMerge("same")
        kept, gone = rows
        _check_merge(kept, gone, actor)
        _merge_into(session, kept, gone, actor, now)
        if kept.state == State.WAITING and gone.opened_at >= _asked_at(session, kept):
            queueing.enter(kept, Step.ANSWER, "answered", actor_id=actor.person_id, now=now)
        return kept.number


def _asked_at(session: Session, ticket: Ticket) -> datetime:
    asked = select(func.max(TicketEvent.at)).where(
        TicketEvent.ticket_number == ticket.number, TicketEvent.kind == "asked"
    )
    return session.scalar(asked) or ticket.opened_at


def _check_merge(kept: Ticket, gone: Ticket, actor: Actor) -> None:
    if kept.company_id != gone.company_id:
        raise CannotMerge("company")
    if not {State(kept.state), State(gone.state)} <= OPEN_STATES:
        raise CannotMerge("ended")
    # A network cut must not sink among questions, nor be carried up: one of them is misfiled (R2).
    if kept.typology != gone.typology:
        raise CannotMerge("typology")
    # What a colleague has in attention is theirs to merge.
    if gone.state == State.ACTIVE and gone.holder_id != actor.person_id:
        raise CannotMerge("holder")


def _merge_into(session: Session, kept: Ticket, gone: Ticket, actor: Actor, now: datetime) -> None:
    moves, was = queueing.leaving(gone), gone.state
    gone.state = after(State(gone.state), Step.MERGE).value
    gone.holder_id = None
    gone.merged_into, gone.merged_at = kept.number, now
    gone.changed_at = kept.changed_at = now
    merged = Happened("merged", {"into": kept.number, "was": was}, moves)
    absorbed = Happened("absorbed", {"other": gone.number})
    events.record_many(
        [(gone.number, merged), (kept.number, absorbed)], actor_id=actor.person_id, now=now
    )
    for person_id in sorted(_who_follow(gone) - {kept.author_id}):
        let_in(session, kept.number, person_id, by=actor.person_id, now=now)
    outbox.enqueue("tickets.merged", {"number": gone.number}, now=now)
    by, other = actor.person_id, [gone.author_id]
    tell(gone, What.MERGED, by=by, now=now, other=kept.number)
    tell(kept, What.ABSORBED, by=by, now=now, without=other, other=gone.number)


def _who_follow(ticket: Ticket) -> set[int]:
    """Who reads and writes in a ticket: they go along with it."""
    return {ticket.author_id, *(row.person_id for row in participants_of(ticket))}


def unmerge(*, number: int, actor: Actor, now: datetime) -> None:
    """Undo a merge within the day: the ticket is back in the queue with its own key.

    Raises NotAllowed, StepNotAllowed, CannotMerge("late").
    """
    with transaction(queue=True) as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_work_desk(actor):
            raise NotAllowed("desk")
        into, at = ticket.merged_into, ticket.merged_at
        if at is not None and now - at > UNDO_WITHIN:
            raise CannotMerge("late")
        queueing.enter(
            ticket, Step.UNMERGE, "unmerged", actor_id=actor.person_id, now=now, was_in=into
        )
        ticket.merged_into = ticket.merged_at = None
        ticket.changed_at = now
        if into is None or at is None:
            return
        by = actor.person_id
        events.record(into, "released", actor_id=by, now=now, other=number)
        for person_id in sorted(_who_follow(ticket)):
            let_out(session, into, person_id, since=at, by=by, now=now)
        tell(ticket, What.UNMERGED, by=by, now=now)


@dataclass(frozen=True)
class Part:
    """What a message is about besides its ticket; the customer reads the reason."""

    subject: str
    affection: str
    reason: str


def split(*, number: int, message_id: int, actor: Actor, part: Part, now: datetime) -> int:
    """Make a ticket of its own from a customer's message; its number, the same for one message.

    It arrived when the message did, its author is who wrote the message, and what the customer
    accepted and authorised for the first ticket holds for it (R12). Any technician may while
    the ticket waits, its holder afterwards; nothing is made out of a ticket that ended.
    Raises NotAllowed, StepNotAllowed, LookupError for no such message of this thread, and
    ValueError for an affection that the policy does not know.
    """
    with transaction(queue=True) as session:
        ticket = _to_be_split(session, number, actor)
        message = _customers_message(session, ticket, message_id)
        once = once_key("split", message_id)
        made = session.scalar(select(Message.ticket_number).where(Message.form_id == once))
        if made is not None:
            return made
        new = _split_off(ticket, message, part)
        session.add(new)
        session.flush()
        _copy(session, message, new, once)
        _log_split(session, new, message, part, actor, now)
        outbox.enqueue("tickets.filed", {"number": new.number}, now=now)
        told, by = [new.author_id], actor.person_id
        tell(ticket, What.SPLIT, by=by, now=now, without=told, other=new.number)
        indexing.plan(new.number, now=now)
        return new.number


def _log_split(
    session: Session, new: Ticket, message: Message, part: Part, actor: Actor, now: datetime
) -> None:
    number = message.ticket_number
    facts = {
        **events.key_facts(new),
        "conditions": new.conditions_version,
        "opened_at": new.opened_at.isoformat(),
        "split_from": number,
        "reason": part.reason,
    }
    filed = Happened("filed", facts, (events.move(new, +1),))
    parted = Happened("split", {"other": new.number, "message": message.id, "reason": part.reason})
    by = actor.person_id
    events.record_many([(new.number, filed), (number, parted)], actor_id=by, now=now)
    links.add(
        session,
        from_number=new.number,
        to_number=number,
        kind=links.SPLIT,
        actor_id=by,
        now=now,
    )


def _to_be_split(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_work_desk(actor):
        raise NotAllowed("desk")
    state = State(ticket.state)
    if state not in OPEN_STATES:
        raise StepNotAllowed(state, Step.MERGE)
    if state != State.QUEUED and ticket.holder_id != actor.person_id:
        raise NotAllowed("holder")
    return ticket


def _customers_message(session: Session, ticket: Ticket, message_id: int) -> Message:
    message = session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.from_staff.is_(False))
        .where(Message.ticket_number.in_(queries.thread_numbers(ticket)))
        .options(selectinload(Message.attachments))
    )
    if message is None:
        raise LookupError(message_id)
    return message


def _split_off(ticket: Ticket, message: Message, part: Part) -> Ticket:
    new = Ticket(
        number=next_value("ticket"),
        company_id=ticket.company_id,
        author_id=message.author_id,
        subject=part.subject,
        affection=part.affection,
        mark=ticket.mark,
        opened_at=message.written_at,
        changed_at=message.written_at,
        state=State.QUEUED.value,
        conditions_version=ticket.conditions_version,
        authorised_at=ticket.authorised_at,
        authorised_by=ticket.authorised_by,
        articles_shown=[],
        articles_opened=[],
    )
    queueing.set_key(new, places.current_policy())
    return new


def _copy(session: Session, message: Message, new: Ticket, once: str) -> None:
    copy = Message(
        ticket_number=new.number,
        author_id=message.author_id,
        from_staff=False,
        body=message.body,
        written_at=message.written_at,
        form_id=once,
    )
    session.add(copy)
    session.flush()
    session.add_all(
        Attachment(
            message_id=copy.id,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            added_at=file.added_at,
        )
        for file in message.attachments
    )
