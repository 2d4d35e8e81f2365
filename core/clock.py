"""The only place that reads the clock.

Times are stored in UTC and shown in America/Lima (DESIGN section 7).
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LIMA = ZoneInfo("America/Lima")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_lima(moment: datetime) -> datetime:
    """The same moment on a Peruvian wall clock."""
    return moment.astimezone(LIMA)
