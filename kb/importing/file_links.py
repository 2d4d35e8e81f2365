"""Links from one Markdown file to another, led to the articles those files become.

People who keep their texts in a folder link them by their files: `[see](../mail/full.md#spam)`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from kb.importing.entries import Found, Remark
from kb.importing.pictures import is_relative
from kb.importing.targets import link_targets, moved

SUFFIXES = (".md", ".markdown")
_MISSING = "the linked file %(target)s is not there"


def led_on(found: Sequence[Found], names: Mapping[str, str]) -> tuple[list[Found], list[Remark]]:
    """The articles with such links replaced, and a remark for each that leads to no article.

    `names` gives the path inside the folder by what people find a file by (`Found.where`).
    """
    slugs = {names[one.where]: one.entry.slug for one in found}
    remarks: list[Remark] = []
    return [_led(one, names[one.where], slugs, remarks) for one in found], remarks


def _led(one: Found, name: str, slugs: Mapping[str, str], remarks: list[Remark]) -> Found:
    if not any(suffix in one.entry.body.lower() for suffix in SUFFIXES):
        return one
    places: dict[str, str] = {}
    for target in link_targets(one.entry.body):
        path, hash_sign, part = target.partition("#")
        if not is_relative(target) or PurePosixPath(unquote(path)).suffix.lower() not in SUFFIXES:
            continue
        slug = slugs.get(posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))))
        if slug is None:
            remarks.append(Remark(one.where, _MISSING, {"target": target[:200]}))
        else:
            places[target] = f"/preguntas/{slug}{hash_sign}{part}"
    if not places:
        return one
    return replace(one, entry=replace(one.entry, body=moved(one.entry.body, places.get)))
