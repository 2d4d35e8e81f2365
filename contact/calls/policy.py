"""What decides about calls: parts of the day, what an attempt does, whose turn. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

#: A wish, never an appointment (R4). The names are stored.
PARTS_OF_DAY = ("cualquiera", "manana", "tarde", "noche")
#: Lima hours at which a part of the day begins.
_BEGINS = ((5, "manana"), (12, "tarde"), (19, "noche"))
#: Whoever took a call and noted nothing has let it go after this.
CLAIM_FOR = timedelta(minutes=20)
SUBJECT_LENGTH = 100


class Result(StrEnum):
    """How an attempt ended; the value is what the database holds."""

    TALKED = "hablo"
    NO_ANSWER = "no-contesto"
    BUSY = "ocupado"
    VOICEMAIL = "buzon"
    WRONG_NUMBER = "equivocado"
    GIVEN_UP = "sin-hablar"


#: These attend the request and need words; after any other it stays in its place.
ENDING = frozenset({Result.TALKED, Result.GIVEN_UP})
#: The line that an attempt leaves in the log of its tickets.
EVENT_OF: Mapping[str, str] = {
    Result.TALKED: "call_attended",
    Result.NO_ANSWER: "call_unanswered",
    Result.BUSY: "call_busy",
    Result.VOICEMAIL: "call_voicemail",
    Result.WRONG_NUMBER: "call_wrong_number",
    Result.GIVEN_UP: "call_given_up",
}


def part_of(in_lima: datetime) -> str:
    """The part of the day of a moment on a Peruvian clock."""
    begun = [name for hour, name in _BEGINS if hour <= in_lima.hour]
    return begun[-1] if begun else "noche"


def fits(wish: str, part: str) -> bool:
    """Whether somebody can be reached in this part of the day, by their wish."""
    return wish in {"cualquiera", part}


def holder(claimed_by: int | None, claimed_at: datetime | None, *, now: datetime) -> int | None:
    """Who is about to call; None when nobody is, or the mark has lapsed."""
    if claimed_by is None or claimed_at is None or now - claimed_at >= CLAIM_FOR:
        return None
    return claimed_by


def waiting_key(person_id: int | None, phone: str) -> str:
    """What tells one waiting request from another: the person, else the number."""
    return f"p:{person_id}" if person_id is not None else f"n:{phone}"


def subject_of(matter: str) -> str:
    """A ticket's subject, out of what somebody wants to talk about."""
    lines = (" ".join(line.split()) for line in matter.splitlines())
    first = next((line for line in lines if line), "")
    if len(first) <= SUBJECT_LENGTH:
        return first
    return first[: SUBJECT_LENGTH - 1].rpartition(" ")[0].rstrip(",;:. ") + "…"
