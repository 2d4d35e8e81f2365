"""What technicians write into the diary of accesses. Lines are added, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_work_desk
from core.db import transaction
from core.tokens import once_key
from tickets import events
from tickets.consents.log import declared_about
from tickets.diary.models import AccessEntry
from tickets.diary.policy import Wrong, judge_access, judge_times
from tickets.diary.queries import not_corrected
from tickets.models import Ticket
from tickets.refusals import NotAllowed


class Refused(Exception):
    """The line cannot be written as it was told; `wrong` says why."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


class AlreadyCorrected(Exception):
    """Another line took the place of this one, or it is not a line of this ticket."""


@dataclass(frozen=True)
class Told:
    """What a technician writes down; `entered` None means now, `left` None still inside."""

    server: str
    reason: str
    entered: datetime | None = None
    left: datetime | None = None


def enter(
    *,
    number: int,
    actor: Actor,
    told: Told,
    form_id: str,
    corrects: int | None = None,
    now: datetime,
) -> int:
    """Write down an entry to the customer's server, or the correction of one; the line's id.

    A correction keeps whose entry it was. The same form gives the same line again.
    Raises NotAllowed, Refused and AlreadyCorrected.
    """
    with transaction() as session:
        ticket = _ticket(session, number, actor)
        once = once_key(form_id, number, actor.person_id, "access") if form_id else None
        if once:
            again = session.scalar(select(AccessEntry.id).where(AccessEntry.form_id == once))
            if again is not None:
                return again
        before = _standing(session, number, corrects) if corrects else None
        _judge(ticket, told.entered or now, told.left, now)
        entry = AccessEntry(
            ticket_number=number,
            person_id=before.person_id if before else actor.person_id,
            written_by=actor.person_id,
            server=told.server,
            reason=told.reason,
            entered_at=told.entered or now,
            left_at=told.left,
            left_by=actor.person_id if told.left else None,
            written_at=now,
            corrects_id=before.id if before else None,
            form_id=once,
        )
        session.add(entry)
        session.flush()
        _log(entry, actor, now)
        return entry.id


def _judge(ticket: Ticket, entered: datetime, left: datetime | None, now: datetime) -> None:
    wrong = judge_times(entered=entered, left=left, now=now) or judge_access(
        declared_about(ticket), entered=entered, left=left, now=now
    )
    if wrong is not None:
        raise Refused(wrong)


def _log(entry: AccessEntry, actor: Actor, now: datetime) -> None:
    number, facts = entry.ticket_number, {"entry": entry.id}
    if entry.corrects_id is not None:
        facts["corrects"] = entry.corrects_id
        happened = [events.Happened("access_corrected", facts)]
    else:
        happened = [events.Happened("access_entered", facts)]
        if entry.left_at is not None:
            happened.append(events.Happened("access_left", facts))
    events.record_all(number, happened, actor_id=actor.person_id, now=now)


def leave(
    *, number: int, entry_id: int, actor: Actor, left: datetime | None = None, now: datetime
) -> None:
    """Write down that somebody left; `left` None means now. Done twice it is done once.

    Raises NotAllowed, Refused and AlreadyCorrected.
    """
    with transaction() as session:
        _ticket(session, number, actor)
        entry = _standing(session, number, entry_id)
        if entry.left_at is not None:
            return
        moment = left or now
        wrong = judge_times(entered=entry.entered_at, left=moment, now=now)
        # However long ago they entered: leaving must always be possible.
        if wrong is not None and wrong != Wrong.TOO_OLD:
            raise Refused(wrong)
        # Within the minute of entering a time without seconds lies before it.
        entry.left_at, entry.left_by = max(moment, entry.entered_at), actor.person_id
        events.record(number, "access_left", actor_id=actor.person_id, now=now, entry=entry.id)


def _ticket(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_work_desk(actor):
        raise NotAllowed("desk")
    return ticket


def _standing(session: Session, number: int, entry_id: int) -> AccessEntry:
    entry = session.scalar(
        select(AccessEntry)
        .where(AccessEntry.id == entry_id, AccessEntry.ticket_number == number)
        .where(not_corrected())
    )
    if entry is None:
        raise AlreadyCorrected
    return entry
