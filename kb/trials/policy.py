"""Questions of which editors know the answer: when one passes, and what a change made of it. Pure.

Whoever changes a synonym, a text or a rule sees at once which of these questions got worse.
"""

from __future__ import annotations

import re
from enum import StrEnum

#: An expected article among the first so many is found by whoever looks.
FIRST = 3
#: So many questions are tried while a page is made; more are tried by the outbox.
QUICK = 40
MOST_TRIALS, MOST_EXPECTED = 500, 5
MAX_SEARCH, MAX_TICKET = 200, 2000
#: Places that are looked at: beyond them a question counts as not found.
LOOKED_AT = 10


class Kind(StrEnum):
    """Where a question is asked: the search box, or the ticket form."""

    SEARCH = "busqueda"
    TICKET = "ticket"


class Change(StrEnum):
    """What became of a question since the results were last accepted."""

    WORSE = "empeoro"
    BETTER = "mejoro"
    SAME = "igual"
    #: It was never part of an accepted run.
    NEW = "nueva"
    #: It was not tried with the index as it is.
    UNKNOWN = "pendiente"


def passes(place: int | None) -> bool:
    """Whether an expected article stands at the top. `place` counts from 1; None: not found."""
    return place is not None and place <= FIRST


def change_of(*, accepted: bool, before: int | None, place: int | None, known: bool) -> Change:
    """Only passing and failing count: the second place is as good as the first."""
    if not known:
        return Change.UNKNOWN
    if not accepted:
        return Change.NEW
    if passes(before) == passes(place):
        return Change.SAME
    return Change.WORSE if passes(before) else Change.BETTER


def longest(kind: Kind) -> int:
    """How long a question may be."""
    return MAX_SEARCH if kind is Kind.SEARCH else MAX_TICKET


def slugs_in(text: str) -> list[str]:
    """The articles a text names by address or slug, between spaces or commas, each once.

    What cannot be one is returned as it stands, so that it can be said to be unknown.
    """
    found = []
    for part in re.split(r"[\s,;]+", text):
        path = re.split(r"[?#]", part, maxsplit=1)[0].rstrip("/")
        if path:
            found.append(path.rsplit("/", 1)[-1][:200])
    return list(dict.fromkeys(found))
