"""Calls in the threads of tickets, inside the transaction of the verb that needs it (R7).

Nothing here sets an order: what a customer says is a message like any other (decision 0033).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from contact.calls.models import CallRequest, CallTicket
from core.tokens import once_key
from tickets import drafts, events, opening
from tickets.lifecycle import State, StepNotAllowed
from tickets.messages import add_note
from tickets.models import Draft, Message, Ticket
from tickets.other_ways import say_in_ticket
from tickets.policy import Mark
from tickets.refusals import NotAllowed


@dataclass(frozen=True)
class About:
    """Where a customer's request belongs: in an open ticket, or in a new one of an affection.

    `text` is what stands in the thread, in words, `subject` what a new ticket is called; `shown`
    the version of the conditions that the page showed, `address` where it came from, for the
    record of consent (R12).
    """

    text: str
    subject: str = ""
    number: int | None = None
    affection: str = ""
    shown: int | None = None
    address: str = ""


def place(
    session: Session,
    call: CallRequest,
    about: About,
    *,
    token: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the request into its ticket, or make the ticket of it.

    Raises what `say_in_ticket` and `opening.file_draft` raise.
    """
    number = about.number
    if number is None:
        draft = _draft(session, about, actor, token, now)
        number = opening.file_draft(
            session, draft, actor=actor, shown=about.shown, address=about.address, now=now
        )
        message_id = _first_message(session, number)
    else:
        message_id = _say(session, number, about.text, token=token, actor=actor, now=now)
    link(session, call, number, message_id, by=actor.person_id, now=now)


def told_of(session: Session, about: About | None) -> frozenset[int]:
    """Which staff the words in the ticket itself tell of a request: whoever holds it."""
    if about is None or about.number is None:
        return frozenset()
    holder = select(Ticket.holder_id).where(
        Ticket.number == about.number, Ticket.state == State.ACTIVE
    )
    return frozenset(filter(None, [session.scalar(holder)]))


def _say(
    session: Session, number: int, text: str, *, token: str, actor: Actor, now: datetime
) -> int | None:
    said = say_in_ticket(session, number=number, author=actor, text=text, form_id=token, now=now)
    return said.id if said else None


def link(
    session: Session,
    call: CallRequest,
    number: int,
    message_id: int | None,
    *,
    by: int,
    now: datetime,
) -> None:
    """Tie a call to a ticket, and say so in its history."""
    known = select(CallTicket.id).where(
        CallTicket.call_id == call.id, CallTicket.ticket_number == number
    )
    if session.scalar(known) is None:
        session.add(
            CallTicket(call_id=call.id, ticket_number=number, message_id=message_id, at=now, by=by)
        )
        session.flush()
    events.record(number, "call_asked", actor_id=call.person_id, now=now, call=call.id)


def file_at_desk(
    session: Session,
    call: CallRequest,
    about: About,
    *,
    author: Actor,
    desk: Actor,
    now: datetime,
) -> int:
    """Make the ticket of a call, as a technician reads it; it arrived when the call did."""
    token = once_key("desk", call.token)
    draft = _draft(session, about, author, token, now)
    draft.arrived_at = call.received_at
    number = opening.file_draft(session, draft, actor=author, shown=None, now=now, by=desk)
    link(session, call, number, _first_message(session, number), by=desk.person_id, now=now)
    return number


def _draft(session: Session, about: About, author: Actor, token: str, now: datetime) -> Draft:
    draft = Draft(
        id=once_key("call", token),
        owner=drafts.owner_of(author, ""),
        subject=about.subject,
        description=about.text,
        affection=about.affection,
        mark=Mark.NORMAL.value,
        shown=[],
        opened=[],
        searched=[],
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def _first_message(session: Session, number: int) -> int | None:
    first = select(Message.id).where(Message.ticket_number == number)
    return session.scalar(first.order_by(Message.id).limit(1))


def say_everywhere(
    session: Session, call: CallRequest, text: str, *, token: str, actor: Actor, now: datetime
) -> None:
    """Add what they say to every open ticket of the call that they may write in."""
    numbers = numbers_of(session, call)
    _lock(session, numbers)
    for number in numbers:
        try:
            said = _say(session, number, text, token=token, actor=actor, now=now)
        except (NotAllowed, StepNotAllowed):
            continue
        if said is not None:
            events.record(number, "call_asked", actor_id=actor.person_id, now=now, call=call.id)


def numbers_of(session: Session, call: CallRequest) -> list[int]:
    """The tickets of a call; one that was merged is its survivor."""
    linked = select(CallTicket.ticket_number).where(CallTicket.call_id == call.id)
    found = (
        _survivor(session, number) for number in session.scalars(linked.order_by(CallTicket.id))
    )
    return list(dict.fromkeys(found))


def _survivor(session: Session, number: int) -> int:
    seen = {number}
    while True:
        into = session.scalar(
            select(Ticket.merged_into).where(
                Ticket.number == number, Ticket.state == State.MERGED.value
            )
        )
        if into is None or into in seen:
            return number
        seen.add(number := into)


def record(
    session: Session,
    call: CallRequest,
    kind: str,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """The same line in the history of each ticket of the call."""
    numbers = numbers_of(session, call)
    _lock(session, numbers)
    happened = [(number, events.Happened(kind, {"call": call.id})) for number in numbers]
    events.record_many(happened, actor_id=actor_id, now=now)


def note(
    session: Session, call: CallRequest, text: str, *, form_id: str, actor: Actor, now: datetime
) -> None:
    """What a technician noted of a call, as an internal note of each of its tickets."""
    for ticket in _lock(session, numbers_of(session, call)):
        add_note(session, ticket, actor=actor, text=text, form_id=form_id, now=now)


def _lock(session: Session, numbers: Sequence[int]) -> Sequence[Ticket]:
    # Tickets before the counter of events, and in one order: two verbs never wait in a circle.
    rows = select(Ticket).where(Ticket.number.in_(numbers)).order_by(Ticket.number)
    return session.scalars(rows.with_for_update()).all()
