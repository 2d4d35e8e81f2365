"""Planned moments: kept by the worker, by the condition of visibility, and refused in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, outbox
from core.counters import content_generation
from core.db import db
from kb import actions, editor_queries, lifecycle
from kb.lifecycle import State
from kb.search import article_index
from kb.timetable import actions as timetable
from tests.cast import Cast
from tests.kb.articles import WRITTEN, index_everything, make_article, make_categories
from tests.kb.test_actions import stored

SOON = WRITTEN + timedelta(hours=1)
THEN = WRITTEN + timedelta(hours=2)


def plan(cast: Cast, article_id: int, **moments: datetime | None) -> None:
    wanted = {"publish_at": None, "expire_at": None, "review_at": None, **moments}
    timetable.plan(actor=cast.elena, article_id=article_id, now=WRITTEN, **wanted)


def work() -> None:
    # A little later: what a job asks for is due after it.
    outbox.drain(clock.now() + timedelta(minutes=1))
    db.session.rollback()


@pytest.fixture
def draft(cast: Cast) -> int:
    shelf = make_categories()["correo"]
    return make_article(cast.elena, slug="vps", category_id=shelf, publish=False)


def test_the_worker_publishes_at_the_moment_and_the_index_and_kept_pages_follow(
    app: Flask, client: FlaskClient, cast: Cast, draft: int
) -> None:
    plan(cast, draft, publish_at=SOON)
    assert client.get("/preguntas/vps").status_code == 404
    generation = content_generation()
    work()
    article = stored(draft)
    assert (article.published_at, article.publish_at) == (SOON, None)
    assert content_generation() > generation
    assert set(article_index().versions()) == {draft}
    assert client.get("/preguntas/vps").status_code == 200


def test_changes_that_wait_are_published_at_their_moment(cast: Cast, draft: int) -> None:
    actions.publish_article(actor=cast.elena, article_id=draft, now=WRITTEN)
    text = editor_queries.working_text(stored(draft))
    changed = actions.ArticleText(**{**text.__dict__, "body": "Texto nuevo."})
    actions.save_article(
        actor=cast.elena, text=changed, article_id=draft, revision=1, hold=True, now=WRITTEN
    )
    plan(cast, draft, publish_at=SOON)
    assert stored(draft).plain == "Una respuesta."
    work()
    assert (stored(draft).plain, stored(draft).published_at) == ("Texto nuevo.", WRITTEN)


def test_a_late_worker_shows_nothing_that_is_over(
    app: Flask, client: FlaskClient, cast: Cast, draft: int
) -> None:
    actions.publish_article(actor=cast.elena, article_id=draft, now=WRITTEN)
    index_everything(app)
    plan(cast, draft, expire_at=SOON)
    for path in ("/preguntas/vps", "/preguntas/vps/texto"):
        assert client.get(path).status_code == 404
    for path in ("/preguntas", "/", "/preguntas/categoria/correo", "/preguntas/buscar?q=pregunta"):
        assert "Una pregunta" not in client.get(path).text
    assert client.get("/preguntas/sugerencias?q=pregunta").get_json()["items"] == []
    with pytest.raises(actions.Gone):
        actions.rate_article(
            article_id=draft, revision=1, visitor="a", useful=True, comment="", now=THEN
        )
    assert lifecycle.state_of(stored(draft), THEN) is State.ARCHIVED
    work()
    article = stored(draft)
    assert (article.published_at, article.archived_at, article.expire_at) == (None, SOON, None)
    assert article_index().versions() == {}


def test_a_moment_that_was_moved_or_taken_away_means_nothing(cast: Cast, draft: int) -> None:
    far = clock.now() + timedelta(days=3)
    plan(cast, draft, publish_at=SOON)
    plan(cast, draft, publish_at=far)
    work()
    assert (stored(draft).published_at, stored(draft).publish_at) == (None, far)
    plan(cast, draft)
    timetable.keep_time(article_id=draft, at=far, now=far)
    assert (stored(draft).published_at, stored(draft).publish_at) == (None, None)


def test_publishing_by_hand_ends_the_plan_and_a_job_twice_does_no_harm(
    cast: Cast, draft: int
) -> None:
    plan(cast, draft, publish_at=SOON, expire_at=THEN)
    actions.publish_article(actor=cast.elena, article_id=draft, now=WRITTEN)
    assert (stored(draft).publish_at, stored(draft).expire_at) == (None, THEN)
    for _ in range(2):
        timetable.keep_time(article_id=draft, at=THEN, now=THEN)
    assert stored(draft).archived_at == THEN
    actions.delete_article(actor=cast.elena, article_id=draft, now=THEN)
    timetable.keep_time(article_id=draft, at=THEN, now=THEN)


def test_what_cannot_be_planned_is_refused(cast: Cast, draft: int) -> None:
    for name in ("publish_at", "expire_at", "review_at"):
        with pytest.raises(timetable.InThePast):
            plan(cast, draft, **{name: WRITTEN})
    with pytest.raises(timetable.Crossed):
        plan(cast, draft, publish_at=THEN, expire_at=SOON)
    assert stored(draft).publish_at is None


def form(**moments: datetime | str) -> dict[str, str]:
    return {
        name: at if isinstance(at, str) else clock.in_lima(at).strftime("%Y-%m-%dT%H:%M")
        for name, at in moments.items()
    }


def test_the_page_takes_lima_time_and_says_what_is_wrong(
    app: Flask, cast: Cast, draft: int
) -> None:
    editor, path = cast.sign_in(app, cast.elena), f"/editor/articulos/{draft}/fechas"
    soon = (clock.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    answer = editor.post(path, data=form(publicar=soon, vencer=soon + timedelta(days=1)))
    assert answer.status_code == 303
    assert stored(draft).publish_at == soon
    page = editor.get(path).text
    assert f'value="{form(at=soon)["at"]}"' in page
    assert "Se publicará el" in page
    for wrong, said in (
        (form(publicar=WRITTEN), "Esa fecha ya pasó"),
        (form(vencer=WRITTEN), "Esa fecha ya pasó"),
        (form(publicar=soon + timedelta(days=2), vencer=soon), "después de publicarlo"),
        (form(publicar="mañana"), "Escriba una fecha y una hora"),
        (form(vencer="9999-12-31T23:59"), "Revise el año"),
        (form(revisar="0001-01-01T00:00"), "Revise el año"),
    ):
        refused = editor.post(path, data=wrong)
        assert (refused.status_code, said in refused.text) == (422, True), wrong
        for typed in wrong.values():
            assert f'value="{typed}"' in refused.text
    assert stored(draft).publish_at == soon
    assert editor.post(path, data=form(publicar="", vencer="")).status_code == 303
    assert stored(draft).publish_at is None


def test_due_articles_are_listed_and_confirming_takes_them_off(
    app: Flask, client: FlaskClient, cast: Cast, draft: int
) -> None:
    actions.publish_article(actor=cast.elena, article_id=draft, now=WRITTEN)
    editor = cast.sign_in(app, cast.elena)
    year = timedelta(days=366)

    def due(at: datetime, months: int = 12) -> set[int]:
        return editor_queries.due_among([draft], at, months)

    assert (due(WRITTEN + year / 2), due(WRITTEN + year), due(WRITTEN + year, 0)) == (
        set(), {draft}, set(),
    )  # fmt: skip
    plan(cast, draft, review_at=SOON)
    assert due(THEN) == {draft}
    assert "Una pregunta" in editor.get("/editor?solo=por-revisar").text
    assert editor.post(f"/editor/articulos/{draft}/verificacion").status_code == 303
    assert stored(draft).review_at is None
    assert "Una pregunta" not in editor.get("/editor?solo=por-revisar").text
    assert "Verificado el" in client.get("/preguntas/vps").text
