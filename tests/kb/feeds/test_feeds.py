"""Feeds, the map of the site and structured data: public, whole, and what the page shows."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, transaction
from kb.feeds import structured, views
from kb.models import Article
from tests.cast import Cast
from tests.kb.articles import make_article, make_articles, make_categories, make_shelf
from tests.kb.counting import statements

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SECRET = "clave-maestra-8841"


def feed(client: FlaskClient, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return ElementTree.fromstring(answer.data)


def places(client: FlaskClient, address: str) -> list[str]:
    root = ElementTree.fromstring(client.get(address).data)
    return [str(found.text) for found in root.iter(f"{MAP}loc")]


def hidden(cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(
        cast.elena, slug="oculta", category_id=shelf, title=SECRET, body=SECRET, publish=False
    )


def test_a_feed_tells_what_is_new_and_hides_what_is_hidden(cast: Cast, client: FlaskClient) -> None:
    ids = make_articles(cast.elena)
    hidden(cast)
    with transaction() as session:
        late = session.get_one(Article, ids["disco-lleno"])
        late.updated_at = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        late.published_at = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    root = feed(client, "/preguntas/novedades.atom")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len(ids)
    first = {child.tag.removeprefix(ATOM): child for child in entries[0]}
    assert (first["title"].text, first["updated"].text, first["link"].get("href")) == (
        "El disco del servidor está lleno",
        "2026-05-01T12:00:00+00:00",
        "http://localhost/preguntas/disco-lleno",
    )
    assert first["published"].text == "2026-05-01T12:00:00+00:00", "not later than its change"
    assert "<p>Busque los archivos" in str(first["content"].text)
    assert root.findtext(f"{ATOM}updated") == "2026-05-01T12:00:00+00:00"
    assert SECRET not in ElementTree.tostring(root, "unicode")


def test_a_category_has_a_feed_of_its_own(cast: Cast, client: FlaskClient) -> None:
    make_articles(cast.elena)
    root = feed(client, "/preguntas/categoria/facturacion-pagos/novedades.atom")
    assert {entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")} == {
        "Pedir una factura con RUC",
        "Formas de pago",
    }
    assert client.get("/preguntas/categoria/nada/novedades.atom").status_code == 404


def test_a_feed_is_sent_once(cast: Cast, client: FlaskClient) -> None:
    make_articles(cast.elena, count=2)
    answer = client.get("/preguntas/novedades.atom")
    assert answer.last_modified is not None
    for header in (
        {"If-None-Match": answer.headers["ETag"]},
        {"If-Modified-Since": answer.headers["Last-Modified"]},
    ):
        assert client.get("/preguntas/novedades.atom", headers=header).status_code == 304


def test_a_feed_of_nothing_and_of_odd_signs_is_xml_too(cast: Cast, client: FlaskClient) -> None:
    assert feed(client, "/preguntas/novedades.atom").findall(f"{ATOM}entry") == []
    shelf = make_categories()["correo"]
    title = "</title> & \ufffe\uffff ]]> 🚀"
    make_article(cast.elena, slug="raro", category_id=shelf, title=title, body="`\ufffe` <b>&amp;")
    root = feed(client, "/preguntas/novedades.atom")
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "</title> &  ]]> 🚀"


def test_the_map_names_every_public_page_and_no_other(cast: Cast, client: FlaskClient) -> None:
    ids = make_articles(cast.elena)
    hidden(cast)
    files = places(client, "/sitemap.xml")
    assert files == [
        "http://localhost/sitemap/paginas.xml",
        "http://localhost/sitemap/respuestas-1.xml",
    ]
    base = "http://localhost/preguntas"
    assert places(client, "/sitemap/respuestas-1.xml") == [f"{base}/{slug}" for slug in ids]
    pages = places(client, "/sitemap/paginas.xml")
    assert f"{base}/categoria/correo" in pages
    for address in pages:
        assert client.get(address.removeprefix("http://localhost")).status_code == 200
    assert "Sitemap: http://localhost/sitemap.xml\n" in client.get("/robots.txt").text
    assert client.get("/sitemap/respuestas-2.xml").status_code == 404


def test_a_large_map_is_split(
    cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shelf(5)
    monkeypatch.setattr(views, "MAP_SIZE", 2)
    assert places(client, "/sitemap.xml")[1:] == [
        f"http://localhost/sitemap/respuestas-{n}.xml" for n in (1, 2, 3)
    ]
    assert len(places(client, "/sitemap/respuestas-3.xml")) == 1


@pytest.mark.parametrize(
    "address", ["/preguntas/novedades.atom", "/sitemap/respuestas-1.xml", "/sitemap/paginas.xml"]
)
def test_the_number_of_queries_stands_still(
    app: Flask, cast: Cast, client: FlaskClient, address: str
) -> None:
    make_articles(cast.elena, count=1)
    db.session.rollback()
    with statements() as few:
        client.get(address)
    make_shelf(25)
    db.session.rollback()
    with statements() as many:
        client.get(address)
    assert len(many) <= len(few)


def data_of(client: FlaskClient, address: str) -> dict[str, dict[str, Any]]:
    """What a page says of itself, by type."""
    html = client.get(address).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    given = json.loads(block)
    assert given["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in given["@graph"]}


def test_an_article_says_what_it_is(cast: Cast, client: FlaskClient) -> None:
    shelf = make_categories()["correo"]
    title = "¿Cómo? </script><script>alert(1)</script>"
    make_article(
        cast.elena, slug="raro", category_id=shelf, title=title, body="Haga **esto** & ya."
    )
    data = data_of(client, "/preguntas/raro")
    url = "http://localhost/preguntas/raro"
    (question,) = data["FAQPage"]["mainEntity"]
    assert (question["name"], question["acceptedAnswer"]["text"]) == (title, "Haga esto & ya.")
    assert data["TechArticle"]["dateModified"] == "2026-03-01T15:00:00+00:00"
    assert [(i["position"], i["item"]) for i in data["BreadcrumbList"]["itemListElement"]] == [
        (1, "http://localhost/preguntas"),
        (2, "http://localhost/preguntas/categoria/correo"),
        (3, url),
    ]


def test_home_and_categories_say_what_they_are(cast: Cast, client: FlaskClient) -> None:
    make_articles(cast.elena)
    home = data_of(client, "/")
    assert home["Organization"]["contactPoint"][0]["telephone"] == "+5117390054"
    assert home["WebSite"]["potentialAction"]["target"]["urlTemplate"] == (
        "http://localhost/preguntas/buscar?q={words}"
    )
    listed = data_of(client, "/preguntas/categoria/correo")["CollectionPage"]["mainEntity"]
    assert len(listed["itemListElement"]) == 5


PUBLIC = {
    "/": "/",
    "/preguntas": "/preguntas",
    "/preguntas/disco-lleno": "/preguntas/disco-lleno",
    "/preguntas/categoria/repuesto?pagina=2&x=1": "/preguntas/categoria/repuesto?pagina=2",
    "/preguntas/categoria/correo?pagina=1": "/preguntas/categoria/correo",
    "/tickets/nuevo?asunto=Algo": "/tickets/nuevo",
    "/llamada": "/llamada",
    "/chat": "/chat",
    "/cotizacion": "/cotizacion",
    "/averias": "/averias",
    "/condiciones": "/condiciones",
}


def test_every_public_page_knows_its_one_address_and_says_it(
    cast: Cast, client: FlaskClient
) -> None:
    make_articles(cast.elena)
    make_shelf(40)
    titles: set[str] = set()
    for address, own in PUBLIC.items():
        html = client.get(address).text
        assert re.findall('<link rel="canonical" href="([^"]*)"', html) == [
            f"http://localhost{own}"
        ]
        assert re.findall('<meta property="og:url" content="([^"]*)"', html) == [
            f"http://localhost{own}"
        ]
        (title,) = re.findall('<meta property="og:title" content="([^"]*)"', html)
        assert f"<title>{title}" in html
        titles.add(title)
    assert len(titles) == len(PUBLIC)


@pytest.mark.parametrize("address", ["/preguntas/buscar?q=correo", "/no-existe", "/preguntas/nada"])
def test_what_is_no_page_to_find_says_so(client: FlaskClient, address: str) -> None:
    html = client.get(address).text
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html


def test_long_answers_and_missing_moments_are_no_matter() -> None:
    questions = structured.questions("https://a.pe", [("a", "x" * 9000)])
    assert len(questions["mainEntity"][0]["acceptedAnswer"]["text"]) == 5000
