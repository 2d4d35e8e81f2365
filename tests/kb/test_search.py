"""Search as visitors use it: the index finds, the database decides what is shown."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock, outbox
from core.db import db
from core.models import Job
from kb import actions, documents, search
from kb.index import IndexUnavailable
from kb.search import article_index, suggest_articles
from kb.snippets import pieces
from tests.cast import Cast
from tests.kb.articles import index_everything, make_article, make_shelf
from tests.kb.counting import statements

SECRET = "clave-maestra-8841"


@pytest.fixture
def shelves(indexed: dict[str, int]) -> dict[str, int]:
    """The articles, published and in the index; ids by slug."""
    return indexed


def found(client: FlaskClient, query: str, **more: str) -> list[str]:
    answer = client.get("/preguntas/buscar", query_string={"q": query, **more})
    assert answer.status_code == 200
    return re.findall(r'<h3><a href="/preguntas/([a-z0-9-]+)">', answer.text)


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("no llegan correos", "no-recibo-correos"),
        ("CONFIGURACION contrasena", "cambiar-contrasena-correo"),
        ("renovación dominio", "renovar-dominio-pe"),
        ("servidor lento", "servidor-lento"),
        ("factura ruc", "factura-ruc"),
    ],
)
def test_search_finds_whatever_accents_and_endings(
    client: FlaskClient, shelves: dict[str, int], query: str, slug: str
) -> None:
    assert found(client, query)[0] == slug


def test_results_mark_the_words_and_escape_the_rest(
    app: Flask, client: FlaskClient, cast: Cast, shelves: dict[str, int]
) -> None:
    make_article(
        cast.elena,
        slug="etiquetas",
        category_id=shelf_of(shelves),
        title="<b>Zampoña</b> & etiquetas",
        body="Antes `<script>alert(1)</script>` la zampoña suena.",
    )
    index_everything(app)
    page = client.get("/preguntas/buscar?q=zampoña").text
    assert "&lt;b&gt;<mark>Zampoña</mark>&lt;/b&gt; &amp; etiquetas</a>" in page
    assert "Antes &lt;script&gt;alert(1)&lt;/script&gt; la <mark>zampoña</mark> suena." in page


def shelf_of(ids: dict[str, int]) -> int:
    article = search.queries.article_to_edit(ids["no-recibo-correos"])
    assert article is not None
    return article.category_id


def test_the_category_filter_counts_all_and_shows_one(
    client: FlaskClient, shelves: dict[str, int]
) -> None:
    page = client.get("/preguntas/buscar?q=dominio").text
    counts = dict(
        re.findall(r'categoria=([a-z-]+)">[^<]+ <span class="tag plain">(\d+)</span>', page)
    )
    assert counts == {"dominios-dns": "3", "correo": "1"}
    assert found(client, "dominio", categoria="correo") == ["correo-en-spam"]
    assert client.get("/preguntas/buscar?q=dominio&categoria=ninguna").status_code == 404


def test_results_have_pages_of_ten_and_nothing_beyond(app: Flask, client: FlaskClient) -> None:
    make_shelf(23)
    article_index().rebuild(documents.documents())
    sizes = [len(found(client, "repuesto", pagina=str(n))) for n in (1, 2, 3)]
    assert sizes == [10, 10, 3]
    for page in ("4", "51", "999999", "9" * 40):
        path = f"/preguntas/buscar?q=repuesto&pagina={page}"
        assert client.get(path).status_code == 404
    for page in ("0", "-1", "abc", "1.5", ""):
        assert len(found(client, "repuesto", pagina=page)) == 10


def test_an_empty_search_asks_for_words_and_asks_no_index(app: Flask, client: FlaskClient) -> None:
    for path in ("/preguntas/buscar", "/preguntas/buscar?q=", "/preguntas/buscar?q=%20%09"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Escriba dos o tres palabras" in answer.text
    with app.app_context():
        assert outbox.pending() == 0


def test_no_result_keeps_the_words_and_shows_ways_forward(
    client: FlaskClient, shelves: dict[str, int]
) -> None:
    page = html.unescape(client.get("/preguntas/buscar?q=helicoptero <azul>").text)
    assert "No encontramos respuestas para «helicoptero <azul>»" in page
    assert 'value="helicoptero <azul>"' in page
    assert "/tickets/nuevo?asunto=helicoptero+<azul>" in page.replace("%3C", "<").replace(
        "%3E", ">"
    )
    assert page.count('href="/preguntas/categoria/') == 4
    assert len(re.findall(r'<li><a href="/preguntas/[a-z0-9-]+">', page)) == 5


def test_a_query_that_is_too_long_is_refused_and_kept(client: FlaskClient) -> None:
    for query in ("a" * 201, "(" * 5000, "NOT " * 1000 + "a"):
        answer = client.get("/preguntas/buscar", query_string={"q": query})
        assert answer.status_code == 422
        assert query[:1990] in answer.text
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "*",
        "*a",
        "?????",
        "*a*e*i*o*u*",
        "[a TO z]",
        "created:[9 TO 0]",
        "word~9",
        '"a b"~99999',
        "(" * 200,
        '"' * 199,
        "NOT " * 40 + "a",
        "estado:borrador",
        "the of and",
        "a OR b AND NOT c",
        "' OR 1=1 --",
        "%",
        "_",
        "\\",
        "\u202eabc",
        "ñ" * 200,
        "😀",
        "a b c d e f g h i j k l m n o p",
    ],
)
@pytest.mark.parametrize("with_index", [True, False])
def test_no_text_is_more_than_words(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    shelves: dict[str, int],
    query: str,
    with_index: bool,
) -> None:
    make_article(
        cast.elena, slug="oculta", category_id=shelf_of(shelves), title=SECRET, publish=False
    )
    if not with_index:
        wipe_index(app)
    answer = client.get("/preguntas/buscar", query_string={"q": query})
    assert answer.status_code == 200
    assert len(found(client, query)) < len(shelves)
    assert SECRET not in answer.text
    assert client.get("/preguntas/sugerencias", query_string={"q": query}).status_code == 200


def wipe_index(app: Flask) -> None:
    shutil.rmtree(Path(app.config["SITE"].index_dir))
    app.extensions["forget"]()


def test_an_index_that_lags_never_shows_a_withdrawn_article(
    client: FlaskClient, cast: Cast, shelves: dict[str, int]
) -> None:
    actions.archive_article(actor=cast.elena, article_id=shelves["servidor-lento"], now=clock.now())
    behind = article_index().search("servidor lento").hits
    assert behind[0].slug == "servidor-lento"
    assert "servidor-lento" not in found(client, "servidor lento")
    items = client.get("/preguntas/sugerencias?q=servidor lento").get_json()["items"]
    assert "/preguntas/servidor-lento" not in [item["url"] for item in items]
    slugs = [
        s.slug for s in suggest_articles("Mi servidor está lento", "La carga con uptime es alta")
    ]
    assert "servidor-lento" not in slugs


def test_titles_are_the_databases_even_where_the_index_is_old(
    app: Flask, client: FlaskClient, cast: Cast, shelves: dict[str, int]
) -> None:
    article = search.queries.article_to_edit(shelves["servidor-lento"])
    assert article is not None
    text = actions.ArticleText(
        "Título corregido", "", article.category_id, "", [], "es", "Otro texto"
    )
    actions.save_article(
        actor=cast.elena, text=text, article_id=article.id, revision=1, now=clock.now()
    )
    page = client.get("/preguntas/buscar?q=servidor lento").text
    assert "Título corregido" in page
    assert "Mi servidor está lento" not in re.sub("<[^>]+>", "", page)


def test_without_an_index_the_database_answers_and_a_rebuild_is_asked_for_once(
    app: Flask, client: FlaskClient, shelves: dict[str, int]
) -> None:
    wipe_index(app)
    assert found(client, "renovacion dominio")[0] == "renovar-dominio-pe"
    assert found(client, "dominio", categoria="correo") == ["correo-en-spam"]
    assert suggest_articles("Mi servidor está lento", "Muy lento desde ayer") == []
    assert suggestions(client, "servidor lento") == ["/preguntas/servidor-lento"]
    waiting = select(func.count()).where(Job.kind == actions.REBUILD_JOB, Job.done_at.is_(None))
    assert db.session.scalar(waiting) == 1
    index_everything(app)
    assert article_index().healthy()
    assert found(client, "renovacion dominio")[0] == "renovar-dominio-pe"
    assert db.session.scalar(waiting) == 0


def test_a_damaged_index_answers_from_the_database_and_is_replaced(
    app: Flask, client: FlaskClient, shelves: dict[str, int]
) -> None:
    for file in Path(app.config["SITE"].index_dir).rglob("*.seg"):
        file.write_bytes(b"")
    app.extensions["forget"]()
    assert found(client, "servidor lento")[0] == "servidor-lento"
    index_everything(app)
    assert article_index().versions() == documents.versions()


def suggestions(client: FlaskClient, text: str) -> list[str]:
    answer = client.get("/preguntas/sugerencias", query_string={"q": text})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    body = json.loads(answer.text)
    assert sorted(body) == ["count", "items"]
    assert body["count"] == len(body["items"])
    return [item["url"] for item in body["items"]]


def test_suggestions_while_typing_are_titles_with_address_and_category(
    client: FlaskClient, shelves: dict[str, int]
) -> None:
    assert client.get("/preguntas/sugerencias?q=factura").get_json() == {
        "items": [
            {
                "title": "Pedir una factura con RUC",
                "url": "/preguntas/factura-ruc",
                "category": "Facturación y pagos",
            }
        ],
        "count": 1,
    }
    assert suggestions(client, "") == []


def test_there_are_at_most_eight_suggestions(app: Flask, client: FlaskClient) -> None:
    make_shelf(12)
    article_index().rebuild(documents.documents())
    assert len(suggestions(client, "repuesto nú")) == 8


def test_a_ticket_text_brings_articles_that_can_be_read_in_place(
    app: Flask, shelves: dict[str, int]
) -> None:
    best = suggest_articles("El correo", "Buenas tardes, mis mensajes caen en spam. Gracias")[0]
    assert best.slug == "correo-en-spam"
    assert best.line == "Sobre: Mis mensajes caen en spam."
    assert best.html == "<p>Publique los registros SPF, DKIM y DMARC de su dominio.</p>\n"


def test_no_suggestion_for_another_matter(app: Flask, shelves: dict[str, int]) -> None:
    assert suggest_articles("Helicóptero", "Quisiera alquilar una avioneta amarilla") == []


def test_results_cost_the_same_for_one_row_and_for_thirty(client: FlaskClient, cast: Cast) -> None:
    shelf_id = make_shelf(1)
    one = cost_of_results(client, 1)
    for number in range(29):
        title = f"Repuesto nuevo {number}"
        make_article(cast.elena, slug=f"nueva-{number}", category_id=shelf_id, title=title)
    assert cost_of_results(client, 10) == one


def cost_of_results(client: FlaskClient, rows: int) -> int:
    article_index().rebuild(documents.documents())
    assert len(found(client, "repuesto")) == rows
    with statements() as seen:
        found(client, "repuesto")
    return len(seen)


def test_pieces_cuts_a_text_at_its_spans() -> None:
    assert pieces("abcdef", [(1, 2), (4, 6)]) == [
        ("a", False),
        ("b", True),
        ("cd", False),
        ("ef", True),
    ]
    assert pieces("abc", []) == [("abc", False)]


def test_an_index_that_cannot_be_opened_says_so(app: Flask) -> None:
    with pytest.raises(IndexUnavailable):
        article_index().search("correo")
