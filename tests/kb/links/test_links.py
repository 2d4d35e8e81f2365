"""Links of articles: read after every change, judged by what is there now."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db
from core.text import render_markdown
from kb import actions
from kb.addresses.actions import change_address
from kb.lifecycle import Audience
from kb.links import queries
from kb.links.actions import read_what_is_behind
from kb.links.models import ArticleLink
from kb.links.queries import Why
from kb.links.reading import Found, Goal, Kind, contents_of, goal_of
from kb.models import Article
from kb.steps import set_audience
from tests.cast import START, Cast
from tests.kb.articles import index_everything, make_article, make_categories, make_shelf
from tests.kb.counting import statements
from tests.kb.images.test_images import address_of

OWN = frozenset({"soporte.example"})


@pytest.fixture
def shelf(app: Flask) -> int:
    return make_categories()["correo"]


@pytest.mark.parametrize(
    ("target", "goal"),
    [
        ("/preguntas/correo-lleno", Goal(Kind.ARTICLE, "correo-lleno")),
        ("/preguntas/correo-lleno/texto", Goal(Kind.ARTICLE, "correo-lleno")),
        ("/preguntas/correo-lleno#s-paso-1", Goal(Kind.ARTICLE, "correo-lleno", "s-paso-1")),
        ("https://soporte.example/preguntas/a?x=1#s-b", Goal(Kind.ARTICLE, "a", "s-b")),
        ("//SOPORTE.example/preguntas/a", Goal(Kind.ARTICLE, "a")),
        ("/preguntas/categoria/correo", Goal(Kind.CATEGORY, "correo")),
        ("/preguntas/buscar?q=x", Goal(Kind.PAGE, "/preguntas/buscar")),
        ("/preguntas/imagenes/abc.webp", Goal(Kind.IMAGE, "abc")),
        ("/tickets/nuevo", Goal(Kind.PAGE, "/tickets/nuevo")),
        ("#s-paso-1", Goal(Kind.ANCHOR, anchor="s-paso-1")),
        ("#s-configuraci%C3%B3n", Goal(Kind.ANCHOR, anchor="s-configuración")),
        ("https://www.example.com/a?b#c", Goal(Kind.OUTSIDE)),
        ("https://xn--espaa-rta.example", Goal(Kind.OUTSIDE)),
        ("https://españa.example", Goal(Kind.OUTSIDE)),
        ("http://192.0.2.1:8080/", Goal(Kind.OUTSIDE)),
        ("http://[2001:db8::1]/", Goal(Kind.OUTSIDE)),
        ("mailto:a@example.com?subject=x", Goal(Kind.OUTSIDE)),
        ("tel:+5117390054", Goal(Kind.OUTSIDE)),
        ("https://", Goal(Kind.BAD)),
        ("https://ejemplo", Goal(Kind.BAD)),
        ("https://a..com", Goal(Kind.BAD)),
        ("https://exa mple.com", Goal(Kind.BAD)),
        ("http://300.1.1.1", Goal(Kind.BAD)),
        ("http://example.com:99999999/", Goal(Kind.BAD)),
        ("http://[::1", Goal(Kind.BAD)),
        ("www.example.com", Goal(Kind.BAD)),
        ("correo-lleno", Goal(Kind.BAD)),
        ("mailto:nadie", Goal(Kind.BAD)),
        ("tel:", Goal(Kind.BAD)),
        ("", Goal(Kind.BAD)),
        ("#", Goal(Kind.BAD)),
        ("?q=1", Goal(Kind.BAD)),
        ("/" + "x" * 3000, Goal(Kind.BAD)),
    ],
)
def test_where_a_link_leads(target: str, goal: Goal) -> None:
    assert goal_of(Found(target, ""), OWN) == goal


def test_links_are_read_as_the_page_shows_them() -> None:
    source = (
        "## Paso 1\n\nVea [la **otra**](/preguntas/a), ![un panel](/img/b.png) y"
        " [mal](htp://x).\n\n`[código](c)`\n\n```\n[bloque](d)\n```\n\n[ref][1]\n\n[1]: /e"
    )
    text = contents_of(str(render_markdown(source).html))
    assert text.anchors == ["s-paso-1"]
    assert text.links == [
        Found("/preguntas/a", "la otra"),
        Found("/img/b.png", "un panel", is_picture=True),
        Found("htp://x", "mal", is_text=True),
        Found("/e", "ref"),
    ]


def rows(shown: list[queries.Problem]) -> list[tuple[str, str, Why]]:
    return [(one.article.slug if one.article else "", one.target, one.why) for one in shown]


def test_the_list_says_what_leads_nowhere_and_why(app: Flask, cast: Cast, shelf: int) -> None:
    image = address_of(cast)
    make_article(cast.elena, slug="meta", category_id=shelf, body="## Paso 1\n\nTexto.")
    make_article(cast.elena, slug="oculta", category_id=shelf, publish=False)
    good = (
        f"[a](/preguntas/meta) [b](/preguntas/meta#s-paso-1) [c](/preguntas/categoria/correo)"
        f" ![d]({image}) [e](/tickets/nuevo) [f](https://example.com) [g](/static/css/base.css)"
        " [h](/preguntas) [i](/preguntas/meta#contenido)"
    )
    bad = (
        "[a](/preguntas/no-existe) [b](/preguntas/oculta) [c](/preguntas/meta#s-paso-9)"
        f" [d](/preguntas/categoria/nada) ![e](/preguntas/imagenes/{'0' * 32}-1x1.webp)"
        " [f](/no/hay) [g](https://mal) [h](#s-nada) [i](/static/../app.py)"
        f" ![j]({image.replace('40x30', '41x30')})"
    )
    make_article(cast.elena, slug="bien", category_id=shelf, body=good)
    make_article(cast.elena, slug="mal", category_id=shelf, body=bad)
    make_article(cast.elena, slug="borrador", category_id=shelf, body=bad, publish=False)
    index_everything(app)
    found = rows(queries.broken())
    assert {slug for slug, _, _ in found} == {"mal"}
    assert [why for _, _, why in found] == [
        Why.NO_ARTICLE,
        Why.HIDDEN,
        Why.NO_ANCHOR,
        Why.NO_CATEGORY,
        Why.NO_IMAGE,
        Why.NO_PAGE,
        Why.BAD,
        Why.NO_ANCHOR,
        Why.NO_PAGE,
        Why.NO_IMAGE,
    ]
    assert list(queries.broken_counts().values()) == [len(found)]
    # A text that is not stored is judged alike.
    assert [one.why for one in queries.remarks_on(bad).problems] == [why for _, _, why in found]
    assert queries.remarks_on(good).problems == []


def test_an_archived_article_breaks_the_links_to_it_at_once(
    app: Flask, cast: Cast, shelf: int
) -> None:
    goal = make_article(cast.elena, slug="meta", category_id=shelf)
    from_id = make_article(cast.elena, slug="de", category_id=shelf, body="[a](/preguntas/meta)")
    index_everything(app)
    assert queries.broken() == []
    actions.archive_article(actor=cast.elena, article_id=goal, now=START)
    assert rows(queries.broken()) == [("de", "/preguntas/meta", Why.HIDDEN)]
    elena = cast.sign_in(app, cast.elena)
    assert f"/editor/articulos/{from_id}" in elena.get(f"/editor/articulos/{goal}/enlaces").text
    assert "Ese artículo no está publicado." in elena.get("/editor/enlaces").text
    actions.delete_article(actor=cast.elena, article_id=goal, now=START)
    assert rows(queries.broken()) == [("de", "/preguntas/meta", Why.NO_ARTICLE)]


def test_a_link_to_a_former_address_is_mended_with_one_press(
    app: Flask, cast: Cast, shelf: int
) -> None:
    goal = make_article(cast.elena, slug="meta", category_id=shelf)
    body = "[a](/preguntas/meta) [b](/preguntas/meta#contenido) [c](/preguntas/meta-otra)"
    source = make_article(cast.elena, slug="de", category_id=shelf, body=body)
    change_address(actor=cast.elena, article_id=goal, slug="nueva", now=START)
    index_everything(app)
    assert [one.why for one in queries.broken()] == [Why.MOVED, Why.MOVED, Why.NO_ARTICLE]
    elena = cast.sign_in(app, cast.elena)
    path = f"/editor/articulos/{source}/enlaces"
    assert "Corregir las direcciones que cambiaron" in elena.get(path).text
    assert elena.post(path).status_code == 303
    index_everything(app)
    assert [one.target for one in queries.broken()] == ["/preguntas/meta-otra"]
    assert "2 enlaces corregidos" in elena.get(path).text
    assert elena.post(path).status_code == 303
    db.session.rollback()
    assert db.session.get(Article, source).last_revision == 2


def test_staff_may_link_to_what_is_for_staff(app: Flask, cast: Cast, shelf: int) -> None:
    goal = make_article(cast.elena, slug="meta", category_id=shelf)
    source = make_article(cast.elena, slug="de", category_id=shelf, body="[a](/preguntas/meta)")
    set_audience(actor=cast.elena, article_id=goal, audience=Audience.STAFF, now=START)
    index_everything(app)
    assert [one.why for one in queries.broken()] == [Why.STAFF]
    set_audience(actor=cast.elena, article_id=source, audience=Audience.STAFF, now=START)
    assert queries.broken() == []


def test_articles_that_were_there_before_are_read_once(cast: Cast, shelf: int) -> None:
    for number in range(3):
        make_article(cast.elena, slug=f"a{number}", category_id=shelf, body="[x](/preguntas/nada)")
    make_shelf(60)
    assert read_what_is_behind(now=clock.now()) == 63
    assert read_what_is_behind(now=clock.now()) == 0
    assert len(queries.broken()) == 3


def test_a_changed_article_is_read_again_and_a_deleted_one_leaves_nothing(
    app: Flask, cast: Cast, shelf: int
) -> None:
    key = make_article(cast.elena, slug="a", category_id=shelf, body="[x](/preguntas/nada)")
    index_everything(app)
    text = actions.ArticleText("A", "a", shelf, "", (), "es", "Sin enlaces.")
    actions.save_article(actor=cast.elena, text=text, article_id=key, revision=1, now=START)
    index_everything(app)
    assert queries.broken() == []
    text = actions.ArticleText("A", "a", shelf, "", (), "es", "[x](/y) " * 30)
    actions.save_article(actor=cast.elena, text=text, article_id=key, revision=2, now=START)
    index_everything(app)
    assert len(queries.broken()) == 30
    actions.archive_article(actor=cast.elena, article_id=key, now=START)
    actions.delete_article(actor=cast.elena, article_id=key, now=START)
    assert db.session.scalar(select(func.count()).select_from(ArticleLink)) == 0


def test_the_form_warns_and_the_preview_marks(app: Flask, cast: Cast, shelf: int) -> None:
    elena = cast.sign_in(app, cast.elena)
    body = "[x](/preguntas/nada) ![](/img/a.png) [<script>](#nada)"
    key = make_article(cast.elena, slug="a", category_id=shelf, body=body)
    for page in (
        elena.get(f"/editor/articulos/{key}").text,
        elena.post("/editor/vista", data={"texto": body}).text,
    ):
        assert 'data-broken="/preguntas/nada"' in page
        assert "Ningún artículo tiene esa dirección." in page
        assert "1 imagen no dice qué se ve en ella." in page
    assert "<script>" not in elena.post("/editor/vista", data={"texto": body}).text


@pytest.mark.parametrize(
    "body",
    ["[x](/%00) [y](/%zz) [z](/preguntas/%C3%28)", "[x](#" + "a" * 5000 + ")", "[]()" * 3000,
     "![](" + "/" * 1000 + ")", "[x](http://" + "a." * 2000 + ")", "](" * 50_000],
    ids=range(6),
)  # fmt: skip
def test_hostile_links_are_only_links(
    app: Flask, editor_page: FlaskClient, cast: Cast, shelf: int, body: str
) -> None:
    make_article(cast.elena, slug="a", category_id=shelf, body=body)
    index_everything(app)
    assert editor_page.post("/editor/vista", data={"texto": body}).status_code == 200
    assert editor_page.get("/editor/enlaces").status_code == 200


@pytest.fixture
def editor_page(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


def test_the_list_costs_the_same_for_many(app: Flask, cast: Cast, shelf: int) -> None:
    counts = []
    for number in range(30):
        body = f"[x](/preguntas/nada-{number}) [y](/preguntas/categoria/nada) [z](/no)"
        make_article(cast.elena, slug=f"a{number}", category_id=shelf, body=body)
        if number in {0, 29}:
            read_what_is_behind(now=clock.now())
            with statements() as seen:
                queries.broken()
            counts.append(len(seen))
    assert counts[0] == counts[1]
