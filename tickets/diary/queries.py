"""Reading the diary of accesses. Whoever may see a ticket may read its diary."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, joinedload

from accounts.permissions import Actor
from core.db import db
from tickets.diary.models import AccessEntry
from tickets.models import Ticket


@dataclass(frozen=True)
class Line:
    """One line of the diary: its place from 1, and the places of the lines that correct it and
    that it corrects.
    """

    entry: AccessEntry
    place: int
    corrected_by: int | None
    corrects: int | None

    @property
    def is_inside(self) -> bool:
        """Whether somebody is still inside, as far as the diary says."""
        return self.entry.left_at is None and self.corrected_by is None


def diary_of(ticket: Ticket) -> list[Line]:
    """Every line of a ticket, in the order in which they were written."""
    rows = db.session.scalars(
        select(AccessEntry)
        .where(AccessEntry.ticket_number == ticket.number)
        .options(
            joinedload(AccessEntry.person),
            joinedload(AccessEntry.writer),
            joinedload(AccessEntry.leaver),
        )
        .order_by(AccessEntry.id)
    ).all()
    places = {entry.id: place for place, entry in enumerate(rows, start=1)}
    corrections = {entry.corrects_id: places[entry.id] for entry in rows}
    return [
        Line(entry, places[entry.id], corrections.get(entry.id), places.get(entry.corrects_id or 0))
        for entry in rows
    ]


def entry_of(ticket: Ticket, entry_id: int) -> AccessEntry | None:
    """A line of this ticket; None for anything else."""
    return db.session.scalar(
        select(AccessEntry).where(
            AccessEntry.id == entry_id, AccessEntry.ticket_number == ticket.number
        )
    )


def inside_now(actor: Actor) -> list[AccessEntry]:
    """Where the diary says that this technician still is, whatever the ticket."""
    return list(
        db.session.scalars(
            select(AccessEntry)
            .where(AccessEntry.person_id == actor.person_id, AccessEntry.left_at.is_(None))
            .where(not_corrected())
            .order_by(AccessEntry.entered_at, AccessEntry.id)
        )
    )


def not_corrected() -> ColumnElement[bool]:
    """That no other line took the place of this one."""
    later = aliased(AccessEntry)
    return ~exists().where(later.corrects_id == AccessEntry.id)
