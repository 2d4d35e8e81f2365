"""Importing and exporting in the browser: looked at first, done once, by editors alone."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import clock, outbox
from core.db import db
from kb import editor_queries
from kb.importing.actions import KEPT_FOR, propose_import
from kb.importing.archives import Archive
from kb.importing.models import ArticleImport
from kb.importing.words import SAID
from kb.models import Article
from tests.cast import Cast
from tests.kb.articles import make_articles
from tests.kb.importing.sources import zendesk_article, zendesk_export, zipped
from tests.kb.importing.test_folders import article

SHEET = "título;texto;categoría\nUno <b>;Texto.;Correo\nSin texto;;Correo\n".encode()


@pytest.fixture
def editor(app: Flask, cast: Cast) -> FlaskClient:
    """Elena's browser."""
    return cast.sign_in(app, cast.elena)


def send(editor: FlaskClient, name: str, content: bytes) -> TestResponse:
    data = {"archivo": (io.BytesIO(content), name)}
    return editor.post("/editor/importar", data=data, content_type="multipart/form-data")


def proposed(editor: FlaskClient, name: str = "hoja.csv", content: bytes = SHEET) -> str:
    answer = send(editor, name, content)
    assert answer.status_code == 303
    return str(answer.location)


def articles() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Article.slug).order_by(Article.slug)))


def work() -> int:
    """Do the imports that wait, as the worker would."""
    db.session.rollback()
    return outbox.drain(clock.now(), kinds=["kb.import"])


def test_a_file_is_looked_at_then_confirmed_then_done_once(app: Flask, editor: FlaskClient) -> None:
    page = proposed(editor)
    shown = editor.get(page).text
    assert "Todavía no se guardó nada" in shown
    assert "hoja.csv, línea 3" in shown
    assert "el texto está vacío" in shown
    assert "Uno &lt;b&gt;" in shown
    assert articles() == []
    for _ in range(2):
        assert editor.post(f"{page}/confirmacion").location == page
    assert "En curso" in editor.get(page).text
    assert work() == 1
    assert articles() == ["uno-b"]
    assert "Hecha." in editor.get(page).text
    assert editor_queries.stored_articles(["uno-b"])["uno-b"].category.name == "Correo"
    assert db.session.scalars(select(ArticleImport.content)).one() is None
    assert "No hay nada que cambiar" in editor.get(proposed(editor)).text
    assert editor.post(f"{page}/descarte").status_code == 404


def test_what_is_discarded_is_never_done(editor: FlaskClient) -> None:
    page = proposed(editor)
    for _ in range(2):
        assert editor.post(f"{page}/descarte").location == "/editor/importar"
    assert editor.post(f"{page}/confirmacion").status_code == 404
    assert work() == 0
    assert db.session.scalars(select(ArticleImport.content)).one() is None


def test_a_file_that_nobody_confirms_is_forgotten(cast: Cast, editor: FlaskClient) -> None:
    old = propose_import(
        actor=cast.elena, name="viejo.csv", content=SHEET, told={}, now=clock.now() - 2 * KEPT_FOR
    )
    proposed(editor)
    db.session.rollback()
    row = db.session.get_one(ArticleImport, old)
    assert (row.content, row.discarded_at is None) == (None, False)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("faq.zip", zipped({"a.md": article("uno")})),
        ("zendesk.json", zendesk_export(zendesk_article(1, "Uno"))),
        ("hoja.csv", b"title,body,category\nUno,Texto,Correo\n"),
    ],
)
def test_every_format_is_taken(editor: FlaskClient, name: str, content: bytes) -> None:
    page = proposed(editor, name, content)
    editor.post(f"{page}/confirmacion")
    work()
    assert articles() == ["uno"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("", b"", "Elija un archivo."),
        ("vacio.csv", b"", "El archivo está vacío."),
        ("a.exe", b"MZ", "«a.exe»: no es un ZIP, un JSON ni un CSV."),
        ("a.zip", b"PK\x03\x04no", "«a.zip»: el ZIP está dañado."),
        ("b.zip", zipped({"a.md": "x" * 5_000_000}), "el ZIP ocupa demasiado al abrirlo."),
        ("a.json", b"[" * 100_000, "«a.json»: no es un JSON que se pueda leer."),
        (
            "a.csv",
            b"a,b\n1,2\n",
            "titulo (title), texto (body), categoria (category).",
        ),
        ("a.csv", b"title,body,category\n" + b"A,B,C\n" * 10_001, "más de 10000 filas."),
        ("../../<b>.csv", b"\0", "no es un archivo de texto."),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field(
    editor: FlaskClient, name: str, content: bytes, words: str
) -> None:
    answer = send(editor, name, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<b>" not in answer.text.partition("<main")[2]


def test_exports_hold_what_they_say(editor: FlaskClient, cast: Cast) -> None:
    make_articles(cast.elena, count=3)
    whole = editor.get("/editor/exportar/articulos.zip")
    assert whole.mimetype == "application/zip"
    assert "articulos-" in whole.headers["Content-Disposition"]
    assert len([n for n in Archive(whole.data).names() if n.endswith(".md")]) == 3
    copy = Archive(editor.get("/editor/exportar/copia.zip").data)
    assert {"index.html", "articulo/no-recibo-correos.html"} <= set(copy.names())
    page = proposed(editor, "articulos.zip", whole.data)
    assert "No hay nada que cambiar" in editor.get(page).text


def test_every_reason_has_words_for_people() -> None:
    folder = Path(__file__).resolve().parents[3] / "kb" / "importing"
    said: set[str] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Refused", "Remark"}:
                given = node.args[1:2]
                said |= {a.value for a in given if isinstance(a, ast.Constant)}
    assert {text for text in said if isinstance(text, str)} <= SAID.keys()


def test_a_file_of_which_nothing_can_be_taken_says_so_in_spanish(editor: FlaskClient) -> None:
    broken = zipped({"uno.md": b"---\ntitle: [roto\n---\nTexto"})
    shown = editor.get(proposed(editor, "uno.zip", broken)).text
    assert "Nada de este archivo se puede importar" in shown
    assert "revise comillas, corchetes" in shown
    assert "did not find" not in shown
