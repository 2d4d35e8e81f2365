"""Search as pages, tickets and commands use it: the index finds, the database decides.

    article_index()                              the port (`kb.index.ArticleIndex`) of this site
    search_page(text, category, page)            one page of results, ready to show
    completions(text)                            articles while somebody types
    suggest_articles(subject, description)       articles that may answer a ticket
    related_articles(article)                    what to read after an article

Title, text and visibility of every hit are read again from the database, so an index that lags
never shows what was withdrawn. Where the index cannot answer, results come from a plain database
search, suggestions are none, and a rebuild is asked for. Everything here needs an app context.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import cast

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup

from kb import queries
from kb.analysis import fold, is_stop, tokens
from kb.index import (
    MAX_QUERY_TERMS,
    ArticleIndex,
    Correction,
    Hit,
    IndexSlow,
    IndexUnavailable,
    Results,
)
from kb.lifecycle import Audience
from kb.models import Article, Category
from kb.related.queries import chosen_ids
from kb.rewording import Proposal, as_typed, broader, respelled
from kb.snippets import Passage, Pieces, mark, passage, pieces
from kb.translations.queries import once, original_id

log = logging.getLogger(__name__)
#: Where the generation that failed is noted, among the extensions of the app.
FAILED = "article_index_failed"
PAGE_SIZE = 10
#: Results further down are not shown: nobody reads them, and a robot should not.
MAX_PAGES = 50
COMPLETIONS = 8
RELATED = 4
#: Characters of a suggestion's passage.
SUGGESTION_LENGTH = 180


@dataclass(frozen=True)
class Found:
    """A result: the article (with its category), its title and passage with the words marked;
    `whole`: it holds every word of the query, not in passing."""

    article: Article
    title: Pieces
    passage: Pieces
    whole: bool = True


@dataclass(frozen=True)
class SearchPage:
    """One page of results, those with every word of the query first.

    `by_category` counts every category's, the most first; `whole` those with every word;
    `shortened` where the query was longer than is looked up. `total` is never more than pages can
    show. `corrections` are words read otherwise, `meant` is the query as it may be meant.
    """

    items: Sequence[Found] = ()
    total: int = 0
    by_category: Sequence[tuple[Category, int]] = ()
    whole: int = 0
    shortened: bool = False
    corrections: Sequence[Correction] = ()
    meant: str = ""


@dataclass(frozen=True)
class Suggestion:
    """An article that may answer a ticket. `html` is rendered when it is first asked for."""

    article_id: int
    slug: str
    title: str
    summary: str
    category: str
    passage: Passage
    internal: bool
    _body: str = field(repr=False)

    @cached_property
    def html(self) -> Markup:
        """The whole answer as safe HTML, to be read in place."""
        return queries.rendered(self._body).html

    @property
    def line(self) -> str:
        """One line that says what the article is about."""
        return self.summary or self.passage.text


def article_index() -> ArticleIndex:
    """The index of the running site."""
    return cast(ArticleIndex, current_app.extensions["article_index"])


def _reads() -> str:
    """The language of whoever asks; Spanish where nobody does (commands)."""
    locale = get_locale()
    return locale.language if locale else "es"


def search_page(
    text: str, category: Category | None = None, page: int = 1, *, internal: bool = False
) -> SearchPage:
    """Page `page` (from 1) of the articles that answer `text`, in `category` alone if given.

    `text` is one clean line, at most `kb.index.MAX_QUERY_CHARS` long. Beyond the end there are
    no items. `internal` is whether the reader may see articles for staff alone.
    """
    shown = min(page, MAX_PAGES + 1)
    start = (shown - 1) * PAGE_SIZE
    results = _results(text, category.slug if category else None, start, internal)
    whole = results.total if results.complete else results.whole
    ids = [hit.article_id for hit in results.hits]
    articles = queries.published_by_ids(ids, plain=True, internal=internal)
    items = [
        _found(articles[hit.article_id], text, results.also, place < whole)
        for place, hit in enumerate(results.hits, start)
        if hit.article_id in articles
    ]
    hidden = len(results.hits) - len(items)
    shelves = queries.filled_categories(results.by_category, internal=internal)
    counted = [(shelves[s], n) for s, n in results.by_category.items() if s in shelves]
    total = min(results.total - hidden, MAX_PAGES * PAGE_SIZE) if shown <= MAX_PAGES else 0
    doubts = [one for one in results.corrections if not one.applied]
    return SearchPage(
        items=items,
        total=total,
        by_category=sorted(counted, key=lambda pair: (-pair[1], pair[0].name)),
        whole=whole,
        shortened=_telling_words(text) > MAX_QUERY_TERMS,
        corrections=as_typed(text, [one for one in results.corrections if one.applied]),
        meant=respelled(text, doubts),
    )


def proposals(text: str) -> list[Proposal]:
    """Searches with fewer words that find something, for one that found nothing."""
    try:
        return broader(text, article_index(), _reads())
    except IndexUnavailable as error:
        _note_failure(error)
        return []


def found_articles(text: str, limit: int) -> list[Article]:
    """The first published articles for a search, with their category."""
    try:
        return _visible(article_index().search(text, limit=limit, lang=_reads()).hits, False)
    except IndexUnavailable as error:
        _note_failure(error)
        return []


def completions(text: str, *, internal: bool = False) -> list[Article]:
    """Published articles for what somebody is typing, with their category; at most eight."""
    try:
        hits = article_index().complete(text, COMPLETIONS, lang=_reads(), internal=internal)
    except IndexUnavailable as error:
        _note_failure(error)
        hits = queries.search_database(text, limit=COMPLETIONS, internal=internal).hits
    return _visible(hits, internal)


def suggest_articles(
    subject: str, description: str, limit: int = 5, *, internal: bool = False
) -> list[Suggestion]:
    """Articles that may answer a ticket, the likeliest first; none rather than far-fetched ones."""
    hits = _suggested(subject, description, limit, internal)
    ids = [hit.article_id for hit in hits]
    articles = queries.published_by_ids(ids, plain=True, body=True, internal=internal)
    words = f"{subject} {description}"
    return [
        Suggestion(
            article_id=article.id,
            slug=article.slug,
            title=article.title,
            summary=article.summary,
            category=article.category.name,
            passage=passage(article.plain, words, article.lang, length=SUGGESTION_LENGTH),
            internal=article.audience != Audience.EVERYBODY,
            _body=article.body,
        )
        for article in once([articles[i] for i in ids if i in articles], _reads())
    ]


def suggested_hits(subject: str, description: str, limit: int) -> list[Hit]:
    """The ranking behind `suggest_articles`, for evaluation. Raises IndexUnavailable."""
    return article_index().suggest(subject, description, limit=limit, lang=_reads())


def related_articles(article: Article, *, internal: bool = False) -> list[Article]:
    """At most four other published articles: those an editor chose, then those about the same
    thing, its category's first, then the most helpful of its category."""
    chosen = chosen_ids(article.id)
    likely = _likely_related(_present_generation(), article.title, article.summary, internal)
    beside = queries.most_helpful_beside(article, RELATED, internal=internal)
    known = queries.published_by_ids([*chosen, *likely, *beside], internal=internal)
    known = {i: one for i, one in known.items() if original_id(one) != original_id(article)}
    same = [known[i] for i in likely if i in known and known[i].category_id == article.category_id]
    others = [known[i] for i in likely if i in known and known[i] not in same]
    filling = [known[i] for i in beside if i in known]
    first = [known[i] for i in chosen if i in known]
    return list(dict.fromkeys([*first, *same, *others[:1], *filling, *others[1:]]))[:RELATED]


