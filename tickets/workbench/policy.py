"""What decides at the desk: who counts as present, and which articles a reply carries. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

#: Somebody whose page was heard of this long ago is no longer there.
PRESENT_FOR = timedelta(seconds=45)
#: A beat after a shorter time that says nothing new is not stored again.
BEAT_AGAIN_AFTER = timedelta(seconds=10)
#: Drafts of replies that nobody came back to are forgotten after this long.
DRAFTS_KEPT_FOR = timedelta(days=30)
MOST_ARTICLES = 20


def is_news(seen_at: datetime | None, was_writing: bool, *, writing: bool, now: datetime) -> bool:
    """Whether a beat tells more than what is stored."""
    if seen_at is None or now - seen_at >= BEAT_AGAIN_AFTER:
        return True
    return was_writing != writing


def article_link(title: str, url: str) -> str:
    """An article as a link of a message, in Markdown; nothing in the title can end it."""
    words = re.sub(r"([\\\[\]`*_<>])", r"\\\1", " ".join(title.split()))
    return f"[{words}]({url})"


def with_link(text: str, link: str) -> str:
    """The text with the link in a paragraph of its own, once."""
    if link in text:
        return text
    return f"{text.rstrip()}\n\n{link}\n" if text.strip() else f"{link}\n"


def slugs_in(text: str, public_url: str) -> list[str]:
    """The addresses of articles of this site that a text links to, in their order, each once."""
    pattern = re.escape(public_url) + r"/preguntas/([a-z0-9]+(?:-[a-z0-9]+)*)(?![/\w-])"
    return list(dict.fromkeys(re.findall(pattern, text)))[:MOST_ARTICLES]


def put_back(undone: str, written_since: str) -> str:
    """The text of a reply that was undone, before whatever was begun after it."""
    if not written_since.strip() or written_since.strip() == undone.strip():
        return undone
    return f"{undone}\n\n{written_since}"
