"""Published articles as the index takes them, and the version it should know of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Row, Select, select

from core.db import db
from kb.index import Document
from kb.learning.queries import generations, hidden_words
from kb.lifecycle import Audience
from kb.models import Article, Category
from kb.policy import version_of
from kb.queries import is_published

#: Articles read from the database at a time when a whole index is built.
DOCUMENTS_AT_A_TIME = 500
#: What a version is made of; columns, not articles: nothing read before may stand for them.
_STATE = (
    Article.id,
    Article.revision,
    Category.slug.label("shelf"),
    Article.published_at,
    Article.slug,
    Article.audience,
)
_TEXTS = (Article.lang, Article.title, Article.summary, Article.tags, Article.plain)


def documents(ids: Iterable[int] | None = None) -> Iterator[Document]:
    """Published articles as the index takes them: all, or those among `ids`."""
    wanted = sorted(versions() if ids is None else ids)
    for start in range(0, len(wanted), DOCUMENTS_AT_A_TIME):
        part = wanted[start : start + DOCUMENTS_AT_A_TIME]
        # The number first: words that change meanwhile bring the article here again.
        learned, hidden = generations(), hidden_words(part)
        for row in db.session.execute(_published(*_STATE, *_TEXTS).where(Article.id.in_(part))):
            yield Document(
                article_id=row.id,
                slug=row.slug,
                lang=row.lang,
                category=row.shelf,
                title=row.title,
                summary=row.summary,
                tags=tuple(row.tags),
                body=row.plain,
                version=_version(row, learned),
                hidden=hidden.get(row.id, ()),
                internal=row.audience != Audience.EVERYBODY,
            )


def versions() -> dict[int, str]:
    """The version of every published article, as the index should know it, by id."""
    learned = generations()
    return {row.id: _version(row, learned) for row in db.session.execute(_published(*_STATE))}


def _published(*columns: Any) -> Select[Any]:
    shelved = select(*columns).join(Category, Category.id == Article.category_id)
    return shelved.where(is_published(internal=True))


def _version(row: Row[Any], learned: Mapping[int, int]) -> str:
    return version_of(
        row.revision,
        row.shelf,
        row.published_at,
        slug=row.slug,
        internal=row.audience != Audience.EVERYBODY,
        learned=learned.get(row.id, 0),
    )
