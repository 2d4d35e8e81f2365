"""What each word of an article weighs, computed once when the article is indexed: pure.

BM25 (Robertson and Zaragoza, 2009) without its idf, zone by zone and summed: a zone saturates on
its own, so a word in the title counts whatever the body repeats. Usual lengths are constants, not
averages of the index: an article's weights never depend on its neighbours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from kb.analysis import MAX_WORD, fold, is_stop, known_language, normalise, stem, tokens
from kb.index import Document

K1 = 1.2
#: Words of two zones never stand together.
ZONE_GAP = 100


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of an article: weight, usual length in words, how much length matters (b)."""

    weight: float
    usual_length: float
    length_share: float


TITLE = Zone(weight=1.5, usual_length=5, length_share=0.5)
SUMMARY = Zone(weight=1.0, usual_length=15, length_share=0.5)
TAGS = Zone(weight=0.5, usual_length=5, length_share=0.5)
BODY = Zone(weight=1.0, usual_length=300, length_share=0.75)
#: What readers said: it helps to find an article, it never outweighs what one says itself.
HIDDEN = Zone(weight=0.5, usual_length=10, length_share=0.5)


@dataclass(slots=True)
class Impacts:
    """Weights of stems, of written words, of the title's written words; the title's stems;
    places of written words; words with accents, each as «contrasena contraseña»."""

    stems: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    title: dict[str, float] = field(default_factory=dict)
    head: frozenset[str] = frozenset()
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    written: set[str] = field(default_factory=set)


def impacts_of(document: Document) -> Impacts:
    """The weights of a document's words, analysed in the document's language."""
    lang = known_language(document.lang)
    result = Impacts()
    place = 0
    for zone, text in (
        (TITLE, document.title),
        (SUMMARY, document.summary),
        (TAGS, "\n".join(document.tags)),
        (BODY, document.body),
        (HIDDEN, "\n".join(document.hidden)),
    ):
        counts, place = _count(text, lang, place, result)
        place += ZONE_GAP
        length = counts.total()
        weights = {word: _weight(zone, count, length) for word, count in counts.items()}
        _add(result.words, weights)
        stems: Counter[str] = Counter()
        for word, count in counts.items():
            stems[stem(word, lang)] += count
        _add(result.stems, {word: _weight(zone, count, length) for word, count in stems.items()})
        if zone is TITLE:
            result.title = weights
            result.head = frozenset(stems)
    return result


def _count(text: str, lang: str, place: int, result: Impacts) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    text = normalise(text)
    for token in tokens(fold(text)):
        if not is_stop(token.word, lang):
            for form in token.forms:
                counts[form] += 1
                result.places[form].append(place)
            as_written = text[token.start : token.end].lower()
            if as_written != token.word and as_written.isalpha() and len(token.word) < MAX_WORD:
                result.written.add(f"{token.word} {as_written}")
        place += 1
    return counts, place


def _weight(zone: Zone, count: int, length: int) -> float:
    share = zone.length_share
    norm = K1 * (1 - share + share * length / zone.usual_length)
    return zone.weight * count * (K1 + 1) / (count + norm)


def _add(total: dict[str, float], weights: dict[str, float]) -> None:
    for word, weight in weights.items():
        total[word] = total.get(word, 0.0) + weight
