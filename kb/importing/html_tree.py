"""HTML as people's help centres hold it, read into a small tree. Pure.

Whatever is not closed is closed, whatever is nested deeper than `DEEPEST` is read flat, and
scripts and styles are left out: any text makes a tree, in linear time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

DEEPEST = 60
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul iframe"
)
_VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
_LEFT_OUT_NAMES = "head noscript object script select style svg template textarea"
BLOCKS = frozenset(_BLOCK_NAMES.split())
_VOID = frozenset(_VOID_NAMES.split())
_LEFT_OUT = frozenset(_LEFT_OUT_NAMES.split())
#: What an element ends when it begins: those of the set, up to the nearest of the second.
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
}


@dataclass
class Element:
    """An element with what it holds: elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)


def tree_of(html: str) -> Element:
    """The whole of `html` under one element without a name."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self._hidden = 0
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT or self._hidden:
            self._hidden += tag in _LEFT_OUT
            return
        if tag in BLOCKS:
            self._end({"p"}, BLOCKS - {"p"})
        if tag in _ENDS:
            self._end(*_ENDS[tag])
        if tag not in _VOID and len(self._open) > DEEPEST:
            self._too_deep += 1
            return
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT:
            self._hidden = max(self._hidden - 1, 0)
        elif self._too_deep:
            self._too_deep -= 1
        elif tag not in _VOID:
            self._end({tag}, {"table"} if tag not in {"table", "tr", "td", "th"} else set())

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._open[-1].children.append(data)

    def _end(self, tags: set[str] | frozenset[str], within: set[str] | frozenset[str]) -> None:
        """Close the nearest open element among `tags`, unless one of `within` is nearer."""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag in tags:
                del self._open[place:]
                return
            if self._open[place].tag in within:
                return
