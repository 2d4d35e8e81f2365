"""What the front page and the health checks read that no package below offers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select

from accounts.models import Person
from core.db import db
from core.models import Job


def oldest_due_job(now: datetime) -> datetime | None:
    """When the oldest job that nobody is doing became due; None when nothing is due."""
    return db.session.scalar(
        select(func.min(Job.run_at)).where(
            Job.done_at.is_(None),
            Job.failed_at.is_(None),
            Job.run_at <= now,
            or_(Job.claimed_until.is_(None), Job.claimed_until < now),
        )
    )


def has_people() -> bool:
    """Whether anybody can sign in: an instance without people is empty."""
    return db.session.scalar(select(Person.id).limit(1)) is not None
