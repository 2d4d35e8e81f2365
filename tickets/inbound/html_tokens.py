"""HTML as a row of tags and texts. Pure, linear in its length, and nothing raises.

The parsers at hand take time that grows with the square of what is never closed: the standard
library's with every unclosed tag or comment, and that of browsers with every unclosed element.
A mail may be made of nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from types import MappingProxyType
from typing import Literal

#: Everything up to their end is theirs, whatever it looks like.
RAW = frozenset(["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"])
_LONGEST_TAG = 20_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,60})((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"([^\s=/<>\"']{1,80})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?", re.DOTALL
)
#: The library turns a number of any length into a letter, and fails on the longest.
_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_NONE: MappingProxyType[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Token:
    """A text, or the beginning or end of an element; `text` is the words, or the tag's name."""

    kind: Literal["text", "start", "end"]
    text: str
    attributes: Mapping[str, str] = field(default_factory=lambda: _NONE)


def tokens(html: str) -> Iterator[Token]:
    """The tokens, in order; comments and declarations are left out."""
    small = html.lower()
    at, end = 0, len(html)
    unended: set[str] = set()
    while at < end:
        opening = html.find("<", at)
        opening = end if opening < 0 else opening
        if opening > at:
            yield Token("text", _plain(html[at:opening]))
        if opening == end:
            return
        tag = _TAG.match(html, opening, opening + _LONGEST_TAG)
        if tag is None:
            at = _after_comment(html, opening, unended)
            if at == opening:
                yield Token("text", "<")
                at += 1
            continue
        name, at = tag[2].lower(), tag.end()
        yield Token("end" if tag[1] else "start", name, _attributes(tag[3]))
        if name in RAW and not tag[1]:
            at = small.find(f"</{name}", at)
            if at < 0:
                return


def _after_comment(html: str, at: int, unended: set[str]) -> int:
    """Where what stands here as a comment or declaration ends; `at` itself where it is none."""
    for begin, close in (("<!--", "-->"), ("<!", ">"), ("<?", ">"), ("</", ">")):
        if not html.startswith(begin, at):
            continue
        found = -1 if close in unended else html.find(close, at + len(begin))
        if found >= 0:
            return found + len(close)
        # Looked for once: none is further on either.
        unended.add(close)
    return at


def _attributes(text: str) -> MappingProxyType[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), _plain(value))
        if len(found) > 40:
            break
    return MappingProxyType(found)


def _plain(text: str) -> str:
    return unescape(_NUMBER.sub("\ufffd", text)) if "&" in text else text
