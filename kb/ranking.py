"""Ranking: from a plan and the engine's postings to a list of articles, best first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice

from kb.analysis import Token, fold, normalise, tokens
from kb.index import ENOUGH_COMPLETE_HITS, MAX_QUERY_CHARS, MAX_QUERY_TERMS
from kb.planning import clauses_of, phrase_clause
from kb.query_plan import Plan, Postings, PostingSource, idf
from kb.scoring import Scores, strongest
from kb.vocabulary import Vocabulary
from kb.widening import SYNONYM_SHARE, Widener

#: All words first, as long as such an article scores at least this share of the best one:
#: a long article holds any few words by accident.
COMPLETE_SHARE = 0.5
#: An article with only some of the words is listed from this share of the best score on;
#: with fewer than ENOUGH_COMPLETE_HITS articles that hold all of them, from the lower one on.
PARTIAL_SHARE = 0.6
PARTIAL_SHARE_WHEN_FEW = 0.3

#: An article in another language than the reader's scores this share.
FOREIGN_SHARE = 0.5

#: Below so many known words a ticket text says too little to suggest anything.
SUGGEST_LEAST_TERMS = 2
SUGGEST_SHARE = 0.4
#: A suggestion holds at least this share of the information of the chosen words.
SUGGEST_COVERAGE = 0.15

#: The best article has to cover so much of what was asked. A word that nothing stands for is
#: part of that, and more is wanted then: what was asked about is not written about here.
COVERAGE = 0.25
COVERAGE_WHEN_UNKNOWN = 0.45
#: In a smaller index than this a word nobody wrote tells less.
TELLING_INDEX = 1000
_JUDGED = 10

PREFIX_LEAST = 2
PREFIX_EXPANSIONS = 40
_PREFIX_SCAN = 400


#: The word of the field `audience` that marks articles for staff alone.
INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: the language read in, and whether articles for staff alone may be shown."""

    lang: str
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """Document numbers with scores, best first: those of `whole`, which hold every word, go
    before all others. `complete`: whether each holds every word."""

    scored: list[tuple[int, float]]
    whole: frozenset[int] = frozenset()
    complete: bool = True


def _settle(reader: Reader, scores: dict[int, float], source: PostingSource) -> None:
    """Take out what the reader may not see, and put other languages behind."""
    if not reader.internal:
        for number in source.postings("audience", INTERNAL).members & scores.keys():
            del scores[number]
    for other in source.languages:
        if other != reader.lang:
            for number in source.postings("lang", other).members & scores.keys():
                scores[number] *= FOREIGN_SHARE


def rank_search(plan: Plan, source: PostingSource, reader: Reader) -> Ranking:
    """Every article worth listing for a search, all words first where enough hold them."""
    found = Scores(plan, source)
    required = _held(plan, found)
    scores = found.total
    _settle(reader, scores, source)
    if not scores or not required or not _answers(plan, found, source):
        return Ranking([])
    full = set(frozenset.intersection(*sorted(required, key=len))) & scores.keys()
    for phrase in plan.phrases:
        full &= source.phrase(phrase)
    return _all_words_first(scores, full, bool(plan.phrases))


def _answers(plan: Plan, found: Scores, source: PostingSource) -> bool:
    """Whether some of the best articles cover enough of what was asked."""
    told = [
        (information, members)
        for clause, information, members in zip(
            plan.clauses, found.information, found.members, strict=True
        )
        if clause.covers or not clause.optional
    ]
    surprise = min(1.0, source.doc_count / TELLING_INDEX) if plan.unknown else 0.0
    asked = sum(information for information, _ in told)
    asked += surprise * len(plan.unknown) * idf(0, source.doc_count)
    floor = COVERAGE + surprise * (COVERAGE_WHEN_UNKNOWN - COVERAGE)
    best = nlargest(_JUDGED, found.total, key=found.total.__getitem__)
    covered = (sum(info for info, members in told if n in members) for n in best)
    return max(covered, default=0.0) >= floor * asked


def _all_words_first(scores: dict[int, float], full: set[int], phrased: bool) -> Ranking:
    best = max(scores.values())
    whole = {number for number in full if scores[number] >= COMPLETE_SHARE * best}
    if phrased and full:
        floor = math.inf
    else:
        enough = len(whole) >= ENOUGH_COMPLETE_HITS
        floor = best * (PARTIAL_SHARE if enough else PARTIAL_SHARE_WHEN_FEW)
    kept = [pair for pair in scores.items() if pair[0] in full or pair[1] >= floor]
    kept.sort(key=lambda pair: (pair[0] not in whole, -pair[1], pair[0]))
    return Ranking(kept, frozenset(whole), complete=all(number in full for number, _ in kept))


