"""What is new for a person: how much, and which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from accounts.bell.models import Notice
from accounts.models import Person
from accounts.permissions import Actor
from accounts.sessions import actor_for
from core.db import db


@dataclass(frozen=True)
class Standing:
    """How many notices were not read, and the newest of them; (0, 0) for none."""

    unread: int = 0
    newest: int = 0


@dataclass(frozen=True)
class Row:
    """A notice that was read, or all unread ones about one thing: the newest, and how many."""

    notice: Notice
    count: int


def standing(person_id: int) -> Standing:
    """One look-up in one index, for every page."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.max(Notice.id), 0)).where(
            Notice.person_id == person_id, Notice.read_at.is_(None)
        )
    ).one()
    return Standing(*row)


def latest(actor: Actor, *, limit: int, before: int | None = None) -> list[Row]:
    """The newest first, from below `before`; unread ones about one thing are one row."""
    later = aliased(Notice)
    newer = (
        select(later.id)
        .where(
            later.person_id == actor.person_id,
            later.read_at.is_(None),
            later.about == Notice.about,
            later.id > Notice.id,
        )
        .exists()
    )
    found = (
        select(Notice)
        .where(Notice.person_id == actor.person_id)
        .where(or_(Notice.read_at.is_not(None), ~newer))
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(Notice.id < before)
    notices = db.session.scalars(found).all()
    counts = _unread_of(actor, [one.about for one in notices if one.read_at is None])
    return [Row(one, 1 if one.read_at else counts.get(one.about, 1)) for one in notices]


def _unread_of(actor: Actor, abouts: Sequence[str]) -> dict[str, int]:
    if not abouts:
        return {}
    counted = (
        select(Notice.about, func.count())
        .where(
            Notice.person_id == actor.person_id,
            Notice.read_at.is_(None),
            Notice.about.in_(abouts),
        )
        .group_by(Notice.about)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def own(actor: Actor, notice_id: int) -> Notice | None:
    """A notice of the actor's own."""
    return db.session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.person_id == actor.person_id)
    )


def staff_who(may: Callable[[Actor | None], bool], *, but: int | None = None) -> list[int]:
    """The staff for whom a predicate of `permissions` holds now, by id; never `but`."""
    staff = db.session.scalars(
        select(Person)
        .where(Person.company_id.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    return [one.id for one in staff if one.id != but and may(actor_for(one, ""))]
