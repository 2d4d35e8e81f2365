"""What the consents of a ticket say of a moment (R12): pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What somebody of the customer's company declared."""

    ACCEPTED = "accepted"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Declared:
    """One declaration and its moment."""

    kind: str
    at: datetime


def to_the_minute(moment: datetime) -> datetime:
    """The minute a moment belongs to: people write the times of a diary without seconds."""
    return moment.replace(second=0, microsecond=0)


def was_authorised(declared: Iterable[Declared], moment: datetime) -> bool:
    """Whether access was authorised at `moment`, to the minute; a withdrawal wins its minute."""
    turns = [one for one in declared if one.kind != Kind.ACCEPTED]
    turns.sort(key=lambda one: (one.at, one.kind == Kind.WITHDRAWN))
    wanted = to_the_minute(moment)
    before = [one for one in turns if to_the_minute(one.at) <= wanted]
    return bool(before) and before[-1].kind == Kind.GIVEN
