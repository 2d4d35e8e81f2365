"""Words that stand for one another, as a query looks them up: pure.

A group is what an editor writes: words or short phrases that mean the same here. Phrases are
compared by their stems without stop words, so «se cuelga» also meets «se cuelgan».
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kb.analysis import fold, is_stop, known_language, normalise, stem, tokens

#: A longer phrase is a sentence: it would never meet what somebody types.
MAX_PHRASE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Words or short phrases. `one_way`: whoever looks for the first finds the others too, and
    not the other way round."""

    phrases: tuple[str, ...]
    lang: str = "es"
    one_way: bool = False


#: Alone they say nothing: «ya no está» is no synonym of every «no».
_PRONOUNS = frozenset({"me", "nos", "se", "te", "it", "my"})
#: With a word beside them they are another problem; alone they are in every article.
DENIALS = frozenset({"no", "sin", "not", "without"})

#: The words of a phrase, folded, without stop words.
Phrase = tuple[str, ...]
_Key = tuple[str, ...]


class Vocabulary:
    """All groups, by the stems of their phrases."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self._as_written: dict[Phrase, dict[Phrase, None]] = {}
        self._by_stem: dict[str, dict[_Key, dict[Phrase, None]]] = {}
        self._words: set[str] = set()
        for group in groups:
            self._take(group)

    def _take(self, group: Group) -> None:
        lang = known_language(group.lang)
        phrases = list(dict.fromkeys(filter(None, (words_of(p, lang) for p in group.phrases))))
        table = self._by_stem.setdefault(lang, {})
        for phrase in phrases[:1] if group.one_way else phrases:
            key = _key(phrase, lang)
            if len(key) <= MAX_PHRASE_WORDS:
                others = [other for other in phrases if not set(key) <= set(_key(other, lang))]
                table.setdefault(key, {}).update(dict.fromkeys(others))
                self._as_written.setdefault(phrase, {}).update(dict.fromkeys(others))
        self._words.update(word for phrase in phrases for word in phrase)

    def others(self, words: Sequence[str]) -> list[Phrase]:
        """What else may be said for these folded words, which stand together in a query. Groups
        that hold them as written go before those that hold other forms of them: «cargo» is
        money, «cargar» is not."""
        written = self._as_written.get(tuple(words))
        if written is not None:
            return list(written)
        found: dict[Phrase, None] = {}
        for lang, table in self._by_stem.items():
            found.update(table.get(_key(words, lang), {}))
        return list(found)

    def knows(self, word: str) -> bool:
        """Whether a folded word is in some group: then it is no mistake."""
        return word in self._words


def words_of(phrase: str, lang: str) -> Phrase:
    """The words of a phrase that carry meaning. Empty when none does, and when one is left
    alone that means something else by itself: «en línea» is not every «línea»."""
    found = [token.word for token in tokens(fold(normalise(phrase)))]
    words = tuple(word for word in found if not is_stop(word, lang))
    dropped = set(found) - set(words) - _PRONOUNS
    return () if set(words) <= DENIALS or (len(words) == 1 and dropped) else words


def _key(words: Sequence[str], lang: str) -> _Key:
    return tuple(stem(word, lang) for word in words)


@cache
def nothing() -> Vocabulary:
    """A vocabulary without groups."""
    return Vocabulary()
