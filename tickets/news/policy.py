"""Who is told what of a ticket: one pure table. What has a mail of its own is not here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Audience(StrEnum):
    """How somebody stands to a ticket."""

    AUTHOR = "author"
    PARTICIPANTS = "participants"
    HOLDER = "holder"


class What(StrEnum):
    """What happened."""

    WRITTEN = "written"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    ABSORBED = "absorbed"
    UNMERGED = "unmerged"
    SPLIT = "split"
    ACCESS_GIVEN = "access-given"
    ACCESS_WITHDRAWN = "access-withdrawn"
    OUTAGE_JOINED = "outage-joined"
    OUTAGE_UPDATED = "outage-updated"
    OUTAGE_OVER = "outage-over"


_AUTHOR, _PARTICIPANTS, _HOLDER = Audience.AUTHOR, Audience.PARTICIPANTS, Audience.HOLDER
CONCERNS: Mapping[What, frozenset[Audience]] = {
    What.WRITTEN: frozenset({_AUTHOR, _PARTICIPANTS, _HOLDER}),
    What.CLOSED: frozenset({_AUTHOR, _PARTICIPANTS}),
    # The author has `ticket_queued`, with the place.
    What.REOPENED: frozenset({_PARTICIPANTS}),
    # The author has `ticket_merged`.
    What.MERGED: frozenset({_PARTICIPANTS}),
    What.ABSORBED: frozenset({_AUTHOR}),
    What.UNMERGED: frozenset({_AUTHOR, _PARTICIPANTS}),
    # Who wrote the message has `ticket_filed` of the new one.
    What.SPLIT: frozenset({_AUTHOR}),
    What.ACCESS_GIVEN: frozenset({_AUTHOR, _HOLDER}),
    What.ACCESS_WITHDRAWN: frozenset({_AUTHOR, _HOLDER}),
    What.OUTAGE_JOINED: frozenset({_AUTHOR}),
    What.OUTAGE_UPDATED: frozenset({_AUTHOR}),
    What.OUTAGE_OVER: frozenset({_AUTHOR}),
}
OUTAGES = frozenset({What.OUTAGE_JOINED, What.OUTAGE_UPDATED, What.OUTAGE_OVER})
ESSENTIAL = frozenset({What.UNMERGED, What.SPLIT})
