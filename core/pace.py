"""How often somebody asked within the present minute: for pages that ask by themselves, where a
limit that writes would cost more than what it guards. For one process, in memory. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import datetime


class Pace:
    """Counts by key, forgotten with each minute."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._begun: datetime | None = None
        self._asked: Counter[Hashable] = Counter()

    def allows(self, key: Hashable, now: datetime) -> bool:
        """Count one more question, and whether it is answered."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._begun:
            self._begun, self._asked = minute, Counter()
        self._asked[key] += 1
        return self._asked[key] <= self._at_most
