"""Markdown files with front matter, of a folder or of a ZIP, as articles.

    ---
    title: "No llegan mis correos"       required
    slug: no-llegan-mis-correos          else the file's name
    category: correo                     required, an address or a name; made where it is missing
    tags: [correo, spam]
    summary: Qué revisar primero.        cut at a word where it is too long
    lang: es                             es (default) or en
    updated: 2026-03-01                  ISO date or moment; else the present one
    state: published                     or draft, review, archived; of new articles only
    created, published, archived …       moments of its life, see `kb.importing.life`
    audience: staff                      who may read it; else everybody
    translation: mails-do-not-arrive     the same article in the other language
    behind: true                         whether the original says something newer; or false
    former: [correo-no-llega]            addresses it had before
    related: [cuota-llena]               articles to be read after it, four at most
    hidden: [rebotan, devuelto]          words it is found by and does not say
    hidden-removed: [factura]            words that shall not be learned for it
    ---
    Text in Markdown … ![a picture](images/of-the-folder.png)

`no-llegan.borrador.md` beside `no-llegan.md` is what was saved of that article and not published:
title, category, tags, summary, lang, updated (when it was saved) and text. It is no article of
its own. Having no slug, it is none for earlier readers either: they refuse its name.

Other fields are passed over, and what a file does not say stays as it is here. A file that cannot
be taken costs only itself. `categories.yaml` at the top may say how categories are called.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import unquote

import yaml

from core.files import MAX_BYTES
from core.wording import clean_line, clean_text
from kb import policy
from kb.importing.entries import (
    Bundle,
    Entry,
    Found,
    Refusal,
    Refused,
    Shelf,
    checked_body,
    checked_slug,
    shortened,
    state_from,
)
from kb.importing.file_links import SUFFIXES, led_on
from kb.importing.front_matter import FrontMatter, composed
from kb.importing.life import MOMENTS
from kb.importing.waiting import WAITING, beside_their_articles, is_waiting

SHELVES = "categories.yaml"
#: A longer file holds no article; it is not even read.
MAX_FILE = 2 * 1024 * 1024


class Files(Protocol):
    """A tree of files, named by their path inside it with slashes."""

    def names(self) -> Sequence[str]:
        """Every file, in order."""
        ...

    def shown(self, name: str) -> str:
        """What people find a file by."""
        ...

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file. Raises Refused above `most` of them."""
        ...


class Folder:
    """The files of a folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Sequence[str]:
        found = (path for path in self._folder.rglob("*") if not path.is_dir())
        return [path.relative_to(self._folder).as_posix() for path in sorted(found)]

    def shown(self, name: str) -> str:
        return str(self._folder / name)

    def read(self, name: str, most: int) -> bytes:
        path = self._folder / name
        try:
            if not path.is_file():
                raise Refused(1, "is no file, or a link to nothing")
            if path.stat().st_size > most:
                raise Refused(1, "the file is larger than %(most)d KB", most=most // 1024)
            return path.read_bytes()
        except OSError as error:
            raise Refused(1, "cannot be read: %(why)s", why=error.strerror) from error


class TreePictures:
    """The pictures beside the articles of a tree."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known = set(files.names())
        self._names = {files.shown(name): name for name in self._known}

    def picture(self, where: str, target: str) -> bytes | None:
        path = unquote(target.partition("#")[0].partition("?")[0])
        here = posixpath.dirname(self._names.get(where, ""))
        name = posixpath.normpath(posixpath.join(here, path))
        return self._files.read(name, MAX_BYTES) if name in self._known else None


def read_tree(files: Files) -> Bundle:
    """The articles of every Markdown file."""
    names = files.names()
    found: list[Found] = []
    refusals: list[Refusal] = []
    shelves: dict[str, Shelf] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            text = text_of(files.read(name, MAX_FILE))
            stem = path.stem.removesuffix(WAITING) if is_waiting(name) else path.stem
            found.append(Found(files.shown(name), entry_from(text, stem, shelves)))
        except Refused as error:
            refusals.append(Refusal(files.shown(name), error))
    if SHELVES in names:
        try:
            shelves |= shelves_from(text_of(files.read(SHELVES, MAX_FILE)))
        except Refused as error:
            refusals.append(Refusal(files.shown(SHELVES), error))
    shown = {files.shown(name): name for name in names}
    led, remarks = led_on(found, shown)
    articles = beside_their_articles(led, shown, refusals)
    return Bundle(articles, refusals, remarks, shelves, TreePictures(files), all_shelves=True)


def entry_from(text: str, name: str, shelves: dict[str, Shelf] | None = None) -> Entry:
    """The article of a file called `name` (without its suffix). Raises Refused.

    A category that is given by its name is put into `shelves`.
    """
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        raise Refused(1, "front matter between two lines --- is missing")
    head = FrontMatter("\n".join(lines[1:end]))
    body = clean_text("\n".join(lines[end + 1 :])).strip("\n")
    category, called = head.category()
    if called and shelves is not None:
        shelves.setdefault(category, Shelf(called))
    if not body.strip():
        raise Refused(end + 1, "the text is empty")
    return Entry(
        slug=checked_slug(head.line("slug") or name, head.at("slug")),
        slug_line=head.at("slug"),
        category=category,
        title=head.title(),
        summary=shortened(head.line("summary"), policy.MAX_SUMMARY),
        tags=head.tags(),
        lang=head.lang(),
        updated_at=head.moment("updated"),
        body=checked_body(body, end + 2),
        state=state_from(head.line("state"), head.at("state")),
        moments={name: at for name in MOMENTS if (at := head.moment(name))},
        audience=head.line("audience"),
        translation=head.line("translation"),
        behind=head.truth("behind"),
        former=head.slugs("former"),
        related=head.words("related"),
        hidden=head.words("hidden"),
        hidden_removed=head.words("hidden-removed"),
    )


def shelves_from(text: str) -> dict[str, Shelf]:
    """What `categories.yaml` says of each category, by slug. Raises Refused."""
    node = composed(text)
    if not isinstance(node, yaml.SequenceNode):
        raise Refused(1, "categories.yaml is no list of categories")
    shelves: dict[str, Shelf] = {}
    for place, item in enumerate(node.value, 1):
        fields = _scalars(item)
        slug = fields.get("slug", "")
        if not policy.is_slug(slug, policy.MAX_CATEGORY_SLUG):
            line = item.start_mark.line + 1
            reason = "category is not lower-case words with hyphens: %(word)r"
            raise Refused(line, reason, word=slug[:80])
        name = clean_line(fields.get("name", ""), policy.MAX_CATEGORY_NAME)
        about = clean_line(fields.get("description", ""), policy.MAX_CATEGORY_DESCRIPTION)
        shelves[slug] = Shelf(name or policy.name_from(slug), about, place)
    return shelves


def _scalars(node: yaml.Node) -> dict[str, str]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    pairs = ((key, value) for key, value in node.value)
    return {
        key.value: value.value
        for key, value in pairs
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def text_of(data: bytes) -> str:
    """The text of a file. Raises Refused."""
    if b"\0" in data:
        raise Refused(data[: data.index(b"\0")].count(b"\n") + 1, "holds a NUL character")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused(data[: error.start].count(b"\n") + 1, "is not UTF-8") from error
