"""What an editor types survives a closed tab, and two on one article put their texts together."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from accounts.models import Person
from accounts.permissions import Actor
from core import clock
from core.db import db, transaction
from kb import actions
from kb.models import Article
from kb.usage.actions import record_use
from kb.writing import drafts
from kb.writing.models import ArticleDraft, ArticlePresence
from kb.writing.policy import DRAFTS_KEPT_FOR, MOST_NEW_DRAFTS
from tests.cast import START, Cast
from tests.kb.articles import make_article, make_categories
from tests.kb.test_editor import fields

BODY = "Uno.\n\nDos.\n\nTres.\n\nCuatro."
TOKEN = "t" * 43


@pytest.fixture
def editor(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


@pytest.fixture
def shelf(app: Flask) -> int:
    return make_categories()["correo"]


@pytest.fixture
def article_id(shelf: int, cast: Cast) -> int:
    return make_article(cast.elena, slug="vps", category_id=shelf, title="El VPS", body=BODY)


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ArticleDraft)) or 0


def texts(page: str) -> dict[str, str]:
    """What stands in the boxes of a page."""
    found = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
    return {name: html.unescape(text) for name, text in found}


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def editor_too(actor: Actor) -> None:
    with transaction() as session:
        roles = frozenset({*actor.roles, "editor"})
        session.execute(update(Person).where(Person.id == actor.person_id).values(roles=roles))


def test_what_was_typed_comes_back_and_can_be_discarded(
    editor: FlaskClient, shelf: int, article_id: int
) -> None:
    path = f"/editor/articulos/{article_id}"
    typed = fields(shelf, titulo="El VPS, otra vez", texto="A medio escribir…", revision="1")
    assert editor.post(f"{path}/escrito", data=typed).status_code == 204
    page = editor.get(path).text
    assert "Recuperamos lo que escribía" in page
    assert 'value="El VPS, otra vez"' in page
    assert texts(page)["texto"] == "A medio escribir…"
    answer = editor.post(f"{path}/escrito/eliminacion")
    assert (answer.status_code, answer.location) == (303, path)
    page = editor.get(path).text
    assert "Recuperamos" not in page
    assert texts(page)["texto"] == BODY
    assert kept() == 0


def test_saving_ends_the_draft_and_one_that_says_nothing_new_is_not_offered(
    editor: FlaskClient, shelf: int, article_id: int
) -> None:
    path = f"/editor/articulos/{article_id}"
    typed = fields(shelf, texto="Terminado.", revision="1")
    editor.post(f"{path}/escrito", data=typed)
    assert editor.post(path, data=typed).status_code == 303
    assert kept() == 0
    # It was under way while the form was sent.
    editor.post(f"{path}/escrito", data=typed)
    assert "Recuperamos" not in editor.get(path).text


def test_a_refused_form_loses_neither_page_nor_draft(
    editor: FlaskClient, shelf: int, article_id: int
) -> None:
    path = f"/editor/articulos/{article_id}"
    typed = fields(shelf, titulo="", texto="Sin título todavía", revision="1")
    editor.post(f"{path}/escrito", data=typed)
    answer = editor.post(path, data=typed)
    assert answer.status_code == 422
    assert texts(answer.text)["texto"] == "Sin título todavía"
    assert "data-unsaved" in answer.text
    assert kept() == 1


def test_new_articles_that_were_begun_are_offered_and_never_overwritten(
    editor: FlaskClient, shelf: int
) -> None:
    for letter in "ab":
        typed = fields(shelf, titulo=f"Nuevo {letter}", texto=letter, borrador=letter * 43)
        assert editor.post("/editor/escritos", data=typed).status_code == 204
    page = editor.get("/editor/articulos/nuevo").text
    assert "Nuevo a" in page
    assert f"/editor/articulos/nuevo?borrador={'b' * 43}" in page
    assert hidden(page)["borrador"] not in {"a" * 43, "b" * 43}
    page = editor.get(f"/editor/articulos/nuevo?borrador={'b' * 43}").text
    assert texts(page)["texto"] == "b"
    assert 'value="Nuevo b"' in page
    made = editor.post("/editor/articulos/nuevo", data=fields(shelf, texto="b", borrador="b" * 43))
    assert made.status_code == 303
    assert kept() == 1
    editor.post("/editor/escritos/eliminacion", data={"borrador": "a" * 43})
    assert kept() == 0


def test_an_empty_new_article_is_not_kept(editor: FlaskClient, shelf: int) -> None:
    typed = fields(shelf, titulo=" ", texto="\n", borrador=TOKEN)
    assert editor.post("/editor/escritos", data=typed).status_code == 204
    assert kept() == 0


def test_drafts_are_their_writers_alone(
    app: Flask, editor: FlaskClient, cast: Cast, shelf: int, article_id: int
) -> None:
    editor_too(cast.fabio)
    editor.post(f"/editor/articulos/{article_id}/escrito", data=fields(shelf, texto="Secreto"))
    editor.post("/editor/escritos", data=fields(shelf, titulo="Secreto", borrador=TOKEN))
    fabio = cast.sign_in(app, cast.fabio)
    for path in (f"/editor/articulos/{article_id}", f"/editor/articulos/nuevo?borrador={TOKEN}"):
        answer = fabio.get(path)
        assert (answer.status_code, "Secreto" in answer.text) == (200, False)
    fabio.post("/editor/escritos/eliminacion", data={"borrador": TOKEN})
    fabio.post(f"/editor/articulos/{article_id}/escrito/eliminacion")
    assert kept() == 2


def test_what_was_typed_outlives_the_article(editor: FlaskClient, cast: Cast, shelf: int) -> None:
    gone = make_article(cast.elena, slug="va", category_id=shelf, publish=False)
    editor.post(f"/editor/articulos/{gone}/escrito", data=fields(shelf, titulo="Lo mío"))
    assert editor.post(f"/editor/articulos/{gone}/eliminacion").status_code == 303
    page = editor.get("/editor/articulos/nuevo").text
    assert "Lo mío" in page
    way = re.search(r"/editor/articulos/nuevo\?borrador=[^\"]+", page)
    assert way
    assert 'value="Lo mío"' in editor.get(way[0]).text
    # The number is given again: the new article has none of it.
    text = actions.ArticleText("Viene", "", shelf, "", (), "es", "Otro.")
    again = actions.save_article(actor=cast.elena, text=text, now=START)
    assert "Recuperamos" not in editor.get(f"/editor/articulos/{again}").text


@pytest.mark.parametrize(
    "changes",
    [
        {"texto": "x" * 200_001}, {"resumen": "x" * 5_001}, {"borrador": "corto"},
        {"borrador": ""}, {"borrador": "<script>" * 5},
    ],
    ids=range(5),
)  # fmt: skip
def test_what_is_too_much_or_made_up_is_refused(
    editor: FlaskClient, shelf: int, changes: dict[str, str]
) -> None:
    typed = fields(shelf, **{"borrador": TOKEN, **changes})
    assert editor.post("/editor/escritos", data=typed).status_code == 422
    assert kept() == 0


def test_hostile_fields_are_kept_as_text(editor: FlaskClient, shelf: int, article_id: int) -> None:
    path = f"/editor/articulos/{article_id}"
    typed = {
        "titulo": '"><script>',
        "categoria": "x",
        "idioma": "zz",
        "revision": "-1",
        "otro": "y",
    }
    assert editor.post(f"{path}/escrito", data=typed).status_code == 204
    page = editor.get(path)
    assert page.status_code == 200
    assert "<script>" not in page.text.replace('<script src="', "")
    page = editor.get(f"/editor/articulos/nuevo?borrador={'z' * 200}")
    assert page.status_code == 200


def test_new_drafts_are_not_without_end_and_old_ones_go(cast: Cast) -> None:
    typed = drafts.Typed("Título", "Texto", {})
    for number in range(MOST_NEW_DRAFTS + 3):
        at = START + timedelta(minutes=number)
        drafts.save_new_draft(actor=cast.elena, place=f"{number:043}", typed=typed, now=at)
    assert kept() == MOST_NEW_DRAFTS
    assert drafts.purge(now=START + DRAFTS_KEPT_FOR + timedelta(days=1)) == MOST_NEW_DRAFTS


def test_two_editors_see_each_other(
    app: Flask, editor: FlaskClient, cast: Cast, article_id: int
) -> None:
    editor_too(cast.fabio)
    fabio = cast.sign_in(app, cast.fabio)
    path = f"/editor/articulos/{article_id}"
    assert editor.post(f"{path}/presencia", data={"escribe": "si"}).json == {"texto": ""}
    assert "Elena Paredes lo está editando." in fabio.get(path).text
    seen = fabio.post(f"{path}/presencia", data={"escribe": "no"})
    assert seen.json == {"texto": "Elena Paredes lo está editando."}
    again = editor.post(f"{path}/presencia", data={"escribe": "no"})
    assert again.json == {"texto": "Fabio Medina también lo tiene abierto."}
    assert fabio.post(f"{path}/presencia", data={"escribe": "sale"}).status_code == 204
    assert editor.post(f"{path}/presencia", data={}).json == {"texto": ""}
    drafts.purge(now=clock.now() + timedelta(minutes=2))
    assert db.session.scalar(select(func.count()).select_from(ArticlePresence)) == 0


def second(
    app: Flask, cast: Cast, shelf: int, article_id: int, theirs: str, mine: str, **more: str
) -> tuple[FlaskClient, str]:
    """Fabio saves first; Elena's text began from the same revision. Her page."""
    editor_too(cast.fabio)
    path = f"/editor/articulos/{article_id}"
    saved = fields(shelf, titulo="El VPS", resumen="Sobre: El VPS.", etiquetas="soporte",
        texto=theirs, revision="1", **more)  # fmt: skip
    assert cast.sign_in(app, cast.fabio).post(path, data=saved).status_code == 303
    elena = cast.sign_in(app, cast.elena)
    sent = fields(shelf, titulo="El VPS", resumen="Sobre: El VPS.", etiquetas="soporte",
        texto=mine, revision="1")  # fmt: skip
    answer = elena.post(path, data=sent)
    assert answer.status_code == 409
    return elena, answer.text


