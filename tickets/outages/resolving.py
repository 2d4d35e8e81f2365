"""Resolving an outage, and with one answer the tickets it explains (decision 0016)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit, outbox
from core.counters import touch_content
from core.db import transaction
from tickets import events, queueing
from tickets.handling import Then
from tickets.lifecycle import OPEN_STATES, State, Step, after
from tickets.messages import add_message
from tickets.models import Ticket
from tickets.news.actions import tell_outage
from tickets.news.policy import What
from tickets.outages.actions import locked_outage, write_update
from tickets.outages.models import Outage, OutageTicket


def resolve(
    *,
    number: int,
    actor: Actor,
    text: str,
    text_en: str = "",
    numbers: Sequence[int],
    form_id: str,
    now: datetime,
) -> int:
    """End an outage, and resolve those of its tickets that are named; how many were resolved.

    The text is the last line of the public log, and the answer in each ticket. An outage that
    ended already keeps its log: only the tickets that were left open are answered. Tickets that
    are not part of the outage, or not open any more, are passed over. The same form answers
    once. Raises NotAllowed.
    """
    with transaction(queue=True) as session:
        outage = locked_outage(session, number, actor)
        if outage.resolved_at is None:
            outage.resolved_at, outage.resolved_by = now, actor.person_id
            write_update(session, outage, actor, text, text_en, form_id, now)
            touch_content()
            tell_outage(number, What.OUTAGE_OVER, by=actor.person_id, now=now)
        tickets = _still_open(session, outage, numbers)
        answered = [t for t in tickets if _answer(session, outage, t, actor, text, form_id, now)]
        audit.record(
            "outages.resolved",
            f"outage:{number}",
            actor_id=actor.person_id,
            now=now,
            tickets=[ticket.number for ticket in answered],
        )
        return len(answered)


def _still_open(session: Session, outage: Outage, numbers: Sequence[int]) -> Sequence[Ticket]:
    return session.scalars(
        select(Ticket)
        .join(OutageTicket, OutageTicket.ticket_number == Ticket.number)
        .where(OutageTicket.outage_number == outage.number, Ticket.number.in_(numbers))
        .where(Ticket.state.in_([state.value for state in OPEN_STATES]))
        .order_by(Ticket.number)
        .with_for_update(of=Ticket)
    ).all()


def _answer(
    session: Session,
    outage: Outage,
    ticket: Ticket,
    actor: Actor,
    text: str,
    form_id: str,
    now: datetime,
) -> bool:
    message = add_message(
        session,
        ticket,
        actor=actor,
        text=text,
        form_id=form_id,
        now=now,
        from_staff=True,
    )
    if message is None:
        return False
    moves = queueing.leaving(ticket)
    ticket.state = after(State(ticket.state), Step.RESOLVE_OUTAGE).value
    ticket.resolved_at = now
    resolved = events.Happened("resolved_with_outage", {"outage": outage.number}, moves)
    events.record_all(ticket.number, [resolved], actor_id=actor.person_id, now=now)
    outbox.enqueue(
        "tickets.replied", {"message_id": message.id, "then": Then.RESOLVE.value}, now=now
    )
    return True
