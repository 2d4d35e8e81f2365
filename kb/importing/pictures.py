"""The pictures an imported text shows: taken in from beside it, and linked where they are kept."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from accounts.permissions import Actor
from core.files import FileRefused, check_file
from kb.importing import keeping
from kb.importing.entries import Entry, Found, Pictures, Refused, Remark
from kb.importing.targets import image_targets, moved

#: Pictures of one article; a text with more is a gallery.
MOST = 100
_MISSING = "the picture %(target)s is not there"
_UNTAKEN = "the picture %(target)s was not taken in: %(why)s"


def taken_in(one: Found, pictures: Pictures | None, *, actor: Actor | None, now: datetime) -> Entry:
    """The entry with its pictures stored and linked where they are kept now.

    What is missing or no picture keeps its target; `remarks_on` says it.
    """
    places: dict[str, str] = {}
    for target, content in _readable(one, pictures):
        try:
            name = posixpath.basename(target)
            places[target] = keeping.keep(content, name, actor=actor, now=now)
        except keeping.Unkept:
            continue
    return replace(one.entry, body=moved(one.entry.body, places.get)) if places else one.entry


def remarks_on(one: Found, pictures: Pictures | None) -> Iterator[Remark]:
    """What is odd about the pictures of an article."""
    for target in _relative(one.entry):
        try:
            if _checked(one, pictures, target) is None:
                yield Remark(one.where, _MISSING, {"target": target})
        except (Refused, FileRefused) as error:
            why = error.reason if isinstance(error, Refused) else error.reason_code
            yield Remark(one.where, _UNTAKEN, {"target": target, "why": why})


def shows_any(entry: Entry) -> bool:
    """Whether a text shows pictures that stand beside it."""
    return bool(_relative(entry))


def without_places(body: str) -> str:
    """A text with its images anywhere: where they are kept may differ, what is said does not."""
    images = set(image_targets(body))
    return moved(body, lambda target: "" if target in images else None) if images else body


def is_relative(target: str) -> bool:
    """Whether a picture is named by its place beside the text."""
    return bool(target) and ":" not in target.partition("/")[0] and target[0] not in "/#?"


def _relative(entry: Entry) -> list[str]:
    if "](" not in entry.body and "]:" not in entry.body:
        return []
    return [target for target in image_targets(entry.body) if is_relative(target)][:MOST]


def _readable(one: Found, pictures: Pictures | None) -> Iterator[tuple[str, bytes]]:
    for target in _relative(one.entry):
        try:
            content = _checked(one, pictures, target)
        except (Refused, FileRefused):
            continue
        if content is not None:
            yield target, content


def _checked(one: Found, pictures: Pictures | None, target: str) -> bytes | None:
    content = pictures.picture(one.where, target) if pictures else None
    if content is not None:
        checked = check_file(posixpath.basename(target.partition("?")[0]), content)
        if not checked.is_image:
            raise FileRefused("type", checked.name)
    return content
