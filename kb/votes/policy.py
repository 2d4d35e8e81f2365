"""What votes say and how far they may be trusted. Pure."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt

#: Below this many votes a page shows counts alone: a share of so few says nothing.
ENOUGH_FOR_SHARE = 20
#: Two-sided 95 %.
_Z = 1.959964


class Reason(StrEnum):
    """Why an article did not help, in the words of the form."""

    UNANSWERED = "no-responde"
    UNCLEAR = "no-se-entiende"
    OUTDATED = "desactualizado"
    FAILED = "no-funciono"


def lower_bound(hits: int, total: int) -> float:
    """The least share of `hits` that `total` votes make likely: the lower end of Wilson's score
    interval at 95 %, from 0 to 1; 0 without votes. Raises ValueError for impossible counts.

    One vote of one is 0.21, nine of ten 0.60, ninety of a hundred 0.83: what few say counts
    little, so no article gets to the top, or into the list of bad ones, by a handful of votes.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total}")
    if not hits:
        return 0.0
    share, square = hits / total, _Z * _Z
    centre = share + square / (2 * total)
    spread = _Z * sqrt((share * (1 - share) + square / (4 * total)) / total)
    return max(0.0, (centre - spread) / (1 + square / total))


def share_of(useful: int, total: int) -> int | None:
    """The percentage of useful votes; None while there are too few to say one."""
    return round(100 * useful / total) if total >= ENOUGH_FOR_SHARE else None
