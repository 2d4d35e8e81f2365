"""What administrators read: people, and jobs that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from accounts.models import Company, Person, UserSession
from core.db import db
from core.models import Job


@dataclass(frozen=True)
class FailedJob:
    """A job that was given up, and the last error it met."""

    id: int
    kind: str
    attempts: int
    created_at: datetime
    failed_at: datetime | None
    last_error: str
    payload: Any

    @property
    def ticket(self) -> int | None:
        """The ticket it is about, where it says so."""
        number = self.payload.get("number") if self.kind.startswith("tickets.") else None
        return number if isinstance(number, int) else None


def people(words: str, *, offset: int, limit: int) -> tuple[Sequence[Person], int]:
    """People with their companies by name, those whose name, mail or company has `words`."""
    found = select(Person).outerjoin(Company, Company.id == Person.company_id)
    if words:
        found = found.where(
            or_(
                Person.name.icontains(words, autoescape=True),
                Person.email.icontains(words, autoescape=True),
                Company.name.icontains(words, autoescape=True),
            )
        )
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = (
        found.options(joinedload(Person.company))
        .order_by(Person.name, Person.id)
        .offset(offset)
        .limit(limit)
    )
    return db.session.scalars(rows).all(), total


def person(person_id: int) -> Person | None:
    """One person with their company."""
    return db.session.scalar(
        select(Person).where(Person.id == person_id).options(joinedload(Person.company))
    )


def open_sessions(person_id: int, now: datetime) -> int:
    """In how many browsers somebody is signed in."""
    return (
        db.session.scalar(
            select(func.count()).where(
                UserSession.person_id == person_id, UserSession.ends_at > now
            )
        )
        or 0
    )


def failed_jobs(*, offset: int, limit: int) -> tuple[Sequence[FailedJob], int]:
    """Jobs that were given up, the last one first, and how many there are."""
    rows = db.session.execute(
        select(
            Job.id,
            Job.kind,
            Job.attempts,
            Job.created_at,
            Job.failed_at,
            func.coalesce(Job.last_error, ""),
            Job.payload,
        )
        .where(Job.failed_at.is_not(None))
        .order_by(Job.failed_at.desc(), Job.id.desc())
        .offset(offset)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).where(Job.failed_at.is_not(None))) or 0
    return [FailedJob(*row) for row in rows], total