def forget() -> None:
    """Drop what this process remembers of articles; for tests that change the world at once."""
    queries.rendered.cache_clear()
    _likely_related.cache_clear()


def _results(text: str, category: str | None, offset: int, internal: bool) -> Results:
    try:
        return article_index().search(
            text,
            category=category,
            offset=offset,
            limit=PAGE_SIZE,
            lang=_reads(),
            internal=internal,
        )
    except IndexUnavailable as error:
        _note_failure(error)
        return queries.search_database(
            text, category, offset=offset, limit=PAGE_SIZE, internal=internal
        )


def _suggested(subject: str, description: str, limit: int, internal: bool = False) -> list[Hit]:
    try:
        return article_index().suggest(
            subject, description, limit=limit, lang=_reads(), internal=internal
        )
    except IndexUnavailable as error:
        _note_failure(error)
        return []


@lru_cache(maxsize=1024)
def _likely_related(generation: str, title: str, summary: str, internal: bool) -> tuple[int, ...]:
    if not generation:
        return ()
    return tuple(hit.article_id for hit in _suggested(title, summary, 2 * RELATED, internal))


def _present_generation() -> str:
    try:
        return article_index().generation()
    except IndexUnavailable:
        return ""


def _note_failure(error: IndexUnavailable) -> None:
    """Leave word that the index failed a reader. The rows of the page are being read now, so a
    rebuild is asked for when its answer is ready, see `kb.views`."""
    log.warning("the article index cannot answer: %s", error)
    if isinstance(error, IndexSlow):
        return
    current_app.extensions[FAILED] = _present_generation()


def _found(article: Article, text: str, also: tuple[str, ...], whole: bool) -> Found:
    best = passage(article.plain, text, article.lang, also=also)
    cut = pieces(best.text, best.spans)
    if best.cut_start:
        cut.insert(0, ("… ", False))
    if best.cut_end:
        cut.append((" …", False))
    title = pieces(article.title, mark(article.title, text, article.lang, also=also))
    return Found(article, title, cut, whole)


def _visible(hits: Sequence[Hit], internal: bool) -> list[Article]:
    ids = [hit.article_id for hit in hits]
    articles = queries.published_by_ids(ids, internal=internal)
    return once([articles[i] for i in ids if i in articles], _reads())


def _telling_words(text: str) -> int:
    return len({token.word for token in tokens(fold(text)) if not is_stop(token.word)})
