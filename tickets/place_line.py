"""The line about the place that every mail of the queue carries. Never a time (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tickets import places
from tickets.models import Ticket
from tickets.words import ahead_reasons


@dataclass(frozen=True)
class Place:
    """How many are ahead of a queued ticket, and who; words are made in the reader's language."""

    ahead: int
    rows: list[places.Ahead]


def place_facts(ticket: Ticket) -> dict[str, Any]:
    """For `templates/mail/_place.txt`: `place` is None for a ticket that is not queued."""
    if not places.queued(ticket):
        return {"place": None}
    place = Place(places.count_ahead(ticket), places.ahead_of(ticket))
    return {"place": place, "reasons_words": ahead_reasons}
