"""No page, mail, setting or text of the company promises a time (R4)."""

from __future__ import annotations

import re
from dataclasses import astuple
from pathlib import Path

import pytest

from core.settings import SiteSettings

ROOT = Path(__file__).resolve().parent.parent
PROMISES = re.compile(
    r"\b(ETA|SLA)\b"
    r"|tiempo (estimado|de (respuesta|resoluci[oó]n|atenci[oó]n))"
    r"|\ben breve\b|\ba la brevedad\b|lo antes posible|cuanto antes|lo m[aá]s pronto"
    r"|\bpronto\b|\ben (unos|pocos|\d+) (minutos|horas|d[ií]as)\b"
    r"|\b(hoy|ma[nñ]ana) (mismo )?(queda|quedar[aá]|estar[aá]|lo (resolvemos|llamamos))"
    r"|plazo (m[aá]ximo|de)|estimated time|as soon as possible|\bshortly\b|\bsoon\b"
    r"|\bwithin (a few|\d+) (minutes|hours|days)\b|\bin (a few|\d+) (minutes|hours|days)\b",
    re.IGNORECASE,
)
#: What reads like a promise and is none, with the reason.
NO_PROMISE = (
    # The conditions say that no such time exists.
    "No estimamos",
    "no estimamos",
    "No es un plazo",
    "nunca",
    "Nunca",
    "never",
    # When to try again is advice to the reader, not a time of ours.
    "Espere unos minutos",
    "Wait a few minutes",
    "en unos instantes",
    "in a moment",
)


def texts() -> list[Path]:
    found = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    found += [ROOT / "conditions" / "first.md", ROOT / "demo" / "tickets.yaml"]
    found += [ROOT / "demo" / "canned.yaml"]
    found += [ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"]
    for package in ("core", "accounts", "conditions", "kb", "tickets", "quotes", "contact"):
        found += (ROOT / package).glob("*.py")
    # Samples of the style guide, words that searches pass over and those that the guard of
    # replies looks for are no texts of the company.
    words = {"stopwords", "promises", "promise_times", "promise_verbs"}
    return [p for p in sorted(found) if p.parent.name != "style" and p.stem not in words]


def promises_in(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", '"""'))]
    return [
        line.strip()
        for line in lines
        if PROMISES.search(line) and not any(words in line for words in NO_PROMISE)
    ]


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_promises_a_time(path: Path) -> None:
    assert promises_in(path.read_text("utf-8")) == []


def test_no_default_setting_promises_a_time() -> None:
    assert [value for value in astuple(SiteSettings()) if PROMISES.search(str(value))] == []


@pytest.mark.parametrize(
    "line",
    [
        "Le responderemos en breve.",
        "Lo resolveremos en 2 horas.",
        "Mañana queda listo.",
        "Tiempo estimado: una hora",
        "We will answer within 2 hours.",
    ],
)
def test_the_patterns_see_a_promise(line: str) -> None:
    assert promises_in(line) == [line]
