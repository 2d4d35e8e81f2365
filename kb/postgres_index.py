"""The article index inside PostgreSQL: the adapter of `kb.index.ArticleIndex` for many machines.

The database keeps it (`postgres_schema.sql`): triggers read an article at the commit that changes
it, so every machine finds it from then on and no worker is needed. What triggers cannot know,
the version and the hidden words, `apply` brings along. Ranking is the same as on Whoosh.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, delete, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kb.analysis import DEFAULT_LANGUAGE
from kb.index import (
    MAX_QUERY_CHARS,
    MAX_TICKET_CHARS,
    Document,
    Hit,
    IndexBusy,
    IndexSlow,
    IndexUnavailable,
    Results,
)
from kb.planning import plan_search, plan_suggest
from kb.postgres_lookups import Lookups
from kb.postgres_schema import install, stamp
from kb.postgres_source import PostgresSource
from kb.postgres_tables import ARTICLES, STATE
from kb.postgres_upkeep import (
    PUT,
    has_trigger,
    require_stamp,
    row,
    stamp_of,
    surplus,
    take_out,
    try_lock,
    unlock,
)
from kb.query_plan import corrections_of, looked_up_beside
from kb.ranking import Ranking, Reader, rank_completion, rank_search, rank_suggest
from kb.vocabulary import Vocabulary, nothing

#: An answer that takes longer comes from the plain database search instead.
STATEMENT_MS = 2_000
#: What PostgreSQL says by its codes: a statement cancelled, a lock not had, a deadlock.
_FAILURES = {"57014": IndexSlow, "55P03": IndexBusy, "40P01": IndexBusy}
_T = TypeVar("_T")
#: The query for the ids that may be found, given whether staff asks. A time may pass in it.
Visible = Callable[[bool], Select[Any]]


def everything(internal: bool) -> Select[Any]:
    """What the index itself knows of who may see what."""
    ids = select(ARTICLES.c.article_id)
    return ids if internal else ids.where(~ARTICLES.c.internal)


class PostgresIndex:
    """`ArticleIndex` in the schema `article_search` of a database.

    Without `visible` the index stands alone: it holds what `apply` and `rebuild` put in. With it
    triggers follow the table of articles, and visibility is that of the moment of the question.
    `vocabulary` hands out the synonyms in force, and is asked for every query.
    """

    def __init__(
        self,
        engine: Engine,
        visible: Visible | None = None,
        *,
        vocabulary: Callable[[], Vocabulary] = nothing,
        statement_ms: int = STATEMENT_MS,
    ) -> None:
        self._engine = engine
        self._vocabulary = vocabulary
        self._statement_ms = statement_ms
        self._follows_articles = visible is not None
        self._visible = visible or everything

    def search(
        self,
        text: str,
        *,
        category: str | None = None,
        offset: int = 0,
        limit: int = 10,
        lang: str = DEFAULT_LANGUAGE,
        internal: bool = False,
    ) -> Results:
        """See `ArticleIndex.search`."""
        text = text[:MAX_QUERY_CHARS]
        synonyms = self._vocabulary()
        with self._reading(internal, text) as source:
            reader = Reader(lang, internal)
            source.count_words()
            plan = source.settle(lambda: plan_search(text, source, synonyms))
            source.expect(plan)
            ranking = source.settle(lambda: rank_search(plan, source, reader))
            found = _page(source, ranking, category, max(0, offset), max(0, limit))
            corrections = source.settle(lambda: corrections_of(plan, source.written))
            return replace(found, corrections=corrections, also=looked_up_beside(plan))

    def suggest(
        self,
        subject: str,
        description: str,
        *,
        limit: int = 5,
        lang: str = DEFAULT_LANGUAGE,
        internal: bool = False,
    ) -> list[Hit]:
        """See `ArticleIndex.suggest`."""
        subject, description = subject[:MAX_QUERY_CHARS], description[:MAX_TICKET_CHARS]
        synonyms = self._vocabulary()
        with self._reading(internal, f"{subject} {description}") as source:
            reader = Reader(lang, internal)
            source.count_words()
            plan = source.settle(lambda: plan_suggest(subject, description, source, synonyms))
            source.expect(plan)
            return _hits(source, source.settle(lambda: rank_suggest(plan, source, reader, limit)))

    def complete(
        self,
        prefix_text: str,
        limit: int = 8,
        *,
        lang: str = DEFAULT_LANGUAGE,
        internal: bool = False,
    ) -> list[Hit]:
        """See `ArticleIndex.complete`."""
        typed, synonyms = prefix_text[:MAX_QUERY_CHARS], self._vocabulary()
        with self._reading(internal, typed) as source:
            reader = Reader(lang, internal)
            source.count_words()
            ranking = source.settle(lambda: rank_completion(typed, source, synonyms, reader, limit))
            return _hits(source, ranking)

    def apply(self, upserts: Sequence[Document], deletes: Sequence[int]) -> None:
        """See `ArticleIndex.apply`."""
        with self._connected() as connection, connection.begin():
            require_stamp(connection)
            take_out(connection, deletes)
            for document in sorted(upserts, key=lambda one: one.article_id):
                connection.execute(PUT, row(document))

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See `ArticleIndex.rebuild`. An index of this version is renewed article by article,
        each at once, and goes on answering; one of another version is dropped first."""
        with self._connected() as connection:
            if not try_lock(connection):
                raise IndexBusy("another process is building the index")
            try:
                return self._fill(connection, documents)
            finally:
                connection.rollback()
                unlock(connection)

    def _fill(self, connection: Connection, documents: Iterable[Document]) -> int:
        with connection.begin():
            if stamp_of(connection) != stamp():
                install(connection, follows_articles=self._follows_articles)
            since = connection.scalar(text("SELECT nextval('article_search.stamps')"))
        ids = []
        for document in documents:
            with connection.begin():
                # Derived: a crash costs another rebuild, and nobody waits for the disk.
                connection.execute(text("SET LOCAL synchronous_commit = off"))
                connection.execute(PUT, {**row(document), "since": since})
            ids.append(document.article_id)
        with connection.begin():
            take_out(connection, surplus(connection, ids, since))
            connection.execute(delete(STATE))
            connection.execute(STATE.insert().values(stamp=stamp()))
        with connection.begin():
            connection.execute(text("ANALYZE article_search.postings"))
        return len(ids)

    def versions(self) -> dict[int, str]:
        """See `ArticleIndex.versions`. An article that only a trigger has read has version ''."""
        with self._reading_only() as connection:
            query = select(ARTICLES.c.article_id, func.coalesce(ARTICLES.c.version, ""))
            query = query.where(ARTICLES.c.article_id.in_(self._visible(True)))
            return dict(connection.execute(query).all())

    def generation(self) -> str:
        """See `ArticleIndex.generation`."""
        with self._reading_only() as connection:
            # A later stamp replaces an earlier one: any change that is seen changes the sum.
            count, stamps = func.count(), func.coalesce(func.sum(ARTICLES.c.stamp), 0)
            return "{}.{}".format(*connection.execute(select(count, stamps)).one())

    def healthy(self) -> bool:
        """See `ArticleIndex.healthy`."""
        try:
            with self._reading_only() as connection:
                return not self._follows_articles or has_trigger(connection)
        except IndexUnavailable:
            return False

    @contextmanager
    def _reading(self, internal: bool, words: str) -> Iterator[PostgresSource]:
        with self._reading_only() as connection:
            yield PostgresSource(Lookups(connection, self._visible(internal)), words)

    @contextmanager
    def _reading_only(self) -> Iterator[Connection]:
        with self._connected() as connection, connection.begin():
            connection.exec_driver_sql(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off;"
                f" SET LOCAL statement_timeout = {self._statement_ms}"
            )
            require_stamp(connection)
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            kind = _FAILURES.get(getattr(error.orig, "sqlstate", "") or "", IndexUnavailable)
            raise kind(f"{type(error.orig).__name__}: {error.orig}") from error
        except SQLAlchemyError as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error


def _hits(source: PostgresSource, ranking: Ranking) -> list[Hit]:
    known = source.details([number for number, _ in ranking.scored])
    return [Hit(number, known[number][0], score) for number, score in ranking.scored]


def _page(
    source: PostgresSource, ranking: Ranking, category: str | None, offset: int, limit: int
) -> Results:
    known = source.details([number for number, _ in ranking.scored])
    counts = Counter(known[number][1] for number, _ in ranking.scored)
    listed = ranking.scored
    if category is not None:
        listed = [pair for pair in listed if known[pair[0]][1] == category]
    shown = listed[offset : offset + limit]
    hits = [Hit(number, known[number][0], score) for number, score in shown]
    whole = sum(number in ranking.whole for number, _ in listed)
    return Results(hits, len(listed), dict(counts), ranking.complete, whole)
