"""Where a Markdown text links to, read with the site's own parser, and put elsewhere.

Only what is a link or an image is touched: blocks of code stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("js-default", {"html": False, "maxNesting": 20})
#: `](target`, `](<target>`: what an inline link or image has between its brackets.
_INLINE = re.compile(r"(\]\(\s*)(?:<([^<>\n]*)>|([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))")
#: `[label]: target` on a line of its own.
_DEFINED = re.compile(r"(?m)^( {0,3}\[[^\]\n]+\]:\s*)(?:<([^<>\n]*)>|(\S+))")
Move = Callable[[str], str | None]


def image_targets(source: str) -> list[str]:
    """What the images of a text show, each once, in order of reading."""
    return list(dict.fromkeys(_found(source, "image", "src")))


def link_targets(source: str) -> list[str]:
    """Where the links of a text lead, each once, in order of reading."""
    return list(dict.fromkeys(_found(source, "link_open", "href")))


def moved(source: str, move: Move) -> str:
    """The text with every target of a link or image put where `move` says; None lets it be."""
    env: dict[str, Any] = {}
    tokens = _parser.parse(source, env)
    new = {target: place for target in _all(tokens) if (place := move(target)) is not None}
    if not new:
        return source
    lines = source.split("\n")
    code = [t.map for t in tokens if t.type in ("fence", "code_block") and t.map]
    parts: list[str] = []
    reached = 0
    for start, end in [*code, [len(lines), len(lines)]]:
        if start > reached:
            text = _replaced(_INLINE, "\n".join(lines[reached:start]), new)
            parts.append(_replaced(_DEFINED, text, new) if env.get("references") else text)
        parts.extend(lines[start:end])
        reached = max(end, reached)
    return "\n".join(parts)


def _replaced(pattern: re.Pattern[str], text: str, new: dict[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        written = found[2] if found[2] is not None else found[3]
        place = new.get(_parser.normalizeLink(written))
        return found[0] if place is None else found[1] + place

    return pattern.sub(put, text)


def _found(source: str, kind: str, attribute: str) -> Iterator[str]:
    for token in _parser.parse(source):
        for child in token.children or []:
            if child.type == kind:
                yield str(child.attrGet(attribute) or "")


def _all(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or []:
            if child.type in ("image", "link_open"):
                yield str(child.attrGet("src") or child.attrGet("href") or "")
