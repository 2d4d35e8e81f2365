"""How notices read. Packages above say it here, for this one knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.permissions import Actor


@dataclass(frozen=True)
class Thing:
    """What a notice is about, as it stands now: «Ticket 1001», its subject, its address."""

    label: str
    title: str
    url: str


#: The words of a notice from its facts, in the language of whoever reads.
Words = Callable[[Mapping[str, Any]], str]
#: Those of these keys that the actor may see now, whatever they were told before.
Finder = Callable[[Actor, Sequence[str]], Mapping[str, Thing]]

words_of: dict[str, Words] = {}
finders: dict[str, Finder] = {}


def describes(*kinds: str) -> Callable[[Words], Words]:
    """Register the function that says notices of these kinds."""

    def register(words: Words) -> Words:
        words_of.update(dict.fromkeys(kinds, words))
        return words

    return register


def finds(name: str) -> Callable[[Finder], Finder]:
    """Register the function that finds what «`name`:key» stands for."""

    def register(finder: Finder) -> Finder:
        finders[name] = finder
        return finder

    return register
