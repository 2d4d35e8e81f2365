"""An article for staff alone: nowhere for customers and visitors, plainly marked for staff."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core.db import db, transaction
from kb import actions, documents, queries, search, steps
from kb.addresses.actions import change_address
from kb.categories import change_category
from kb.lifecycle import Audience
from kb.models import Article, Category
from tests.cast import Cast
from tests.kb.articles import (
    WRITTEN,
    index_everything,
    make_article,
    make_articles,
    make_categories,
)
from tests.kb.test_actions import stored, text_of
from tests.tickets.builders import filed, taken

TITLE = "Secreto del buzón lleno"
TAG = "Sólo personal"
READERS = ("diego", "elena", "gloria")
OTHERS = ("ana", "beto", "carla", "fabio")


@pytest.fixture
def article_id(app: Flask, cast: Cast) -> int:
    """A staff-only article among public ones about the same thing, all of them indexed."""
    make_articles(cast.elena, count=5)
    shelf = make_categories()["correo"]
    made = make_article(
        cast.elena, slug="secreto", category_id=shelf, title=TITLE, body="Secreto: borre el buzón."
    )
    steps.set_audience(actor=cast.elena, article_id=made, audience=Audience.STAFF, now=WRITTEN)
    index_everything(app)
    return made


LISTS = (
    "/",
    "/preguntas",
    "/preguntas/categoria/correo",
    "/preguntas/buscar?q=secreto+del+buzón",
    "/preguntas/buscar?q=secreto&categoria=correo",
    "/preguntas/sugerencias?q=secreto",
    "/preguntas/no-recibo-correos",
    "/tickets/nuevo?asunto=Secreto+del+buzón+lleno",
)


def test_customers_and_visitors_find_it_nowhere(
    app: Flask, client: FlaskClient, cast: Cast, article_id: int
) -> None:
    browsers = [client, *(cast.sign_in(app, getattr(cast, name)) for name in OTHERS)]
    for browser in browsers:
        for path in ("/preguntas/secreto", "/preguntas/secreto/texto"):
            assert browser.get(path).status_code == 404
        assert (
            browser.post("/preguntas/secreto/valoraciones", data={"util": "si"}).status_code == 404
        )
        for path in LISTS:
            page = browser.get(path).text.replace("Secreto+del", "").replace("«secreto", "")
            assert TITLE not in page.replace(f'value="{TITLE}"', ""), path
            assert "preguntas/secreto" not in page, path
    assert queries.useful_votes(article_id) == 0


def test_a_kept_page_of_staff_is_never_given_to_a_visitor(
    app: Flask, client: FlaskClient, cast: Cast, article_id: int
) -> None:
    for browser in (cast.sign_in(app, cast.diego), client, cast.sign_in(app, cast.diego), client):
        found = TITLE in browser.get("/preguntas/categoria/correo").text
        assert found == (browser is not client)


def test_it_is_counted_for_staff_alone(cast: Cast, article_id: int) -> None:
    def count(*, internal: bool) -> int:
        shelves = queries.shelves(internal=internal)
        return next(one.count for one in shelves if one.category.slug == "correo")

    assert (count(internal=False), count(internal=True)) == (5, 6)
    assert article_id in documents.versions()


def test_staff_find_it_marked(app: Flask, cast: Cast, article_id: int) -> None:
    for name in READERS:
        browser = cast.sign_in(app, getattr(cast, name))
        page = browser.get("/preguntas/secreto").text
        assert TAG in page
        assert "¿Le resultó útil?" not in page
        for path in ("/preguntas/buscar?q=secreto", "/preguntas/categoria/correo"):
            page = browser.get(path).text
            assert "preguntas/secreto" in page
            assert TAG in page
        items = browser.get("/preguntas/sugerencias?q=secreto").get_json()["items"]
        assert [item["category"] for item in items] == [f"{TAG} · Correo electrónico"]


def test_a_ticket_never_suggests_it(app: Flask, cast: Cast, article_id: int) -> None:
    found = search.suggest_articles(TITLE, "Secreto: borre el buzón")
    assert "secreto" not in {one.slug for one in found}
    found = search.suggest_articles(TITLE, "Secreto: borre el buzón", internal=True)
    assert [one.slug for one in found if one.internal] == ["secreto"]
    form = {"asunto": TITLE, "descripcion": "Secreto: borre el buzón, que está lleno."}
    page = cast.sign_in(app, cast.ana).post("/tickets/nuevo/sugerencias", data=form).text
    assert "preguntas/secreto" not in page


def test_without_the_index_it_stays_hidden(cast: Cast, article_id: int) -> None:
    look = partial(queries.search_database, "secreto", limit=10)
    assert [hit.article_id for hit in look().hits] == []
    assert look().by_category == {}
    assert [hit.article_id for hit in look(internal=True).hits] == [article_id]


def test_the_desk_reads_it_and_cannot_insert_it(app: Flask, cast: Cast, article_id: int) -> None:
    number = filed(cast.ana, subject="El secreto del buzón")
    taken(cast.diego)
    diego = cast.sign_in(app, cast.diego)
    found = diego.get(f"/mesa/tickets/{number}/articulos?buscar_articulo=secreto").text
    assert "/preguntas/secreto" in found
    assert TAG in found
    assert 'value="secreto"' not in found
    form = {"insertar": "secreto", "texto": "Hola, Ana."}
    answer = diego.post(f"/mesa/tickets/{number}/respuestas", data=form)
    assert "es sólo para el personal: no se insertó" in answer.text
    assert "Hola, Ana." in answer.text
    assert f"[{TITLE}]" not in answer.text


def test_its_former_address_tells_nothing(
    app: Flask, client: FlaskClient, cast: Cast, article_id: int
) -> None:
    change_address(actor=cast.elena, article_id=article_id, slug="secreto-nuevo", now=WRITTEN)
    assert client.get("/preguntas/secreto").status_code == 404
    moved = cast.sign_in(app, cast.diego).get("/preguntas/secreto")
    assert (moved.status_code, moved.location) == (301, "/preguntas/secreto-nuevo")
    steps.archive_article(actor=cast.elena, article_id=article_id, now=WRITTEN)
    steps.delete_article(actor=cast.elena, article_id=article_id, now=WRITTEN)
    assert client.get("/preguntas/secreto").status_code == 404


def test_a_category_of_staff_articles_alone_tells_visitors_nothing(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    shelves = make_categories()
    path = "/preguntas/categoria/correo"
    asked = (path, f"{path}/novedades.atom", "/preguntas/buscar?q=a&categoria=correo")
    assert [client.get(one).status_code for one in asked] == [200, 200, 200]
    made = make_article(cast.elena, slug="secreto", category_id=shelves["correo"], title=TITLE)
    set_audience = partial(steps.set_audience, actor=cast.elena, article_id=made, now=WRITTEN)
    set_audience(audience=Audience.STAFF)
    change_category(
        actor=cast.elena, category_id=shelves["correo"], name="Claves", description="",
        slug="claves", now=WRITTEN,
    )  # fmt: skip
    asked = (path, *(one.replace("correo", "claves") for one in asked))
    for browser in (client, cast.sign_in(app, cast.ana)):
        assert [browser.get(one).status_code for one in asked] == [404] * 4
    diego = cast.sign_in(app, cast.diego)
    assert [diego.get(one).status_code for one in (*asked[:2], asked[3])] == [301, 200, 200]
    set_audience(audience=Audience.EVERYBODY)
    assert [client.get(one).status_code for one in asked] == [301, 200, 200, 200]


def test_opening_it_to_all_and_closing_it_again_acts_at_once(
    app: Flask, client: FlaskClient, cast: Cast, article_id: int
) -> None:
    editor, path = cast.sign_in(app, cast.elena), f"/editor/articulos/{article_id}/lectores"
    for audience, status in (("everybody", 200), ("staff", 404)):
        assert editor.post(path, data={"publico": audience}).status_code == 303
        assert client.get("/preguntas/secreto").status_code == status
    for bad in ("", "nadie", "STAFF"):
        assert editor.post(path, data={"publico": bad}).status_code == 404
    db.session.rollback()
    hidden = select(Article.id).where(Article.audience == Audience.STAFF.value)
    assert db.session.scalars(hidden).all() == [article_id]


def test_a_form_that_does_not_ask_leaves_the_audience(cast: Cast) -> None:
    shelf = make_categories()["correo"]
    made = actions.save_article(
        actor=cast.elena, text=text_of(shelf), audience=Audience.STAFF, now=WRITTEN
    )
    actions.save_article(
        actor=cast.elena,
        text=text_of(shelf),
        article_id=made,
        revision=1,
        publish=True,
        now=WRITTEN,
    )
    assert stored(made).audience == Audience.STAFF


def test_a_category_closed_since_is_no_filter_though_the_index_counts_it(
    client: FlaskClient, indexed: dict[str, int]
) -> None:
    filtered = "categoria=dominios-dns"
    assert filtered in client.get("/preguntas/buscar?q=dominio").text
    with transaction() as session:
        shelf = select(Category.id).where(Category.slug == "dominios-dns").scalar_subquery()
        closed = update(Article).where(Article.category_id == shelf)
        session.execute(closed.values(audience=Audience.STAFF.value))
    page = client.get("/preguntas/buscar?q=dominio&pagina=1").text
    assert filtered not in page
    assert "/preguntas/correo-en-spam" in page
