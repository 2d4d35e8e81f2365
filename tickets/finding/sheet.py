"""A list as CSV that no spreadsheet takes for formulas. Pure.

RFC 4180 with commas, every text in quotes: a reader that separates by semicolons, as some
installations of Excel do, then still keeps each cell together. UTF-8 begins with a BOM, without
which Excel reads accents wrong.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

BOM = "\ufeff"
Cell = str | int | None
#: What makes a spreadsheet calculate, in half and full width (SECURITY V100).
_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def harmless(cell: Cell) -> Cell:
    """The same cell; a text that a spreadsheet might calculate gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    # Some programs drop what is blank before they look.
    return f"'{cell}" if cell.startswith(_STARTS) or cell.strip().startswith(_STARTS) else cell


def moment_cell(moment: datetime | None, zone: tzinfo) -> str:
    """ISO 8601 to the second with its offset; '' for none."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, a line at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    yield BOM
    writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        writer.writerow([harmless("" if cell is None else cell) for cell in row])
        yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
