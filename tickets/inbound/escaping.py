"""A mail's words as Markdown that shows exactly them. Pure.

Messages are Markdown; whoever writes a mail does not know. A line of their log must not become
a heading, nor their list of prices a table. Bare addresses become links, as in any message.
"""

from __future__ import annotations

import re

_ALWAYS = re.compile(r"[\\`*]|~(?=~)|(?<=~)~|\](?=[(:\[])|<(?=[A-Za-z/!?])|\|")
#: Inside a word it emphasises nothing, and addresses and names of files keep it.
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_LINE_START = re.compile(r"([#>]|[-+](?=[\s-]|$)|=)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_URL = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)


def as_markdown(text: str) -> str:
    """Markdown of plain text; lines that begin with «> » stay quotes."""
    lines: list[str] = []
    in_quote = False
    for line in text.split("\n"):
        quoted = line.startswith("> ")
        if in_quote and not quoted and line.strip():
            # Else the words would go on inside the quote.
            lines.append("")
        lines.append("> " + _escaped(line[2:]) if quoted else _escaped(line))
        in_quote = quoted
    return "\n".join(lines)


def _escaped(line: str) -> str:
    line = line.expandtabs(4)
    bare = line.lstrip(" ")
    # Four spaces would be code; a log keeps its steps.
    indent = "\xa0" * min(len(line) - len(bare), 40) if bare else ""
    pieces: list[str] = []
    done = 0
    for url in _URL.finditer(bare):
        pieces += [_inline(bare[done : url.start()]), url[0].replace("|", r"\|")]
        done = url.end()
    pieces.append(_inline(bare[done:]))
    return indent + _start("".join(pieces))


def _inline(text: str) -> str:
    text = _ALWAYS.sub(lambda found: "\\" + found[0], text)
    text = _UNDERSCORE.sub(r"\\_", text)
    return _ENTITY.sub(r"\\&", text)


def _start(text: str) -> str:
    text = _NUMBERED.sub(r"\1\\\2", text, count=1) if _NUMBERED.match(text) else text
    return "\\" + text if _LINE_START.match(text) else text
