"""Reading the published tables of head starts, and the open tickets that they order."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.db import db
from tickets.lifecycle import OPEN_STATES, State
from tickets.models import PolicyVersion, Ticket
from tickets.policy import Mark, QueueKey, Typology
from tickets.policy_changes import Standing


def version(number: int) -> PolicyVersion | None:
    """One published version with who published it."""
    return db.session.scalar(
        select(PolicyVersion)
        .where(PolicyVersion.version == number)
        .options(joinedload(PolicyVersion.publisher))
    )


def newest() -> PolicyVersion:
    """The version in force, with who published it."""
    return db.session.scalars(
        select(PolicyVersion)
        .order_by(PolicyVersion.version.desc())
        .limit(1)
        .options(joinedload(PolicyVersion.publisher))
    ).one()


def versions(*, offset: int, limit: int) -> tuple[list[PolicyVersion], int]:
    """The published versions with who published them, the newest first, and how many there are."""
    rows = db.session.scalars(
        select(PolicyVersion)
        .order_by(PolicyVersion.version.desc())
        .options(joinedload(PolicyVersion.publisher))
        .offset(offset)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).select_from(PolicyVersion)) or 0
    return list(rows), total


def open_standings(session: Session | None = None) -> list[Standing]:
    """Every open ticket as the order sees it, by number. Columns alone: there may be many."""
    rows = (session or db.session).execute(
        select(
            Ticket.number,
            Ticket.affection,
            Ticket.mark,
            Ticket.opened_at,
            Ticket.state,
            Ticket.typology,
            Ticket.effective_arrival,
        )
        .where(Ticket.state.in_([state.value for state in OPEN_STATES]))
        .order_by(Ticket.number)
    )
    return [
        Standing(
            affection=affection,
            mark=Mark(mark),
            opened_at=opened_at,
            queued=state == State.QUEUED,
            key=QueueKey(Typology(typology), arrival, number),
        )
        for number, affection, mark, opened_at, state, typology, arrival in rows
    ]
