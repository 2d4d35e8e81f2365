"""One look at the PostgreSQL index: the `PostingSource` of a ranking, a few questions at a time.

Planning and ranking are pure and cheap, a question to the database is a trip over the network. So
they are run with what is known; what they asked for and missed is looked up together, and they are
run again, until nothing is missing (`PostgresSource.settle`). A few trips answer a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kb.analysis import DEFAULT_LANGUAGE, fold, normalise, stem, tokens
from kb.index import IndexUnavailable
from kb.postgres_lookups import FIELDS, Lookups, Phrase, Weighed
from kb.query_plan import Plan
from kb.ranking import INTERNAL, PREFIX_EXPANSIONS
from kb.spelling import LONGEST, SHORTEST, Speller

#: Planning and ranking ask again for what first answers lead to; more often is a fault of ours.
MAX_TRIPS = 20
#: A word folded and stemmed by the database, by language and form: it never changes.
_KNOWN: dict[tuple[str, str], tuple[str, str]] = {}
_CACHED_WORDS = 50_000
_T = TypeVar("_T")
_Term = tuple[str, str]


@dataclass(slots=True)
class WordPostings:
    """The articles that hold one word, by ascending id."""

    ids: Sequence[int] = ()
    weights: Sequence[float] = ()
    members: frozenset[int] = frozenset()


_NONE = WordPostings()


@dataclass(slots=True)
class _Missing:
    """What was asked for and is not known yet."""

    counts: set[_Term] = field(default_factory=set)
    postings: set[_Term] = field(default_factory=set)
    prefixes: set[_Term] = field(default_factory=set)
    phrases: set[Phrase] = field(default_factory=set)
    corrections: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        asked = (self.counts, self.postings, self.prefixes, self.phrases, self.corrections)
        return any(asked)


class PostgresSource:
    """What the index says, remembered for one query.

    `words` is the text that is searched for. What the database makes of its words is asked first:
    `unaccent` and the stemmer of PostgreSQL differ from `kb.analysis` in a few.
    """

    def __init__(self, lookups: Lookups, words: str) -> None:
        self._lookups = lookups
        self._postings: dict[_Term, WordPostings] = {}
        self._counts: dict[_Term, int] = {}
        self._prefixes: dict[_Term, list[str]] = {}
        self._phrases: dict[Phrase, set[int]] = {}
        self._corrections: dict[str, str | None] = {}
        self._meant: dict[str, set[str]] = {}
        self._missing = _Missing()
        by_language = lookups.languages()
        self.doc_count = sum(by_language.values())
        self.languages = tuple(sorted(by_language)) or (DEFAULT_LANGUAGE,)
        folded = fold(normalise(words))
        self._forms = {form for token in tokens(folded) for form in token.forms}
        self._learn_stems(self._forms)

    def count_words(self) -> None:
        """Look up with the next question how common the words of the text are."""
        for form in self._forms:
            self._missing.counts.add(("exact", form))
            self._missing.counts.update(("stem", stem(form, lang)) for lang in self.languages)

    def settle(self, run: Callable[[], _T]) -> _T:
        """The result of `run` once everything it asks this source for is known."""
        for _ in range(MAX_TRIPS):
            if self._missing:
                missing, self._missing = self._missing, _Missing()
                self._look_up(missing)
            result = run()
            if not self._missing:
                return result
        raise IndexUnavailable("a ranking asks without an end")

    def expect(self, plan: Plan) -> None:
        """Look up with the next question what a ranking of this plan will ask for."""
        wanted: set[_Term] = set()
        for clause in plan.clauses:
            stems = {*clause.stems}
            for other in clause.alternatives:
                stems.update(one for word in other.words for one in word.stems)
            wanted.update((kind, word) for word in stems for kind in ("stem", "head"))
            wanted.update(("exact", word) for word in clause.exact)
        self._missing.postings.update(wanted - self._postings.keys())

    def frequency(self, field: str, word: str) -> int:
        """How many articles hold the word."""
        if (field, word) in self._postings:
            return len(self._postings[field, word].ids)
        if (field, word) not in self._counts:
            self._missing.counts.add((field, word))
        return self._counts.get((field, word), 0)

    def postings(self, field: str, word: str) -> WordPostings:
        """The articles that hold the word."""
        if (field, word) == ("audience", INTERNAL):
            return _NONE  # the look-ups have left them out already
        if (field, word) not in self._postings:
            self._missing.postings.add((field, word))
        return self._postings.get((field, word), _NONE)

    def expand(self, field: str, prefix: str) -> Iterable[str]:
        """The words of a field that begin so, in order."""
        if (field, prefix) not in self._prefixes:
            self._missing.prefixes.add((field, prefix))
        return self._prefixes.get((field, prefix), ())

    def phrase(self, words: Sequence[tuple[str, int]]) -> set[int]:
        """The articles where the words stand at these places relative to each other."""
        if tuple(words) not in self._phrases:
            self._missing.phrases.add(tuple(words))
        return self._phrases.get(tuple(words), set())

    def correct(self, word: str) -> str | None:
        """The word of an article that was probably meant by one nobody wrote."""
        if word not in self._corrections:
            self._missing.corrections.add(word)
        return self._corrections.get(word)

    def written(self, word: str) -> str:
        """How most articles write a folded word: with its accents."""
        found = self.expand("written", f"{word} ")
        forms = {form: self.frequency("written", form) for form in found}
        plain = self.frequency("exact", word) - sum(forms.values())
        best = max(forms, key=lambda form: (forms[form], form), default="")
        return best.partition(" ")[2] if best and forms[best] >= plain else word

    def details(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Slug and category of articles, by id."""
        return self._lookups.details(ids) if ids else {}

    def _look_up(self, missing: _Missing) -> None:
        self._learn_stems({word for kind, word in missing.postings if kind == "exact"})
        if missing.counts:
            # What else was asked may not matter any more once these are known.
            self._count(missing.counts)
            return
        for word in missing.corrections:
            self._corrections[word] = self._correct(word)
        for term in missing.prefixes:
            self._expand(*term)
        self._read({term for term in missing.postings if term[0] in FIELDS})
        for kind, word in missing.postings:
            if kind == "lang":
                ids = self._lookups.in_language(word)
                self._postings[kind, word] = WordPostings(ids, [1.0] * len(ids), frozenset(ids))
        for phrase in missing.phrases:
            self._phrases[phrase] = self._lookups.phrase(phrase)

    def _learn_stems(self, forms: set[str]) -> None:
        unknown = [form for form in forms if (self.languages[0], form) not in _KNOWN]
        if len(_KNOWN) + 3 * len(unknown) > _CACHED_WORDS:
            _KNOWN.clear()
            unknown = list(forms)
        for lang in self.languages if unknown else ():
            for form, folded, stemmed in self._lookups.stems(unknown, lang):
                _KNOWN[lang, form] = folded, stemmed
        for form in forms:
            for lang in self.languages:
                ours = stem(form, lang)
                folded, stemmed = _KNOWN.get((lang, form), (form, ours))
                if form != folded:
                    self._meant.setdefault(form, set()).add(folded)
                if ours != stemmed:
                    self._meant.setdefault(ours, set()).add(stemmed)

    def _count(self, terms: set[_Term]) -> None:
        found = self._lookups.counts(self._by_field(terms))
        for kind, word in terms:
            counts = (found.get((kind, one), 0) for one in self._all_meant([word]))
            self._counts[kind, word] = max(counts)

    def _read(self, terms: set[_Term]) -> None:
        found = self._lookups.postings(self._by_field(terms))
        for kind, word in terms:
            lists = [found[kind, one] for one in self._all_meant([word]) if (kind, one) in found]
            self._postings[kind, word] = _merged(lists)

    def _expand(self, kind: str, prefix: str) -> None:
        found = self._lookups.beginning(kind, prefix)
        self._counts.update({(kind, word): count for word, count in found.items()})
        self._prefixes[kind, prefix] = list(found)
        if kind != "written":
            frequent = sorted(found, key=lambda word: -found[word])[:PREFIX_EXPANSIONS]
            self._read({(kind, word) for word in frequent} - self._postings.keys())

    def _correct(self, word: str) -> str | None:
        if not (SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
            return None
        near = self._lookups.near(word)
        self._counts.update({("exact", one): count for one, count in near.items()})
        speller = Speller(lambda first: (one for one in near if one[0] == first), near.__getitem__)
        return speller.correct(word)

    def _by_field(self, terms: Iterable[_Term]) -> dict[str, list[str]]:
        result: dict[str, list[str]] = {}
        for kind, word in sorted(terms):
            result.setdefault(kind, []).append(word)
        return {kind: self._all_meant(words) for kind, words in result.items()}

    def _all_meant(self, words: Iterable[str]) -> list[str]:
        known: dict[str, None] = {}
        for word in words:
            known.update(dict.fromkeys((word, *self._meant.get(word, ()))))
        return list(known)


def _merged(lists: Sequence[Weighed]) -> WordPostings:
    if not lists:
        return _NONE
    ids, weights = lists[0]
    if len(lists) > 1:
        best: dict[int, float] = {}
        for numbers, heavy in lists:
            for number, weight in zip(numbers, heavy, strict=True):
                best[number] = max(weight, best.get(number, 0.0))
        ids = sorted(best)
        weights = [best[number] for number in ids]
    return WordPostings(ids, weights, frozenset(ids))
