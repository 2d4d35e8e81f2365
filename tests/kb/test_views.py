"""The FAQ as visitors read it: shelves, articles and votes."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db
from kb import actions
from kb.actions import ArticleText
from kb.models import ArticleVote
from tests.cast import Cast
from tests.kb.articles import LONG_BODY, make_article, make_articles, make_categories, make_shelf
from tests.kb.counting import statements
from tests.visit import without_token

SECRET = "clave-maestra-8841"


def links_in(page: str) -> list[str]:
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.findall(r'href="(/preguntas/[a-z0-9-]+)"', main)


def test_faq_shows_shelves_with_counts_and_their_first_answers(
    client: FlaskClient, cast: Cast
) -> None:
    make_articles(cast.elena)
    page = client.get("/preguntas").text
    assert re.findall(r'<h3><a href="/preguntas/categoria/([a-z-]+)">', page) == [
        "correo",
        "dominios-dns",
        "servidores-vps",
        "facturacion-pagos",
    ]
    assert "Ver las 5 respuestas" in page
    assert len(links_in(page)) == 5 + 3 + 3 + 2


def test_faq_without_articles_says_what_to_do(client: FlaskClient, cast: Cast) -> None:
    make_categories()
    page = client.get("/preguntas").text
    assert "Aún no hay respuestas publicadas" in page
    assert "/preguntas/categoria/" not in page


def test_category_lists_its_published_articles_alone(client: FlaskClient, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    actions.archive_article(actor=cast.elena, article_id=ids["correo-en-spam"], now=clock.now())
    page = client.get("/preguntas/categoria/correo").text
    assert sorted(links_in(page)) == [
        "/preguntas/cambiar-contrasena-correo",
        "/preguntas/configurar-correo-celular",
        "/preguntas/firma-de-correo",
        "/preguntas/no-recibo-correos",
    ]


def test_category_has_pages_and_nothing_beyond_the_last(client: FlaskClient, cast: Cast) -> None:
    make_shelf(31)
    assert len(links_in(client.get("/preguntas/categoria/repuesto").text)) == 30
    assert len(links_in(client.get("/preguntas/categoria/repuesto?pagina=2").text)) == 1
    assert client.get("/preguntas/categoria/repuesto?pagina=3").status_code == 404
    assert client.get("/preguntas/categoria/no-existe").status_code == 404


def test_no_page_of_the_faq_leads_staff_to_the_ticket_form(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="una", category_id=shelf)
    for path in ("/preguntas", "/preguntas/una", "/preguntas/buscar?q=zzzz"):
        assert 'href="/tickets/nuevo' in cast.sign_in(app, cast.ana).get(path).text
        assert 'href="/tickets/nuevo' not in cast.sign_in(app, cast.diego).get(path).text


def test_article_page_shows_place_date_votes_and_ways_on(client: FlaskClient, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    actions.rate_article(
        article_id=ids["correo-en-spam"],
        revision=1,
        visitor="a",
        useful=True,
        comment=SECRET,
        now=clock.now(),
    )
    answer = client.get("/preguntas/correo-en-spam")
    page = html.unescape(answer.text)
    assert answer.status_code == 200
    assert "<h1>Mis mensajes caen en spam</h1>" in page
    assert 'href="/preguntas/categoria/correo">Correo electrónico</a>' in page
    assert "le sirvió a 1 persona" in page
    assert "/tickets/nuevo?asunto=Mis+mensajes+caen+en+spam" in page
    assert "http://localhost/preguntas/correo-en-spam" in page
    assert SECRET not in page


def test_related_articles_are_four_others_of_the_same_kind(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena)
    page = app.test_client().get("/preguntas/no-recibo-correos").text
    aside = page.split("<aside", 1)[1].split("</aside>", 1)[0]
    assert sorted(re.findall(r'href="/preguntas/([a-z0-9-]+)"', aside)) == [
        "cambiar-contrasena-correo",
        "configurar-correo-celular",
        "correo-en-spam",
        "firma-de-correo",
    ]


def test_a_long_article_begins_with_its_contents(client: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="larga", category_id=shelf, body=LONG_BODY)
    make_article(cast.elena, slug="corta", category_id=shelf, body="## Uno\n\nTexto")
    page = client.get("/preguntas/larga").text
    assert re.findall(r'href="#(s-[a-z0-9-]+)"', page) == [
        f"s-{word}-{n}" for n in range(1, 5) for word in ("paso", "detalle")
    ]
    assert 'id="s-paso-1"' in page
    assert "En esta página" not in client.get("/preguntas/corta").text


def test_hidden_and_missing_articles_look_the_same_to_everybody(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(
        cast.elena, slug="oculta", category_id=shelf, title=SECRET, body=SECRET, publish=False
    )
    for client in (app.test_client(), cast.sign_in(app, cast.ana), cast.sign_in(app, cast.elena)):
        hidden, missing = client.get("/preguntas/oculta"), client.get("/preguntas/faltan")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        named = hidden.text.replace("oculta", "faltan")
        assert without_token(named) == without_token(missing.text)
        assert SECRET not in hidden.text
        post = client.post("/preguntas/oculta/valoraciones", data={"util": "si"})
        assert post.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/preguntas/..%2f..%2fetc%2fpasswd",
        "/preguntas/a%0d%0ab",
        "/preguntas/A",
        f"/preguntas/{'a' * 20_000}",
    ],
)
def test_addresses_of_no_article_are_missing(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/preguntas", "/preguntas/categoria/correo", "/preguntas/larga"])
def test_pages_for_visitors_hold_nothing_of_one_visitor(
    strict_app: Flask, cast: Cast, path: str
) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="larga", category_id=shelf, body=LONG_BODY)
    answer = strict_app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.headers.getlist("Set-Cookie") == []
    assert "csrf" not in answer.text
    assert answer.text == strict_app.test_client().get(path).text


def test_a_changed_article_is_rendered_anew(client: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(cast.elena, slug="una", category_id=shelf, body="Antes")
    assert "<p>Antes</p>" in client.get("/preguntas/una").text
    text = ArticleText("Una", "", shelf, "", [], "es", "Después")
    actions.save_article(
        actor=cast.elena, text=text, article_id=article_id, revision=1, now=clock.now()
    )
    assert "<p>Después</p>" in client.get("/preguntas/una").text


def test_markup_in_an_article_stays_inert(client: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    body = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    make_article(cast.elena, slug="mala", category_id=shelf, title="<b>Mala</b> 1", body=body)
    page = client.get("/preguntas/mala").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "<h1>&lt;b&gt;Mala&lt;/b&gt; 1</h1>" in page


def votes() -> list[tuple[bool, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(ArticleVote).order_by(ArticleVote.id))
    return [(row.useful, row.comment) for row in rows]


def test_a_visitor_votes_once_and_may_change_it_without_a_token(
    strict_app: Flask, cast: Cast
) -> None:
    make_articles(cast.elena, count=1)
    client = strict_app.test_client()
    url = "/preguntas/no-recibo-correos/valoraciones"
    first = client.post(url, data={"util": "si"})
    assert (first.status_code, first.location) == (303, "/preguntas/no-recibo-correos")
    assert "Gracias." in client.get(first.location).text
    client.post(url, data={"util": "no", "comentario": "Falta Outlook"})
    assert votes() == [(False, "Falta Outlook")]
    strict_app.test_client().post(url, data={"util": "si"})
    assert votes() == [(False, "Falta Outlook"), (True, "")]


def test_a_signed_in_person_votes_once_from_two_browsers(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena, count=1)
    for useful in ("si", "no"):
        cast.sign_in(app, cast.ana).post(
            "/preguntas/no-recibo-correos/valoraciones", data={"util": useful}
        )
    assert votes() == [(False, "")]


@pytest.mark.parametrize(
    "data",
    [
        {"util": "quizas", "comentario": "se conserva"},
        {"comentario": "se conserva"},
        {"util": "si", "comentario": "se conserva" + "x" * 1000},
    ],
)
def test_a_vote_that_says_nothing_is_refused_and_the_comment_kept(
    client: FlaskClient, cast: Cast, data: dict[str, str]
) -> None:
    make_articles(cast.elena, count=1)
    answer = client.post("/preguntas/no-recibo-correos/valoraciones", data=data)
    assert answer.status_code == 422
    assert "se conserva" in answer.text
    assert 'role="alert"' in answer.text
    assert votes() == []


def test_votes_from_other_sites_are_refused_and_too_many_in_an_hour_wait(
    strict_app: Flask, cast: Cast
) -> None:
    make_articles(cast.elena, count=1)
    client = strict_app.test_client()
    url = "/preguntas/no-recibo-correos/valoraciones"
    foreign = client.post(url, data={"util": "si"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (foreign.status_code, votes()) == (400, [])
    codes = [client.post(url, data={"util": "si"}).status_code for _ in range(21)]
    assert codes == [303] * 20 + [429]


def test_lists_cost_the_same_for_one_row_and_for_thirty(app: Flask, cast: Cast) -> None:
    paths = ("/preguntas", "/preguntas/categoria/repuesto")
    # A signed-in reader: pages of visitors are kept in memory.
    client = cast.sign_in(app, cast.ana)
    shelf_id = make_shelf(1)
    few = [cost_of(client, path) for path in paths]
    for number in range(29):
        make_article(cast.elena, slug=f"nueva-{number}", category_id=shelf_id)
    assert [cost_of(client, path) for path in paths] == few
    assert min(few) > 0


def cost_of(client: FlaskClient, path: str) -> int:
    client.get(path)
    with statements() as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_only_those_who_may_edit_find_the_way_to_the_form(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    link = f'href="/editor/articulos/{ids["correo-en-spam"]}"'
    shown = {
        name: link in browser.get("/preguntas/correo-en-spam").text
        for name, browser in (
            ("elena", cast.sign_in(app, cast.elena)),
            ("visitor", app.test_client()),
            ("ana", cast.sign_in(app, cast.ana)),
            ("diego", cast.sign_in(app, cast.diego)),
        )
    }
    assert shown == {"elena": True, "visitor": False, "ana": False, "diego": False}


def test_links_into_the_site_hold_their_whole_address_for_paper(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    make_article(
        cast.elena, slug="enlaces", category_id=make_categories()["correo"], title="Enlaces",
        body="[Uno](/preguntas/otra?a=1&b=2) `<a href=\"/no\"` [dos](//otro.example/) [tres](#x)",
    )  # fmt: skip
    page = client.get("/preguntas/enlaces").text
    site = app.config["SITE"].public_url
    assert re.findall('data-address="([^"]*)"', page) == [f"{site}/preguntas/otra?a=1&amp;b=2"]