def merge_form(page: str, **chosen: str) -> dict[str, str]:
    """The form of the page as it would be sent."""
    return {**hidden(page), **texts(page), **chosen}


def body() -> str:
    db.session.rollback()
    return db.session.scalars(select(Article.body)).one()


def test_changes_that_do_not_clash_are_put_together(
    app: Flask, cast: Cast, shelf: int, article_id: int
) -> None:
    elena, page = second(
        app, cast, shelf, article_id, BODY.replace("Uno", "1"), BODY + "\n\nCinco."
    )
    assert "Cambio de Fabio Medina" in page
    assert "Los cambios no chocan" in page
    path = f"/editor/articulos/{article_id}"
    answer = elena.post(f"{path}/union", data=merge_form(page))
    assert (answer.status_code, answer.location) == (303, f"{path}?juntos=si")
    form = elena.get(answer.location).text
    assert "Juntamos los dos textos; revise y guarde." in form
    assert "Recuperamos lo que escribía" not in form
    together = "1.\n\nDos.\n\nTres.\n\nCuatro.\n\nCinco."
    assert texts(form)["texto"] == together
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', form)
    assert revision
    assert revision[1] == "2"
    saved = fields(shelf, texto=together, revision="2")
    assert elena.post(path, data=saved).status_code == 303
    assert body() == together


