"""Which engine answers searches: `SEARCH_BACKEND` chooses the adapter of `kb.index`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from core.config import Config, ConfigurationError
from core.db import db
from kb import queries
from kb.index import ArticleIndex
from kb.models import Article
from kb.postgres_index import PostgresIndex
from kb.postgres_schema import NotAllowed, make_extensions, require_rights
from kb.synonyms.queries import vocabulary
from kb.whoosh_index import WhooshIndex


def open_index(site: Config) -> ArticleIndex:
    """The index of a site; nothing is read before it is first asked. Needs an app context."""
    if site.search_backend == "postgres":
        return PostgresIndex(db.engine, may_be_found, vocabulary=vocabulary)
    return WhooshIndex(site.index_dir, vocabulary=vocabulary)


def may_be_found(internal: bool) -> Select[Any]:
    """The ids of the articles that a search may list, for staff or for everybody."""
    return select(Article.id).where(queries.is_published(internal=internal))


def prepare(site: Config) -> None:
    """Look whether the chosen engine can work here, and make what it needs once.

    Raises ConfigurationError with what to run where the database's user may not.
    """
    if site.search_backend != "postgres":
        return
    try:
        with db.engine.begin() as connection:
            require_rights(connection)
            make_extensions(connection)
    except NotAllowed as error:
        raise ConfigurationError(str(error)) from error
