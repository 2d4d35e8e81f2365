"""A sheet of articles (CSV), one a row, as spreadsheet programs write it.

Columns are known by their names in Spanish or English, in any order; others are passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from core.wording import clean_line, clean_text, slug
from kb import policy
from kb.importing.entries import (
    Bundle,
    Entry,
    Found,
    Refusal,
    Refused,
    Remark,
    Shelf,
    checked_body,
    checked_lang,
    checked_slug,
    checked_title,
    shortened,
    state_from,
)
from kb.importing.front_matter import moment_from

MAX_ROWS = 10_000
#: Unknown columns that are told by name.
MOST_TOLD = 10
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("titulo", "title", "pregunta", "question"),
    "body": ("texto", "cuerpo", "contenido", "respuesta", "body", "text", "content", "answer"),
    "category": ("categoria", "tema", "category", "section"),
    "tags": ("etiquetas", "tags", "labels"),
    "lang": ("idioma", "lang", "language", "locale"),
    "state": ("estado", "state", "status"),
    "summary": ("resumen", "summary", "description"),
    "slug": ("direccion", "slug", "address"),
    "updated": ("actualizado", "updated", "fecha", "date"),
    "translation": ("traduccion", "translation"),
}
_BY_NAME = {name: column for column, names in _COLUMNS.items() for name in names}
_LANGUAGES = {"espanol": "es", "spanish": "es", "ingles": "en", "english": "en"}
_DELIMITERS = ",;\t|"

# A cell holds a whole article; the default limit of the module is shorter than ours.
csv.field_size_limit(max(csv.field_size_limit(), 4 * policy.MAX_BODY))


def read_sheet(name: str, data: bytes) -> Bundle:
    """The articles of a sheet. Raises Refused for a file that is none."""
    text, remarks = _decoded(name, data)
    rows = _rows(text)
    try:
        header = next(rows, (1, []))[1]
    except csv.Error as error:
        raise Refused(1, "the sheet cannot be read: %(why)s", why=error) from error
    columns = _columns(header)
    missing = [column for column in ("title", "body", "category") if column not in columns]
    if missing:
        # Their names in Spanish and in English: both are understood.
        said = ", ".join(f"{_COLUMNS[column][0]} ({column})" for column in missing)
        raise Refused(1, "the columns %(missing)s are missing", missing=said)
    remarks += _passed_over(name, header)
    found: list[Found] = []
    refusals: list[Refusal] = []
    shelves: dict[str, Shelf] = {}
    try:
        for line, row in rows:
            if len(found) + len(refusals) >= MAX_ROWS:
                raise Refused(line, "the sheet has more than %(most)d rows", most=MAX_ROWS)
            _take(name, line, _named(columns, row), found, refusals, shelves)
    except csv.Error as error:
        said = "the sheet cannot be read: %(why)s"
        refusals.append(Refusal(name, Refused(0, said, why=error)))
    return Bundle(found, refusals, remarks, shelves)


def _take(
    name: str,
    line: int,
    fields: Mapping[str, str],
    found: list[Found],
    refusals: list[Refusal],
    shelves: dict[str, Shelf],
) -> None:
    if not any(fields.values()):
        return
    try:
        entry, shelf = entry_of(fields, line)
    except Refused as error:
        refusals.append(Refusal(name, error))
        return
    shelves.setdefault(entry.category, shelf)
    found.append(Found(f"{name}:{line}", entry))


def entry_of(fields: Mapping[str, str], line: int) -> tuple[Entry, Shelf]:
    """The article of a row and the category it names. Raises Refused."""
    title = checked_title(clean_line(fields.get("title", ""), 2 * policy.MAX_TITLE), line)
    shelf = clean_line(fields.get("category", ""), policy.MAX_CATEGORY_NAME)
    if not policy.has_words(shelf):
        raise Refused(line, "category is missing")
    lang = plain_word(fields.get("lang", "")) or policy.LANGUAGES[0]
    entry = Entry(
        slug=checked_slug(fields.get("slug", "").strip() or policy.slug_from(title), line),
        slug_line=line,
        category=policy.slug_from(shelf),
        title=title,
        summary=shortened(clean_line(fields.get("summary", ""), 5000), policy.MAX_SUMMARY),
        tags=tuple(policy.tags_from(clean_text(fields.get("tags", "")).replace(";", ","))),
        lang=checked_lang(_LANGUAGES.get(lang, lang.partition("-")[0]), line),
        updated_at=moment_from(fields.get("updated", "").strip(), line, "updated"),
        body=checked_body(clean_text(fields.get("body", "")).strip("\n"), line),
        state=state_from(clean_line(fields.get("state", ""), 40), line),
        translation=fields.get("translation", "").strip(),
    )
    return entry, Shelf(shelf)


def plain_word(text: str) -> str:
    """A word of a header or of a cell as it is compared: lower case, without accents."""
    return slug(text)


def _decoded(name: str, data: bytes) -> tuple[str, list[Remark]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), []
    if b"\0" in data:
        raise Refused(1, "holds a NUL character")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        said = "the file is not UTF-8: it was read as Windows-1252; look at the accents"
        return data.decode("cp1252", "replace"), [Remark(name, said)]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of every row."""
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda sign: _known(header, sign))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def _known(header: str, delimiter: str) -> int:
    """How many columns the header has when it is cut there."""
    try:
        return len(_columns(next(csv.reader([header], delimiter=delimiter), [])))
    except csv.Error:
        return 0


def _columns(header: list[str]) -> dict[str, int]:
    """The place of each known column; of two with one meaning the first counts."""
    columns: dict[str, int] = {}
    for place, name in enumerate(header):
        column = _BY_NAME.get(plain_word(name))
        if column:
            columns.setdefault(column, place)
    return columns


def _passed_over(name: str, header: list[str]) -> list[Remark]:
    """A remark that tells the columns nobody knows: one of them may say what is still a draft."""
    unknown = [clean_line(cell, 40) for cell in header if plain_word(cell) not in _BY_NAME]
    said = "the columns %(unknown)s are not known and were passed over"
    named = ", ".join([cell for cell in unknown if cell][:MOST_TOLD])
    return [Remark(name, said, {"unknown": named})] if named else []


def _named(columns: Mapping[str, int], row: list[str]) -> dict[str, str]:
    return {name: row[place] for name, place in columns.items() if place < len(row)}
