"""What a query looks up: a plan of words, each with what may stand for it. Pure data.

Nothing here knows an engine. `kb.planning` makes a plan of a customer's text; an adapter answers
it, either by handing out postings (`PostingSource`, ranked by `kb.ranking`) or with a query of
its own. User text only ever becomes such look-ups of words, so no character of it can turn into
a wildcard, a range, a field name or an operator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.analysis import stem
from kb.index import Correction
from kb.vocabulary import DENIALS

#: What a page marks beside the words of a query: so many alternatives of each, so many in all.
MARKED_ALTERNATIVES, MARKED_WORDS = 4, 16


class Postings(Protocol):
    """The articles that hold a word: ascending document numbers, and a weight for each."""

    @property
    def ids(self) -> Sequence[int]: ...
    @property
    def weights(self) -> Sequence[float]: ...
    @property
    def members(self) -> frozenset[int]: ...


class WordSource(Protocol):
    """What planning asks of an engine: `frequency` counts the articles with a word in a field,
    `stem` or `exact`; `correct` is the word of some article that is nearest to a misspelt one."""

    @property
    def doc_count(self) -> int: ...
    @property
    def languages(self) -> Sequence[str]: ...
    def frequency(self, field: str, word: str) -> int: ...
    def correct(self, word: str) -> str | None: ...


class PostingSource(WordSource, Protocol):
    """What ranking asks of an engine. Fields are `stem`, `exact`; of titles alone `title` (as
    written) and `head` (stems); `lang`, whose words are the languages of articles; `audience`,
    for whom they are."""

    def postings(self, field: str, word: str) -> Postings: ...
    def expand(self, field: str, prefix: str) -> Iterable[str]: ...
    def phrase(self, words: Sequence[tuple[str, int]]) -> set[int]: ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word to look up: as written (folded), and its stem in each language of the articles."""

    form: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """What may stand for a word or phrase of a query: all of `words`, weighed by `share`."""

    words: tuple[Word, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of a query: stems that count as it, written forms, its weight.

    `alternatives` stand for it: synonyms, a corrected spelling. An optional clause adds to the
    score and is not one of «all the words»; with `covers` it stands for those clauses (by their
    place in the plan), as a phrase does for its words, and has no stems of its own.
    """

    stems: tuple[str, ...]
    exact: tuple[str, ...]
    weight: float = 1.0
    optional: bool = False
    alternatives: tuple[Alternative, ...] = ()
    covers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as look-ups: its words, and its quoted phrases as (word, place) pairs.

    `corrections` are words that no article knows, each with what was read for it; `doubts` words
    that hardly any article has, each with a far commoner one; `unknown` the words for which
    nothing was found that could stand for them.
    """

    clauses: tuple[Clause, ...] = ()
    phrases: tuple[tuple[tuple[str, int], ...], ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


def clause_of(forms: tuple[str, ...], languages: Sequence[str]) -> Clause:
    """The clause of a word in its written forms, without alternatives."""
    stems = dict.fromkeys(stem(form, lang) for form in forms for lang in languages)
    return Clause(stems=tuple(stems), exact=forms)


def alternative_of(words: Sequence[str], languages: Sequence[str], share: float) -> Alternative:
    """Folded words as an alternative."""
    looked_up = (Word(word, clause_of((word,), languages).stems) for word in words)
    return Alternative(tuple(looked_up), share)


def corrections_of(plan: Plan, written: Callable[[str], str]) -> tuple[Correction, ...]:
    """What a page says of the words of a plan; `written` gives a folded word its accents."""
    return (
        *(Correction(typed, written(meant)) for typed, meant in plan.corrections),
        *(Correction(typed, written(meant), applied=False) for typed, meant in plan.doubts),
    )


def looked_up_beside(plan: Plan) -> tuple[str, ...]:
    """The words of the first alternatives of each clause, each once: a page marks them too, but
    not every «no» of «no encuentro»."""
    words = dict.fromkeys(
        word.form
        for clause in plan.clauses
        for other in clause.alternatives[:MARKED_ALTERNATIVES]
        for word in other.words
        if word.form not in DENIALS
    )
    return tuple(words)[:MARKED_WORDS]


def information(clause: Clause, source: WordSource) -> float:
    """What a clause tells, or, where no article has its word, its best alternative; 0 for
    nothing known."""
    own = _idf(clause.stems, source)
    if own or not clause.alternatives:
        return own
    return max(
        other.share * max(_idf(word.stems, source) for word in other.words)
        for other in clause.alternatives
    )


def _idf(stems: Sequence[str], source: WordSource) -> float:
    frequency = max((source.frequency("stem", word) for word in stems), default=0)
    return idf(frequency, source.doc_count) if frequency else 0.0


def idf(frequency: int, documents: int) -> float:
    """Information of a word, after Robertson and Spärck Jones; above 0 for every frequency."""
    return math.log(1 + max(0.5, documents - frequency + 0.5) / (frequency + 0.5))
