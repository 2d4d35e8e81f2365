"""Markdown to safe HTML and to plain text.

The only module that calls text safe (`markupsafe.Markup`). Two walls: the parser never lets
raw HTML through, and nh3 keeps only what `core.cleaning` lists. Stored sources stay as written.
Every step is linear, or bounded, in the length of the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

from core.cleaning import CLEANER, ID_PREFIX, REL, SCHEMES, is_local
from core.pictures import size_of
from core.wording import INVISIBLE, slug
from core.wording import clean_line as clean_line
from core.wording import clean_text as clean_text

#: Longest source accepted, in characters.
MAX_SOURCE = 200_000
#: Levels of lists, quotes and brackets followed; each costs the parser one more pass.
MAX_NESTING = 20
_FRAME: dict[str, str | int | float] = {"class": "table-scroll", "tabindex": "0", "role": "region"}
_Rule = Callable[[StateCore], None]
_BARE_URL = re.compile(r"\bhttps?://\w[^\s<>\"'`«»“”]*", re.IGNORECASE)
_FROM_ROOT = re.compile(r'<a href="(/(?!/)[^"]*)"')


@dataclass(frozen=True)
class Heading:
    """A section of an article: `level` 2 to 4 as rendered, `id` without #, `text` plain."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """An article as HTML, and its contents in order of reading."""

    html: Markup
    headings: list[Heading]


def render_markdown(source: str) -> Rendered:
    """An article as safe HTML. Raises ValueError above `MAX_SOURCE` characters."""
    env: dict[str, Any] = {"headings": []}
    return Rendered(_safe(_article.render(_checked(source), env)), env["headings"])


def render_message(source: str) -> Markup:
    """A message of a thread as safe HTML: line breaks kept, headings bold, no images, bare
    addresses as links. Raises ValueError above `MAX_SOURCE` characters."""
    return _safe(_message.render(_checked(source)))


