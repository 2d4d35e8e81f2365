"""What the diary of accesses takes: pure (R12).

Times are judged to the minute, as people write them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tickets.consents.policy import Declared, to_the_minute, was_authorised

#: How far back an entry may be written down.
WRITTEN_UP_TO = timedelta(days=30)


class Wrong(StrEnum):
    """Why an entry cannot be written down as it was told."""

    ENTERS_LATER = "enters_later"
    LEAVES_LATER = "leaves_later"
    BACKWARDS = "backwards"
    TOO_OLD = "too_old"
    NOT_AUTHORISED = "not_authorised"


def judge_times(*, entered: datetime, left: datetime | None, now: datetime) -> Wrong | None:
    """What is wrong with the times of an entry, or None. `left` is None while still inside."""
    if entered > now:
        return Wrong.ENTERS_LATER
    if left is not None and left > now:
        return Wrong.LEAVES_LATER
    if left is not None and to_the_minute(left) < to_the_minute(entered):
        return Wrong.BACKWARDS
    if entered < now - WRITTEN_UP_TO:
        return Wrong.TOO_OLD
    return None


def judge_access(
    declared: Sequence[Declared], *, entered: datetime, left: datetime | None, now: datetime
) -> Wrong | None:
    """Nobody enters without authorisation: it must have held at the moment of entering, and
    hold now for somebody who is still inside. What happened while it held can be written down
    after it was withdrawn.
    """
    moments = [entered] if left is not None else [entered, now]
    if all(was_authorised(declared, moment) for moment in moments):
        return None
    return Wrong.NOT_AUTHORISED
