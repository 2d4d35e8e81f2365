"""Which known outages a ticket being written may be about."""

from __future__ import annotations

from collections.abc import Sequence

from tickets.duplicates import ORDINARY, told_of
from tickets.likeness import Told
from tickets.outages.queries import Notice

FITTING_AT_MOST = 3
#: As many stems of the outage's title and services a text must share where the affection differs.
SHARED = 2


def fitting(
    known: Sequence[Notice], *, subject: str, description: str, affection: str
) -> list[Notice]:
    """The open outages with the same affection or with the text's words, the likest first."""
    if not known:
        return []
    told = told_of(subject, description, affection)
    scored = [(_score(told, notice), -place) for place, notice in enumerate(known)]
    return [known[-place] for score, place in sorted(scored, reverse=True) if score > 0][
        :FITTING_AT_MOST
    ]


def _score(told: Told, notice: Notice) -> int:
    """0 where nothing ties them. What every ticket says is no tie by itself."""
    about = told_of(f"{notice.title} {notice.title_en}", " ".join(notice.services), "")
    shared = (told.stems & about.stems) | (told.machines & about.machines)
    same = bool(notice.affection) and told.affection == notice.affection
    by_words = len(shared) >= SHARED and bool(shared - ORDINARY)
    return (10 if same else 0) + (len(shared) if same or by_words else 0)