@pytest.mark.parametrize(
    ("choice", "own", "result"),
    [
        ("theirs", "", "DOS"), ("mine", "", "2"), ("both", "", "DOS.\n\n2"),
        ("texto", "Ni una ni otra <b>", "Ni una ni otra <b>"),
    ],
)  # fmt: skip
def test_a_clash_is_decided_by_a_person(
    app: Flask, cast: Cast, shelf: int, article_id: int, choice: str, own: str, result: str
) -> None:
    theirs, mine = BODY.replace("Dos", "DOS"), BODY.replace("Dos", "2").replace("Cuatro", "4")
    elena, page = second(app, cast, shelf, article_id, theirs, mine)
    path = f"/editor/articulos/{article_id}"
    undecided = elena.post(f"{path}/union", data=merge_form(page))
    assert undecided.status_code == 422
    assert "Elija una opción" in undecided.text
    assert texts(undecided.text)["texto"] == mine
    chosen = {"conflicto-0": choice, **({"texto-0": own} if own else {})}
    assert elena.post(f"{path}/union", data=merge_form(page, **chosen)).status_code == 303
    text = texts(elena.get(path).text)["texto"]
    end = "" if choice == "texto" else "."
    assert text == f"Uno.\n\n{result}{end}\n\nTres.\n\n4."
    assert body() == theirs


