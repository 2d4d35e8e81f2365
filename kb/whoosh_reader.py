"""One generation of the Whoosh index, open for reading: the `PostingSource` of a ranking.

Whoosh is not imported here; the reader comes in open.
"""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kb.analysis import DEFAULT_LANGUAGE
from kb.index import Hit, Results
from kb.ranking import Ranking
from kb.spelling import Speller

#: What queries asked for stays in memory: so many postings, of 8 bytes and a set entry each.
_CACHED_POSTINGS = 500_000
_CACHED_FREQUENCIES = 50_000

_Term = tuple[str, str]


class WordPostings:
    """The articles that hold one word, by ascending document number."""

    __slots__ = ("_members", "ids", "weights")

    def __init__(self) -> None:
        self.ids = array("I")
        self.weights = array("f")
        self._members: frozenset[int] | None = None

    @property
    def members(self) -> frozenset[int]:
        """The document numbers as a set, made when first asked for."""
        if self._members is None:
            self._members = frozenset(self.ids)
        return self._members


class Snapshot:
    """One generation of the index, open for reading, with what queries asked of it before.

    Not thread-safe: the readers of Whoosh share one file position. `WhooshIndex` holds a lock.
    """

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.leaves: list[tuple[Any, int]] = list(reader.leaf_readers())
        self.doc_count = int(reader.doc_count())
        self.languages = tuple(self.expand("lang", "")) or (DEFAULT_LANGUAGE,)
        self._postings: OrderedDict[_Term, WordPostings] = OrderedDict()
        self._held = 0
        self._frequencies: dict[_Term, int] = {}
        self._categories: dict[int, str] | None = None
        self._speller = Speller(
            lambda first: self.expand("exact", first), lambda word: self.frequency("exact", word)
        )

    def close(self) -> None:
        """Let the files go."""
        self.reader.close()

    def frequency(self, field: str, word: str) -> int:
        """How many articles hold the word (until segments merge, also former texts of them)."""
        term = (field, word)
        if term not in self._frequencies:
            if len(self._frequencies) >= _CACHED_FREQUENCIES:
                self._frequencies.clear()
            self._frequencies[term] = int(self.reader.doc_frequency(field, word.encode()))
        return self._frequencies[term]

    def postings(self, field: str, word: str) -> WordPostings:
        """The articles that hold the word. The most recently used stay in memory."""
        term = (field, word)
        found = self._postings.get(term)
        if found is None:
            found = self._postings[term] = self._read(field, word)
            self._held += len(found.ids)
            while self._held > _CACHED_POSTINGS and len(self._postings) > 1:
                self._held -= len(self._postings.popitem(last=False)[1].ids)
        else:
            self._postings.move_to_end(term)
        return found

    def _read(self, field: str, word: str) -> WordPostings:
        result = WordPostings()
        add_id, add_weight = result.ids.append, result.weights.append
        for matcher, offset in self._matchers(field, word):
            current, weigh, step, active = (
                matcher.id,
                matcher.weight,
                matcher.next,
                matcher.is_active,
            )
            while active():
                add_id(current() + offset)
                add_weight(weigh())
                step()
        return result

    def _matchers(self, field: str, word: str) -> Iterator[tuple[Any, int]]:
        for leaf, offset in self.leaves:
            if (field, word.encode()) in leaf:
                yield leaf.postings(field, word.encode()), offset

    def expand(self, field: str, prefix: str) -> Iterator[str]:
        """The words of a field that begin so, in order."""
        if self.doc_count:
            for word in self.reader.expand_prefix(field, prefix.encode()):
                yield word.decode()

    def phrase(self, words: Sequence[tuple[str, int]]) -> set[int]:
        """The articles where the words stand at these places relative to each other."""
        common = frozenset.intersection(*(self.postings("exact", w).members for w, _ in words))
        starts: dict[int, set[int]] = {}
        for word, place in words if common else ():
            for matcher, offset in self._matchers("exact", word):
                while matcher.is_active():
                    number = matcher.id() + offset
                    if number in common:
                        here = {at - place for at in matcher.value_as("positions")}
                        starts[number] = starts[number] & here if number in starts else here
                    matcher.next()
        return {number for number, left in starts.items() if left}

    def correct(self, word: str) -> str | None:
        """The word of an article that was probably meant by one nobody wrote."""
        return self._speller.correct(word) if self.doc_count else None

    def written(self, word: str) -> str:
        """How most articles write a folded word: with its accents."""
        forms = {
            form.partition(" ")[2]: self.frequency("written", form)
            for form in self.expand("written", f"{word} ")
        }
        plain = self.frequency("exact", word) - sum(forms.values())
        return (
            max(forms, key=lambda form: (forms[form], form), default=word)
            if (forms and max(forms.values()) >= plain)
            else word
        )

    def categories(self) -> dict[int, str]:
        """The category of every article, by document number."""
        if self._categories is None:
            self._categories = {
                number: name
                for name in self.expand("category", "")
                for number in self.postings("category", name).ids
            }
        return self._categories

    def hits(self, scored: Iterable[tuple[int, float]]) -> list[Hit]:
        """Document numbers as articles."""
        stored = ((self.reader.stored_fields(number), score) for number, score in scored)
        return [Hit(int(kept["article"]), kept["slug"], score) for kept, score in stored]

    def page(self, ranking: Ranking, category: str | None, offset: int, limit: int) -> Results:
        """One page of a ranking, of one category or of all, with the counts of every category."""
        categories = self.categories()
        counts = Counter(categories[number] for number, _ in ranking.scored)
        listed = ranking.scored
        if category is not None:
            listed = [pair for pair in listed if categories[pair[0]] == category]
        start = max(0, offset)
        hits = self.hits(listed[start : start + max(0, limit)])
        whole = sum(number in ranking.whole for number, _ in listed)
        return Results(hits, len(listed), dict(counts), ranking.complete, whole)
