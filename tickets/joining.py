"""Two tickets for one matter become one, and a second matter becomes its own (R6, R8).

Nobody gains a place by it: of two tickets the older survives with its own key, and what is
split off arrives when its message did.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Actor, may_work_desk
from core import outbox
from core.counters import next_value
from core.db import transaction
from core.tokens import once_key
from tickets import events, links, places, queries, queueing
from tickets.events import Happened
from tickets.finding import indexing
from tickets.lifecycle import OPEN_STATES, State, Step, after
from tickets.models import Attachment, Message, Ticket
from tickets.participants.actions import let_in, let_out
from tickets.refusals import CannotMerge, NotAllowed

#: A merge can be undone for so long.
UNDO_WITHIN = timedelta(days=1)


def merge(*, number: int, other: int, actor: Actor, now: datetime) -> int:
    """Make one of two open tickets of a company; the number of the one that survives.

    The older survives, whichever way round they are named; the newer is read in its thread.
    A survivor that waits for the customer is queued again: the other ticket is their word.
    Raises NotAllowed and CannotMerge("same" | "company" | "ended" | "holder").
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
        if kept.state == State.WAITING:
            queueing.enter(kept, Step.ANSWER, "answered", actor_id=actor.person_id, now=now)
        return kept.number


def _check_merge(kept: Ticket, gone: Ticket, actor: Actor) -> None:
    if kept.company_id != gone.company_id:
        raise CannotMerge("company")
    if not {State(kept.state), State(gone.state)} <= OPEN_STATES:
        raise CannotMerge("ended")
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
    if gone.author_id != kept.author_id:
        let_in(session, kept.number, gone.author_id, by=actor.person_id, now=now)
    outbox.enqueue("tickets.merged", {"number": gone.number}, now=now)


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
        let_out(session, into, ticket.author_id, since=at, by=by, now=now)


def split(
    *,
    number: int,
    message_id: int,
    actor: Actor,
    subject: str,
    affection: str,
    form_id: str,
    now: datetime,
) -> int:
    """Make a ticket of its own from a customer's message; its number, the same for one form.

    It arrived when the message did, its author is who wrote the message, and what the customer
    accepted and authorised for the first ticket holds for it (R12).
    Raises NotAllowed, LookupError for no such message of this thread, and ValueError for an
    affection that the policy does not know.
    """
    with transaction(queue=True) as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_work_desk(actor):
            raise NotAllowed("desk")
        message = _customers_message(session, ticket, message_id)
        once = once_key("split", form_id, message_id)
        known = select(Message.ticket_number).where(Message.form_id == once)
        made = session.scalar(known)
        if made is not None:
            return made
        new = _split_off(ticket, message, subject, affection)
        session.add(new)
        session.flush()
        _copy(session, message, new, once)
        _log_split(session, new, number, message_id, actor, now)
        outbox.enqueue("tickets.filed", {"number": new.number}, now=now)
        indexing.plan(new.number, now=now)
        return new.number


def _log_split(
    session: Session, new: Ticket, number: int, message_id: int, actor: Actor, now: datetime
) -> None:
    facts = {
        **events.key_facts(new),
        "conditions": new.conditions_version,
        "opened_at": new.opened_at.isoformat(),
        "split_from": number,
    }
    filed = Happened("filed", facts, (events.move(new, +1),))
    parted = Happened("split", {"other": new.number, "message": message_id})
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


def _split_off(ticket: Ticket, message: Message, subject: str, affection: str) -> Ticket:
    new = Ticket(
        number=next_value("ticket"),
        company_id=ticket.company_id,
        author_id=message.author_id,
        subject=subject,
        affection=affection,
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
