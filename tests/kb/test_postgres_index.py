"""What the index inside PostgreSQL does beyond the contract: it follows the articles by itself."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from core import clock, outbox
from core.config import ROOT, ConfigurationError
from core.db import db
from home import health
from kb import actions, documents, notices, queries
from kb.engines import may_be_found, prepare
from kb.impacts import impacts_of
from kb.index import Document, IndexBusy, IndexSlow, IndexUnavailable
from kb.postgres_index import PostgresIndex
from kb.postgres_schema import NotAllowed
from kb.postgres_tables import ARTICLES
from kb.revisions.writing import text_shown
from kb.search import article_index, search_page
from tests import databases
from tests.cast import Cast
from tests.conftest import Browser, site_config
from tests.databases import Cluster, scratch_engine
from tests.kb.articles import (
    WRITTEN,
    index_everything,
    make_article,
    make_articles,
    make_categories,
)
from tests.kb.test_index_contract import CATALOGUE, HOSTILE

NOW = WRITTEN + timedelta(days=1)


@pytest.fixture
def backend(postgresql_backend: databases.Backend) -> databases.Backend:
    """This engine lives in PostgreSQL alone."""
    return postgresql_backend


@pytest.fixture
def site(app: Flask) -> Flask:
    """The site with an index inside the database, and no worker."""
    app.extensions["article_index"] = PostgresIndex(db.engine, may_be_found)
    notices.rebuild()
    db.session.rollback()
    return app


@pytest.fixture
def engine(postgres: Cluster) -> Iterator[Engine]:
    """A database with nothing in it."""
    with scratch_engine(postgres) as made:
        yield made


def found(words: str) -> list[str]:
    return [hit.slug for hit in article_index().search(words).hits]


def write(cast: Cast, article_id: int, revision: int, **changes: str) -> None:
    article = queries.article_to_edit(article_id)
    assert article is not None
    changed = dataclasses.replace(text_shown(article), **changes)  # type: ignore[arg-type]
    actions.save_article(
        actor=cast.elena, text=changed, article_id=article_id, revision=revision, now=NOW
    )


class TestWithoutAWorker:
    def test_a_published_article_is_found_at_its_commit(self, site: Flask, cast: Cast) -> None:
        shelf = make_categories()["correo"]
        draft = make_article(
            cast.elena, slug="zampona", title="Zampoña", category_id=shelf, publish=False
        )
        assert found("zampoña") == []
        actions.publish_article(actor=cast.elena, article_id=draft, now=NOW)
        assert found("zampoña") == ["zampona"]
        assert article_index().search("zampoña").by_category == {"correo": 1}

    def test_a_changed_article_is_found_by_its_new_words_only(
        self, site: Flask, cast: Cast
    ) -> None:
        shelf = make_categories()["correo"]
        article = make_article(cast.elena, slug="una", title="Zampoña", category_id=shelf)
        write(cast, article, 1, title="Charango", summary="Cuerdas.")
        assert found("charango") == ["una"]
        assert found("zampoña") == []

    def test_a_withdrawn_article_is_gone_at_its_commit(self, site: Flask, cast: Cast) -> None:
        ids = make_articles(cast.elena)
        assert "disco-lleno" in found("disco lleno")
        actions.archive_article(actor=cast.elena, article_id=ids["disco-lleno"], now=NOW)
        assert "disco-lleno" not in found("disco lleno")
        actions.delete_article(actor=cast.elena, article_id=ids["disco-lleno"], now=NOW)
        kept = db.session.scalar(select(func.count()).select_from(ARTICLES))
        assert kept == len(ids) - 1

    def test_a_change_that_is_undone_leaves_no_trace(self, site: Flask, cast: Cast) -> None:
        ids = make_articles(cast.elena, count=2)
        before = article_index().generation()
        db.session.execute(text("UPDATE articles SET title = 'Charango'"))
        db.session.rollback()
        assert found("charango") == []
        assert article_index().generation() == before
        assert set(article_index().versions()) == set(ids.values())

    def test_whatever_changes_an_article_changes_the_index(self, site: Flask, cast: Cast) -> None:
        make_articles(cast.elena, count=2)
        with db.engine.begin() as connection:
            connection.execute(
                text("UPDATE articles SET title = 'Charango' WHERE slug = 'no-recibo-correos'")
            )
        assert found("charango") == ["no-recibo-correos"]

    def test_the_result_page_shows_it_at_once(
        self, site: Flask, cast: Cast, client: FlaskClient
    ) -> None:
        make_articles(cast.elena, count=2)
        assert "Charango" not in client.get("/preguntas/buscar?q=charango").text
        shelf = queries.categories()[0].id
        make_article(cast.elena, slug="charango", title="Afinar un charango", category_id=shelf)
        assert "/preguntas/charango" in client.get("/preguntas/buscar?q=charango").text


class TestVisibility:
    def test_totals_count_what_may_be_seen_at_the_moment(self, site: Flask, cast: Cast) -> None:
        ids = make_articles(cast.elena)
        hidden = ids["correo-en-spam"]
        narrow = PostgresIndex(
            db.engine, lambda internal: may_be_found(internal).where(text(f"id <> {hidden}"))
        )
        whole, less = article_index().search("correo spam"), narrow.search("correo spam")
        assert less.total == whole.total - 1
        assert "correo-en-spam" not in [hit.slug for hit in less.hits]
        assert hidden not in narrow.versions()

    def test_pages_and_totals_agree(self, site: Flask, cast: Cast) -> None:
        make_articles(cast.elena)
        page = search_page("correo")
        assert page.total == len(page.items) == sum(count for _, count in page.by_category)


class TestUpkeep:
    def test_the_worker_confirms_what_a_trigger_took_in(self, site: Flask, cast: Cast) -> None:
        ids = make_articles(cast.elena, count=3)
        assert article_index().versions() == dict.fromkeys(ids.values(), "")
        index_everything(site)
        assert article_index().versions() == documents.versions()

    def test_a_trigger_keeps_the_hidden_words(self, site: Flask, cast: Cast) -> None:
        shelf = make_categories()["correo"]
        article = make_article(cast.elena, slug="una", title="Zampoña", category_id=shelf)
        [document] = documents.documents([article])
        article_index().apply([dataclasses.replace(document, hidden=("quena",))], [])
        write(cast, article, 1, title="Charango")
        assert found("quena") == ["una"]

    def test_an_index_that_is_lost_is_made_anew(self, site: Flask, cast: Cast) -> None:
        make_articles(cast.elena)
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA article_search CASCADE"))
        assert not article_index().healthy()
        assert search_page("disco lleno").total == 1
        notices.catch_up()
        assert article_index().healthy()
        assert article_index().versions() == documents.versions()

    def test_an_index_of_another_version_is_made_anew(self, site: Flask, cast: Cast) -> None:
        make_articles(cast.elena, count=3)
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE article_search.state SET stamp = 'older'"))
        with pytest.raises(IndexUnavailable):
            article_index().search("correo")
        notices.catch_up()
        assert article_index().versions() == documents.versions()

    def test_an_index_without_its_trigger_is_not_healthy(self, site: Flask) -> None:
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE articles DISABLE TRIGGER article_search"))
        assert not article_index().healthy()

    def test_a_broken_index_keeps_nobody_from_saving(self, site: Flask, cast: Cast) -> None:
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE article_search.postings"))
        shelf = make_categories()["correo"]
        make_article(cast.elena, slug="una", title="Zampoña", category_id=shelf)
        assert [item.article.slug for item in search_page("zampoña").items] == ["una"]

    def test_only_one_process_builds(self, engine: Engine) -> None:
        index = PostgresIndex(engine)
        index.rebuild(CATALOGUE)
        with engine.connect() as other:
            other.execute(text("SELECT pg_advisory_lock(7390055)"))
            with pytest.raises(IndexBusy):
                index.rebuild(CATALOGUE)
            other.execute(text("SELECT pg_advisory_unlock(7390055)"))
        assert index.rebuild(CATALOGUE) == len(CATALOGUE)

    def test_a_rebuild_spares_what_came_in_meanwhile(self, engine: Engine) -> None:
        index = PostgresIndex(engine)
        index.rebuild(CATALOGUE[:3])
        fresh = dataclasses.replace(CATALOGUE[0], title="Zampoña", version="fresh")

        def documents() -> Iterator[Document]:
            index.apply([fresh, CATALOGUE[5]], [])
            yield from CATALOGUE[:3]

        index.rebuild(documents())
        assert index.versions() == {1: "fresh", 2: "v2", 3: "v3", 6: "v6"}
        assert [hit.article_id for hit in index.search("zampoña").hits] == [1]

    def test_writers_and_readers_meet_without_harm(self, engine: Engine) -> None:
        index = PostgresIndex(engine)
        index.rebuild(CATALOGUE)

        def write_or_read(turn: int) -> int:
            if turn % 2:
                index.apply([CATALOGUE[turn % 5], CATALOGUE[turn % 3 + 5]], [])
            return index.search("correo").total

        with ThreadPoolExecutor(4) as pool:
            totals = set(pool.map(write_or_read, range(24)))
        assert totals == {index.search("correo").total}
        assert index.versions() == {one.article_id: one.version for one in CATALOGUE}

    def test_another_process_finds_what_this_one_wrote(self, engine: Engine) -> None:
        PostgresIndex(engine).rebuild(CATALOGUE)
        script = (
            "import sys; from sqlalchemy import create_engine;"
            "from kb.postgres_index import PostgresIndex;"
            "print(PostgresIndex(create_engine(sys.argv[1])).search('factura').hits[0].slug)"
        )
        url = engine.url.render_as_string(hide_password=False)
        done = subprocess.run(
            [sys.executable, "-c", script, url],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        assert done.stdout.strip() == "factura"


class TestLimits:
    def test_an_answer_that_takes_too_long_is_given_up(self, engine: Engine) -> None:
        PostgresIndex(engine).rebuild(CATALOGUE)
        slow = PostgresIndex(
            engine,
            lambda _internal: select(ARTICLES.c.article_id).where(
                func.pg_sleep(30).cast(ARTICLES.c.slug.type) == ""
            ),
            statement_ms=100,
        )
        with pytest.raises(IndexSlow):
            slow.search("correo")

    def test_a_slow_answer_asks_for_no_rebuild(self, site: Flask, cast: Cast) -> None:
        make_articles(cast.elena, count=3)
        site.extensions["article_index"] = PostgresIndex(
            db.engine,
            lambda internal: may_be_found(internal).where(text("pg_sleep(30)::text = ''")),
            statement_ms=100,
        )
        assert site.test_client().get("/preguntas/buscar?q=correo").status_code == 200
        assert outbox.pending([actions.REBUILD_JOB]) == 0

    def test_a_database_that_is_away_is_no_index(self) -> None:
        away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
        assert not PostgresIndex(away).healthy()
        with pytest.raises(IndexUnavailable):
            PostgresIndex(away).search("correo")

    def test_the_longest_article_can_be_saved_and_found(self, site: Flask, cast: Cast) -> None:
        shelf = make_categories()["correo"]
        body = " ".join(f"ñandú{n}.palabra-{n}" for n in range(8_000))
        make_article(cast.elena, slug="larga", category_id=shelf, body=body)
        assert found("ñandu7999") == ["larga"]

    def test_hostile_articles_are_taken_as_text(self, engine: Engine) -> None:
        index = PostgresIndex(engine)
        texts = [one for one in HOSTILE if "\x00" not in one and "\ud800" not in one]
        documents = [
            Document(number, f"a-{number}", "es", "correo", "Zampoña", "", (one,), one, "v", (one,))
            for number, one in enumerate(texts, 1)
        ]
        index.rebuild(documents)
        assert index.search("zampoña", limit=100).total == len(texts)


@pytest.mark.parametrize(
    ("lang", "text_"),
    [
        ("es", "Configuración de la contraseña: acción, misión, imágenes, orígenes, plugins, webs"),
        (
            "es",
            "wp-config.php, .htaccess, e-mail, mail.dominio.pe, juan@dominio.pe, C++ y C#",
        ),
        (
            "es",
            "203.0.113.10 y 5.7.606; puerto 993; error_502; __init__; ¿no llega? SIN luz",
        ),
        (
            "es",
            "Ñandú ÁÉÍÓÚ ü · «entre comillas» – 10–20 … İstanbul кириллица 日本語",
        ),
        ("en", "Restoring backups of the mailboxes, quickly; configured servers and passwords"),
    ],
)
def test_the_database_weighs_words_as_the_other_engine(
    engine: Engine, lang: str, text_: str
) -> None:
    document = Document(1, "una", lang, "correo", text_, text_, (text_, "otra"), text_ * 3, "v")
    PostgresIndex(engine).rebuild([document])
    impacts = impacts_of(document)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT field, word, weight FROM article_search.postings")
        ).all()
    stored = {(name, word): round(weight, 4) for name, word, weight in rows}
    wanted = {
        (name, word): round(weight, 4)
        for name, table in (("s", impacts.stems), ("e", impacts.words), ("t", impacts.title))
        for word, weight in table.items()
    }
    wanted.update({("h", word): 1.0 for word in impacts.head})
    wanted.update({("w", word): 1.0 for word in impacts.written})
    assert stored == wanted


@pytest.mark.parametrize("typed", ["straße", "STRASSE", "ΕΛΛΆΔΑ", "ελλαδα", "shipping", "ship"])
def test_words_that_the_database_reads_otherwise_are_found(engine: Engine, typed: str) -> None:
    lang = "en" if typed.startswith("ship") else "es"
    text_ = "Shipping" if lang == "en" else "Straße Ελλάδα"
    index = PostgresIndex(engine)
    index.rebuild([Document(1, "una", lang, "correo", text_, "", (), "", "v")])
    assert [hit.slug for hit in index.search(typed, lang=lang).hits] == ["una"]


class TestRights:
    @pytest.fixture
    def limited(self, postgres: Cluster, engine: Engine) -> Iterator[Engine]:
        """A user who may neither make extensions nor schemas."""
        with psycopg.connect(postgres.admin, autocommit=True) as connection:
            connection.execute("CREATE ROLE limited LOGIN")
        made = create_engine(engine.url.set(username="limited"))
        yield made
        made.dispose()
        with psycopg.connect(postgres.admin, autocommit=True) as connection:
            connection.execute("DROP ROLE limited")

    def test_what_is_not_allowed_is_said_with_what_to_run(self, limited: Engine) -> None:
        index = PostgresIndex(limited)
        assert not index.healthy()
        with pytest.raises(NotAllowed, match="CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm"):
            index.rebuild(CATALOGUE)

    def test_setting_up_refuses_with_what_to_run(
        self, limited: Engine, app: Flask, backend: databases.Backend
    ) -> None:
        config = dataclasses.replace(
            site_config(backend),
            search_backend="postgres",
            database_url=backend.url.replace("//postgres@", "//limited@"),
        )
        with create_app(config).app_context():
            with pytest.raises(ConfigurationError, match="GRANT CREATE ON DATABASE"):
                prepare(config)
            prepare(dataclasses.replace(config, search_backend="whoosh"))
            db.engine.dispose()

    def test_with_extensions_made_by_the_owner_it_needs_a_schema(
        self, limited: Engine, engine: Engine
    ) -> None:
        with engine.begin() as owner:
            owner.execute(text("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm"))
            owner.execute(text(f"GRANT CREATE ON DATABASE {engine.url.database} TO limited"))
        index = PostgresIndex(limited)
        assert index.rebuild(CATALOGUE) == len(CATALOGUE)
        with engine.begin() as owner:
            owner.execute(text("DROP OWNED BY limited CASCADE"))
        with pytest.raises(DBAPIError), limited.begin() as connection:
            connection.execute(text("SELECT * FROM article_search.state"))


class TestSite:
    def test_the_setting_chooses_the_engine(self, app: Flask, backend: databases.Backend) -> None:
        config = dataclasses.replace(site_config(backend), search_backend="postgres")
        chosen = create_app(config)
        chosen.test_client_class = Browser
        with chosen.app_context():
            assert isinstance(article_index(), PostgresIndex)
            done = chosen.test_cli_runner().invoke(args=["kb", "reindex"])
            assert (done.exit_code, done.stderr) == (0, "")
            done = chosen.test_cli_runner().invoke(args=["kb", "check"])
            assert done.output == (
                "0 articles published, 0 in the index: missing 0, stale 0, surplus 0\n"
            )
            db.session.remove()
            db.engine.dispose()

    def test_readiness_says_why_the_index_cannot_answer(self, site: Flask) -> None:
        def said() -> str:
            return next(one.detail for one in health.checks(clock.now()) if one.name == "index")

        assert said().startswith("healthy")
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA article_search CASCADE"))
        assert said() == (
            "the index inside PostgreSQL is missing or of another version, run: flask kb reindex"
        )