def rank_suggest(plan: Plan, source: PostingSource, reader: Reader, limit: int) -> Ranking:
    """The best articles for a ticket, cut by share of the best and by words covered."""
    if len(plan.clauses) < SUGGEST_LEAST_TERMS:
        return Ranking([])
    found = Scores(plan, source)
    scores = found.total
    _settle(reader, scores, source)
    if not _answers(plan, found, source):
        return Ranking([])
    mass = list(zip(found.information, found.members, strict=True))
    whole = sum(found.information)
    best = nlargest(limit, scores.items(), key=lambda pair: (pair[1], -pair[0]))
    kept = []
    for number, score in best:
        held_words = [information for information, held in mass if number in held]
        covered = sum(held_words) >= SUGGEST_COVERAGE * whole
        if score >= SUGGEST_SHARE * best[0][1] and covered and len(held_words) > 1:
            kept.append((number, score))
    return Ranking(kept)


def rank_completion(
    text: str, source: PostingSource, vocabulary: Vocabulary, reader: Reader, limit: int
) -> Ranking:
    """Articles for an unfinished text: finished words as in a search, the last one as a prefix
    of a word of a title, or of any word where no title has one."""
    folded = fold(normalise(text[:MAX_QUERY_CHARS]))
    words = list(tokens(folded))[:MAX_QUERY_TERMS]
    if not words:
        return Ranking([])
    unfinished = words.pop() if words[-1].end == len(folded) else None
    begun: list[Postings] = []
    if unfinished is not None and len(unfinished.word) >= PREFIX_LEAST:
        begun = _beginning(unfinished.word, source)
        # What no word begins with was misspelt; a word with synonyms may be whole, but where a
        # title has it, they would only add noise.
        titled = any(True for _ in source.expand("title", unfinished.word))
        if not begun or (not titled and vocabulary.knows(unfinished.word)):
            words.append(unfinished)
    plan = _completion_plan(words, source, vocabulary)
    found = Scores(plan, source)
    scores = found.total
    held = _held(plan, found)
    if begun:
        members = _add_prefix(scores, begun, source)
        if held and unfinished in words:
            held[-1] |= members
        else:
            held.append(members)
    if not held:
        return Ranking([])
    _settle(reader, scores, source)
    full = (frozenset.intersection(*held) or max(held, key=len)) & scores.keys()
    best = nlargest(
        limit, ((number, scores[number]) for number in full), key=lambda p: (p[1], -p[0])
    )
    return Ranking(best)


def _completion_plan(words: Sequence[Token], source: PostingSource, vocabulary: Vocabulary) -> Plan:
    exempt = {part for token in words for part in token.parts}
    widener = Widener(source, vocabulary, SYNONYM_SHARE, exempt)
    clauses = [widener.widened(clause) for token in words for clause in clauses_of(token, source)]
    phrases = widener.phrases([clause.exact[0] for clause in clauses])
    said = (phrase_clause(others, 1.0, places) for places, others in phrases)
    return Plan((*clauses, *said))


def _held(plan: Plan, found: Scores) -> list[frozenset[int]]:
    """Word by word that was asked for, the articles that hold it, or a phrase it is part of in
    other words."""
    members = found.members
    for clause, held in zip(plan.clauses, members, strict=True):
        for place in clause.covers:
            members[place] |= held
    return [held for clause, held in zip(plan.clauses, members, strict=True) if not clause.optional]


def _beginning(prefix: str, source: PostingSource) -> list[Postings]:
    for field in ("title", "exact"):
        words = islice(source.expand(field, prefix), _PREFIX_SCAN)
        frequent = nlargest(PREFIX_EXPANSIONS, words, key=_by_frequency(field, source))
        if frequent:
            return [source.postings(field, word) for word in frequent]
    return []


def _add_prefix(
    scores: dict[int, float], begun: Sequence[Postings], source: PostingSource
) -> frozenset[int]:
    members = frozenset().union(*(postings.members for postings in begun))
    factor = idf(len(members), source.doc_count)
    for number, weight in strongest(begun).items():
        scores[number] = scores.get(number, 0.0) + factor * weight
    return members


def _by_frequency(field: str, source: PostingSource) -> Callable[[str], int]:
    return lambda word: source.frequency(field, word)
