"""The paper of a quote, read back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import clock, settings
from core.colours import contrast
from core.db import db
from quotes.paper.content import Paper, paper_of
from quotes.paper.draw import clean, draw
from quotes.policy import totals_of
from quotes.pricing.models import QuoteVersion
from tests.cast import Cast
from tests.databases import one_database
from tests.quotes.builders import line, sent

HOSTILE = '"><img src=x onerror=MARK> ‡‡ {nb} \u202etxt.exe 😀 漢字 ʼ **b** __u__ =cmd|x'


def paper(quote_id: int) -> Paper:
    db.session.rollback()
    return paper_of(
        db.session.scalars(
            select(QuoteVersion)
            .where(QuoteVersion.quote_id == quote_id)
            .options(selectinload(QuoteVersion.lines), joinedload(QuoteVersion.quote))
        ).one()
    )


def pages(content: bytes) -> list[str]:
    return [
        page.extract_text().replace("\u00a0", " ") for page in PdfReader(io.BytesIO(content)).pages
    ]


def _many(count: int) -> list[object]:
    return [line(f"Artículo-{n:03d} con eñe y tilde", 1 + n % 7, 1_000 + n) for n in range(count)]


@one_database
@pytest.mark.parametrize("count", [1, 17, 18, 19, 20, 21, 22, 40, 200])
def test_every_line_and_the_totals_are_on_paper(app: Flask, cast: Cast, count: int) -> None:
    made = paper(sent(cast.fabio, lines=_many(count)))
    read = pages(draw(made))
    whole = "\n".join(read)
    for number in range(count):
        assert whole.count(f"Artículo-{number:03d}") == 1
    totals = totals_of([one.line for one in _many(count)], tax_points=1800)  # type: ignore[attr-defined]
    for cents in (totals.subtotal, totals.tax, totals.total):
        assert f"S/ {cents // 100:,}.{cents % 100:02d}" in whole
    assert " ".join(made.words.split()) in " ".join(whole.split())
    for number, text in enumerate(read, start=1):
        assert f"Página {number} de {len(read)}" in text
        if "Artículo-" in text:
            assert "P. unitario" in text
    # The totals share their page with a line.
    (last,) = [text for text in read if "TOTAL" in text]
    assert "Artículo-" in last


@one_database
def test_same_version_makes_the_same_bytes(app: Flask, cast: Cast) -> None:
    made = paper(sent(cast.fabio, lines=_many(30)))
    assert draw(made) == draw(made)


@one_database
def test_hostile_and_foreign_text_is_text(app: Flask, cast: Cast) -> None:
    made = paper(
        sent(
            cast.fabio, customer=HOSTILE[:150], contact=HOSTILE[:100], notes=HOSTILE * 20,
            lines=[line(HOSTILE * 4), line("x" * 300), line("Ñandú Ĉapelo Ελλάδα Київ ₡")],
        )
    )  # fmt: skip
    content = draw(made)
    whole = " ".join("".join(pages(content)).split())
    assert "onerror=MARK" in whole
    assert "{nb}" in whole
    assert "Ñandú Ĉapelo Ελλάδα Київ ₡" in whole
    assert "\u202e" not in whole
    for active in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/AA"):
        assert active not in content


def test_text_is_cleaned_for_paper() -> None:
    assert clean("a\u200bb\tc\nd\x00‡😀") == "ab c d+□"
    assert clean("a\nb", lines=True) == "a\nb"
    assert clean("e\u0301") == "é"


@one_database
def test_paper_says_who_what_and_until_when(app: Flask, cast: Cast) -> None:
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    made = paper(
        sent(
            cast.fabio, now=now, valid_until=date(2026, 3, 17), ruc="20100070970", notes="Gracias."
        )
    )
    (whole,) = pages(draw(made))
    for words in (
        "COT-2026-0001", "Versión 1", "2 de marzo de 2026", "17 de marzo de 2026",
        "NetSolution S.A.C.",
        "Bodega Díaz", "20100070970", "IGV (18 %)", "Pago adelantado.", "Gracias.", "S/ 284.38",
        "SON: DOSCIENTOS OCHENTA Y CUATRO Y 38/100 SOLES",
    ):  # fmt: skip
        assert words in whole, words


@one_database
def test_wide_amount_is_drawn_smaller_and_runs_into_nothing(app: Flask, cast: Cast) -> None:
    usual, wide = (
        line(quantity=1, price=100, off=100),
        line(quantity=85, price=999_999_999, off=100),
    )
    made = paper(sent(cast.fabio, currency="USD", lines=[usual, wide]))
    sizes: dict[str, list[float]] = {}

    def note(text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        sizes.setdefault(text.strip().replace("\u00a0", " "), []).append(size)

    PdfReader(io.BytesIO(draw(made))).pages[0].extract_text(visitor_text=note)
    assert sizes["US$ 0.99"] == [8]
    assert sizes["US$ 841,499,999.16"][0] < 8


@one_database
def test_pale_accent_is_darkened_until_it_is_read_on_paper(app: Flask, cast: Cast) -> None:
    settings.change(
        replace(settings.load(), accent="#ffee00"), actor_id=cast.gloria.person_id, now=clock.now()
    )
    made = paper(sent(cast.fabio))
    assert contrast(made.accent, "#ffffff") >= 4.5
    assert draw(made)
