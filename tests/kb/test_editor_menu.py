"""The menu of the editor: the same on every page, and it says where one is."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import Cast
from tests.kb.articles import make_articles

PAGES = {
    "/editor": ("Artículos", "Todos"),
    "/editor/categorias": ("Artículos", "Categorías"),
    "/editor/categorias/nueva": ("Artículos", "Categorías"),
    "/editor/imagenes": ("Artículos", "Imágenes"),
    "/editor/importar": ("Artículos", "Importar y exportar"),
    "/editor/exportar": ("Artículos", "Importar y exportar"),
    "/editor/articulos/nuevo": ("Artículos", None),
    "/editor/articulos/{id}": ("Artículos", None),
    "/editor/articulos/{id}/fechas": ("Artículos", None),
    "/editor/articulos/{id}/enlaces": ("Artículos", None),
    "/editor/articulos/{id}/palabras": ("Artículos", None),
    "/editor/articulos/{id}/opiniones": ("Artículos", None),
    "/editor/pendientes": ("Por mejorar", "Artículos"),
    "/editor/enlaces": ("Por mejorar", "Enlaces rotos"),
    "/reportes/respuestas": ("Por mejorar", "Qué resolvieron"),
    "/editor/busquedas": ("Búsqueda", "Qué se buscó"),
    "/editor/sinonimos": ("Búsqueda", "Sinónimos"),
    "/editor/sinonimos/nuevo": ("Búsqueda", "Sinónimos"),
    "/editor/pruebas": ("Búsqueda", "Pruebas"),
    "/editor/pruebas/nueva": ("Búsqueda", "Pruebas"),
    "/editor/pruebas/importacion": ("Búsqueda", "Pruebas"),
}


def here(page: str) -> tuple[str | None, str | None]:
    """The group and the page that the menu marks."""
    menu = page.split('aria-label="Partes del editor"')[1].split("</nav>")[0]
    group = re.search(r'aria-current="true">([^<]*)<', menu)
    place = re.search(r'aria-current="page">([^<]*)<', menu)
    return group and group[1], place and place[1]


def test_every_page_of_the_editor_says_where_it_is(app: Flask, cast: Cast) -> None:
    article = next(iter(make_articles(cast.elena).values()))
    browser = cast.sign_in(app, cast.elena)
    pages = {path: browser.get(path.format(id=article)) for path in PAGES}
    assert {path: answer.status_code for path, answer in pages.items()} == dict.fromkeys(PAGES, 200)
    assert {path: here(answer.text) for path, answer in pages.items()} == PAGES


@pytest.mark.parametrize("path", ["/reportes/respuestas", "/preguntas"])
def test_who_does_not_edit_sees_no_menu_of_the_editor(app: Flask, cast: Cast, path: str) -> None:
    assert "Partes del editor" not in cast.sign_in(app, cast.diego).get(path).text
