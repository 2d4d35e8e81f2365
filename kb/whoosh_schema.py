"""What the Whoosh index holds of an article: words analysed and weighed before they come here."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import whoosh
from whoosh import fields, formats

from kb.analysis import ANALYSIS_VERSION, known_language
from kb.impacts import impacts_of
from kb.index import Document
from kb.ranking import INTERNAL

#: Changes whenever the fields or their weights change: an index with another number is rebuilt.
SCHEMA_VERSION = 3
STAMP: dict[str, str | int] = {
    "schema": SCHEMA_VERSION,
    "analysis": ANALYSIS_VERSION,
    "engine": whoosh.versionstring(),
}


class WeightedWords(fields.FieldType):
    """A field that takes words already analysed and weighed: {word: (weight, places or None)}."""

    def __init__(self, with_places: bool = False) -> None:
        super().__init__(formats.Positions() if with_places else formats.Existence(), None)  # type: ignore[arg-type]

    def index(
        self, value: Any, **_options: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        encode: Callable[[Any], bytes] = self.format.encode  # type: ignore[union-attr]
        for word, (weight, places) in value.items():
            yield word.encode(), len(places) if places else 1, weight, encode(places)


def schema() -> fields.Schema:
    """The fields; words and weights come in as `entry` makes them."""
    return fields.Schema(
        article=fields.ID(stored=True, unique=True),
        slug=fields.STORED(),
        version=fields.STORED(),
        category=fields.ID(),
        lang=fields.ID(),
        audience=fields.ID(),
        stem=WeightedWords(),
        exact=WeightedWords(with_places=True),
        title=WeightedWords(),
        head=WeightedWords(),
        written=WeightedWords(),
    )


def entry(document: Document) -> dict[str, Any]:
    """A document as Whoosh's writers take it."""
    impacts = impacts_of(document)
    return {
        "article": str(document.article_id),
        "slug": document.slug,
        "version": document.version,
        "category": document.category,
        "lang": known_language(document.lang),
        "audience": INTERNAL if document.internal else "everybody",
        "stem": {word: (weight, None) for word, weight in impacts.stems.items()},
        "exact": {word: (w, impacts.places[word]) for word, w in impacts.words.items()},
        "title": {word: (weight, None) for word, weight in impacts.title.items()},
        "head": dict.fromkeys(impacts.head, (1.0, None)),
        "written": dict.fromkeys(impacts.written, (1.0, None)),
    }
