"""What a technician does beside writing: undo a reply, be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_read_desk, may_work_desk
from core.db import db, transaction
from tickets import events
from tickets.finding import indexing
from tickets.handling import REPLY_EVENTS
from tickets.lifecycle import State, Step, after
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.outcomes.replies import withdraw_reply
from tickets.refusals import HoldsEnough, NotAllowed, TooLateToUndo
from tickets.workbench.drafts import keep_undone
from tickets.workbench.models import Presence
from tickets.workbench.policy import is_news


@dataclass(frozen=True)
class Undone:
    """The state of the ticket afterwards, and whether files went with the reply."""

    state: State
    lost_files: bool = False


def undo_reply(
    *, number: int, message_id: int, actor: Actor, limit: int | None = None, now: datetime
) -> Undone:
    """Take a public reply back before the customer gets it.

    Its text returns to the writer's draft, the ticket to their hands, unless the customer wrote
    meanwhile and moved it on. Undoing twice is as good as once. Raises NotAllowed for whoever
    did not write it, TooLateToUndo, and HoldsEnough where they took more than one since: a
    ticket too many is the price of undoing after «y tomar el siguiente», two are a way around.
    """
    with transaction(queue=True) as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_work_desk(actor):
            raise NotAllowed("desk")
        message = _own_reply(session, number, message_id, actor)
        if message is None:
            if _was_undone(session, number, message_id, actor):
                return Undone(State(ticket.state))
            raise NotAllowed("undo")
        if message.released_at is None or now >= message.released_at:
            raise TooLateToUndo
        facts: dict[str, object] = {"message": message_id}
        holds = _holds_the_state(ticket, message)
        resolved = holds and ticket.state == State.RESOLVED
        withdraw_reply(session, number, message_id, resolved=resolved)
        if holds:
            _check_room(session, actor, limit)
            facts["limit"] = limit
            ticket.state = after(State(ticket.state), Step.UNDO).value
            ticket.resolved_at = ticket.settles_at = None
        was = _kind_of(session, number, message_id)
        keep_undone(session, number, actor.person_id, message.body, now=now)
        files = _take_files(session, message_id)
        session.execute(delete(Message).where(Message.id == message_id))
        indexing.plan(number, now=now)
        facts.update({"was": was, "state": ticket.state})
        events.record(number, "reply_undone", actor_id=actor.person_id, now=now, **facts)
        return Undone(State(ticket.state), files)


def _take_files(session: Session, message_id: int) -> bool:
    """Delete the files of a message; whether it had any."""
    own = Attachment.message_id == message_id
    had = session.scalar(select(Attachment.id).where(own).limit(1)) is not None
    session.execute(delete(Attachment).where(own))
    return had


def _check_room(session: Session, actor: Actor, limit: int | None) -> None:
    mine = (Ticket.holder_id == actor.person_id, Ticket.state == State.ACTIVE.value)
    held = session.scalar(select(func.count()).where(*mine)) or 0
    if limit is not None and held > limit:
        raise HoldsEnough


def _own_reply(session: Session, number: int, message_id: int, actor: Actor) -> Message | None:
    return session.scalar(
        select(Message).where(
            Message.id == message_id,
            Message.ticket_number == number,
            Message.author_id == actor.person_id,
            Message.from_staff,
            Message.internal.is_(False),
        )
    )


def _holds_the_state(ticket: Ticket, message: Message) -> bool:
    """Whether it is this reply that brought the ticket where it is."""
    ended = State(ticket.state) in {State.WAITING, State.RESOLVED}
    return (
        ended and ticket.holder_id == message.author_id and ticket.settles_at == message.released_at
    )


def _was_undone(session: Session, number: int, message_id: int, actor: Actor) -> bool:
    rows = select(TicketEvent.data).where(
        TicketEvent.ticket_number == number,
        TicketEvent.kind == "reply_undone",
        TicketEvent.actor_id == actor.person_id,
    )
    return any(data.get("message") == message_id for data in session.scalars(rows))


def _kind_of(session: Session, number: int, message_id: int) -> str:
    rows = session.execute(
        select(TicketEvent.kind, TicketEvent.data)
        .where(TicketEvent.ticket_number == number)
        .where(TicketEvent.kind.in_(REPLY_EVENTS.values()))
        .order_by(TicketEvent.seq.desc())
    )
    return next((kind for kind, data in rows if data.get("message") == message_id), "replied")


def be_seen(*, number: int, actor: Actor, writing: bool, now: datetime) -> None:
    """Say that the page of the ticket is before somebody. Raises NotAllowed."""
    if not may_read_desk(actor):
        raise NotAllowed("desk")
    known = db.session.get(Presence, (number, actor.person_id))
    if known is not None and not is_news(known.seen_at, known.writing, writing=writing, now=now):
        return
    try:
        _store_presence(number, actor, writing, now)
    except IntegrityError:
        _store_presence(number, actor, writing, now)


def _store_presence(number: int, actor: Actor, writing: bool, now: datetime) -> None:
    with transaction() as session:
        row = session.get(Presence, (number, actor.person_id))
        if row is None:
            row = Presence(ticket_number=number, person_id=actor.person_id)
            session.add(row)
        row.seen_at, row.writing = now, writing


def leave(*, number: int, actor: Actor) -> None:
    """The page was closed."""
    with transaction() as session:
        own = (Presence.ticket_number == number, Presence.person_id == actor.person_id)
        session.execute(delete(Presence).where(*own))
