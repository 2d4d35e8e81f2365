"""Trial questions as CSV: clase, pregunta, articulos. Pure.

Written for spreadsheets (RFC 4180, UTF-8 with a BOM, nothing that calculates) and read back from
them, with commas or semicolons.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from kb.trials.policy import MOST_EXPECTED, MOST_TRIALS, Kind, longest, slugs_in

HEADER = ("clase", "pregunta", "articulos")
MAX_BYTES = 1_000_000
_STARTS = tuple("=+-@\t\r\n＝＋－＠")


class Unreadable(Exception):
    """The file is no such table: `reason` is a code, `line` where."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True)
class Row:
    """A question of a file: where it stands, and the slugs it expects."""

    line: int
    kind: Kind
    question: str
    slugs: tuple[str, ...]


def written(rows: Iterable[tuple[Kind, str, Iterable[str]]]) -> str:
    """The file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for kind, question, slugs in rows:
        writer.writerow([kind.value, _harmless(question), " ".join(slugs)])
    return "\ufeff" + buffer.getvalue()


def read(content: bytes) -> list[Row]:
    """The questions of a file. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable("size")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise Unreadable("shape", reader.line_num) from error
    if not lines or tuple(cell.strip().lower() for cell in lines[0][1][:3]) != HEADER:
        raise Unreadable("header")
    if len(lines) - 1 > MOST_TRIALS:
        raise Unreadable("many")
    return [_row(line, cells) for line, cells in lines[1:]]


def _row(line: int, cells: list[str]) -> Row:
    if len(cells) < len(HEADER):
        raise Unreadable("shape", line)
    kind_name, question, articles = (cell.strip() for cell in cells[:3])
    if kind_name.lower() not in {kind.value for kind in Kind}:
        raise Unreadable("kind", line)
    kind, question = Kind(kind_name.lower()), " ".join(_as_typed(question).split())
    slugs = tuple(slugs_in(articles))
    if not any(map(str.isalnum, question)) or len(question) > longest(kind):
        raise Unreadable("question", line)
    if not slugs or len(slugs) > MOST_EXPECTED:
        raise Unreadable("articles", line)
    return Row(line, kind, question, slugs)


def _harmless(text: str) -> str:
    """What a spreadsheet might calculate gets an apostrophe before it."""
    return f"'{text}" if text.strip().startswith(_STARTS) else text


def _as_typed(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].strip().startswith(_STARTS) else text