def plain_text(source: str, *, to_read: bool = False) -> str:
    """Markdown without its markup, for the index and for mail.

    Code is kept, table cells are separated by tabs, paragraphs by an empty line; `to_read` adds
    what a reader without the page needs: the address after a link's words, and the dashes and
    numbers of lists. Raises ValueError above `MAX_SOURCE` characters.
    """
    ends = {"th_close": "\t", "td_close": "\t", "heading_close": "\n\n", "table_close": "\n"}
    ends |= {"tr_close": "\n", "bullet_list_close": "\n", "ordered_list_close": "\n"}
    parts: list[str] = []
    for token in _plain.parse(_checked(source)):
        if token.type == "inline":
            parts.extend(_words(token.children or [], links=to_read))
        elif token.type == "list_item_open" and to_read:
            parts.append("  " * (token.level // 2) + (f"{token.info}. " if token.info else "- "))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content + "\n")
        elif token.type == "paragraph_close":
            parts.append("\n" if token.hidden else "\n\n")
        else:
            parts.append(ends.get(token.type, ""))
    lines = "\n".join(line.rstrip() for line in clean_text("".join(parts)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def with_whole_addresses(html: Markup, site: str) -> Markup:
    """Safe HTML with the address of `site` beside every link that begins at its root."""
    # Such a quote or bracket stands in tags alone.
    whole = rf'<a data-address="{escape(site)}\1" href="\1"'
    return Markup(_FROM_ROOT.sub(whole, str(html)))  # noqa: S704  # nosec B704


def _checked(source: str) -> str:
    if len(source) > MAX_SOURCE:
        raise ValueError(f"the text is longer than {MAX_SOURCE} characters")
    return clean_text(source)


def _safe(html: str) -> Markup:
    # Character references may have brought back what clean_text() took out of the source.
    return Markup(CLEANER.clean(INVISIBLE.sub("", html)))  # noqa: S704  # nosec B704


def _words(children: Sequence[Token], *, links: bool) -> Iterator[str]:
    target = ""
    for token in children:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type == "image":
            yield from _words(token.children or [], links=False)
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "link_open" and token.info != "auto":
            target = str(token.attrGet("href") or "")
        elif token.type == "link_close" and links and target:
            yield f" ({target})"
            target = ""


def _outline(state: StateCore) -> None:
    """Headings from h2 on without gaps, whatever the source begins with; ids on h2 to h4."""
    open_levels: list[int] = []
    used: dict[str, int] = {}
    for index, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        level = int(token.tag[1])
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        shown = min(1 + len(open_levels), 6)
        token.tag = state.tokens[index + 2].tag = f"h{shown}"
        if shown <= 4:
            words = "".join(_words(state.tokens[index + 1].children or [], links=False))
            text = clean_line(words, 200)
            heading = Heading(shown, _unique(slug(text) or "seccion", used), text)
            token.attrSet("id", heading.id)
            state.env["headings"].append(heading)


def _unique(base: str, used: MutableMapping[str, int]) -> str:
    """`base`, numbered from its second use. `used` remembers where the numbering stands: to
    start over for every heading would be quadratic."""
    name, number = base, used.get(base, 0) + 1
    while number > 1 and (name := f"{base}-{number}") in used:
        number += 1
    used[base] = number
    used.setdefault(name, 1)
    return ID_PREFIX + name


def _flatten_headings(state: StateCore) -> None:
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            inner = state.tokens[index + 1]
            bold = [Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)]
            inner.children = [bold[0], *(inner.children or []), bold[1]]
            token.tag = state.tokens[index + 2].tag = "p"


def _each_word(replace: Callable[[Token, bool], Iterable[Token]]) -> _Rule:
    """A rule that puts `replace(token, whether it stands in a link)` in each token's place."""

    def rule(state: StateCore) -> None:
        for block in state.tokens:
            children: list[Token] = []
            depth = 0
            for token in block.children or []:
                depth += token.nesting if token.type.startswith("link_") else 0
                children.extend(replace(token, depth > 0))
            block.children = children if block.type == "inline" else None

    return rule


def _no_image(token: Token, linked: bool) -> list[Token]:
    if token.type != "image":
        return [token]
    source = str(token.attrGet("src") or "")
    alt = "".join(_words(token.children or [], links=False))
    return [_text(alt)] if linked else _link(source, alt or source)


def _own_image(token: Token, linked: bool) -> list[Token]:
    # A remote picture would tell its server who reads.
    source = str(token.attrGet("src") or "")
    if not is_local(source):
        return _no_image(token, linked)
    for name, pixels in zip(("width", "height"), size_of(source), strict=False):
        # The place is kept before the picture arrives, so that nothing moves under the reader.
        token.attrSet(name, pixels)
    return [token]


def _address(token: Token, linked: bool) -> Iterator[Token]:
    if linked or token.type != "text":
        yield token
        return
    words, end = token.content, 0
    for found in _BARE_URL.finditer(words):
        # Punctuation after an address belongs to the sentence, a bracket to whoever opened it.
        address = found[0].rstrip(".,;:!?*_~")
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(").,;:!?")
        yield _text(words[end : found.start()])
        yield from _link(normalizeLink(address), address)
        end = found.start() + len(address)
    yield _text(words[end:])


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _link(target: str, words: str) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": target})
    return [opening, _text(words), Token("link_close", "a", -1)]


def _dress(state: StateCore) -> None:
    """What the page needs on links and tables: rel, a scrolling frame, cell alignment."""
    tokens: list[Token] = []
    tables = 0
    for token in state.tokens:
        for child in token.children or []:
            target = str(child.attrGet("href") or "").lower()
            if target.startswith(("http:", "https:", "//")):
                child.attrSet("rel", REL)
        style = token.attrs.pop("style", None)
        if style:
            token.attrSet("class", str(style).replace("text-align:", "cell-"))
        if token.type == "table_open":
            tables += 1
            frame = _FRAME | {"aria-label": f"Tabla {tables}"}
            tokens.append(Token("frame_open", "div", 1, attrs=frame, block=True))
        tokens.append(token)
        if token.type == "table_close":
            tokens.append(Token("frame_close", "div", -1, block=True))
    state.tokens = tokens


def _code(_renderer: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
    # Focusable, because a wide block scrolls and the keyboard must be able to.
    return f'<pre tabindex="0"><code>{escapeHtml(tokens[index].content)}</code></pre>\n'


class _Parser(MarkdownIt):
    """CommonMark with tables and strikethrough; raw HTML is text."""

    def __init__(self, *rules: _Rule, breaks: bool = False) -> None:
        options = {"html": False, "breaks": breaks, "maxNesting": MAX_NESTING}
        super().__init__("js-default", options)
        for place, rule in enumerate(rules):
            self.core.ruler.push(f"own-{place}", rule)
        self.add_render_rule("fence", _code)
        self.add_render_rule("code_block", _code)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Whether a target may be linked: http, https, mailto, tel or a relative address."""
        scheme, colon, _ = re.split("[/?#]", url, maxsplit=1)[0].partition(":")
        return not colon or scheme.lower() in SCHEMES


_plain = _Parser()
_article = _Parser(_outline, _each_word(_own_image), _dress)
_message = _Parser(
    _flatten_headings, _each_word(_no_image), _each_word(_address), _dress, breaks=True
)
