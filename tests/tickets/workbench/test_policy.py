"""Which articles a reply carries, and when a beat says something new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import START
from tickets.workbench.policy import article_link, is_news, put_back, slugs_in, with_link

SITE = "https://soporte.example"


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        (f"Lea [esto]({SITE}/preguntas/correo-lleno).", ["correo-lleno"]),
        (f"{SITE}/preguntas/uno y {SITE}/preguntas/dos, {SITE}/preguntas/uno", ["uno", "dos"]),
        (f"{SITE}/preguntas/categoria/correo", []),
        ("https://otro.example/preguntas/correo-lleno", []),
        (f"{SITE}/preguntas/Correo", []),
        ("", []),
    ],
)
def test_a_reply_carries_the_articles_it_links_to(text: str, slugs: list[str]) -> None:
    assert slugs_in(text, SITE) == slugs


def test_a_title_cannot_end_its_link() -> None:
    link = article_link("Uso de [corchetes](x)\ny *más*", f"{SITE}/preguntas/a")
    assert link == rf"[Uso de \[corchetes\](x) y \*más\*]({SITE}/preguntas/a)"


def test_a_link_is_added_once_in_a_paragraph_of_its_own() -> None:
    link = article_link("A", "/a")
    assert with_link("", link) == "[A](/a)\n"
    assert with_link("Hola", link) == "Hola\n\n[A](/a)\n"
    assert with_link("Hola [A](/a) y más", link) == "Hola [A](/a) y más"


def test_a_beat_that_says_nothing_new_is_not_stored() -> None:
    soon = START + timedelta(seconds=5)
    assert not is_news(START, False, writing=False, now=soon)
    assert is_news(START, False, writing=True, now=soon)
    assert is_news(START, False, writing=False, now=START + timedelta(seconds=10))
    assert is_news(None, False, writing=False, now=soon)


def test_what_was_undone_stands_before_what_was_begun_since() -> None:
    assert put_back("Respuesta", "") == "Respuesta"
    assert put_back("Respuesta", " Respuesta ") == "Respuesta"
    assert put_back("Respuesta", "Otra cosa") == "Respuesta\n\nOtra cosa"
