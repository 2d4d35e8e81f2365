"""Which articles need work, and how badly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: What happened longer ago says little about the article as it is.
RECENT = timedelta(days=90)


class Kind(StrEnum):
    """Why an article needs work."""

    VOTES = "votes"
    SILENT = "silent"
    GAPS = "gaps"
    REVIEW = "review"
    LINKS = "links"
    TRANSLATION = "translation"


@dataclass(frozen=True)
class Cause:
    """One reason: `weight` from 0 to 1 orders the list, `count` is said in words (0 where the
    kind says all), `at` is since when or when last."""

    kind: Kind
    weight: float
    count: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Need:
    """An article with all that speaks for working on it, the heaviest cause first."""

    article_id: int
    causes: tuple[Cause, ...]

    @property
    def weight(self) -> float:
        """Causes add up: two half reasons go before one."""
        return sum(cause.weight for cause in self.causes)


def growing(count: int) -> float:
    """A weight for something counted that is 0 at none and comes near to 1 at many."""
    return count / (count + 5) if count > 0 else 0.0


def ranked(found: Iterable[Mapping[int, Cause]]) -> list[Need]:
    """Needs of what all causes say, the greatest first; the older article among equals."""
    by_article: dict[int, list[Cause]] = {}
    for causes in found:
        for article_id, cause in causes.items():
            if cause.weight > 0:
                by_article.setdefault(article_id, []).append(cause)
    needs = [
        Need(article_id, tuple(sorted(causes, key=lambda cause: (-cause.weight, cause.kind))))
        for article_id, causes in by_article.items()
    ]
    return sorted(needs, key=lambda need: (-need.weight, need.article_id))
