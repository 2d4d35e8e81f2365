"""What else may be said for the words of a query: synonyms, corrected spellings. Pure.

The shares were measured, see docs/search.md: what a synonym weighs against the word itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from kb.names import NAMES
from kb.query_plan import Alternative, Clause, WordSource, alternative_of
from kb.vocabulary import MAX_PHRASE_WORDS, Phrase, Vocabulary

#: What a synonym weighs in a search and in a ticket text, and what a corrected spelling does.
SYNONYM_SHARE = 0.6
SUGGEST_SYNONYM_SHARE = 0.8
SPELLING_SHARE = 0.8
#: So many synonyms of one word are looked up, and so many words of one query are corrected.
MAX_SYNONYMS = 8
MAX_CORRECTIONS = 3
#: An unknown word is cut into halves no shorter than this, and none longer than that is cut.
SHORTEST_HALF, LONGEST_JOINED = 3, 24
#: A word that nobody wrote whose stem so few articles hold may still be a slip, of a word that
#: so many times as many hold. One that somebody wrote is only doubted for a far commoner one.
RARE, COMMON, FAR_COMMONER = 2, 10, 50


class Widener:
    """Widens clauses for one query and keeps what it corrected, as (word, meant) pairs.

    `exempt` are words that are never corrected: parts of addresses and file names.
    """

    def __init__(
        self,
        source: WordSource,
        vocabulary: Vocabulary,
        share: float,
        exempt: Collection[str] = (),
    ) -> None:
        self._source = source
        self._vocabulary = vocabulary
        self._share = share
        self._exempt = frozenset(exempt)
        self.corrections: dict[str, str] = {}

    def widened(self, clause: Clause) -> Clause:
        """The clause with its alternatives. Parts of compounds stay as they are."""
        if clause.optional or len(clause.exact) > 1:
            return clause
        form = clause.exact[0]
        meant = self._meant(clause)
        if meant is not None:
            self.corrections[form] = meant
            found = [self._alternative((meant,), SPELLING_SHARE)]
            found += self._synonyms((meant,), SPELLING_SHARE)
        else:
            found = [*self._halves(clause), *self._synonyms((form,))]
        return replace(clause, alternatives=tuple(found)) if found else clause

    def phrases(self, forms: Sequence[str]) -> Iterator[tuple[range, tuple[Alternative, ...]]]:
        """What may be said for words that stand together, and their places in `forms`."""
        forms = [self.corrections.get(form, form) for form in forms]
        for length in range(2, MAX_PHRASE_WORDS + 1):
            for start in range(len(forms) - length + 1):
                others = self._synonyms(forms[start : start + length])
                if others:
                    yield range(start, start + length), tuple(others)

    def doubts(self, clauses: Sequence[Clause]) -> Iterator[tuple[str, str]]:
        """Words that hardly any article has, each with a far commoner one that is near."""
        for clause in clauses:
            form = clause.exact[0]
            known = self._source.frequency("exact", form)
            if 0 < known <= RARE and self._may_be_wrong(form):
                meant = self._source.correct(form)
                if meant and self._source.frequency("exact", meant) >= FAR_COMMONER * known:
                    yield form, meant

    def _may_be_wrong(self, form: str) -> bool:
        if form in NAMES or form in self._exempt:
            return False
        return not self._vocabulary.knows(form)

    def _meant(self, clause: Clause) -> str | None:
        """What was meant by a word nobody wrote. Its stem may be known all the same, from as
        rare a slip of an author: then what was meant is far commoner."""
        form = clause.exact[0]
        if len(self.corrections) >= MAX_CORRECTIONS or not self._may_be_wrong(form):
            return None
        if self._source.frequency("exact", form):
            return None
        known = max(self._source.frequency("stem", word) for word in clause.stems)
        if known > RARE:
            return None
        meant = self._source.correct(form)
        if meant and known and self._source.frequency("exact", meant) < COMMON * known:
            return None
        return meant

    def _halves(self, clause: Clause) -> list[Alternative]:
        """One unknown word that articles write as two: «paginaweb»."""
        word, frequency = clause.exact[0], self._source.frequency
        if len(word) > LONGEST_JOINED or not self._may_be_wrong(word):
            return []
        if not word.isalpha() or any(frequency("stem", one) for one in clause.stems):
            return []
        places = range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)
        commonness = {
            (word[:at], word[at:]): min(
                frequency("exact", word[:at]), frequency("exact", word[at:])
            )
            for at in places
        }
        best = max(commonness, key=lambda cut: commonness[cut], default=None)
        if best is None or not commonness[best]:
            return []
        return [self._alternative(best, SPELLING_SHARE)]

    def _synonyms(self, words: Sequence[str], share: float = 1.0) -> list[Alternative]:
        known = (other for other in self._vocabulary.others(words) if self._is_known(other))
        return [
            self._alternative(other, share * self._share) for other in islice(known, MAX_SYNONYMS)
        ]

    def _is_known(self, phrase: Phrase) -> bool:
        alternative = self._alternative(phrase, 1.0)
        return all(
            any(self._source.frequency("stem", one) for one in word.stems)
            for word in alternative.words
        )

    def _alternative(self, words: Sequence[str], share: float) -> Alternative:
        return alternative_of(words, self._source.languages, share)
