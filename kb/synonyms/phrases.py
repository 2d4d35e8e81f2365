"""The phrases of a group as editors write them, and what may be wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from kb.analysis import fold, normalise
from kb.vocabulary import MAX_PHRASE_WORDS, Group, words_of

MOST_PHRASES = 20
LONGEST_PHRASE = 60
#: More groups than this would slow every search down, and nobody could look after them.
MOST_GROUPS = 2000


class Problem(StrEnum):
    """Why a group cannot be stored."""

    TOO_FEW = "too few"
    TOO_MANY = "too many"
    TOO_LONG = "too long"
    SAYS_NOTHING = "says nothing"
    REPEATED = "repeated"


def phrases_of(text: str) -> list[str]:
    """The phrases of a text, one a line; commas part them too."""
    found = (" ".join(phrase.split()) for phrase in normalise(text).replace(",", "\n").split("\n"))
    return [phrase for phrase in found if phrase]


def words_key(phrases: Sequence[str]) -> str:
    """What two groups with the same phrases have in common."""
    return "\n".join(fold(phrase) for phrase in phrases)


def problems(phrases: Sequence[str], lang: str) -> Iterator[tuple[Problem, str]]:
    """What is wrong with a group, with the phrase it is about."""
    seen: dict[tuple[str, ...], str] = {}
    for phrase in phrases[:MOST_PHRASES]:
        words = words_of(phrase, lang)
        if len(phrase) > LONGEST_PHRASE or len(words) > MAX_PHRASE_WORDS:
            yield Problem.TOO_LONG, phrase[:LONGEST_PHRASE]
        elif not words:
            yield Problem.SAYS_NOTHING, phrase
        elif words in seen:
            yield Problem.REPEATED, phrase
        seen[words] = phrase
    if len(phrases) > MOST_PHRASES:
        yield Problem.TOO_MANY, ""
    elif len(phrases) < 2:
        yield Problem.TOO_FEW, ""


def groups_in(text: str) -> Iterator[Group]:
    """The groups of a file: «a = b = c» both ways, «a > b = c» one way, «#» begins a remark."""
    for line in text.split("\n"):
        rule = line.partition("#")[0].strip()
        if rule:
            one_way = ">" in rule
            phrases = [part.strip() for part in rule.replace(">", "=").split("=")]
            yield Group(tuple(phrases), "es", one_way)
