"""The text of an article, and how much of it a save changed. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class ArticleText:
    """What an editor writes. `slug` '' asks for one made from the title; `body` is Markdown."""

    title: str
    slug: str
    category_id: int
    summary: str
    tags: Sequence[str]
    lang: str
    body: str


#: The parts of a text that a revision keeps, in the order in which they are named.
PARTS = ("title", "summary", "body", "tags", "category_id", "lang")


@dataclass(frozen=True)
class Change:
    """The size of a save: words that came and went (moved ones count as neither), and parts."""

    words_added: int
    words_removed: int
    parts: tuple[str, ...]


def measure(before: ArticleText | None, after: ArticleText) -> Change:
    """How much `after` differs; against nothing, all of it is new. Linear in the texts."""
    if before is None:
        return Change(sum(_words(after).values()), 0, ())
    old, new = _words(before), _words(after)
    parts = tuple(part for part in PARTS if _part(before, part) != _part(after, part))
    return Change((new - old).total(), (old - new).total(), parts)


def _words(text: ArticleText) -> Counter[str]:
    return Counter(_WORD.findall(f"{text.title}\n{text.summary}\n{text.body}"))


def _part(text: ArticleText, name: str) -> object:
    value = getattr(text, name)
    return list(value) if name == "tags" else value
