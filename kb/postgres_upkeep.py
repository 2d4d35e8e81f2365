"""Writing the index inside PostgreSQL, and what tells whether it can answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select, text

from kb.analysis import known_language
from kb.index import Document, IndexUnavailable
from kb.postgres_schema import require_rights, stamp
from kb.postgres_tables import ARTICLES, POSTINGS, STATE

#: Advisory lock of whoever builds the index anew.
_BUILD_LOCK = 7_390_055
PUT = text(
    "SELECT article_search.put(:id, :slug, :lang, :category, :internal, :version, :title,"
    " :summary, :tags, :body, :hidden, :since)"
)


def row(document: Document) -> dict[str, Any]:
    """A document as `PUT` takes it."""
    return {
        "id": document.article_id,
        "slug": document.slug,
        "lang": known_language(document.lang),
        "category": document.category,
        "internal": document.internal,
        "version": document.version,
        "title": document.title,
        "summary": document.summary,
        "tags": "\n".join(document.tags),
        "body": document.body,
        "hidden": "\n".join(document.hidden),
        "since": None,
    }


def take_out(connection: Connection, ids: Sequence[int]) -> None:
    """Remove articles from the index."""
    for table in (ARTICLES, POSTINGS):
        connection.execute(delete(table).where(table.c.article_id.in_(sorted(ids))))


def surplus(connection: Connection, kept: Sequence[int], since: int) -> list[int]:
    """The articles that are in the index and were not among those it was built of."""
    # What came in while the rest was built is no surplus.
    known = connection.execute(select(ARTICLES.c.article_id, ARTICLES.c.stamp))
    wanted = set(kept)
    return [key for key, at in known if key not in wanted and at <= since]


def stamp_of(connection: Connection) -> str | None:
    """The version of the index that is there; of one that was never filled too."""
    there = connection.scalar(text("SELECT to_regclass('article_search.state') IS NOT NULL"))
    return connection.scalar(select(STATE.c.stamp)) if there else None


def require_stamp(connection: Connection) -> None:
    """Raises IndexUnavailable, or NotAllowed where the index could not even be made."""
    if stamp_of(connection) != stamp():
        require_rights(connection)
        raise IndexUnavailable("the index inside PostgreSQL is missing or of another version")


def has_trigger(connection: Connection) -> bool:
    """Whether the table of articles is followed."""
    query = text(
        "SELECT count(*) FROM pg_trigger WHERE tgname = 'article_search' AND tgenabled <> 'D'"
        " AND tgrelid = to_regclass('articles')"
    )
    return bool(connection.scalar(query))


def try_lock(connection: Connection) -> bool:
    """Become the only one who builds; whether that worked."""
    with connection.begin():
        return bool(connection.scalar(select(func.pg_try_advisory_lock(_BUILD_LOCK))))


def unlock(connection: Connection) -> None:
    """Let others build again."""
    with connection.begin():
        connection.execute(select(func.pg_advisory_unlock(_BUILD_LOCK)))
