"""How an episode of suggestions ended. Pure.

An episode is one draft to which at least one article was shown. Stored are facts with their
moments; the verdict is made anew each time it is asked for.

    confirmed   «esto lo resolvió», and in the WINDOW after it no ticket on the same matter
    filed       the ticket was filed all the same
    came back   «esto lo resolvió», and within the WINDOW they went on with the draft, or they or
                a colleague filed a ticket with similar words or about the same article
    unknown     they left without saying anything; or they confirmed, and the WINDOW still runs
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How long a «sí» must stand without a ticket before it counts as solved.
WINDOW = timedelta(days=7)
#: One person's «sí» about one article counts once in this time.
CONFIRMS_ONCE_IN = timedelta(days=1)
#: Who had an episode is forgotten after this long; the counts stay.
OWNER_KEPT_FOR = timedelta(days=30)
#: What a draft remembers at most: articles shown, searches made before it, and how old those are.
MOST_SHOWN, MOST_SEARCHES = 50, 10
SEARCHED_WITHIN = timedelta(hours=1)
#: Places in the list count from 1.
UNKNOWN_PLACE, LAST_PLACE = 0, 9
_SHOWN = re.compile(rf"([1-{LAST_PLACE}])-([a-z0-9]+(?:-[a-z0-9]+)*)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 200


class Outcome(StrEnum):
    """The four ends of an episode, in the order in which they are shown."""

    CONFIRMED = "confirmed"
    FILED = "filed"
    CAME_BACK = "came_back"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """What is stored of an episode. `returned_at` is set within the WINDOW only."""

    solved_at: datetime | None = None
    filed_at: datetime | None = None
    returned_at: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """What somebody had before them while writing: articles with their place in the list (from
    1; 0 where it is not known), those they opened, and what they had searched for, the last first.
    """

    shown: Sequence[tuple[str, int]] = ()
    opened: Sequence[str] = ()
    searched: Sequence[str] = ()


def outcome(facts: Facts, now: datetime) -> Outcome:
    """How the episode stands at this moment."""
    if facts.solved_at is None:
        return Outcome.UNKNOWN if facts.filed_at is None else Outcome.FILED
    if facts.returned_at is not None:
        return Outcome.CAME_BACK
    return Outcome.CONFIRMED if has_stood(facts.solved_at, now) else Outcome.UNKNOWN


def is_waiting(facts: Facts, now: datetime) -> bool:
    """Unknown only because a «sí» is younger than the WINDOW."""
    return (
        facts.solved_at is not None
        and facts.returned_at is None
        and not has_stood(facts.solved_at, now)
    )


def has_stood(solved_at: datetime, now: datetime) -> bool:
    """Whether a «sí» is old enough to count as solved."""
    return now - solved_at >= WINDOW


def is_return(facts: Facts, now: datetime) -> bool:
    """Whether going on with the matter now takes a «sí» back."""
    return is_waiting(facts, now)


def seen_from(shown: Iterable[str], opened: Iterable[str]) -> Seen:
    """What a page says it showed («2-no-recibo-correos») and what was opened there; whatever is
    written otherwise is left out.
    """
    found = [_SHOWN.fullmatch(text) for text in list(shown)[:MOST_SHOWN] if _short(text)]
    read = [slug for slug in list(opened)[:MOST_SHOWN] if _short(slug) and _SLUG.fullmatch(slug)]
    places: dict[str, int] = {}
    for match in found:
        if match:
            places.setdefault(match[2], int(match[1]))
    return Seen(tuple(places.items()), tuple(dict.fromkeys(read)))


def _short(text: str) -> bool:
    return len(text) <= LONGEST_SLUG + 2


def share(part: int, whole: int) -> int | None:
    """A part in whole per cent; None where there are too few to say it that way."""
    return round(100 * part / whole) if whole >= ENOUGH_FOR_A_SHARE else None


#: Under this many, counts alone are printed.
ENOUGH_FOR_A_SHARE = 20
