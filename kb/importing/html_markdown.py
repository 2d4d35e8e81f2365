"""HTML of a help centre as the Markdown it would have been written in. Pure.

What Markdown cannot say (colours, frames, merged cells) is left out; every word stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb.importing.html_tree import BLOCKS, Element, tree_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SIGNS = re.compile(r"([\\`*_\[\]<>|~]|&(?=#?\w{1,31};))")
#: What would begin a heading, a list, a quote or a rule at the start of a line.
_STARTS = re.compile(
    r"(?m)^([ ]{0,3})(#{1,6}(?=\s|$)|[-+](?=\s|$)|\d{1,9}[.)](?=\s|$)|[-=]{2,}\s*$)"
)
_BREAK = "\\\n"
Child = Element | str


def markdown_from(html: str) -> str:
    """The Markdown of an article's HTML."""
    return "\n\n".join(_blocks(tree_of(html).children))


def summary_from(markdown: str, most: int) -> str:
    """The first paragraph of words, in at most `most` characters, cut after a word."""
    for part in markdown.split("\n\n"):
        if part and part[0] not in "#`|>-![" and not re.match(r"\d+\.", part):
            words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", part).replace(_BREAK, " ")
            line = " ".join(re.sub(r"\\(.)", r"\1", re.sub(r"\*\*|`", "", words)).split())
            cut = line if len(line) <= most else f"{line[: most - 2].rpartition(' ')[0]} …"
            return cut[:most]
    return ""


def _blocks(children: Iterable[Child]) -> list[str]:
    blocks: list[str] = []
    run: list[Child] = []
    for child in children:
        if isinstance(child, Element) and (child.tag in BLOCKS or _holds_block(child)):
            blocks.extend(_paragraph(run))
            run = []
            blocks.extend(_block(child))
        else:
            run.append(child)
    return [*blocks, *_paragraph(run)]


def _holds_block(element: Element) -> bool:
    """Whether something like <span> or <a> wraps whole paragraphs."""
    inner = (child for child in element.children if isinstance(child, Element))
    return any(child.tag in BLOCKS or _holds_block(child) for child in inner)


def _block(element: Element) -> list[str]:
    tag, children = element.tag, element.children
    if tag in _HEADINGS:
        words = _inline(children).replace(_BREAK, " ").strip()
        return [f"{'#' * _HEADINGS[tag]} {words}"] if words else []
    if tag in {"ul", "ol"}:
        return _list(element)
    if tag == "pre":
        return _code(_text(children))
    if tag == "hr":
        return ["---"]
    if tag == "blockquote":
        inner = "\n\n".join(_blocks(children))
        return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []
    if tag == "table":
        return _table(element)
    if tag == "iframe":
        address = element.attributes.get("src", "")
        return [f"<{address}>"] if address.startswith(("http://", "https://")) else []
    return _blocks(children)


def _paragraph(children: Sequence[Child]) -> list[str]:
    words = _inline(children).strip()
    words = words.removesuffix("\\").rstrip()
    return [_STARTS.sub(_guarded, words)] if words else []


def _guarded(found: re.Match[str]) -> str:
    sign = found[2]
    # A number is guarded at its point: `1\.`; everything else at its first sign.
    return f"{found[1]}{sign[:-1]}\\{sign[-1]}" if sign[0].isdigit() else f"{found[1]}\\{sign}"


def _list(element: Element) -> list[str]:
    lines: list[str] = []
    start = element.attributes.get("start", "1")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
    for child in element.children:
        if not isinstance(child, Element):
            continue
        sign = f"{number}. " if element.tag == "ol" else "- "
        # A list that stands in a list without an item belongs to the item before.
        inner = _blocks(child.children if child.tag == "li" else [child])
        if not inner:
            continue
        tight = len(inner) == 1 or all(part[:1] in "-0123456789" for part in inner[1:])
        text = ("\n" if tight else "\n\n").join(inner).split("\n")
        lines.append(sign + text[0])
        lines.extend(f"{' ' * len(sign)}{line}" if line else "" for line in text[1:])
        number += 1
    return ["\n".join(lines)] if lines else []


def _code(text: str) -> list[str]:
    text = text.strip("\n").rstrip()
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}\n{text}\n{fence}"] if text else []


def _table(element: Element) -> list[str]:
    rows = [cells for row in _each(element, "tr") if (cells := _cells(row))]
    if not rows:
        return []
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
    lines.insert(1, f"|{' --- |' * width}")
    return ["\n".join(lines)]


def _each(element: Element, tag: str) -> Iterable[Element]:
    for child in element.children:
        if isinstance(child, Element) and child.tag == tag:
            yield child
        elif isinstance(child, Element) and child.tag in {"thead", "tbody", "tfoot"}:
            yield from _each(child, tag)


def _cells(row: Element) -> list[str]:
    cells = (c for c in row.children if isinstance(c, Element) and c.tag in {"td", "th"})
    return [" ".join(_flat(cell.children).replace(_BREAK, " ").split()) for cell in cells]


def _flat(children: Iterable[Child]) -> str:
    """Paragraphs and lists as words of one line."""
    parts: list[str] = []
    for child in children:
        block = isinstance(child, Element) and (child.tag in BLOCKS or _holds_block(child))
        flat = _flat(child.children) if block and isinstance(child, Element) else _inline([child])
        parts.append(f" {flat} " if block else flat)
    return "".join(parts)


def _inline(children: Iterable[Child]) -> str:
    parts: list[str] = []
    for child in children:
        if isinstance(child, str):
            words = re.sub(r"\s+", " ", child.replace("\xa0", " "))
            parts.append(_SIGNS.sub(r"\\\1", words))
        else:
            parts.append(_inline_element(child))
    return re.sub(r"[ ]*\\\n[ ]*", lambda _m: _BREAK, "".join(parts))


def _inline_element(element: Element) -> str:
    tag = element.tag
    if tag == "br":
        return _BREAK
    if tag == "img":
        return _image(element)
    if tag in {"code", "kbd", "samp", "tt"}:
        return _code_span(_text(element.children))
    words = _inline(element.children)
    if tag in {"strong", "b"}:
        return _wrapped(words, "**")
    if tag in {"em", "i"}:
        return _wrapped(words, "*")
    if tag in {"s", "del", "strike"}:
        return _wrapped(words, "~~")
    if tag == "a":
        address = _target(element.attributes.get("href", ""))
        return f"[{words.strip()}]({address})" if address and words.strip() else words
    return words


def _wrapped(words: str, sign: str) -> str:
    """Emphasis does not begin or end at a space, or at a sign of its own kind."""
    inner = words.strip()
    if not inner or "\n" in inner or inner.startswith(sign) or inner.endswith((sign, "\\")):
        return words
    before = words[: len(words) - len(words.lstrip())]
    return f"{before}{sign}{inner}{sign}{words[len(words.rstrip()) :]}"


def _image(element: Element) -> str:
    address = _target(element.attributes.get("src", ""))
    alt = " ".join(_SIGNS.sub(r"\\\1", element.attributes.get("alt", "")).split())
    return f"![{alt}]({address})" if address else alt


def _target(address: str) -> str:
    address = "".join(address.split())
    if address.lower().startswith(("javascript:", "data:", "vbscript:")):
        return ""
    return f"<{address}>" if re.search(r"[()<>]", address) and "<" not in address else address


def _code_span(text: str) -> str:
    text = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}" if text else ""


def _text(children: Iterable[Child]) -> str:
    parts: list[str] = []
    for child in children:
        if isinstance(child, str):
            parts.append(child)
        else:
            parts.append("\n" if child.tag == "br" else _text(child.children))
    return "".join(parts)
