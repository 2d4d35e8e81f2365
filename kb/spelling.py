"""Misspelt words, compared with the words that articles use: pure.

Only a word that no article knows is corrected. Two distances count half each: between the words
as written, and between what they sound like in Spanish, where «sertificado» is «certificado». Of
words equally near, the commoner one wins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

#: Shorter words have too many neighbours, longer ones are no words.
SHORTEST, LONGEST = 4, 24
#: A tenfold commoner word makes up for so much distance.
COMMONNESS = 0.15
#: A first letter that also sounds different is rarely a slip.
FIRST_LETTER = 0.5

#: First letters that are mistaken for one another; «h» is also left out or put in front.
_ALIKE = ("bvw", "cszkqx", "gjhx", "yil", "mn", "fp", "td", "uwo", "ea")
_VOWELS = "aeiou"

_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ch", "9"),
        (r"ph", "f"),
        (r"h", ""),
        (r"qu(?=[ei])|q|c(?=[aou]|[^aeiou9]|$)", "k"),
        (r"cc|c|z|x", "s"),
        (r"gu(?=[ei])", "6"),
        (r"g(?=[ei])", "j"),
        (r"6", "g"),
        (r"v", "b"),
        (r"w", "u"),
        (r"ll|y", "i"),
        (r"n(?=[bp])", "m"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """What a folded word sounds like to a Spanish ear, near enough to compare."""
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


def distance(one: str, other: str, most: int) -> int:
    """Letters changed, missing, added, or swapped with the next; `most` + 1 for more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, letter2 in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != letter2))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter2:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def tolerance(word: str) -> float:
    """How far a correction of this word may be from it."""
    if len(word) < 5:
        return 1.0
    return 1.5


class Speller:
    """Corrections among the words of one index. `words` hands out those that begin with a
    letter, `frequency` how many articles hold one. What was asked for is remembered."""

    def __init__(
        self, words: Callable[[str], Iterable[str]], frequency: Callable[[str], int]
    ) -> None:
        self._words = words
        self._frequency = frequency
        self._by_letter: dict[str, list[tuple[str, int]]] = {}
        self._found: dict[str, str | None] = {}

    def correct(self, word: str) -> str | None:
        """The word that was probably meant by a folded word the index does not know; None for
        numbers, names of files and hosts, and where nothing is near."""
        if not (SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
            return None
        if word not in self._found:
            if len(self._found) > 2000:
                self._found.clear()
            self._found[word] = self._search(word)
        return self._found[word]

    def _search(self, word: str) -> str | None:
        limit, letters, said = tolerance(word), _letters(word), sound(word)
        best: tuple[float, str] | None = None
        for first in first_letters(word):
            for candidate, held in self._beginning(first):
                if abs(len(candidate) - len(word)) > limit or _differ(letters, held) > 4:
                    continue
                if candidate == word:
                    continue
                cost = _cost(word, said, candidate, int(limit))
                if cost > limit:
                    continue
                worth = cost - COMMONNESS * math.log10(max(1, self._frequency(candidate)))
                if best is None or (worth, candidate) < best:
                    best = (worth, candidate)
        return best[1] if best else None

    def _beginning(self, first: str) -> list[tuple[str, int]]:
        if first not in self._by_letter:
            self._by_letter[first] = [
                (word, _letters(word))
                for word in self._words(first)
                if SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()
            ]
        return self._by_letter[first]


def first_letters(word: str) -> list[str]:
    """The letters that what was meant may begin with."""
    found = [word[0], word[1]]
    found += [letter for alike in _ALIKE if word[0] in alike for letter in alike]
    if word[0] in _VOWELS:
        found.append("h")
    return list(dict.fromkeys(found))


def _cost(word: str, said: str, candidate: str, most: int) -> float:
    written = distance(word, candidate, most + 1)
    if written > most + 1:
        return math.inf
    heard = sound(candidate)
    cost = 0.5 * written + 0.5 * min(written, distance(said, heard, most + 1))
    return cost + (FIRST_LETTER if said[:1] != heard[:1] else 0.0)


def _letters(word: str) -> int:
    held = 0
    for letter in word:
        held |= 1 << (ord(letter) - 97)
    return held


def _differ(one: int, other: int) -> int:
    return (one ^ other).bit_count()
