"""The second wall of `core.text`: tags and attributes that HTML of ours may hold, nothing else."""

from __future__ import annotations

import re

import nh3

#: Prefix of heading ids, so that no heading can take the id of something on the page.
ID_PREFIX = "s-"
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
REL = "nofollow noopener noreferrer"
_PIXELS = re.compile("[1-9][0-9]{0,4}")


def is_local(target: str) -> bool:
    """Whether an address is a path of this site."""
    return target.startswith("/") and not target.startswith("//")


def _second_wall(_tag: str, name: str, value: str) -> str | None:
    expected = {"src": is_local(value), "id": value.startswith(ID_PREFIX)}
    expected |= dict.fromkeys(("width", "height"), _PIXELS.fullmatch(value) is not None)
    return value if expected.get(name, True) else None


_CELL_CLASSES = {"cell-left", "cell-center", "cell-right"}
_TAGS = (
    "p br strong em s code pre blockquote ul ol li hr a img div table thead tbody tr th td"
    " h2 h3 h4 h5 h6"
)
CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={
        "*": set(),
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "div": {"aria-label"},
        "ol": {"start"},
        **{heading: {"id"} for heading in ("h2", "h3", "h4")},
    },
    tag_attribute_values={
        "a": {"rel": {REL}},
        "pre": {"tabindex": {"0"}},
        "div": {"tabindex": {"0"}, "role": {"region"}},
    },
    allowed_classes={"div": {"table-scroll"}, "th": _CELL_CLASSES, "td": _CELL_CLASSES},
    set_tag_attribute_values={"img": {"loading": "lazy"}},
    attribute_filter=_second_wall,
    url_schemes=set(SCHEMES),
    link_rel=None,
)
