"""Revisions: what they keep, how they compare, and that restoring loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core.db import db
from kb import actions
from kb.following import Gone
from kb.models import ArticleRevision
from kb.revisions.actions import restore
from tests.cast import Cast
from tests.kb.articles import WRITTEN, make_categories
from tests.kb.counting import statements
from tests.kb.test_actions import stored, text_of

LATER = WRITTEN + timedelta(hours=1)


@pytest.fixture
def article_id(cast: Cast) -> int:
    """An article with three revisions, the second public, the third waiting."""
    shelves = make_categories()
    first = text_of(shelves["correo"], title="Título uno", tags=["uno"], body="Un <b>dos</b> tres.")
    made = actions.save_article(actor=cast.elena, text=first, publish=True, now=WRITTEN)
    second = text_of(shelves["dominios-dns"], title="Título dos", tags=["dos"], body="Un dos.")
    again = {"actor": cast.elena, "article_id": made, "now": LATER}
    actions.save_article(text=second, revision=1, **again)  # type: ignore[arg-type]
    actions.save_article(text=text_of(shelves["correo"]), revision=2, hold=True, **again)  # type: ignore[arg-type]
    return made


def test_a_revision_keeps_everything_and_its_size(cast: Cast, article_id: int) -> None:
    db.session.rollback()
    one, two = (db.session.get_one(ArticleRevision, (article_id, n)) for n in (1, 2))
    assert (one.tags, one.lang, one.words_added, one.words_removed) == (["uno"], "es", 10, 0)
    assert (two.words_added, two.words_removed) == (1, 4)
    assert two.changed == ["title", "body", "tags", "category_id"]
    assert (one.published_at, two.published_at) == (WRITTEN, LATER)
    assert db.session.get_one(ArticleRevision, (article_id, 3)).published_at is None


def test_restoring_brings_all_parts_back_as_a_new_revision(cast: Cast, article_id: int) -> None:
    restore(actor=cast.elena, article_id=article_id, number=1, now=LATER)
    article = stored(article_id)
    assert (article.title, article.revision, article.last_revision) == ("Título dos", 2, 4)
    actions.publish_article(actor=cast.elena, article_id=article_id, now=LATER)
    article = stored(article_id)
    assert (article.title, article.tags, article.category.slug) == ("Título uno", ["uno"], "correo")
    assert db.session.get_one(ArticleRevision, (article_id, 4)).restored_from == 1
    with pytest.raises(Gone):
        restore(actor=cast.elena, article_id=article_id, number=9, now=LATER)


def test_the_page_shows_who_when_and_how_much(app: Flask, cast: Cast, article_id: int) -> None:
    page = cast.sign_in(app, cast.elena).get(f"/editor/articulos/{article_id}/revisiones").text
    for said in ("Elena Paredes", "+1 palabra", "−4 palabras", "título, texto, etiquetas"):
        assert said in page
    assert page.count("/restauracion") == 2


def test_differences_are_escaped(app: Flask, cast: Cast, article_id: int) -> None:
    own = f"/editor/articulos/{article_id}"
    editor = cast.sign_in(app, cast.elena)
    page = editor.get(f"{own}/diferencias?de=1&a=2").text
    assert "&lt;" in page
    assert "<b>dos" not in page
    assert "<del>" in page
    assert "Título <del>uno</del>" in page
    restored = editor.post(f"{own}/revisiones/1/restauracion")
    assert (restored.status_code, restored.location) == (303, own)


@pytest.mark.parametrize("asked", ["?de=9&a=2", "?de=1&a=99", "?a=999999999"])
def test_revisions_that_never_were_are_missing(
    app: Flask, cast: Cast, article_id: int, asked: str
) -> None:
    editor = cast.sign_in(app, cast.elena)
    assert editor.get(f"/editor/articulos/{article_id}/diferencias{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["", "?de=x&a=", "?de=-1&a=0", "?de=1'--&a=2"])
def test_nonsense_compares_the_last_two(
    app: Flask, cast: Cast, article_id: int, asked: str
) -> None:
    editor = cast.sign_in(app, cast.elena)
    assert editor.get(f"/editor/articulos/{article_id}/diferencias{asked}").status_code == 200


def test_the_list_costs_the_same_for_one_revision_and_for_thirty(
    app: Flask, cast: Cast, article_id: int
) -> None:
    editor = cast.sign_in(app, cast.elena)

    def cost() -> int:
        with statements() as seen:
            assert editor.get(f"/editor/articulos/{article_id}/revisiones").status_code == 200
        return len(seen)

    cost()
    before = cost()
    for number in range(3, 33):
        actions.save_article(
            actor=cast.elena,
            text=text_of(stored(article_id).category_id, body=f"Texto {number}"),
            article_id=article_id,
            revision=number,
            now=LATER,
        )
    # The first one after a change of content reads the settings again.
    cost()
    assert cost() == before
