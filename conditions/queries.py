"""The conditions of support: the version in force, and every older one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from conditions.models import ConditionsVersion
from core.db import db


@dataclass(frozen=True)
class Published:
    """One line of the list of versions; the text itself is not read."""

    version: int
    title: str
    published_at: datetime


def current() -> ConditionsVersion | None:
    """The version in force, which is the newest; None before the first."""
    newest = select(ConditionsVersion).order_by(ConditionsVersion.version.desc()).limit(1)
    return db.session.scalar(newest)


def current_version() -> int:
    """The number of the version in force. Raises LookupError before the first."""
    newest = db.session.scalar(select(func.max(ConditionsVersion.version)))
    if newest is None:
        raise LookupError("no conditions were published")
    return newest


def version(number: int) -> ConditionsVersion | None:
    """One version, in force or not; None when there is no such number."""
    return db.session.get(ConditionsVersion, number)


def versions() -> Sequence[Published]:
    """Every version, newest first."""
    rows = db.session.execute(
        select(
            ConditionsVersion.version, ConditionsVersion.title, ConditionsVersion.published_at
        ).order_by(ConditionsVersion.version.desc())
    )
    return [Published(*row) for row in rows]
