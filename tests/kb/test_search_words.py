"""The search page in words: corrections, synonyms, whole and partial answers, and nothing."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import transaction
from kb.index import Correction, Document
from kb.models import Article
from kb.queries import published_article
from kb.rewording import as_typed, respelled
from kb.search import related_articles
from kb.snippets import mark, passage
from kb.vocabulary import Group, Vocabulary
from kb.whoosh_index import WhooshIndex
from tests.cast import Cast
from tests.kb.articles import index_everything, make_article


@pytest.fixture
def ids(indexed: dict[str, int]) -> dict[str, int]:
    """The articles, published and in the index; ids by slug."""
    return indexed


def page_of(client: FlaskClient, query: str, **more: str) -> str:
    answer = client.get("/preguntas/buscar", query_string={"q": query, **more})
    assert answer.status_code == 200
    return html.unescape(answer.text).split("<main", 1)[1].split("</main>")[0]


def slugs(text: str) -> list[str]:
    return re.findall(r'<h3><a href="/preguntas/([a-z0-9-]+)"', text)


def test_a_misspelt_word_is_read_as_meant_and_the_page_says_so(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = page_of(client, "cambiar contrasenya")
    assert slugs(page)[0] == "cambiar-contrasena-correo"
    assert "Ninguna respuesta tiene «contrasenya»: se buscó «contraseña»." in page
    assert "<mark>contraseña</mark>" in page
    assert 'value="cambiar contrasenya"' in page


def test_words_found_by_a_synonym_are_marked(client: FlaskClient, ids: dict[str, int]) -> None:
    page = page_of(client, "cambiar clave")
    assert slugs(page)[0] == "cambiar-contrasena-correo"
    assert "<mark>contraseña</mark>" in page
    assert "se buscó" not in page


def test_answers_with_some_of_the_words_stand_apart(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    whole, partial = page_of(client, "servidor lento disco").split("También puede")
    assert slugs(whole) == ["servidor-lento"]
    assert "disco-lleno" in slugs(partial)
    assert 'start="2"' in partial
    assert "Tienen sólo algunas de sus palabras, o las nombran de paso." in partial


def test_answers_that_all_have_the_one_word_stand_together(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = page_of(client, "servidor")
    assert slugs(page)[0] == "servidor-lento"
    assert len(slugs(page)) == 3
    assert "También puede servirle" not in page


def test_where_no_answer_has_all_the_words_the_page_says_so(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = page_of(client, "renovar correo")
    assert "Ninguna tiene todas sus palabras." in page
    before, partial = page.split("También puede servirle")
    assert (slugs(before), slugs(partial) != []) == ([], True)


def test_nothing_found_keeps_the_words_and_shows_every_way_on(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = page_of(client, "xyzzy qwertyop")
    assert "No encontramos respuestas para «xyzzy qwertyop»" in page
    assert 'value="xyzzy qwertyop"' in page
    assert 'href="/tickets/nuevo?asunto=xyzzy+qwertyop"' in page
    for way in ("Crear ticket con esta consulta", "Llamar ahora", "Enviar mensaje"):
        assert way in page
    assert "Lo que más ayuda a otros clientes" in page
    assert 'href="/preguntas/categoria/correo"' in page


def test_nothing_found_in_a_category_offers_fewer_words_with_their_counts(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = page_of(client, "xyzzy firma", categoria="dominios-dns")
    assert "No encontramos respuestas" in page
    link = r'<a href="/preguntas/buscar\?q=([^"]*)">[^<]*</a> <span[^>]*>([^<]*)<'
    assert re.findall(link, page) == [("firma", "1 respuesta")]


def test_nothing_found_in_a_category_leads_to_the_other_categories(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = page_of(client, "disco", categoria="dominios-dns")
    assert "En otros temas sí hay respuestas." in page
    assert '<a href="/preguntas/buscar?q=disco">' in page
    assert "Pruebe con otras palabras" not in page


def test_an_answer_in_another_language_says_in_which(
    app: Flask, client: FlaskClient, cast: Cast, ids: dict[str, int]
) -> None:
    with transaction() as session:
        shelf = session.get_one(Article, ids["servidor-lento"]).category_id
    make_article(
        cast.elena,
        slug="restore-backup",
        category_id=shelf,
        title="Restoring a backup",
        body="Choose the files to restore.",
        lang="en",
    )
    index_everything(app)
    assert "En inglés" in page_of(client, "restored backups")
    assert "En inglés" not in page_of(client, "renovar dominio")
    english = app.test_client()
    english.get("/idioma/en")
    page = page_of(english, "restored backups")
    assert "restore-backup" in slugs(page)
    assert "En inglés" not in page


def test_an_article_and_its_translation_are_suggested_once(
    app: Flask, client: FlaskClient, cast: Cast, ids: dict[str, int]
) -> None:
    slow = ids["servidor-lento"]
    with transaction() as session:
        shelf = session.get_one(Article, slow).category_id
    slug, title = "slow-server", "Slow server (servidor lento)"
    copy = make_article(
        cast.elena, slug=slug, category_id=shelf, title=title, body="Servidor lento.", lang="en"
    )
    with transaction() as session:
        session.get_one(Article, copy).translation_of = slow
    index_everything(app)
    english = app.test_client()
    english.get("/idioma/en")
    for reader, shown, hidden in (
        (client, "servidor-lento", slug),
        (english, slug, "servidor-lento"),
    ):
        page = reader.get("/preguntas/sugerencias?q=servidor+lento").text
        assert f"/preguntas/{shown}" in page
        assert f"/preguntas/{hidden}" not in page
    with app.app_context():
        article = published_article("servidor-lento")
        assert article is not None
        assert copy not in [near.id for near in related_articles(article)]


def test_only_words_that_were_corrected_are_replaced() -> None:
    corrections = [Correction("contrasenya", "contraseña"), Correction("domnio", "dominio")]
    assert respelled("Mi Contrasenya (del DOMNIO)", corrections) == "Mi contraseña (del dominio)"
    assert respelled("nada que cambiar", corrections) == ""


def test_what_was_typed_is_shown_as_it_was_typed() -> None:
    read = [Correction("cafe", "cabe"), Correction("gone", "goma")]
    assert as_typed("Mi Café, cafe", read) == [
        Correction("Café", "cabe"),
        Correction("gone", "goma"),
    ]


def test_words_looked_up_beside_the_query_are_marked_and_found() -> None:
    text = "Primero otra cosa. " * 40 + "Escriba la contraseña nueva."
    best = passage(text, "clave", "es", also=("contrasena",))
    assert [best.text[start:end] for start, end in best.spans] == ["contraseña"]
    assert mark("La contraseña", "clave", "es", also=("contrasena",)) == [(3, 13)]


def documents(count: int) -> list[Document]:
    """Articles that hold «correo» in every tenth, and a word of its own each."""
    return [
        Document(
            number,
            f"a{number}",
            "es",
            "correo",
            f"Tema t{number}q",
            "",
            (),
            f"Texto {'del correo' if number % 10 == 0 else 'breve'} y detalle d{number}q.",
            "1",
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    """An index so wide that a word nobody wrote tells something."""
    synonyms = Vocabulary([Group(("casilla", "correo"))])
    made = WhooshIndex(tmp_path_factory.mktemp("wide") / "index", vocabulary=lambda: synonyms)
    made.rebuild(documents(1000))
    return made


def test_what_nobody_wrote_about_finds_nothing_rather_than_a_stray_word(wide: WhooshIndex) -> None:
    assert wide.search("correo").total == 100
    assert wide.search("softaculous correo").hits == []
    assert wide.suggest("softaculous", "detalle breve del correo") == []


def test_known_words_a_synonym_and_numbers_do_not_silence(wide: WhooshIndex) -> None:
    assert wide.search("texto correo").total > 0
    assert wide.search("casilla detalle").total > 0
    assert wide.suggest("", "detalle del correo 99887766 d10q") != []


def test_a_hardly_used_word_is_searched_and_a_far_commoner_one_offered(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    slip = Document(900, "slip", "es", "correo", "El corrreo", "", (), "Texto.", "1")
    index.rebuild([*documents(600), slip])
    found = index.search("corrreo")
    assert [hit.slug for hit in found.hits] == ["slip"]
    assert found.corrections == (Correction("corrreo", "correo", applied=False),)


@pytest.fixture
def small(tmp_path: Path) -> WhooshIndex:
    """A stray «olvide la clave», and the answer in other words, among articles without either."""
    said = [
        ("Firmar los correos", "Si olvida la clave pública, cree otra clave: la clave cambia."),
        ("Recuperar la contraseña", "Entre al panel y elija una contraseña."),
        ("Servidor caído", "El servidor no responde: reinicie."),
    ]
    said += [(f"Cambiar {n}", "Nunca olvide usar letras y cifras.") for n in range(4)]
    said += [(f"Usar {n}", "Use una contraseña larga.") for n in range(2)]
    synonyms = Vocabulary(
        [
            Group(("contraseña", "clave")),
            Group(("olvidé mi clave", "recuperar contraseña")),
            Group(("no responde", "no funca")),
        ]
    )
    made = WhooshIndex(tmp_path / "index", vocabulary=lambda: synonyms)
    made.rebuild(
        Document(n, f"a-{n}", "es", "correo", title, "", (), body, "1")
        for n, (title, body) in enumerate(said, 1)
    )
    return made


def test_a_title_that_says_a_phrase_in_other_words_says_all_of_it(small: WhooshIndex) -> None:
    assert small.search("olvidé mi clave").hits[0].slug == "a-2"


def test_a_word_of_a_known_phrase_is_not_unknown(small: WhooshIndex) -> None:
    found = small.search("no funca")
    assert [hit.slug for hit in found.hits] == ["a-3"]
    assert found.whole == 1
    assert found.also == ("responde",)


@pytest.mark.parametrize("typed", ["instlar el cer", "cambiar contrasenya", "contrasenya"])
def test_a_misspelt_word_is_completed_last_as_well_as_earlier(tmp_path: Path, typed: str) -> None:
    index = WhooshIndex(tmp_path / "index")
    titles = ["Instalar el certificado", "Cambiar la contraseña", "Renovar el dominio"]
    index.rebuild(
        Document(n, f"a-{n}", "es", "correo", title, "", (), f"{title}.", "1")
        for n, title in enumerate(titles, 1)
    )
    wanted = "a-2" if "contrasenya" in typed else "a-1"
    assert [hit.slug for hit in index.complete(typed)] == [wanted]


def test_a_phrase_in_other_words_is_completed(small: WhooshIndex) -> None:
    assert "a-2" in [hit.slug for hit in small.complete("olvidé mi clave")]
