"""Into the queue and out of it: state, key, event and move together, inside a verb's transaction.

No function here takes a place: the key is what the policy makes of the ticket's facts (R3).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from accounts.permissions import Role
from accounts.sessions import active_staff
from core.db import db
from tickets import events, places
from tickets.events import Happened, Move
from tickets.lifecycle import State, Step, after
from tickets.models import Ticket, TicketReturn
from tickets.outcomes.replies import withdraw_resolution
from tickets.policy import Mark, Policy, key_for

#: A technician who used the site within this long is there to take a ticket.
ACTIVE_WITHIN = timedelta(minutes=15)


def head_for(
    session: Session, person_id: int, *, now: datetime
) -> tuple[Ticket | None, dict[str, object]]:
    """The head of the queue for this technician, locked, and what its event must say.

    What they gave back is not offered to them again while any other technician is active
    (DESIGN section 2). Then the facts hold `passed`, the numbers passed over in their order,
    and `active`, the other technicians who were there. Both are empty for everybody else.
    """
    order = (Ticket.typology, Ticket.effective_arrival, Ticket.number)
    waiting = select(Ticket).where(Ticket.state == State.QUEUED.value).order_by(*order)
    others, avoided = _given_back(session, person_id, now)
    if avoided:
        waiting = waiting.where(Ticket.number.not_in(avoided))
    head = session.scalar(waiting.limit(1).with_for_update())
    if head is None or not avoided:
        return head, {}
    own = (head.typology, head.effective_arrival, head.number)
    ahead = select(Ticket.number).where(Ticket.number.in_(avoided))
    passed = session.scalars(ahead.where(tuple_(*order) < own).order_by(*order)).all()
    return head, {"passed": list(passed), "active": others} if passed else {}


def _given_back(session: Session, person_id: int, now: datetime) -> tuple[list[int], list[int]]:
    """The other technicians who are there, and what this one gave back that one of them could
    still take: what everybody there gave back is offered to all again, or nobody would have it.
    """
    mine = (
        select(Ticket.number)
        .join(TicketReturn, TicketReturn.ticket_number == Ticket.number)
        .where(TicketReturn.person_id == person_id, Ticket.state == State.QUEUED.value)
    )
    returns = session.execute(
        select(TicketReturn.ticket_number, TicketReturn.person_id).where(
            TicketReturn.ticket_number.in_(mine)
        )
    ).all()
    if not returns:
        return [], []
    present = active_staff(Role.TECHNICIAN, since=now - ACTIVE_WITHIN)
    others = [other for other in present if other != person_id]
    by: dict[int, set[int]] = {}
    for number, person in returns:
        by.setdefault(number, set()).add(person)
    return others, [number for number, gave in by.items() if set(others) - gave]


def set_key(ticket: Ticket, policy: Policy) -> None:
    """Key the ticket by this policy; its first arrival and its number stay (R5, R11)."""
    key = key_for(
        policy,
        affection=ticket.affection,
        mark=Mark(ticket.mark),
        opened_at=ticket.opened_at,
        number=ticket.number,
    )
    ticket.policy_version = policy.version
    ticket.typology = int(key.typology)
    ticket.effective_arrival = key.effective_arrival


def enter(
    ticket: Ticket, step: Step, kind: str, *, actor_id: int | None, now: datetime, **data: object
) -> None:
    """Back to the place its facts give it, by a step that leads into the queue.

    A ticket that was ended while another policy was published is keyed by the one in force.
    Raises StepNotAllowed.
    """
    ticket.state = after(State(ticket.state), step).value
    ticket.holder_id = None
    ticket.taken_at = ticket.taken_with = None
    ticket.resolved_at = ticket.closed_at = ticket.settles_at = None
    if step == Step.REOPEN:
        withdraw_resolution(db.session(), ticket.number)
    if ticket.policy_version != places.policy_version():
        set_key(ticket, places.current_policy())
        data.update(events.key_facts(ticket))
    happened = Happened(kind, data, (events.move(ticket, +1),))
    events.record_all(ticket.number, [happened], actor_id=actor_id, now=now)


def leaving(ticket: Ticket) -> tuple[Move, ...]:
    """The move of a ticket about to leave the queue; none for one that is not in it."""
    return (events.move(ticket, -1),) if places.queued(ticket) else ()


def rekey(
    ticket: Ticket,
    policy: Policy,
    kind: str,
    *,
    leaving: Move,
    actor_id: int | None,
    now: datetime,
    **data: object,
) -> None:
    """The key after a fact changed, as an event; `leaving` is the move with the key before.

    A queued ticket moves from its old place to the new one by it.
    """
    set_key(ticket, policy)
    moves = (leaving, events.move(ticket, +1)) if places.queued(ticket) else ()
    happened = Happened(kind, {**data, **events.key_facts(ticket)}, moves)
    events.record_all(ticket.number, [happened], actor_id=actor_id, now=now)
