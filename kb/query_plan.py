"""From a customer's words to a plan: which words to look up, and how much each weighs.

Nothing here knows the engine: a `PostingSource` hands out, for a field and a word, the articles
that hold it with the weight the word has there. User text only ever becomes such exact look-ups,
so no character of it can turn into a wildcard, a range, a field name or an operator.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from typing import Protocol

from kb.analysis import LANGUAGES, Token, fold, is_courtesy, is_stop, normalise, stem, tokens
from kb.index import MAX_QUERY_CHARS, MAX_QUERY_TERMS, MAX_TICKET_CHARS

#: People name the matter first. A word's weight is 1 + LEAD / (1 + place / LEAD_HALF).
LEAD = 1.0
LEAD_HALF = 2.0
#: A word of the subject weighs this much more than one of the description.
SUBJECT_BONUS = 0.5
#: Words of a ticket that are looked up; more cost time and find nothing more.
SUGGEST_TERMS = 20

_PHRASE = re.compile(r'["“”«»]([^"“”«»]+)["“”«»]')


class Postings(Protocol):
    """The articles that hold a word: ascending document numbers, and a weight for each."""

    @property
    def ids(self) -> Sequence[int]: ...
    @property
    def weights(self) -> Sequence[float]: ...
    @property
    def members(self) -> frozenset[int]: ...


class PostingSource(Protocol):
    """What ranking asks of an engine. Fields are `stem`, `exact`, `title`; `lang`, whose
    words are the languages of articles; `audience`, for whom they are."""

    @property
    def doc_count(self) -> int: ...
    @property
    def languages(self) -> Sequence[str]: ...
    def frequency(self, field: str, word: str) -> int: ...
    def postings(self, field: str, word: str) -> Postings: ...
    def expand(self, field: str, prefix: str) -> Iterable[str]: ...
    def phrase(self, words: Sequence[tuple[str, int]]) -> set[int]: ...


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of a query: stems that count as it, written forms, its weight.

    This is where synonyms and corrected spellings join: further entries of `stems`.
    An optional clause adds to the score and is not one of «all the words».
    """

    stems: tuple[str, ...]
    exact: tuple[str, ...]
    weight: float = 1.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as look-ups: its words, and its quoted phrases as (word, place) pairs."""

    clauses: tuple[Clause, ...] = ()
    phrases: tuple[tuple[tuple[str, int], ...], ...] = ()


def plan_search(text: str, source: PostingSource) -> Plan:
    """The plan of a search box: at most MAX_QUERY_CHARS read and MAX_QUERY_TERMS kept."""
    text = normalise(text[:MAX_QUERY_CHARS])
    folded = fold(text)
    clauses: dict[tuple[str, ...], Clause] = {}
    for token in tokens(folded):
        for clause in clauses_of(token, source):
            lead = LEAD / (1 + len(clauses) / LEAD_HALF)
            clauses.setdefault(clause.stems, replace(clause, weight=clause.weight * (1 + lead)))
    phrases = (_phrase(match.group(1)) for match in _PHRASE.finditer(folded))
    return Plan(
        tuple(islice(clauses.values(), MAX_QUERY_TERMS)),
        tuple(words for words in phrases if len(words) > 1),
    )


def _phrase(folded: str) -> tuple[tuple[str, int], ...]:
    words = [(token.word, place) for place, token in enumerate(tokens(folded))]
    return tuple((word, place) for word, place in words if not _stops(word))


def _stops(word: str) -> bool:
    # A stop word of one language is in none of its articles: asked for, it would match nothing.
    return any(is_stop(word, lang) for lang in LANGUAGES)


def clauses_of(token: Token, source: PostingSource) -> list[Clause]:
    """A plain word is one clause. A compound is one when the index knows it, and its parts then
    only add; unknown, its parts stand for it."""
    languages = source.languages
    if not token.parts and not token.joined:
        return [] if _stops(token.word) else [_clause((token.word,), languages)]
    whole = tuple(form for form in (token.word, token.joined) if form)
    known = any(source.frequency("exact", form) for form in whole)
    parts = [
        replace(_clause((part,), languages), optional=known, weight=0.5 if known else 1.0)
        for part in token.parts
        if not _stops(part)
    ]
    return [_clause(whole, languages), *parts] if known or not parts else parts


def _clause(forms: tuple[str, ...], languages: Sequence[str]) -> Clause:
    stems = dict.fromkeys(stem(form, lang) for form in forms for lang in languages)
    return Clause(stems=tuple(stems), exact=forms)


def plan_suggest(subject: str, description: str, source: PostingSource) -> Plan:
    """The plan of a ticket text: the SUGGEST_TERMS words that say most, by idf and by place.

    The cost of everything after it depends on that number, not on the length of the text.
    """
    weights: dict[tuple[str, ...], tuple[float, Clause]] = {}
    subject = subject[:MAX_QUERY_CHARS]
    rest = description[: MAX_TICKET_CHARS - len(subject)]
    place = 0
    for text, bonus in ((subject, SUBJECT_BONUS), (rest, 0.0)):
        for token in tokens(fold(normalise(text))):
            if is_courtesy(token.word):
                continue
            for form in token.forms:
                if _stops(form):
                    continue
                clause = _clause((form,), source.languages)
                if clause.stems not in weights:
                    weight = 1 + bonus + LEAD / (1 + place / LEAD_HALF)
                    weights[clause.stems] = (
                        weight * _idf(clause, source),
                        replace(clause, weight=weight),
                    )
            place += 1
    best = nlargest(SUGGEST_TERMS, weights.values(), key=lambda pair: pair[0])
    return Plan(tuple(clause for informative, clause in best if informative > 0))


def _idf(clause: Clause, source: PostingSource) -> float:
    frequency = max(source.frequency("stem", word) for word in clause.stems)
    return idf(frequency, source.doc_count) if frequency else 0.0


def idf(frequency: int, documents: int) -> float:
    """Information of a word, after Robertson and Spärck Jones; above 0 for every frequency."""
    return math.log(1 + max(0.0, documents - frequency + 0.5) / (frequency + 0.5))
