"""Reading outages: what is open, what was, and how a customer's company stands to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.permissions import Actor
from core.db import db
from tickets.lifecycle import OPEN_STATES
from tickets.models import Ticket
from tickets.outages.models import Outage, OutageTicket
from tickets.participants.queries import seen_of, written_in

#: A resolved outage stays on the public list for so long.
RECENT = timedelta(days=30)
RECENT_AT_MOST = 20
_STILL_OPEN = Ticket.state.in_([state.value for state in OPEN_STATES])


@dataclass(frozen=True)
class Notice:
    """An open outage as pages announce it; kept in memory while public content stands still."""

    number: int
    title: str
    title_en: str
    affection: str
    services: tuple[str, ...]
    declared_at: datetime


@dataclass(frozen=True)
class Joined:
    """How many tickets joined an outage, and how many of them are open."""

    all: int = 0
    open: int = 0


@dataclass
class Standing:
    """How a customer's company stands to an outage.

    `ticket`: the company's ticket about it, where the person may see it. `reported`: there is
    one, seen or not. `similar`: open ones with the same affection that could join it.
    """

    ticket: int | None = None
    reported: bool = False
    similar: list[Ticket] = field(default_factory=list)


def open_notices() -> tuple[Notice, ...]:
    """The outages nobody resolved yet, the newest first."""
    rows = db.session.scalars(
        select(Outage).where(Outage.resolved_at.is_(None)).order_by(Outage.number.desc())
    )
    return tuple(
        Notice(o.number, o.title, o.title_en, o.affection, tuple(o.services), o.declared_at)
        for o in rows
    )


def outage_for(number: int) -> Outage | None:
    """The one door to an outage, which everybody may read; with its log, the last line first."""
    return db.session.scalar(
        select(Outage)
        .where(Outage.number == number)
        .options(selectinload(Outage.updates), joinedload(Outage.declarer))
    )


def open_outages() -> list[Outage]:
    """What is known and not resolved, the newest first."""
    return list(
        db.session.scalars(
            select(Outage).where(Outage.resolved_at.is_(None)).order_by(Outage.number.desc())
        )
    )


def recent_outages(now: datetime) -> list[Outage]:
    """What was resolved of late, the last first."""
    return list(
        db.session.scalars(
            select(Outage)
            .where(Outage.resolved_at > now - RECENT)
            .order_by(Outage.resolved_at.desc(), Outage.number.desc())
            .limit(RECENT_AT_MOST)
        )
    )


def outages(*, is_open: bool, offset: int, limit: int) -> tuple[list[Outage], int]:
    """A page of the desk's list, the newest first, and how many there are."""
    query = select(Outage).where(
        Outage.resolved_at.is_(None) if is_open else Outage.resolved_at.is_not(None)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(Outage.number.desc()).offset(offset).limit(limit)
    return list(db.session.scalars(rows)), total


def joined_counts(numbers: Sequence[int]) -> dict[int, Joined]:
    """How many tickets joined each of these outages; one query for all."""
    rows = db.session.execute(
        select(OutageTicket.outage_number, func.count(), func.sum(case((_STILL_OPEN, 1), else_=0)))
        .join(Ticket, Ticket.number == OutageTicket.ticket_number)
        .where(OutageTicket.outage_number.in_(numbers))
        .group_by(OutageTicket.outage_number)
    )
    return {number: Joined(count, int(still or 0)) for number, count, still in rows}


def joined_tickets(number: int, *, only_open: bool, limit: int) -> list[Ticket]:
    """The tickets of an outage in the order of their numbers, for the desk."""
    query = (
        select(Ticket)
        .join(OutageTicket, OutageTicket.ticket_number == Ticket.number)
        .where(OutageTicket.outage_number == number)
        .options(joinedload(Ticket.company), joinedload(Ticket.holder))
        .order_by(Ticket.number)
        .limit(limit)
    )
    return list(db.session.scalars(query.where(_STILL_OPEN) if only_open else query))


def joined_numbers(number: int) -> frozenset[int]:
    """The numbers of all tickets of an outage."""
    rows = select(OutageTicket.ticket_number).where(OutageTicket.outage_number == number)
    return frozenset(db.session.scalars(rows))


def outage_of(ticket_number: int) -> Outage | None:
    """The outage a ticket belongs to."""
    return db.session.scalar(
        select(Outage)
        .join(OutageTicket, OutageTicket.outage_number == Outage.number)
        .where(OutageTicket.ticket_number == ticket_number)
    )


def reported_by(company_id: int, numbers: Sequence[int]) -> dict[int, list[Ticket]]:
    """A company's tickets by the outage they joined, oldest first."""
    rows = db.session.execute(
        select(OutageTicket.outage_number, Ticket)
        .join(Ticket, Ticket.number == OutageTicket.ticket_number)
        .where(OutageTicket.outage_number.in_(numbers), Ticket.company_id == company_id)
        .order_by(Ticket.number)
    )
    found: dict[int, list[Ticket]] = {}
    for number, ticket in rows:
        found.setdefault(number, []).append(ticket)
    return found


def standings(actor: Actor, known: Sequence[Notice | Outage]) -> dict[int, Standing]:
    """How the company of `actor` stands to each of these; so many queries for one as for all."""
    if not known or actor.company_id is None:
        return {}
    reported = reported_by(actor.company_id, [outage.number for outage in known])
    similar = _could_join(actor, {outage.affection for outage in known})
    seen = seen_of(actor, [ticket for tickets in reported.values() for ticket in tickets])
    return {
        outage.number: Standing(
            ticket=next((t.number for t in reported.get(outage.number, []) if t in seen), None),
            reported=outage.number in reported,
            similar=[t for t in similar if t.affection == outage.affection],
        )
        for outage in known
    }


def first_seen(actor: Actor, tickets: Sequence[Ticket]) -> int | None:
    """The first of these that `actor` may see."""
    return next((ticket.number for ticket in seen_of(actor, tickets)), None)


def _could_join(actor: Actor, affections: set[str], limit: int = 20) -> list[Ticket]:
    joined = select(OutageTicket.ticket_number)
    rows = db.session.scalars(
        select(Ticket)
        .where(Ticket.company_id == actor.company_id, Ticket.affection.in_(affections))
        .where(_STILL_OPEN, Ticket.number.not_in(joined))
        .order_by(Ticket.number.desc())
        .limit(limit)
    )
    return written_in(actor, rows)
