"""One answer in two languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb import actions, steps
from kb.lifecycle import Audience
from kb.revisions.actions import restore
from kb.translations import actions as translations
from tests.cast import Cast
from tests.kb.articles import WRITTEN, make_article, make_categories
from tests.kb.test_actions import stored, text_of

LATER = WRITTEN + timedelta(hours=1)


@pytest.fixture
def pair(cast: Cast) -> tuple[int, int]:
    """An answer in Spanish and in English, linked."""
    shelf = make_categories()["correo"]
    one = make_article(cast.elena, slug="buzon", category_id=shelf, title="El buzón está lleno")
    two = make_article(
        cast.elena, slug="mailbox", category_id=shelf, title="The mailbox is full", lang="en"
    )
    translations.link(actor=cast.elena, article_id=two, other_id=one, now=WRITTEN)
    return one, two


def change(cast: Cast, article_id: int, **changes: object) -> None:
    article = stored(article_id)
    values: dict[str, object] = {"body": "Otro texto.", "lang": article.lang, **changes}
    actions.save_article(
        actor=cast.elena,
        text=text_of(article.category_id, **values),
        article_id=article_id,
        revision=article.last_revision,
        now=LATER,
    )


def test_each_page_offers_the_other_language(client: FlaskClient, pair: tuple[int, int]) -> None:
    spanish, english = client.get("/preguntas/buzon").text, client.get("/preguntas/mailbox").text
    assert 'href="/preguntas/mailbox" hreflang="en" lang="en">Read in English</a>' in spanish
    assert 'href="/preguntas/buzon" hreflang="es" lang="es">Leer en español</a>' in english
    for page in (spanish, english):
        assert 'rel="alternate" hreflang="es" href="http://localhost/preguntas/buzon"' in page
        assert 'rel="alternate" hreflang="en" href="http://localhost/preguntas/mailbox"' in page


def test_a_translation_is_behind_until_somebody_says_it_is_not(
    app: Flask, client: FlaskClient, cast: Cast, pair: tuple[int, int]
) -> None:
    one, two = pair
    editor = cast.sign_in(app, cast.elena)
    assert "atrasada" not in client.get("/preguntas/mailbox").text
    change(cast, one)
    assert "la traducción está atrasada" in client.get("/preguntas/mailbox").text
    assert "atrasada" not in client.get("/preguntas/buzon").text
    assert "The mailbox is full" in editor.get("/editor?solo=traduccion-atrasada").text
    for article_id in pair:
        page = editor.get(f"/editor/articulos/{article_id}/idiomas").text
        assert "La traducción está atrasada" in page
        assert f"/editor/articulos/{one}/diferencias?de=1&amp;a=2" in page
    assert editor.post(f"/editor/articulos/{two}/idiomas/verificacion").status_code == 303
    assert "atrasada" not in client.get("/preguntas/mailbox").text
    assert editor.post(f"/editor/articulos/{one}/idiomas/verificacion").status_code == 404


def test_only_what_the_original_says_leaves_its_translation_behind(
    app: Flask, client: FlaskClient, cast: Cast, pair: tuple[int, int]
) -> None:
    one, _ = pair
    editor, article = cast.sign_in(app, cast.elena), stored(one)
    said = {"title": article.title, "summary": article.summary, "body": "Una respuesta."}
    other = make_categories()["facturacion-pagos"]

    def is_told_behind() -> bool:
        lists = editor.get("/editor?solo=traduccion-atrasada").text
        page = client.get("/preguntas/mailbox").text
        assert ("atrasada" in page) is ("The mailbox is full" in lists)
        return "atrasada" in page

    change(cast, one, **said, tags=["otra"])
    article = stored(one)
    actions.save_article(
        actor=cast.elena,
        text=text_of(other, **said, tags=["otra"]),
        article_id=one,
        revision=article.last_revision,
        now=LATER,
    )
    assert (stored(one).revision, stored(one).category_id) == (3, other)
    assert not is_told_behind()
    for part in said:
        change(cast, one, **{**said, part: "Dice otra cosa."})
        assert is_told_behind(), part
        change(cast, one, **said)
        assert not is_told_behind(), part


def test_an_import_says_which_translation_is_behind(
    client: FlaskClient, cast: Cast, pair: tuple[int, int]
) -> None:
    mark = translations.mark_translations
    assert mark(behind={pair[1]: False, pair[0]: True, 999: True}, now=LATER) == 0
    assert mark(behind={pair[1]: True}, now=LATER) == 1
    assert mark(behind={pair[1]: True}, now=LATER) == 0
    assert "atrasada" in client.get("/preguntas/mailbox").text
    assert mark(behind={pair[1]: False}, now=LATER) == 1
    assert "atrasada" not in client.get("/preguntas/mailbox").text


def test_saving_what_is_stored_already_leaves_the_translation_right(
    app: Flask, client: FlaskClient, cast: Cast, pair: tuple[int, int]
) -> None:
    one, _ = pair
    change(cast, one)
    translations.confirm_translation(actor=cast.elena, article_id=pair[1], now=LATER)
    change(cast, one)
    assert stored(one).last_revision == 2
    assert "atrasada" not in client.get("/preguntas/mailbox").text


def test_a_version_that_is_not_to_be_seen_is_not_offered(
    client: FlaskClient, cast: Cast, pair: tuple[int, int]
) -> None:
    steps.set_audience(actor=cast.elena, article_id=pair[1], audience=Audience.STAFF, now=LATER)
    page = client.get("/preguntas/buzon").text
    assert "mailbox" not in page
    assert 'rel="alternate" hreflang' not in page


def test_a_linked_article_keeps_its_language(app: Flask, cast: Cast, pair: tuple[int, int]) -> None:
    with pytest.raises(actions.LinkedLanguage):
        change(cast, pair[0], lang="en")
    form = {"titulo": "T", "categoria": str(stored(pair[0]).category_id), "idioma": "en"}
    form |= {"texto": "Lo que escribí", "revision": "1"}
    answer = cast.sign_in(app, cast.elena).post(f"/editor/articulos/{pair[0]}", data=form)
    assert (answer.status_code, 'href="#idioma"' in answer.text) == (422, True)
    assert "Lo que escribí" in answer.text
    translations.unlink(actor=cast.elena, article_id=pair[0], now=LATER)
    change(cast, pair[0], lang="en")
    translations.link(actor=cast.elena, article_id=pair[0], other_id=_spanish(cast), now=LATER)
    with pytest.raises(actions.LinkedLanguage):
        restore(actor=cast.elena, article_id=pair[0], number=1, now=LATER)


def _spanish(cast: Cast) -> int:
    shelf = make_categories()["correo"]
    return make_article(cast.elena, slug="otro", category_id=shelf)


def test_a_new_link_ends_the_former_ones_and_one_language_is_refused(
    cast: Cast, pair: tuple[int, int]
) -> None:
    other = _spanish(cast)
    with pytest.raises(translations.SameLanguage):
        translations.link(actor=cast.elena, article_id=pair[0], other_id=other, now=LATER)
    translations.link(actor=cast.elena, article_id=other, other_id=pair[1], now=LATER)
    assert stored(pair[1]).translation_of == other


def test_an_import_links_pairs_once(cast: Cast, pair: tuple[int, int]) -> None:
    other = _spanish(cast)
    pairs = [pair, (pair[1], pair[0]), (pair[0], other), (other, 999), (other, other)]
    assert translations.link_translations(pairs=pairs, now=LATER) == 0
    translations.unlink(actor=cast.elena, article_id=pair[1], now=LATER)
    assert translations.link_translations(pairs=pairs, now=LATER) == 1


def test_deleting_the_original_leaves_the_translation(cast: Cast, pair: tuple[int, int]) -> None:
    steps.archive_article(actor=cast.elena, article_id=pair[0], now=LATER)
    steps.delete_article(actor=cast.elena, article_id=pair[0], now=LATER)
    assert stored(pair[1]).translation_of is None


def test_the_editor_finds_the_counterpart_by_words_or_address(
    app: Flask, cast: Cast, pair: tuple[int, int]
) -> None:
    translations.unlink(actor=cast.elena, article_id=pair[0], now=LATER)
    editor, own = cast.sign_in(app, cast.elena), f"/editor/articulos/{pair[0]}/idiomas"
    for asked in ("mailbox full", "mailbox", "http://localhost/preguntas/mailbox"):
        assert "The mailbox is full" in editor.get(own, query_string={"q": asked}).text
    for asked in ("*", "%", "'; --", "buzón", "x" * 500):
        assert "The mailbox" not in editor.get(own, query_string={"q": asked}).text
    assert editor.post(f"{own}/enlace", data={"articulo": str(pair[1])}).status_code == 303
    for bad in ("", "x", "999999", "99999999999999"):
        assert editor.post(f"{own}/enlace", data={"articulo": bad}).status_code == 404
    assert stored(pair[1]).translation_of == pair[0]
