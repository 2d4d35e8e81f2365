"""Sheets of articles as Excel, LibreOffice and people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.db import db
from kb import editor_queries
from kb.importing.entries import Refused, State
from kb.importing.running import bring_in
from kb.importing.sheets import read_sheet
from tests.cast import Cast

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SHEET = """Título;Texto;Categoría;Etiquetas;Idioma;Estado
¿Cómo pago?;"Con tarjeta; o en el banco.

Guarde el ""recibo"".";Pagos y más;pago, banco;;Publicado
How do I pay?;By card.;Pagos y más;;English;borrador
"""


def read(text: str) -> list[tuple[str, ...]]:
    found = read_sheet("h.csv", text.encode()).found
    return [(one.where, one.entry.slug, one.entry.lang, one.entry.category) for one in found]


def test_a_sheet_with_spanish_names_and_semicolons() -> None:
    bundle = read_sheet("h.csv", SHEET.encode())
    first, second = (one.entry for one in bundle.found)
    assert (first.title, first.body, first.category, first.tags, first.state) == (
        "¿Cómo pago?",
        'Con tarjeta; o en el banco.\n\nGuarde el "recibo".',
        "pagos-y-mas",
        ("pago", "banco"),
        State.PUBLISHED,
    )
    assert (second.lang, second.state) == ("en", State.DRAFT)
    assert bundle.shelves["pagos-y-mas"].name == "Pagos y más"
    assert [one.where for one in bundle.found] == ["h.csv:2", "h.csv:5"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("names", ["title,body,category,lang", "pregunta,respuesta,tema,idioma"])
def test_every_delimiter_and_both_languages_of_names(sign: str, names: str) -> None:
    text = f"{names}\r\nUno,Texto,Correo,es\r\n\r\nDos,Texto,Correo,EN-US\r\n".replace(",", sign)
    assert read(text) == [
        ("h.csv:2", "uno", "es", "correo"),
        ("h.csv:4", "dos", "en", "correo"),
    ]


def test_encodings_of_excel_are_read_and_the_odd_one_is_said() -> None:
    for encoding, remarks in (("utf-8-sig", 0), ("utf-16", 0), ("cp1252", 1)):
        bundle = read_sheet("h.csv", SHEET.encode(encoding))
        assert bundle.found[0].entry.title == "¿Cómo pago?"
        assert len(bundle.remarks) == remarks
    assert "Windows-1252" in str(bundle.remarks[0])


def test_unknown_columns_are_said() -> None:
    rows = ",Uno,Texto,Correo,no,7\n"
    bundle = read_sheet("h.csv", f",title,body,category,Publicado,100%\n{rows}".encode())
    assert [str(remark) for remark in bundle.remarks] == [
        "h.csv: the columns Publicado, 100% are not known and were passed over"
    ]


def test_a_bad_row_costs_only_itself() -> None:
    head = "title,body,category,lang,state,slug,updated\n"
    rows = [
        "Bien,T,Correo,,,,\n",
        ",T,Correo,,,,\n",
        "Sin texto,,Correo,,,,\n",
        "Sin tema,T,,,,,\n",
        "Lengua,T,Correo,fr,,,\n",
        "Estado,T,Correo,,quizás,,\n",
        "Lugar,T,Correo,,,Con Espacio,\n",
        "Fecha,T,Correo,,,,ayer\n",
        ",,,,,,\n",
        "Corta,T\n",
    ]
    bundle = read_sheet("h.csv", (head + "".join(rows)).encode())
    assert [one.entry.slug for one in bundle.found] == ["bien"]
    assert [refusal.error.line for refusal in bundle.refusals] == [3, 4, 5, 6, 7, 8, 9, 11]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the columns titulo (title), texto (body), categoria (category) are missing"),
        (b"titulo,tema\nA,B\n", "the columns texto (body) are missing"),
        (b"PK\x03\x04\0\0", "holds a NUL character"),
        (b"title,body,category\n" + b"A,B,C\n" * 10_001, "the sheet has more than 10000 rows"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_sheet("h.csv", data)
    assert caught.value.reason == reason


def test_an_open_quote_swallows_no_more_than_the_sheet() -> None:
    bundle = read_sheet("h.csv", b'title,body,category\nA,"B,C\n' + b"x" * 1_000_000)
    assert (len(bundle.found), len(bundle.refusals)) == (0, 1)


def test_a_sheet_is_stored_once(cast: Cast) -> None:
    for expected in ((2, 0), (0, 2)):
        report = bring_in(read_sheet("h.csv", SHEET.encode()), now=NOW, progress=lambda *_: None)
        assert (report.new, report.unchanged) == expected
    db.session.rollback()
    stored = editor_queries.stored_articles(["como-pago", "how-do-i-pay"])
    assert [stored[s].published_at for s in ("como-pago", "how-do-i-pay")] == [NOW, None]
    assert stored["como-pago"].category.name == "Pagos y más"
