"""Adding a colleague to a ticket and taking one out. Events tell who did it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_add_participant, may_take_out_participant
from core import outbox
from core.db import transaction
from tickets import events
from tickets.models import Ticket
from tickets.participants.models import Participant
from tickets.participants.queries import candidates_of, takes_part
from tickets.refusals import NotAllowed


class NotACandidate(Exception):
    """Nobody of the author's company who could take part has this id."""


def add(*, number: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Let a colleague of the author see this ticket and write in it, and tell them by mail.

    Adding who takes part already changes nothing. Raises NotAllowed, NotACandidate.
    """
    with transaction() as session:
        ticket = _locked(session, number)
        if not may_add_participant(
            actor,
            company_id=ticket.company_id,
            author_id=ticket.author_id,
            participates=takes_part(actor, number),
        ):
            raise NotAllowed("write")
        row = session.get(Participant, (number, person_id))
        if row is not None and row.removed_at is None:
            return
        if person_id not in {person.id for person in candidates_of(ticket)}:
            raise NotACandidate
        if row is None:
            row = Participant(ticket_number=number, person_id=person_id)
            session.add(row)
        row.added_by, row.added_at, row.removed_at = actor.person_id, now, None
        events.record(
            number, "participant_added", actor_id=actor.person_id, now=now, person=person_id
        )
        payload = {"number": number, "person_id": person_id, "at": int(now.timestamp())}
        outbox.enqueue("tickets.participant_added", payload, now=now)


def let_in(session: Session, number: int, person_id: int, *, by: int, now: datetime) -> None:
    """Who followed a ticket that was merged into this one takes part in it. Inside the merge."""
    row = session.get(Participant, (number, person_id))
    if row is not None and row.removed_at is None:
        return
    if row is None:
        row = Participant(ticket_number=number, person_id=person_id)
        session.add(row)
    row.added_by, row.added_at, row.removed_at = by, now, None
    events.record(number, "participant_added", actor_id=by, now=now, person=person_id)


def let_out(
    session: Session, number: int, person_id: int, *, since: datetime, by: int, now: datetime
) -> None:
    """Undo `let_in` of that moment; whoever took part by other means stays."""
    row = session.get(Participant, (number, person_id))
    if row is None or row.removed_at is not None or row.added_at != since:
        return
    row.removed_at = now
    events.record(number, "participant_removed", actor_id=by, now=now, person=person_id)


def take_out(*, number: int, person_id: int, actor: Actor, now: datetime) -> None:
    """End somebody's part in a ticket, at once; who has none stays as they are.

    Raises NotAllowed.
    """
    with transaction() as session:
        ticket = _locked(session, number)
        if not may_take_out_participant(
            actor,
            company_id=ticket.company_id,
            author_id=ticket.author_id,
            person_id=person_id,
        ):
            raise NotAllowed("write")
        row = session.get(Participant, (number, person_id))
        if row is None or row.removed_at is not None:
            return
        row.removed_at = now
        events.record(
            number, "participant_removed", actor_id=actor.person_id, now=now, person=person_id
        )


def _locked(session: Session, number: int) -> Ticket:
    # The row is locked: who is added and taken out at the same moment is so in one order.
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None:
        raise NotAllowed("write")
    return ticket
