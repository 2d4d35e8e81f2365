"""Addresses of pictures of ours: they say how large the picture is. Pure."""

from __future__ import annotations

import re

#: Where the pictures of articles are.
FOLDER = "/preguntas/imagenes/"
_KEY = r"[0-9a-f]{32}-([1-9][0-9]{0,4})x([1-9][0-9]{0,4})"
_ADDRESS = re.compile(rf"{FOLDER}{_KEY}\.webp")
_NAMED = re.compile(rf"{FOLDER}([0-9a-f]{{32}})-")


def key_of(name: str, width: int, height: int) -> str:
    """What stands between the folder and `.webp`."""
    return f"{name}-{width}x{height}"


def size_of(address: str) -> tuple[str, ...]:
    """Width and height in pixels as the address says them; () for any other address."""
    found = _ADDRESS.fullmatch(address)
    return found.groups() if found else ()


def name_of(key: str) -> str:
    """The name in a key; '' for what is no key."""
    return key[:32] if re.fullmatch(_KEY, key) else ""


def names_in(text: str) -> set[str]:
    """The names of the pictures that a text shows or links to."""
    return set(_NAMED.findall(text))
