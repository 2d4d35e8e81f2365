"""No template, catalogue, setting or text of the company promises a time (R4).

What is rendered is judged in test_promises_rendered.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from core.settings import SiteSettings
from tests.promises import NO_PROMISE, promises_in

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "_l": None, "__": None, "gettext": None, "ngettext": (1, 2)}
#: What the guard of replies looks for is no text of the company.
GUARDS = {"promise_times.py", "promise_verbs.py"}


def files() -> list[Path]:
    """Every template of pages and mails, and what the company says in files."""
    found = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    found += [ROOT / "conditions" / "first.md", *(ROOT / "demo").glob("*.yaml")]
    # Samples of the style guide are shown to developers alone.
    return sorted(p for p in found if p.parent.name != "style")


@cache
def spanish() -> tuple[tuple[str, str], ...]:
    """(file, text) of every text in the program that people read, as translators get them."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        str(ROOT), methods, options, keywords=KEYWORDS, directory_filter=_is_ours
    )
    return tuple(
        (name, text)
        for name, _line, message, _comments, _context in found
        if not name.startswith("templates/style/") and Path(name).name not in GUARDS
        for text in ([message] if isinstance(message, str) else message)
        if isinstance(text, str)
    )


def _is_ours(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in {"tests", "bench", "node_modules", "build"}


def english() -> Iterator[str]:
    """Every translation."""
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            yield from [message.string] if isinstance(message.string, str) else message.string


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_promises_a_time(path: Path) -> None:
    assert promises_in(path.read_text("utf-8")) == []


def test_no_text_of_the_program_promises_a_time() -> None:
    assert len(spanish()) > 500
    assert [(name, text) for name, text in spanish() if promises_in(text)] == []


def test_no_translation_promises_a_time() -> None:
    assert [text for text in english() if promises_in(text)] == []


def test_no_default_setting_promises_a_time() -> None:
    assert [value for value in astuple(SiteSettings()) if promises_in(str(value))] == []


def test_everything_that_is_allowed_is_still_said() -> None:
    said = "\n".join([path.read_text("utf-8") for path in files()])
    said += "\n".join([text for _name, text in spanish()]) + "\n".join(english())
    assert [phrase for phrase in NO_PROMISE if phrase not in said] == []


@pytest.mark.parametrize(
    "line",
    [
        "Le responderemos en breve.",
        "Lo resolveremos en 2 horas.",
        "Quedará listo dentro de unos minutos.",
        "Antes de 24 horas lo llamamos.",
        "Mañana queda listo.",
        "Hoy mismo lo revisamos.",
        "Tiempo estimado: una hora",
        "Tiempo de espera aproximado",
        "El plazo es de dos días.",
        "Le llamaremos en 48 horas hábiles.",
        "Pronto le escribimos.",
        "Lo atendemos de inmediato.",
        "Tarda unos diez minutos.",
        "SLA: 4 h",
        "We will answer within 2 hours.",
        "You will hear from us in a few minutes.",
        "Expected wait: 20 min",
        "We will get back to you shortly.",
        "Response time: one business day",
        "It takes about 3 hours.",
        "We reply as soon as possible.",
        "It will be fixed by tomorrow.",
    ],
)
def test_the_patterns_see_a_promise(line: str) -> None:
    assert promises_in(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "El enlace sirve 72 horas y una sola vez.",
        "Atención: 24 horas, todos los días",
        "hace 5 minutos",
        "cuenta como si hubiera llegado 8 h antes.",
        "Delante del suyo hay 3 tickets:",
        "The link works for 72 hours and only once.",
        "counts as if it had arrived 30 min earlier.",
    ],
)
def test_the_patterns_pass_over_facts(line: str) -> None:
    assert promises_in(line) == []
