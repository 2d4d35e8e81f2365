"""The pictures that exported articles show, and where an export keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.exporting.folder import File
from kb.importing.keeping import FOLDER, bytes_of

#: Where an export keeps them.
BESIDE = "images/"
_ADDRESS = re.compile(rf"{FOLDER}([A-Za-z0-9_-]{{20,64}}\.webp)")


def addresses_in(text: str) -> set[str]:
    """The addresses of pictures that a text names."""
    return {found[0] for found in _ADDRESS.finditer(text)}


def files(addresses: Iterable[str]) -> Iterator[File]:
    """The pictures at these addresses, each as a file beside the articles."""
    for address in addresses:
        content = bytes_of(address)
        if content is not None:
            yield File(BESIDE + address.removeprefix(FOLDER), content)


def beside(target: str, up: str) -> str | None:
    """Where an export shows a picture of ours, from a folder `up`; None for other targets."""
    found = _ADDRESS.fullmatch(target)
    return f"{up}{BESIDE}{found[1]}" if found and bytes_of(target) is not None else None
