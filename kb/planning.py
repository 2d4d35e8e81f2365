"""From a customer's words to a plan: which words to look up, and how much each weighs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import islice

from kb.analysis import LANGUAGES, Token, fold, is_narrative, is_stop, normalise, tokens
from kb.index import MAX_QUERY_CHARS, MAX_QUERY_TERMS, MAX_TICKET_CHARS
from kb.query_plan import Alternative, Clause, Plan, WordSource, clause_of, information
from kb.vocabulary import Vocabulary, nothing
from kb.widening import SUGGEST_SYNONYM_SHARE, SYNONYM_SHARE, Widener

#: People name the matter first. A word's weight is 1 + LEAD / (1 + place / LEAD_HALF).
LEAD = 1.0
LEAD_HALF = 2.0
#: A word of the subject weighs this much more than one of the description.
SUBJECT_BONUS = 0.5
#: Words of a ticket that are looked up, and phrases; more cost time and find nothing more.
SUGGEST_TERMS = 15
SUGGEST_PHRASES = 6
#: Words of a ticket that no article has: so many are looked at for what else they may be, and
#: so many count as asked for. A pasted log has more, which say nothing.
UNKNOWN_READ, UNKNOWN_COUNTED = 20, 3

_PHRASE = re.compile(r'["“”«»]([^"“”«»]+)["“”«»]')


def plan_search(text: str, source: WordSource, vocabulary: Vocabulary | None = None) -> Plan:
    """The plan of a search box: at most MAX_QUERY_CHARS read and MAX_QUERY_TERMS kept."""
    folded = fold(normalise(text[:MAX_QUERY_CHARS]))
    clauses: dict[tuple[str, ...], Clause] = {}
    exempt: set[str] = set()
    for token in tokens(folded):
        exempt.update(token.parts)
        for clause in clauses_of(token, source):
            weight = clause.weight * _weight(len(clauses))
            clauses.setdefault(clause.stems, replace(clause, weight=weight))
    kept = list(islice(clauses.values(), MAX_QUERY_TERMS))
    widener = Widener(source, vocabulary or nothing(), SYNONYM_SHARE, exempt)
    widened = [widener.widened(clause) for clause in kept]
    phrases = [
        phrase_clause(others, sum(kept[at].weight for at in places) / len(places), places)
        for places, others in widener.phrases([clause.exact[0] for clause in kept])
    ]
    quoted = (_quoted(match.group(1)) for match in _PHRASE.finditer(folded))
    said = {place for phrase in phrases for place in phrase.covers}
    asked = (c for at, c in enumerate(widened) if not c.optional and at not in said)
    return Plan(
        clauses=(*widened, *phrases),
        phrases=tuple(words for words in quoted if len(words) > 1),
        corrections=tuple(widener.corrections.items()),
        doubts=tuple(widener.doubts(kept)),
        unknown=tuple(c.exact[0] for c in asked if not information(c, source)),
    )


def plan_suggest(
    subject: str, description: str, source: WordSource, vocabulary: Vocabulary | None = None
) -> Plan:
    """The plan of a ticket text: the SUGGEST_TERMS words that say most, by idf and by place.

    The cost of everything after it depends on that number, not on the length of the text.
    """
    clauses: dict[tuple[str, ...], Clause] = {}
    forms: list[str] = []
    exempt: set[str] = set()
    for form, is_part, weight in _ticket_words(subject, description):
        forms.append(form)
        if is_part:
            exempt.add(form)
        if not is_narrative(form):
            clause = clause_of((form,), source.languages)
            clauses.setdefault(clause.stems, replace(clause, weight=weight))
    told = {stems: information(clause, source) for stems, clause in clauses.items()}
    widener = Widener(source, vocabulary or nothing(), SUGGEST_SYNONYM_SHARE, exempt)
    strange = islice((clauses[stems] for stems in clauses if not told[stems]), UNKNOWN_READ)
    guessed = [widener.widened(clause) for clause in strange]
    known = [clause for stems, clause in clauses.items() if told[stems]]
    telling = [(clause.weight * information(clause, source), clause) for clause in known + guessed]
    best = nlargest(SUGGEST_TERMS, telling, key=lambda pair: pair[0])
    kept = [widener.widened(clause) for worth, clause in best if worth]
    phrases = islice(_ticket_phrases(forms, widener), SUGGEST_PHRASES)
    # A number or an address that no article holds says nothing about the matter.
    unknown = (c.exact[0] for c in guessed if c.exact[0].isalpha() and not information(c, source))
    return Plan(
        clauses=(*kept, *phrases),
        corrections=tuple(widener.corrections.items()),
        unknown=tuple(islice(unknown, UNKNOWN_COUNTED)),
    )


def clauses_of(token: Token, source: WordSource) -> list[Clause]:
    """A plain word is one clause. A compound is one when the index knows it, and its parts then
    only add; unknown, its parts stand for it."""
    languages = source.languages
    if not token.parts and not token.joined:
        return [] if _stops(token.word) else [clause_of((token.word,), languages)]
    whole = tuple(form for form in (token.word, token.joined) if form)
    known = any(source.frequency("exact", form) for form in whole)
    parts = [
        replace(clause_of((part,), languages), optional=known, weight=0.5 if known else 1.0)
        for part in token.parts
        if not _stops(part)
    ]
    return [clause_of(whole, languages), *parts] if known or not parts else parts


def _quoted(folded: str) -> tuple[tuple[str, int], ...]:
    words = [(token.word, place) for place, token in enumerate(tokens(folded))]
    return tuple((word, place) for word, place in words if not _stops(word))


def _stops(word: str) -> bool:
    # A stop word of one language is in none of its articles: asked for, it would match nothing.
    return any(is_stop(word, lang) for lang in LANGUAGES)


def _weight(place: int) -> float:
    return 1 + LEAD / (1 + place / LEAD_HALF)


def _ticket_words(subject: str, description: str) -> Iterator[tuple[str, bool, float]]:
    """The words that may say something, in order: each with whether it is part of a compound,
    and its weight."""
    subject = subject[:MAX_QUERY_CHARS]
    rest = description[: MAX_TICKET_CHARS - len(subject)]
    place = 0
    for text, bonus in ((subject, SUBJECT_BONUS), (rest, 0.0)):
        for token in tokens(fold(normalise(text))):
            for form in token.forms:
                if not _stops(form):
                    yield form, form in token.parts, bonus + _weight(place)
            place += not is_narrative(token.word)


def _ticket_phrases(forms: Sequence[str], widener: Widener) -> Iterator[Clause]:
    seen: set[tuple[Alternative, ...]] = set()
    for places, others in widener.phrases(forms):
        if others not in seen:
            seen.add(others)
            yield phrase_clause(others, _weight(places.start))


def phrase_clause(
    others: tuple[Alternative, ...], weight: float, covers: Sequence[int] = ()
) -> Clause:
    """Words that stand together, in other words; `covers` are their places in the plan."""
    return Clause((), (), weight, True, others, tuple(covers))
