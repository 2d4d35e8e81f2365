"""An article that promises a time is stopped once (R4)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from core.promises import AGREED
from kb.categories import put_category
from kb.models import Article
from tests.cast import START, Cast

BODY = "Revise el cable.\n\nNuestro equipo lo resolverá en dos horas.\n\nEl TTL es de 2 horas."


@pytest.fixture
def form(app: Flask, cast: Cast) -> dict[str, str]:
    shelf = put_category(actor=None, slug="red", name="Red", description="", now=START)
    return {"titulo": "No hay red", "categoria": str(shelf), "idioma": "es", "texto": BODY}


def titles() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Article.title)))


def test_an_article_that_promises_is_stopped_once(
    app: Flask, cast: Cast, form: dict[str, str]
) -> None:
    client = cast.sign_in(app, cast.elena)
    page = client.post("/editor/articulos/nuevo", data={**form, "accion": "publicar"})
    assert (page.status_code, titles()) == (422, [])
    assert "Promete un tiempo: «en dos horas»" in page.text
    assert "Revise el cable." in page.text
    key = re.search(r'name="promesa" value="([\w-]+)"', page.text)
    assert key
    changed = {**form, "titulo": "No hay red hoy", "promesa": key.group(1)}
    assert client.post("/editor/articulos/nuevo", data=changed).status_code == 422
    again = client.post("/editor/articulos/nuevo", data={**form, "promesa": key.group(1)})
    assert (again.status_code, titles()) == (303, ["No hay red"])


def test_the_agreed_sentence_takes_the_place_of_the_promise(
    app: Flask, cast: Cast, form: dict[str, str]
) -> None:
    client = cast.sign_in(app, cast.elena)
    page = client.post("/editor/articulos/nuevo", data={**form, "acuerdo": "si"})
    mended = BODY.replace("Nuestro equipo lo resolverá en dos horas.", AGREED["es"])
    found = re.search(r'<textarea[^>]*name="texto"[^>]*>\s*([^<]*)</textarea>', page.text)
    assert found
    assert (page.status_code, found.group(1).strip().replace("\r\n", "\n")) == (200, mended)
    assert titles() == []
    assert client.post("/editor/articulos/nuevo", data={**form, "texto": mended}).status_code == 303


@pytest.mark.parametrize(
    ("field", "text"),
    [("titulo", "Le respondemos mañana"), ("resumen", "Queda resuelto en breve.")],
)
def test_titles_and_summaries_are_judged_without_offering_a_place(
    app: Flask, cast: Cast, form: dict[str, str], field: str, text: str
) -> None:
    values = {**form, "texto": "Revise el cable.", field: text}
    page = cast.sign_in(app, cast.elena).post("/editor/articulos/nuevo", data=values)
    assert (page.status_code, titles()) == (422, [])
    assert "Promete un tiempo" in page.text
    assert 'name="acuerdo"' not in page.text


def test_a_look_at_the_text_is_never_stopped(app: Flask, cast: Cast, form: dict[str, str]) -> None:
    client = cast.sign_in(app, cast.elena)
    page = client.post("/editor/articulos/nuevo", data={**form, "accion": "vista"})
    assert page.status_code == 200
    assert "Promete un tiempo" not in page.text
