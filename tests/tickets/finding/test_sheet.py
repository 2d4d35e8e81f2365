"""A spreadsheet calculates nothing of what an exported list holds."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import LIMA
from tickets.finding.sheet import BOM, csv_lines, harmless, moment_cell

PAYLOADS = (
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '=HYPERLINK("http://evil.example";"x")',
)


def read(text: str) -> list[list[str]]:
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_would_be_calculated_is_text(payload: str) -> None:
    assert read("".join(csv_lines(["Asunto"], [[payload]])))[1] == [f"'{payload}"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_every_text_comes_back_as_it_was_or_with_an_apostrophe(cells: list[str]) -> None:
    rows = read("".join(csv_lines(["x"], [["a", *cells]])))
    assert rows == [["x"], ["a", *[str(harmless(cell)) for cell in cells]]]
    assert all(
        back.lstrip("'") == cell.lstrip("'") for back, cell in zip(rows[1][1:], cells, strict=True)
    )


def test_a_cell_stays_whole_for_a_reader_that_separates_by_semicolons() -> None:
    text = "".join(csv_lines(["x"], [['a;=1+1;"', 7]])).removeprefix(BOM)
    assert [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1].startswith(
        'a;=1+1;"'
    )


def test_moments_are_peruvian_and_say_so() -> None:
    assert moment_cell(datetime(2026, 3, 2, 15, tzinfo=UTC), LIMA) == "2026-03-02T10:00:00-05:00"
    assert moment_cell(None, LIMA) == ""
