"""The months or weeks of a report. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

#: As many periods are shown, the present one among them.
SHOWN = 12


class By(StrEnum):
    """How long a period is."""

    MONTH = "mes"
    WEEK = "semana"


def by_from(text: str) -> By:
    """What was asked for; months where it was something else."""
    return By.WEEK if text == By.WEEK.value else By.MONTH


def starts(today: date, by: By, count: int = SHOWN) -> list[date]:
    """The first days of the last `count` periods, oldest first, and of the one to come."""
    if by is By.WEEK:
        monday = today - timedelta(days=today.weekday())
        return [monday + timedelta(weeks=n) for n in range(1 - count, 2)]
    months = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(months + 1 - count, months + 2)]
