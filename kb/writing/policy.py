"""What decides while an article is being written. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

#: Somebody whose page was heard of this long ago is no longer there.
PRESENT_FOR = timedelta(seconds=45)
#: A beat after a shorter time that says nothing new is not stored again.
BEAT_AGAIN_AFTER = timedelta(seconds=10)
#: Texts that nobody came back to are forgotten after this long.
DRAFTS_KEPT_FOR = timedelta(days=60)
#: Articles begun and not saved that one person can have at a time; the oldest goes first.
MOST_NEW_DRAFTS = 20
#: The most that one field of a draft may hold besides its text, in characters.
LONGEST_FIELD = 5_000


def place_of(article_id: int, created_at: datetime) -> str:
    """Where the drafts of an article are kept. The moment tells it from a deleted one whose
    number it took over."""
    return f"{article_id}-{created_at:%Y%m%d%H%M%S%f}"


def is_news(seen_at: datetime | None, was_writing: bool, *, writing: bool, now: datetime) -> bool:
    """Whether a beat tells more than what is stored."""
    if seen_at is None or now - seen_at >= BEAT_AGAIN_AFTER:
        return True
    return was_writing != writing


def image_markdown(alt: str, address: str) -> str:
    """What shows a picture in a text; nothing in the words can end it."""
    words = re.sub(r"([\\\[\]`*_<>])", r"\\\1", " ".join(alt.split()))
    return f"![{words}]({address})"
