"""Where the pictures of articles are kept: the one door of import and export to them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath

from accounts.permissions import Actor
from core import imaging
from core.pictures import FOLDER as FOLDER
from kb.images import actions, queries


class Unkept(Exception):
    """The picture cannot be kept."""


def keep(content: bytes, name: str, *, actor: Actor | None, now: datetime) -> str:
    """Store a picture, checked by `core.files`; its address. `name` is that of its file: one that
    is kept already, as an export of ours names it, is left as it is. Raises Unkept."""
    known = queries.image_by_key(PurePosixPath(name).stem, content=True)
    if known is not None and known.content == content:
        return known.address
    try:
        return actions.store_image(
            actor=actor, content=content, drawn=is_drawn(content, name), now=now
        )
    except imaging.Broken as error:
        raise Unkept from error


def is_drawn(content: bytes, name: str) -> bool:
    """Whether a file is a picture as this program draws them, unchanged since: named after its
    bytes, and with no room for anything but the picture."""
    named = hashlib.sha256(content).hexdigest()[:32] == name[:32]
    if not named or content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return False
    place, kinds = 12, set()
    while place + 8 <= len(content):
        kinds.add(content[place : place + 4])
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return place == len(content) and kinds <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


def bytes_of(address: str) -> bytes | None:
    """A picture by its address; None where there is none."""
    key = address.removeprefix(FOLDER).removesuffix(".webp")
    found = queries.image_by_key(key, content=True)
    return found.content if found is not None else None
