"""What the report page and the month's public sheet show. Counts only, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Text, cast, func, select

from core.clock import LIMA, in_lima
from core.db import db
from tickets.lifecycle import State
from tickets.models import PolicyVersion, QueueMove, Ticket, TicketEvent
from tickets.policy import Typology
from tickets.proof.models import AuditRun

#: So many months are offered.
MONTHS_AT_MOST = 24


@dataclass(frozen=True)
class Oldest:
    """The ticket of this typology that arrived first among those that wait now."""

    typology: int
    opened_at: datetime


@dataclass(frozen=True)
class Sheet:
    """A month in numbers. `month` is its first day, in Peru; `until` the last event's number."""

    month: date
    filed: dict[int, int]
    counts: dict[str, int]
    returned: int
    policies: int
    until: int

    @property
    def handed_out(self) -> int:
        return self.counts.get("taken", 0)


def last_runs(limit: int) -> list[AuditRun]:
    """The newest audits first."""
    return list(db.session.scalars(select(AuditRun).order_by(AuditRun.id.desc()).limit(limit)))


def months(today: datetime) -> list[date]:
    """The months that have a sheet, this one first."""
    first = db.session.scalar(select(func.min(TicketEvent.at)))
    this = _month_of(today)
    oldest = _month_of(first) if first else this
    found = [this]
    while found[-1] > oldest and len(found) < MONTHS_AT_MOST:
        found.append(_month_before(found[-1]))
    return found


def sheet(month: date) -> Sheet:
    """The sheet of the month that begins on this day."""
    start, end = _bounds(month)
    within = (TicketEvent.at >= start, TicketEvent.at < end)
    kinds = select(TicketEvent.kind, func.count()).where(*within).group_by(TicketEvent.kind)
    counts = dict(db.session.execute(kinds).all())
    arrivals = (
        select(QueueMove.typology, func.count())
        .join(TicketEvent, TicketEvent.seq == QueueMove.seq)
        .where(*within, TicketEvent.kind == "filed")
        .group_by(QueueMove.typology)
    )
    # An account that was closed gave its tickets back without anybody's choice.
    given_back = select(func.count()).where(
        *within,
        TicketEvent.kind == "returned",
        cast(TicketEvent.data, Text).not_like('%"account_closed":true%'),
    )
    published = select(func.count()).where(
        PolicyVersion.published_at >= start,
        PolicyVersion.published_at < end,
        # The first table changed nothing.
        PolicyVersion.version > 1,
    )
    return Sheet(
        month,
        dict(db.session.execute(arrivals).all()),
        counts,
        db.session.scalar(given_back) or 0,
        db.session.scalar(published) or 0,
        db.session.scalar(select(func.max(TicketEvent.seq)).where(*within)) or 0,
    )


def oldest_waiting() -> list[Oldest]:
    """Since when the first that arrived waits, by typology; incidents first."""
    found = []
    for typology in Typology:
        waiting = (Ticket.state == State.QUEUED.value, Ticket.typology == int(typology))
        opened_at = db.session.scalar(select(func.min(Ticket.opened_at)).where(*waiting))
        if opened_at is not None:
            found.append(Oldest(int(typology), opened_at))
    return found


def _month_of(moment: datetime) -> date:
    return in_lima(moment).date().replace(day=1)


def _month_before(month: date) -> date:
    if month.month == 1:
        return date(month.year - 1, 12, 1)
    return date(month.year, month.month - 1, 1)


def _bounds(month: date) -> tuple[datetime, datetime]:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=LIMA) for day in (month, after))
    return begin, end
