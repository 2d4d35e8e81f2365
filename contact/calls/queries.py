"""Reading requests to be called: by their private address, as the desk works them, of a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from accounts.models import Person
from accounts.permissions import Actor, may_answer_calls
from contact.calls.models import CallAddition, CallAttempt, CallRequest, CallTicket
from contact.calls.policy import CLAIM_FOR, waiting_key
from core.db import db
from tickets import queries
from tickets.lifecycle import OPEN_STATES
from tickets.models import Ticket
from tickets.participants.queries import seen_of, written_in

#: Of a customer's open tickets, so many are offered; a link from a ticket's page adds its own.
OFFERED = 30
OTHERS = 10


@dataclass(frozen=True)
class Receipt:
    """What the private address `token` leads to; `addition` where a request found another's."""

    call: CallRequest
    addition: CallAddition | None


def was_received(token: str) -> bool:
    """Whether this form was stored, as a request or as an addition to one."""
    call = select(CallRequest.id).where(CallRequest.token == token)
    added = select(CallAddition.id).where(CallAddition.token == token)
    return bool(token) and db.session.scalar(call.union_all(added).limit(1)) is not None


def receipt_of(token: str) -> Receipt | None:
    """The request whose receipt has this address, or the addition, with its attempts.

    What somebody added to their own request leads to that request.
    """
    whole = (selectinload(CallRequest.additions), selectinload(CallRequest.attempts))
    tied = selectinload(CallRequest.joined).joinedload(CallTicket.ticket)
    call = db.session.scalar(
        select(CallRequest).where(CallRequest.token == token).options(*whole, tied)
    )
    if call is not None:
        return Receipt(call, None)
    added = db.session.scalar(select(CallAddition).where(CallAddition.token == token))
    if added is None:
        return None
    of = select(CallRequest).where(CallRequest.id == added.call_id).options(*whole, tied)
    return Receipt(db.session.scalars(of).one(), None if added.is_own else added)


def may_change(actor: Actor | None, call: CallRequest) -> bool:
    """Whoever holds a visitor's receipt; of a customer's request, they alone."""
    return call.person_id is None or (actor is not None and actor.person_id == call.person_id)


def waiting_of(actor: Actor | None) -> CallRequest | None:
    """The request of this person that waits, with its tickets."""
    if actor is None:
        return None
    return db.session.scalar(
        select(CallRequest)
        .where(CallRequest.waiting_for == waiting_key(actor.person_id, ""))
        .options(selectinload(CallRequest.joined))
    )


def tickets_to_choose(actor: Actor, asked: int | None = None) -> list[Ticket]:
    """The customer's open tickets that they may write in, the last changed first; `asked` too."""
    rows, _total = queries.tickets_of(actor, only_open=True, offset=0, limit=OFFERED)
    if asked is not None and asked not in {ticket.number for ticket in rows}:
        one = queries.ticket_for(actor, asked)
        if one is not None and one.state in OPEN_STATES:
            rows.insert(0, one)
    return written_in(actor, rows)


def seen_tickets(actor: Actor | None, call: CallRequest) -> list[Ticket]:
    """The tickets of a call that its reader may see."""
    return seen_of(actor, [one.ticket for one in call.joined])


def call_for(actor: Actor | None, call_id: int) -> CallRequest | None:
    """One request as the desk reads it; None when it is missing, and for anybody else."""
    if not may_answer_calls(actor):
        return None
    return db.session.scalar(
        select(CallRequest)
        .where(CallRequest.id == call_id)
        .options(
            *_people(),
            selectinload(CallRequest.additions),
            selectinload(CallRequest.attempts).joinedload(CallAttempt.person),
            selectinload(CallRequest.joined).joinedload(CallTicket.ticket),
        )
    )


def _people() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(CallRequest.person).joinedload(Person.company),
        joinedload(CallRequest.attendant),
        joinedload(CallRequest.claimer),
    )


def _waits() -> ColumnElement[bool]:
    return and_(CallRequest.attended_at.is_(None), CallRequest.withdrawn_at.is_(None))


def _mine(actor: Actor, now: datetime) -> ColumnElement[bool]:
    tried = exists().where(
        CallAttempt.call_id == CallRequest.id, CallAttempt.person_id == actor.person_id
    )
    holds = and_(
        CallRequest.claimed_by == actor.person_id, CallRequest.claimed_at > now - CLAIM_FOR
    )
    return or_(tried, holds, CallRequest.attended_by == actor.person_id)


def calls(
    actor: Actor, which: str, *, offset: int, limit: int, now: datetime
) -> tuple[Sequence[CallRequest], int]:
    """A stretch of the list and how long it is.

    `which`: "espera", those that wait, strictly by arrival; "atendidas", those that ended, the
    last first; "mias", what this technician took, tried or attended, the waiting first.
    """
    wanted = {"espera": _waits(), "mias": _mine(actor, now)}.get(which, ~_waits())
    ended = func.coalesce(CallRequest.attended_at, CallRequest.withdrawn_at)
    order = (CallRequest.received_at, CallRequest.id)
    orders = {"espera": order, "mias": (ended.is_not(None), *order)}
    rows = (
        select(CallRequest)
        .where(wanted)
        .order_by(*orders.get(which, (ended.desc(), CallRequest.id.desc())))
        .options(
            *_people(),
            selectinload(CallRequest.attempts),
            selectinload(CallRequest.joined).joinedload(CallTicket.ticket),
        )
        .offset(offset)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).select_from(CallRequest).where(wanted)) or 0
    return db.session.scalars(rows).all(), total


def how_many_wait() -> int:
    """How many somebody still has to call."""
    return db.session.scalar(select(func.count()).select_from(CallRequest).where(_waits())) or 0


def others_of(call: CallRequest) -> Sequence[CallRequest]:
    """Other requests of the same person or number, the newest first."""
    same = CallRequest.phone == call.phone
    if call.person_id is not None:
        same = or_(same, CallRequest.person_id == call.person_id)
    return db.session.scalars(
        select(CallRequest)
        .where(same, CallRequest.id != call.id)
        .order_by(CallRequest.received_at.desc(), CallRequest.id.desc())
        .limit(OTHERS)
    ).all()


def open_tickets_of_company(call: CallRequest) -> Sequence[Ticket]:
    """The open tickets that a customer's request could be about, newest first."""
    if call.person is None or call.person.company_id is None:
        return ()
    return db.session.scalars(
        select(Ticket)
        .where(Ticket.company_id == call.person.company_id)
        .where(Ticket.state.in_([state.value for state in OPEN_STATES]))
        .order_by(Ticket.number.desc())
        .limit(OFFERED)
    ).all()


def calls_of(ticket: Ticket) -> Sequence[CallRequest]:
    """The requests to be called about a ticket, oldest first. The caller holds its door."""
    return db.session.scalars(
        select(CallRequest)
        .join(CallTicket, CallTicket.call_id == CallRequest.id)
        .where(CallTicket.ticket_number.in_(queries.thread_numbers(ticket)))
        .distinct()
        .order_by(CallRequest.received_at, CallRequest.id)
        .options(
            joinedload(CallRequest.claimer),
            joinedload(CallRequest.person),
            selectinload(CallRequest.attempts),
            selectinload(CallRequest.joined),
        )
    ).all()
