"""The same question in other words: spelled as articles spell it, or with fewer words.

Needs an app context, as `kb.search` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kb.analysis import LANGUAGES, fold, is_stop, normalise, tokens
from kb.index import ArticleIndex, Correction
from kb.vocabulary import DENIALS

#: Words looked at one by one when nothing was found, and searches proposed.
MOST_WORDS = 6
PROPOSED = 3
#: A search that finds more than this says too little to be worth a link.
MOST_FOUND = 100


@dataclass(frozen=True)
class Proposal:
    """Another search, and how many articles it finds."""

    text: str
    count: int


def respelled(text: str, corrections: Sequence[Correction]) -> str:
    """The text with the words that were meant; «» when nothing was corrected."""
    meant = {one.typed: one.meant for one in corrections}
    text = normalise(text)
    out, end = [], 0
    for token in tokens(fold(text)):
        if token.word in meant:
            out += [text[end : token.start], meant[token.word]]
            end = token.end
    return "".join([*out, text[end:]]) if out else ""


def as_typed(text: str, corrections: Sequence[Correction]) -> list[Correction]:
    """The corrections with what was typed as it was typed, with its accents and capitals."""
    text = normalise(text)
    words = list(tokens(fold(text)))
    typed = {one.word: text[one.start : one.end] for one in reversed(words)}
    return [replace(one, typed=typed.get(one.typed, one.typed)) for one in corrections]


def broader(text: str, index: ArticleIndex, lang: str) -> list[Proposal]:
    """Searches with fewer of the words: first without those that find nothing, then without the
    rarest. Raises IndexUnavailable."""
    counts = {
        word: index.search(word, limit=0, lang=lang).total
        for word in islice(_telling(text), MOST_WORDS)
    }
    left = [word for word, count in counts.items() if count]
    found: list[Proposal] = []
    if left == list(counts):
        left = _without_rarest(left, counts)
    while left and len(found) < PROPOSED:
        count = index.search(" ".join(left), limit=0, lang=lang).total
        if 0 < count <= MOST_FOUND and not DENIALS.issuperset(map(fold, left)):
            found.append(Proposal(" ".join(left), count))
        left = _without_rarest(left, counts)
    return found


def _telling(text: str) -> Iterator[str]:
    text = normalise(text)
    seen: set[str] = set()
    for token in tokens(fold(text)):
        if token.word not in seen and not any(is_stop(token.word, lang) for lang in LANGUAGES):
            seen.add(token.word)
            yield text[token.start : token.end]


def _without_rarest(words: list[str], counts: dict[str, int]) -> list[str]:
    rarest = min(words, key=lambda word: counts[word], default="")
    return [word for word in words if word != rarest]
