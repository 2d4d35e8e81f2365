"""The search port: what the site asks of an article index, whichever engine answers.

An index is derived from the database. It returns article ids in order; title, text and
visibility are read again from the database, so an index that lags can never show hidden text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

#: What `search` reads of a query; a form should refuse longer text before it comes here.
MAX_QUERY_CHARS = 200
MAX_QUERY_TERMS = 12
#: What `suggest` reads of subject and description together.
MAX_TICKET_CHARS = 5_000
#: Fewer articles with all the words than this, and articles with some of them join in.
ENOUGH_COMPLETE_HITS = 3


class IndexUnavailable(Exception):
    """The index is missing, damaged or of another version: use the database, plan a rebuild."""


class IndexBusy(IndexUnavailable):
    """Another writer holds the index: try the same change again later."""


class IndexSlow(IndexUnavailable):
    """One answer took too long; the index is whole, and a rebuild would change nothing."""


@dataclass(frozen=True, slots=True)
class Document:
    """One published article as the index takes it.

    `body` is plain text, without markup. `lang` is `es` or `en` and chooses the analyser.
    `hidden` are words readers used for it that it does not say. `internal`: for staff alone.
    `version` is any text that changes with the article; `ArticleIndex.versions` returns it.
    """

    article_id: int
    slug: str
    lang: str
    category: str
    title: str
    summary: str
    tags: tuple[str, ...]
    body: str
    version: str
    hidden: tuple[str, ...] = ()
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found. Scores order the hits of one query; they compare with nothing else."""

    article_id: int
    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query and what was probably meant: `typed` folded, `meant` with its accents.

    `applied`: no article knows the word as typed, so what was meant was looked for. Otherwise
    the word was looked for, and what was meant is worth offering.
    """

    typed: str
    meant: str
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits and what is known of the rest.

    `total` counts the hits in the chosen category; `by_category` counts those of every category,
    chosen or not. `complete` is False when some hits hold only some of the words; `whole` counts
    those that hold all of them, in the chosen category: they come first. `corrections` are words
    read otherwise, `also` the folded words that were looked up beside those of the query.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    whole: int = 0
    corrections: tuple[Correction, ...] = ()
    also: tuple[str, ...] = ()


class ArticleIndex(Protocol):
    """Search and its upkeep. Every method may raise `IndexUnavailable`, except `healthy`.

    `lang` is the reader's language: articles in it go before those in another that fit as well.
    `internal` is whether articles for staff alone may be among the results.
    """

    def search(
        self,
        text: str,
        *,
        category: str | None = None,
        offset: int = 0,
        limit: int = 10,
        lang: str = "es",
        internal: bool = False,
    ) -> Results:
        """Articles for the words of a search box, those with all the words first.

        Words in double quotes must stand together. Nothing else in `text` has a meaning.
        """
        ...

    def suggest(
        self,
        subject: str,
        description: str,
        *,
        limit: int = 5,
        lang: str = "es",
        internal: bool = False,
    ) -> list[Hit]:
        """Articles that may answer a ticket; none rather than far-fetched ones."""
        ...

    def complete(
        self, prefix_text: str, limit: int = 8, *, lang: str = "es", internal: bool = False
    ) -> list[Hit]:
        """Articles while somebody types: the last word may be unfinished."""
        ...

    def apply(self, upserts: Sequence[Document], deletes: Sequence[int]) -> None:
        """Put articles in (replacing their former text) and take articles out, in one commit.

        Applying the same change twice is harmless. Raises `IndexBusy`.
        """
        ...

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Build the whole index anew and switch it in at once; return how many articles.

        Until the switch the former index answers. Raises `IndexBusy`.
        """
        ...

    def versions(self) -> dict[int, str]:
        """The version of every article in the index, by article id."""
        ...

    def generation(self) -> str:
        """A text that changes with every change of the index."""
        ...

    def healthy(self) -> bool:
        """Whether the index can answer and is of this program's version; never raises."""
        ...
