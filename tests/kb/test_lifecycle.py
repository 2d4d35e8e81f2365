"""The life of an article: the table, and its steps as verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db
from kb import actions, lifecycle, queries, steps
from kb.lifecycle import STEPS, State, Step, due_since, state_of
from kb.models import Article
from tests.cast import Cast
from tests.kb.articles import WRITTEN, make_article, make_categories
from tests.kb.test_actions import stored, text_of

LATER = WRITTEN + timedelta(hours=1)


@dataclass(frozen=True)
class Life:
    review_asked_at: datetime | None = None
    published_at: datetime | None = None
    archived_at: datetime | None = None
    expire_at: datetime | None = None


@pytest.mark.parametrize(
    ("life", "state"),
    [
        (Life(), State.DRAFT),
        (Life(review_asked_at=WRITTEN), State.REVIEW),
        (Life(review_asked_at=WRITTEN, published_at=WRITTEN), State.PUBLISHED),
        (Life(archived_at=WRITTEN), State.ARCHIVED),
        (Life(published_at=WRITTEN, expire_at=LATER), State.PUBLISHED),
        (Life(published_at=WRITTEN, expire_at=WRITTEN), State.ARCHIVED),
    ],
)
def test_the_moments_mean_one_state(life: Life, state: State) -> None:
    assert state_of(life, WRITTEN) is state


def test_every_state_can_be_left_and_reached() -> None:
    assert set(STEPS) == set(State)
    reached = {to for table in STEPS.values() for to in table.values()}
    assert reached == {*State, None}
    assert Step.DELETE not in STEPS[State.PUBLISHED]


def test_only_editors_take_steps(cast: Cast) -> None:
    for actor in (None, cast.ana, cast.diego, cast.fabio, cast.gloria):
        assert [lifecycle.allowed(actor, state) for state in State] == [[], [], [], []]
    assert lifecycle.allowed(cast.elena, State.REVIEW) == [Step.PUBLISH, Step.RETURN, Step.DELETE]


@pytest.mark.parametrize(
    ("day", "months", "since"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 1, 15), 12, (2025, 1, 15)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
    ],
)
def test_months_are_those_of_the_calendar(
    day: tuple[int, int, int], months: int, since: tuple[int, int, int]
) -> None:
    assert due_since(datetime(*day, tzinfo=UTC), months) == datetime(*since, tzinfo=UTC)


def test_who_asked_and_who_published_is_kept(cast: Cast) -> None:
    shelf = make_categories()["correo"]
    article_id = actions.save_article(actor=cast.elena, text=text_of(shelf), now=WRITTEN)
    steps.ask_review(actor=cast.elena, article_id=article_id, now=WRITTEN)
    steps.publish_article(actor=cast.elena, article_id=article_id, now=LATER)
    article = stored(article_id)
    editor = cast.elena.person_id
    assert (article.review_asked_at, article.review_asked_by) == (WRITTEN, editor)
    assert (article.published_at, article.published_by) == (LATER, editor)
    assert (article.verified_at, article.verified_by) == (LATER, editor)
    steps.archive_article(actor=cast.elena, article_id=article_id, now=LATER)
    steps.return_to_draft(actor=cast.elena, article_id=article_id, now=LATER)
    assert state_of(stored(article_id), LATER) is State.DRAFT


def test_a_step_that_the_state_does_not_allow_stores_nothing(cast: Cast) -> None:
    article_id = make_article(cast.elena, slug="vps", category_id=make_categories()["correo"])
    for verb in (steps.ask_review, steps.return_to_draft):
        with pytest.raises(steps.StepNotAllowed):
            verb(actor=cast.elena, article_id=article_id, now=LATER)
    with pytest.raises(steps.StepNotAllowed):
        steps.archive_article(actor=cast.diego, article_id=article_id, now=LATER)
    assert state_of(stored(article_id), LATER) is State.PUBLISHED


def test_changes_that_wait_are_read_by_nobody_until_they_are_published(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(cast.elena, slug="vps", category_id=shelf, body="Texto viejo.")
    save = {"actor": cast.elena, "article_id": article_id, "now": LATER}
    actions.save_article(text=text_of(shelf, body="Secreto nuevo."), revision=1, hold=True, **save)  # type: ignore[arg-type]
    article = stored(article_id)
    assert (article.body, article.revision, article.last_revision) == ("Texto viejo.", 1, 2)
    assert article.updated_at == WRITTEN
    assert "Secreto" not in client.get("/preguntas/vps").text
    editor = cast.sign_in(app, cast.elena)
    page = editor.get(f"/editor/articulos/{article_id}").text
    assert "Secreto nuevo." in page
    assert "Con cambios sin publicar" in page
    with pytest.raises(actions.RevisionConflict):
        actions.save_article(text=text_of(shelf), revision=1, **save)  # type: ignore[arg-type]
    steps.publish_article(actor=cast.elena, article_id=article_id, now=LATER)
    assert "Secreto nuevo." in client.get("/preguntas/vps").text
    article = stored(article_id)
    assert (article.plain, article.revision, article.last_revision) == ("Secreto nuevo.", 2, 2)


def test_saving_without_publishing_from_the_page(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(cast.elena, slug="vps", category_id=shelf, body="Texto viejo.")
    editor = cast.sign_in(app, cast.elena)
    form = {"titulo": "Otro título", "categoria": str(shelf), "idioma": "es", "texto": "Nuevo."}
    form |= {"revision": "1", "accion": "reservar"}
    answer = editor.post(f"/editor/articulos/{article_id}", data=form)
    assert answer.status_code == 303
    assert "Guardado sin publicar" in editor.get(answer.location).text
    assert (stored(article_id).title, stored(article_id).last_revision) == ("Una pregunta", 2)
    second = editor.post(f"/editor/articulos/{article_id}", data=form | {"texto": "Mío."})
    assert second.status_code == 409
    for kept in ("Mío.", "Nuevo."):
        assert kept in second.text
    listed = editor.get("/editor?solo=con-cambios").text
    assert "Una pregunta" in listed


def test_buttons_follow_the_state(app: Flask, cast: Cast) -> None:
    article_id = make_article(
        cast.elena, slug="vps", category_id=make_categories()["correo"], publish=False
    )
    editor, own = cast.sign_in(app, cast.elena), f"/editor/articulos/{article_id}"
    nouns = ("revision", "publicacion", "archivo", "borrador", "eliminacion")

    def buttons() -> list[str]:
        page = editor.get(own).text
        return [noun for noun in nouns if f'action="{own}/{noun}"' in page]

    assert buttons() == ["revision", "publicacion", "eliminacion"]
    editor.post(f"{own}/revision")
    assert buttons() == ["publicacion", "borrador", "eliminacion"]
    editor.post(f"{own}/publicacion")
    assert buttons() == ["archivo"]
    editor.post(f"{own}/archivo")
    assert buttons() == ["publicacion", "borrador", "eliminacion"]
    # A page that was left open offers what is not allowed any more.
    assert "cambió de estado" in editor.post(f"{own}/revision", follow_redirects=True).text


def test_published_means_the_same_to_the_table_and_to_the_database(cast: Cast) -> None:
    ids = make_categories()
    for place, (published, archived, expires) in enumerate(
        [(None, None, None), (WRITTEN, None, None), (WRITTEN, None, LATER), (None, WRITTEN, None)]
    ):
        article_id = make_article(cast.elena, slug=f"a-{place}", category_id=ids["correo"])
        article = db.session.get_one(Article, article_id)
        article.published_at, article.archived_at, article.expire_at = published, archived, expires
        db.session.flush()
    rows = db.session.query(Article).all()
    shown = set(queries.published_by_ids([row.id for row in rows]))
    # LATER is long past, and no worker has come by.
    assert shown == {row.id for row in rows if state_of(row, LATER) is State.PUBLISHED}
    db.session.rollback()
