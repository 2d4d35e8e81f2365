from __future__ import annotations

import time

import pytest

from tickets.canned.placeholders import KNOWN, fill, unknown

VALUES = {
    "cliente": "Ana Quispe",
    "empresa": "Textiles Andina",
    "ticket": "1001",
    "asunto": "No llegan correos",
    "tecnico": "Diego Vargas",
}


def test_every_known_placeholder_is_filled() -> None:
    text = "Hola, {{cliente}} de {{empresa}}: {{ticket}}, «{{asunto}}». {{tecnico}}"
    assert set(VALUES) == set(KNOWN)
    assert unknown(text) == []
    assert fill(text, VALUES) == (
        "Hola, Ana Quispe de Textiles Andina: 1001, «No llegan correos». Diego Vargas"
    )


@pytest.mark.parametrize("name", ["{{ cliente }}", "{{CLIENTE}}", "{{Cliente }}"])
def test_a_name_is_known_however_it_is_written(name: str) -> None:
    assert (unknown(name), fill(name, VALUES)) == ([], "Ana Quispe")


def test_an_accent_changes_nothing() -> None:
    assert (unknown("{{técnico}}"), fill("{{Técnico}}", VALUES)) == ([], "Diego Vargas")


def test_unknown_names_are_told_once_each_as_written() -> None:
    text = "{{fecha}} {{cliente}} {{ 7*7 }} {{fecha}} {{}} {{0.__class__}}"
    assert unknown(text) == ["fecha", "7*7", "", "0.__class__"]


@pytest.mark.parametrize(
    "text",
    ["{{7*7}}", "${7*7}", "{0.__class__}", "%(cliente)s", "{{", "}}", "{cliente}", "{{clien\nte}}"],
)
def test_nothing_else_is_run_or_replaced(text: str) -> None:
    assert fill(text, VALUES) == text


def test_a_value_is_text_and_is_not_looked_through_again() -> None:
    hostile = "[pulse](http://evil.example) {{tecnico}} `x` **y**\n# z <b>"
    filled = fill("«{{asunto}}»", {**VALUES, "asunto": hostile})
    assert filled == (r"«\[pulse\](http://evil.example) {{tecnico}} \`x\` \*\*y\*\* # z \<b>»")


@pytest.mark.parametrize("part", ["{{", "{{a", "}}{{", "{{ " + " " * 90])
def test_hostile_text_costs_as_much_as_it_is_long(part: str) -> None:
    began = time.process_time()
    fill(part * 10_000, VALUES)
    unknown(part * 10_000)
    assert time.process_time() - began < 2
