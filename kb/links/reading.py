"""Where the links of an article lead, as its finished page has them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from core.pictures import FOLDER
from kb.policy import RESERVED_SLUGS

MOST_LINKS = 2_000
LONGEST_TARGET = 2_000


class Kind(StrEnum):
    """What a link leads to."""

    ARTICLE = "article"
    CATEGORY = "category"
    IMAGE = "image"
    PAGE = "page"
    ANCHOR = "anchor"
    OUTSIDE = "outside"
    BAD = "bad"


@dataclass(frozen=True)
class Goal:
    """`name`: the slug of an article or category, the key of a picture, the path of a page."""

    kind: Kind
    name: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Found:
    """A link or picture of a text. `words` are those of the link, or describe the picture."""

    target: str
    words: str
    is_picture: bool = False
    #: It stands in the text as it was typed: no link could be made of it.
    is_text: bool = False


@dataclass
class Contents:
    """What a page links to, and the ids in it that can be linked to."""

    links: list[Found] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)


_TYPED = re.compile(r"\[([^\[\]]{0,200})\]\(([^()\s]{0,500})\)?")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(
    rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]|localhost|[0-9a-f:]*:[0-9a-f:.]+"
)
_IPV4 = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_MAIL = re.compile(r"[^@\s,?]+@[^@\s,?]+\.[^@\s,?.]+(?:\?.*)?", re.DOTALL)
_ARTICLE = re.compile(r"/preguntas/([a-z0-9]+(?:-[a-z0-9]+)*)(?:/texto)?")
_CATEGORY = re.compile(r"/preguntas/categoria/([^/]+)")
_PICTURE = re.compile(rf"{FOLDER}([^/]+)\.webp")


def contents_of(html: str) -> Contents:
    """The links and ids of the HTML that `core.text` makes, at most `MOST_LINKS`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.contents


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.contents = Contents()
        self._open: list[tuple[str, list[str]]] = []
        self._in_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.contents.anchors.append(given["id"])
        if tag == "a":
            self._open.append((given.get("href", ""), []))
        elif tag == "img":
            self._note(Found(given.get("src", ""), given.get("alt", ""), is_picture=True))
            self._say(given.get("alt", ""))
        self._in_code += tag in {"code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            target, words = self._open.pop()
            self._note(Found(target, "".join(words)))
        self._in_code -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        self._say(data)
        if self._in_code or self._open:
            return
        for typed in _TYPED.finditer(data):
            self._note(Found(typed[2], typed[1], is_text=True))

    def _say(self, words: str) -> None:
        for _target, said in self._open:
            said.append(words)

    def _note(self, found: Found) -> None:
        if len(self.contents.links) < MOST_LINKS:
            self.contents.links.append(found)


def goal_of(found: Found, own_hosts: Collection[str] = ()) -> Goal:
    """What a link leads to; `own_hosts` are those under which this site answers."""
    target = found.target
    if found.is_text or len(target) > LONGEST_TARGET:
        return Goal(Kind.BAD)
    try:
        parts = urlsplit(target)
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return Goal(Kind.BAD)
    anchor = unquote(parts.fragment)[:300]
    if parts.scheme in {"http", "https"} or target.startswith("//"):
        if parts.netloc.lower() in own_hosts:
            return _local(unquote(parts.path) or "/", anchor)
        return Goal(Kind.OUTSIDE if _is_host(host) else Kind.BAD)
    if parts.scheme:
        return Goal(Kind.OUTSIDE if _can_be_called(parts.scheme, unquote(parts.path)) else Kind.BAD)
    if target.startswith("/"):
        return _local(unquote(parts.path), anchor)
    # A path that begins elsewhere means another page wherever the text is shown.
    is_anchor = target.startswith("#") and len(target) > 1
    return Goal(Kind.ANCHOR, anchor=anchor) if is_anchor else Goal(Kind.BAD)


def _is_host(host: str) -> bool:
    if _IPV4.fullmatch(host):
        return all(int(part) < 256 for part in host.split("."))
    try:
        spelt = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return False
    return len(spelt) < 254 and _HOST.fullmatch(spelt) is not None


def _can_be_called(scheme: str, address: str) -> bool:
    if scheme == "mailto":
        return _MAIL.fullmatch(address) is not None
    return scheme == "tel" and sum(sign.isdigit() for sign in address) > 2


def _local(path: str, anchor: str) -> Goal:
    if picture := _PICTURE.fullmatch(path):
        return Goal(Kind.IMAGE, picture[1][:200])
    if category := _CATEGORY.fullmatch(path):
        return Goal(Kind.CATEGORY, category[1][:200])
    article = _ARTICLE.fullmatch(path)
    if article and article[1] not in RESERVED_SLUGS:
        return Goal(Kind.ARTICLE, article[1][:200], anchor)
    return Goal(Kind.PAGE, path[:200], anchor)
