"""Text as people type it, and moments as people say them. Pure.

`relative_time` makes no words: units are turned into words where they are shown.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Literal

Unit = Literal["now", "minutes", "hours", "days", "date"]

#: Combining marks in a row (Unicode UAX #15, stream-safe text): NFC is quadratic in them.
MAX_MARKS = 30
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
#: Categories Cc, Cf and Cs but for \n, \t and the two joiners.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    "\ud800-\udfff]"
)
_LOOSE_JOINERS = re.compile(
    "(?<![^\\s\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\s\u200c\u200d])"
)


def clean_text(text: str) -> str:
    """NFC text of several lines, ended by \\n, without what cannot be seen.

    Removed: controls but \\n and \\t, format and bidi characters, lone surrogates, joiners
    outside words, combining marks beyond `MAX_MARKS` in a row.
    """
    shown = INVISIBLE.sub("", _BREAKS.sub("\n", text))
    shown = _LOOSE_JOINERS.sub("", shown)
    return unicodedata.normalize("NFC", _few_marks(shown))


def clean_line(text: str, max_length: int) -> str:
    """One clean line: white space collapsed, and cut at `max_length` characters.

    A form that must refuse what is too long compares lengths before it asks for a cut.
    """
    return " ".join(clean_text(text).split())[:max_length].rstrip(" \u200c\u200d")


def slug(text: str) -> str:
    """At most 60 of a-z, 0-9 and single inner hyphens, for addresses; empty when none is left."""
    ascii_text = unicodedata.normalize("NFKD", clean_text(text)).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60].rstrip("-")


def relative_time(then: datetime, now: datetime) -> tuple[Unit, int]:
    """How long ago `then` was, as a unit and how many of it, rounded down.

    Both moments are aware. Under a minute, or up to a minute ahead (two clocks), is
    `("now", 0)`; a week or more, and the future, is `("date", 0)`: the date itself says it
    best. Raises ValueError on a moment without a time zone.
    """
    if then.utcoffset() is None or now.utcoffset() is None:
        raise ValueError("a moment carries no time zone")
    seconds = int((now - then).total_seconds())
    if abs(seconds) < 60:
        return "now", 0
    if seconds < 0 or seconds >= 7 * 86_400:
        return "date", 0
    if seconds < 3_600:
        return "minutes", seconds // 60
    if seconds < 86_400:
        return "hours", seconds // 3_600
    return "days", seconds // 86_400


def _few_marks(text: str) -> str:
    if not text or max(text) < "\u0300":
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)
