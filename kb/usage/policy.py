"""The ways in which an article takes part in a ticket. Pure."""

from __future__ import annotations

from enum import StrEnum


class Use(StrEnum):
    """What happened with an article; each counts once for one draft or ticket."""

    #: A ticket was filed after its author had read the article: a silent "no".
    FILED_AFTER_READING = "filed_after_reading"
    #: «Esto lo resolvió», pressed beside a draft.
    CONFIRMED = "confirmed"
    #: Whoever had confirmed came back with the same matter.
    CAME_BACK = "came_back"
    #: A technician's reply links to the article.
    INSERTED = "inserted"
    #: The ticket was resolved, and a reply in it links to the article.
    RESOLVED = "resolved"


MAX_KEY = 64
#: The uses that are counted on an article's page as «usado en tickets».
IN_TICKETS = (Use.INSERTED, Use.RESOLVED)


def key_of_draft(draft_id: str) -> str:
    """How a draft is named in a use."""
    return f"d:{draft_id}"


def key_of_ticket(number: int) -> str:
    """How a ticket is named in a use."""
    return f"t:{number}"


def ticket_of(key: str) -> int | None:
    """The number of the ticket that a use names; None where it names a draft."""
    kind, _, rest = key.partition(":")
    return int(rest) if kind == "t" and rest.isdecimal() else None
