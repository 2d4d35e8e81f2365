"""When a question passes, what a change is, and how files are read: no database."""

from __future__ import annotations

import csv
import io

import pytest

from kb.trials import sheet
from kb.trials.policy import MOST_TRIALS, Change, Kind, change_of, passes, slugs_in
from kb.trials.sheet import Row, Unreadable

HEAD = "clase,pregunta,articulos\n"


@pytest.mark.parametrize(
    ("place", "expected"), [(1, True), (3, True), (4, False), (10, False), (None, False)]
)
def test_a_question_passes_in_the_first_three(place: int | None, expected: bool) -> None:
    assert passes(place) is expected


@pytest.mark.parametrize(
    ("before", "place", "change"),
    [
        (1, 3, Change.SAME),
        (3, 4, Change.WORSE),
        (1, None, Change.WORSE),
        (None, 2, Change.BETTER),
        (None, 9, Change.SAME),
    ],
)
def test_only_passing_and_failing_count_as_a_change(
    before: int | None, place: int | None, change: Change
) -> None:
    assert change_of(accepted=True, before=before, place=place, known=True) is change
    assert change_of(accepted=False, before=before, place=place, known=True) is Change.NEW
    assert change_of(accepted=True, before=before, place=place, known=False) is Change.UNKNOWN


def test_articles_are_named_by_slug_or_address() -> None:
    text = "no-recibo, http://localhost/preguntas/ssh-lento?x=1#y  /preguntas/no-recibo/ ;¿?"
    assert slugs_in(text) == ["no-recibo", "ssh-lento", "¿"]


def test_a_file_that_was_written_is_read_back() -> None:
    rows = [
        (Kind.SEARCH, '=cmd|"calc" no llega', ["a", "b"]),
        (Kind.TICKET, "Hola, «mi» correo\nno llega; ayuda", ["a"]),
    ]
    text = sheet.written(rows)
    assert next(csv.reader(io.StringIO(text.split("\n")[1])))[1].startswith("'=")
    assert sheet.read(text.encode()) == [
        Row(2, Kind.SEARCH, '=cmd|"calc" no llega', ("a", "b")),
        Row(4, Kind.TICKET, "Hola, «mi» correo no llega; ayuda", ("a",)),
    ]


def test_semicolons_separate_as_well() -> None:
    text = "\ufeffclase;pregunta;articulos\r\nbusqueda;no llega;a\r\n\r\n"
    assert sheet.read(text.encode()) == [Row(2, Kind.SEARCH, "no llega", ("a",))]


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "header", 1),
        (b"\xff\xfe", "encoding", 1),
        (b"a,b,c\n", "header", 1),
        (b"x" * 1_000_001, "size", 1),
        ((HEAD + "otra,no llega,a\n").encode(), "kind", 2),
        ((HEAD + "busqueda,,a\n").encode(), "question", 2),
        ((HEAD + f"busqueda,{'x' * 201},a\n").encode(), "question", 2),
        ((HEAD + "busqueda,no llega,\n").encode(), "articles", 2),
        ((HEAD + "busqueda,no llega,a b c d e f\n").encode(), "articles", 2),
        ((HEAD + "busqueda\n").encode(), "shape", 2),
        ((HEAD + f"busqueda,{'x' * 900_000},a\n").encode(), "shape", 2),
        ((HEAD + "busqueda,no llega,a\n" * (MOST_TRIALS + 1)).encode(), "many", 1),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(
    content: bytes, reason: str, line: int
) -> None:
    with pytest.raises(Unreadable) as refused:
        sheet.read(content)
    assert (refused.value.reason, refused.value.line) == (reason, line)
