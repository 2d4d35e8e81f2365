"""The copy for the day the site is down: public articles only, and it leads on inside itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from core.db import db
from kb.exporting import static_copy
from kb.exporting.static_copy import retargeted
from tests.cast import Cast
from tests.kb.articles import make_article, make_articles, make_categories

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SECRET = "clave-maestra-8841"


def copied() -> dict[str, str]:
    db.session.rollback()
    return {file.name: file.content.decode() for file in static_copy.files(now=NOW)}


def test_the_copy_holds_what_everybody_may_read_and_nothing_else(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    shelf = make_categories()["correo"]
    make_article(
        cast.elena, slug="oculta", category_id=shelf, title=SECRET, body=SECRET, publish=False
    )
    made = copied()
    assert {n for n in made if n.startswith("articulo/")} == {
        f"articulo/{slug}.html" for slug in ids
    }
    assert not [name for name, text in made.items() if SECRET in text or "oculta" in text]
    assert "Copia del 2 mar 2026, 10:00" in made["index.html"]
    assert 'href="tel:+5117390054"' in made["articulo/disco-lleno.html"]
    assert "categoria/correo.html" in made["index.html"]


def test_every_address_leads_inside_the_folder_or_to_a_whole_address(
    app: Flask, cast: Cast
) -> None:
    make_articles(cast.elena)
    shelf = make_categories()["correo"]
    body = "Vea [uno](/preguntas/disco-lleno#paso), [dos](/preguntas/nada), [tres](/tickets/nuevo),"
    body += ' [tema](/preguntas/categoria/correo) y `<a href="/preguntas/x">`.'
    make_article(cast.elena, slug="enlaces", category_id=shelf, title="Enlaces", body=body)
    made = copied()
    for name, text in made.items():
        for target in re.findall(r'<[a-z]+ [^>]*?(?:href|src)="([^"]*)"', text):
            whole = re.match(r"(https?|tel|mailto):|#", target)
            path = re.sub(r"[^/]+/\.\./", "", f"{name.rpartition('/')[0]}/{target}".lstrip("/"))
            assert whole or path.partition("#")[0] in made, (name, target)
    assert 'href="disco-lleno.html#paso"' in made["articulo/enlaces.html"]
    assert 'href="http://localhost/preguntas/nada"' in made["articulo/enlaces.html"]
    assert '&lt;a href="/preguntas/x"&gt;' in made["articulo/enlaces.html"]


def test_its_search_knows_the_words_of_every_article(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    script = copied()["js/index.js"]
    rows = json.loads(script.removeprefix("window.ARTICLES = ").removesuffix(";\n"))
    assert len(rows) == len(ids)
    found = {row[1]: row[3].split() for row in rows}
    assert {"buzon", "spam", "recibo"} <= set(found["articulo/no-recibo-correos.html"])


def test_a_title_cannot_become_markup(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    title = "<script>alert(1)</script> <!-- texto -->"
    make_article(cast.elena, slug="raro", category_id=shelf, title=title, body="Texto.")
    made = copied()
    for name in ("articulo/raro.html", "categoria/correo.html"):
        assert "<script>alert" not in made[name]
    assert made["articulo/raro.html"].count("<p>Texto.</p>") == 1


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/preguntas">x</a>', '<a href="../index.html">x</a>'),
        ('<a href="//otro.pe/x">x</a>', '<a href="//otro.pe/x">x</a>'),
        ('<a href="#s-uno">x</a>', '<a href="#s-uno">x</a>'),
        ('<code>href="/x"</code>', '<code>href="/x"</code>'),
    ],
)
def test_only_addresses_of_this_site_are_moved(app: Flask, html: str, expected: str) -> None:
    assert retargeted(html, set()) == expected


def test_an_empty_site_makes_a_copy_too(app: Flask) -> None:
    assert "Aún no hay respuestas publicadas" in copied()["index.html"]
