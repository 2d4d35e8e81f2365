"""Tickets join an outage and leave it. Nothing here moves a ticket in the queue (R3).

A ticket that joins keeps the arrival, the affection and the mark it has, and so its place;
one that is filed to join gets the place of any ticket that arrives now with this affection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_use_tickets, may_work_desk
from core.db import transaction
from core.tokens import new_token, once_key
from tickets import drafts, events, opening
from tickets.lifecycle import OPEN_STATES, State
from tickets.models import Draft, Ticket
from tickets.news.actions import tell
from tickets.news.policy import What
from tickets.outages.actions import Resolved
from tickets.outages.models import Outage, OutageTicket
from tickets.outages.policy import description
from tickets.outages.queries import first_seen, reported_by
from tickets.participants.queries import may_write
from tickets.policy import Mark
from tickets.refusals import NotAllowed


class NotJoinable(Exception):
    """The ticket is not open any more, is part of another outage, or is about something else."""


@dataclass(frozen=True)
class Report:
    """What «A mí también me afecta» led to: a ticket filed now, or the company's earlier one.

    `number` is None where a colleague reported it in a ticket that the person may not see.
    """

    number: int | None
    is_new: bool


def report(
    *,
    outage_number: int,
    actor: Actor,
    seen: str,
    form_id: str,
    shown: int | None,
    now: datetime,
) -> Report:
    """«A mí también me afecta»: file the company's ticket about an outage, once.

    `seen` is the customer's own line, `shown` the version of the conditions on the page.
    Raises NotAllowed("outage" | "incident" | "request"), Resolved, ConditionsChanged, and
    Incomplete when the policy in force no longer knows the outage's affection.
    """
    # Guarding the queue also makes two colleagues who press at once wait for one another.
    with transaction(queue=True) as session:
        outage = session.scalar(select(Outage).where(Outage.number == outage_number))
        if outage is None or actor.company_id is None or not may_use_tickets(actor):
            raise NotAllowed("outage")
        theirs = reported_by(actor.company_id, [outage_number]).get(outage_number, [])
        if theirs:
            return Report(first_seen(actor, theirs), is_new=False)
        if outage.resolved_at is not None:
            raise Resolved
        draft_id = once_key("outage", form_id, outage_number, actor.person_id)
        before = session.get(Draft, draft_id)
        if before is not None and before.ticket_number is not None:
            # It was filed with this very form, and a technician has taken it out since.
            return Report(before.ticket_number, is_new=False)
        draft = _draft(outage, actor, seen, draft_id if form_id else new_token(), now)
        session.add(draft)
        session.flush()
        number = opening.file_draft(session, draft, actor=actor, shown=shown, now=now)
        _join(session, outage_number, number, actor, now)
        return Report(number, is_new=True)


def _draft(outage: Outage, actor: Actor, seen: str, draft_id: str, now: datetime) -> Draft:
    return Draft(
        id=draft_id,
        owner=drafts.owner_of(actor, ""),
        subject=outage.title,
        description=description(outage.body, seen),
        affection=outage.affection,
        mark=Mark.NORMAL.value,
        shown=[],
        opened=[],
        created_at=now,
        updated_at=now,
    )


def _join(session: Session, outage: int, ticket: int, actor: Actor, now: datetime) -> None:
    session.add(
        OutageTicket(
            ticket_number=ticket, outage_number=outage, joined_at=now, joined_by=actor.person_id
        )
    )
    events.record(ticket, "joined_outage", actor_id=actor.person_id, now=now, outage=outage)


def add_own(*, outage_number: int, number: int, actor: Actor, now: datetime) -> None:
    """A customer adds an open ticket with the same affection; again changes nothing.

    Raises NotAllowed("outage" | "write"), Resolved, NotJoinable.
    """
    with transaction() as session:
        outage = session.scalar(select(Outage).where(Outage.number == outage_number))
        if outage is None:
            raise NotAllowed("outage")
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_write(actor, ticket):
            raise NotAllowed("write")
        now_in = session.get(OutageTicket, number)
        if now_in is not None and now_in.outage_number == outage_number:
            return
        if outage.resolved_at is not None:
            raise Resolved
        if now_in is not None or ticket.affection != outage.affection or not _is_open(ticket):
            raise NotJoinable
        _join(session, outage_number, number, actor, now)


def _is_open(ticket: Ticket) -> bool:
    return State(ticket.state) in OPEN_STATES


def attach(*, outage_number: int, number: int, actor: Actor, now: datetime) -> None:
    """A technician says that an outage explains this open ticket; from another one it moves.

    Its afección must be the outage's: what is filed as something else is corrected first, with
    a reason, or one answer for many would be a way past the queue (R3).

    Raises NotAllowed("desk" | "outage"), Resolved, NotJoinable.
    """
    with transaction() as session:
        ticket = _for_desk(session, number, actor)
        outage = session.scalar(select(Outage).where(Outage.number == outage_number))
        if outage is None:
            raise NotAllowed("outage")
        now_in = session.get(OutageTicket, number)
        if now_in is not None and now_in.outage_number == outage_number:
            return
        if outage.resolved_at is not None:
            raise Resolved
        if not _is_open(ticket) or ticket.affection != outage.affection:
            raise NotJoinable
        _leave(session, now_in, actor, now)
        _join(session, outage_number, number, actor, now)
        tell(ticket, What.OUTAGE_JOINED, by=actor.person_id, now=now, outage=outage_number)


def detach(*, number: int, actor: Actor, now: datetime) -> None:
    """The outage does not explain this ticket after all. Raises NotAllowed."""
    with transaction() as session:
        _for_desk(session, number, actor)
        _leave(session, session.get(OutageTicket, number), actor, now)


def _for_desk(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_work_desk(actor):
        raise NotAllowed("desk")
    return ticket


def _leave(session: Session, now_in: OutageTicket | None, actor: Actor, now: datetime) -> None:
    if now_in is None:
        return
    number, outage = now_in.ticket_number, now_in.outage_number
    session.delete(now_in)
    session.flush()
    events.record(number, "left_outage", actor_id=actor.person_id, now=now, outage=outage)