def test_fields_are_taken_or_chosen_too(
    app: Flask, cast: Cast, shelf: int, article_id: int
) -> None:
    editor_too(cast.fabio)
    path = f"/editor/articulos/{article_id}"
    same = fields(shelf, titulo="El VPS", etiquetas="soporte", texto=BODY, revision="1")
    theirs = {**same, "resumen": "El suyo.", "idioma": "en"}
    assert cast.sign_in(app, cast.fabio).post(path, data=theirs).status_code == 303
    elena = cast.sign_in(app, cast.elena)
    page = elena.post(path, data={**same, "resumen": "El mío."})
    assert page.status_code == 409
    assert "El suyo." in page.text
    assert 'name="campo-idioma"' not in page.text
    assert elena.post(f"{path}/union", data=merge_form(page.text)).status_code == 422
    data = merge_form(page.text, **{"campo-resumen": "mine"})
    assert elena.post(f"{path}/union", data=data).status_code == 303
    form = elena.get(path).text
    assert 'value="El mío."' in form
    # Only one of them changed the language.
    assert re.search(r'<option selected value="en">', form)


def test_a_third_save_meanwhile_shows_the_page_again(
    app: Flask, cast: Cast, shelf: int, article_id: int
) -> None:
    elena, page = second(
        app, cast, shelf, article_id, BODY.replace("Uno", "1"), BODY + "\n\nCinco."
    )
    path = f"/editor/articulos/{article_id}"
    third = fields(shelf, texto=BODY.replace("Uno", "Uno y medio"), revision="2")
    assert cast.sign_in(app, cast.fabio).post(path, data=third).status_code == 303
    again = elena.post(f"{path}/union", data=merge_form(page))
    assert again.status_code == 409
    assert "Uno y medio" in again.text
    assert hidden(again.text)["guardada"] == "3"
    assert texts(again.text)["texto"] == BODY + "\n\nCinco."


@pytest.mark.parametrize("revision", ["", "0", "999", "x" * 300, "-1", "²"])
def test_a_made_up_revision_loses_nothing(
    editor: FlaskClient, shelf: int, article_id: int, revision: str
) -> None:
    path = f"/editor/articulos/{article_id}"
    answer = editor.post(path, data=fields(shelf, texto="Lo mío.", revision=revision))
    assert answer.status_code == 409
    assert texts(answer.text)["texto"] == "Lo mío."
    empty = editor.post(f"{path}/union", data={"guardada": "1"})
    assert empty.status_code in {303, 422}
    assert editor.post("/editor/articulos/999/union", data={}).status_code == 404


def test_the_form_says_what_tickets_did_with_the_article(
    editor: FlaskClient, article_id: int
) -> None:
    path = f"/editor/articulos/{article_id}"
    assert "Usado en" not in editor.get(path).text
    with transaction() as session:
        for number in (1, 2, 3):
            record_use(
                session, article_id=article_id, kind="inserted", key=f"t:{number}", now=START
            )
        record_use(session, article_id=article_id, kind="resolved", key="t:1", now=START)
    assert "Usado en 3 tickets, resolvió 1." in editor.get(path).text


def test_a_new_article_made_by_an_action_has_no_draft(cast: Cast, shelf: int) -> None:
    text = actions.ArticleText("T", "", shelf, "", (), "es", "x")
    actions.save_article(actor=cast.elena, text=text, now=START)
    assert kept() == 0
