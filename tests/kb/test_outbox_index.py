"""The index follows the database: job by job, and after any crash."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from core import clock, outbox
from kb import actions, documents, notices, queries
from kb.index import IndexUnavailable
from kb.search import article_index
from tests.cast import Cast
from tests.kb.articles import index_everything, make_article, make_articles, make_categories


def in_step() -> bool:
    return article_index().versions() == documents.versions()


def test_each_change_reaches_the_index(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena, count=4)
    index_everything(app)
    assert in_step()
    now = clock.now()
    actions.archive_article(actor=cast.elena, article_id=ids["no-recibo-correos"], now=now)
    actions.delete_article(actor=cast.elena, article_id=ids["no-recibo-correos"], now=now)
    actions.archive_article(actor=cast.elena, article_id=ids["correo-en-spam"], now=now)
    index_everything(app)
    assert in_step()
    assert sorted(article_index().versions()) == sorted(
        [ids["configurar-correo-celular"], ids["cambiar-contrasena-correo"]]
    )


def test_drafts_stay_out_of_the_index(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="borrador", category_id=shelf, publish=False)
    index_everything(app)
    assert article_index().versions() == {}


def test_jobs_may_run_twice_late_and_together(app: Flask, cast: Cast) -> None:
    ids = list(make_articles(cast.elena, count=3).values())
    index_everything(app)
    generation = article_index().generation()
    notices.index_articles([{"article_ids": ids}, {"article_ids": ids[:1]}, {"article_ids": [99]}])
    assert article_index().generation() == generation
    assert in_step()


def test_a_batch_is_one_commit_of_the_index(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena, count=2)
    index_everything(app)
    before = article_index().generation()
    shelf = queries.categories()[0].id
    for number in range(5):
        make_article(cast.elena, slug=f"otra-{number}", category_id=shelf)
    assert outbox.run_due(clock.now()) == 5
    assert in_step()
    commits = [int(name.rsplit(".", 1)[1]) for name in (before, article_index().generation())]
    assert commits[1] == commits[0] + 1


def test_a_worker_that_starts_mends_what_a_crash_left(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    index_everything(app)
    actions.archive_article(
        actor=cast.elena, article_id=ids["disco-lleno"], now=clock.now() + timedelta(hours=1)
    )
    assert not in_step()
    notices.catch_up()
    assert in_step()


def test_a_worker_that_starts_without_an_index_makes_one(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena, count=3)
    with pytest.raises(IndexUnavailable):
        article_index().versions()
    notices.catch_up()
    assert in_step()


def test_an_index_of_another_program_version_is_made_anew(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena, count=3)
    notices.catch_up()
    for stamp in Path(app.config["SITE"].index_dir).rglob("STAMP.json"):
        stamp.write_text('{"schema": 0}')
    app.extensions["forget"]()
    assert not article_index().healthy()
    index_everything(app)
    assert in_step()


def test_a_number_used_again_is_another_article(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    first = make_article(cast.elena, slug="una", category_id=shelf, title="Zampoña")
    index_everything(app)
    now = clock.now()
    actions.archive_article(actor=cast.elena, article_id=first, now=now)
    actions.delete_article(actor=cast.elena, article_id=first, now=now)
    second = make_article(
        cast.elena, slug="una", category_id=shelf, publish=False, title="Charango"
    )
    actions.publish_article(actor=cast.elena, article_id=second, now=now)
    notices.catch_up()
    assert in_step()
    assert [hit.article_id for hit in article_index().search("charango").hits] == [second]
    assert article_index().search("zampoña").hits == []


def test_a_rebuild_is_not_done_twice_for_one_failure(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena, count=2)
    notices.catch_up()
    kept = article_index().generation()
    notices.replace_failed_index([{"generation": "gen-gone.1"}])
    assert article_index().generation() == kept
    notices.replace_failed_index([{"generation": kept}])
    assert article_index().generation() != kept
    assert in_step()


def test_catching_up_never_stops_a_worker(app: Flask, cast: Cast, tmp_path: Path) -> None:
    make_articles(cast.elena, count=2)
    folder = Path(app.config["SITE"].index_dir)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("not a folder")
    notices.catch_up()
    folder.unlink()
    notices.catch_up()
    assert in_step()
