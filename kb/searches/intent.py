"""What one person wants with several searches in a row: the same, or something else. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Prefixes typed within this time are one search.
TYPING = timedelta(seconds=30)
#: The same words again within this time are one search.
SAME = timedelta(minutes=30)
#: Other words within this time are another try at the same matter.
REWORDING = timedelta(minutes=10)
#: An opened result and a ticket belong to a search for this long.
FOLLOWING = timedelta(hours=1)


class Step(StrEnum):
    """How a search follows the one before it by the same visitor."""

    NEW = "new"
    #: The same search, typed on or repeated: it is told once.
    SAME = "same"
    #: Another one, because the one before did not help.
    REWORDED = "reworded"


@dataclass(frozen=True)
class Asked:
    """A search: its folded words, its stems, when, and whether something was opened since."""

    words: str
    stems: frozenset[str]
    at: datetime
    opened: bool = False


def step(before: Asked | None, now: Asked) -> Step:
    """What `now` is, after `before`. Prefixes within 30 seconds fold into one; other words
    within ten minutes are a rewording when they share a stem or nothing was opened."""
    if before is None or now.at < before.at:
        return Step.NEW
    apart = now.at - before.at
    if before.stems == now.stems and apart <= SAME:
        return Step.SAME
    if apart <= TYPING and not before.opened and _typed_on(before.words, now.words):
        return Step.SAME
    related = bool(before.stems & now.stems) or not before.opened
    return Step.REWORDED if apart <= REWORDING and related else Step.NEW


def _typed_on(first: str, second: str) -> bool:
    """Whether one is the beginning of the other, as while typing or deleting."""
    return bool(first and second) and (second.startswith(first) or first.startswith(second))
