"""Which reader takes a source: a folder, a ZIP, a Zendesk export, a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kb.importing.archives import Archive
from kb.importing.entries import Bundle, Refusal, Refused
from kb.importing.folders import Folder, read_tree
from kb.importing.sheets import read_sheet
from kb.importing.zendesk import read_export

#: A larger file is not read at all: 5,000 long articles fit.
MAX_SOURCE = 100 * 1024 * 1024

#: Names of a ZIP that lead out of it and are told one by one; it was made by a program.
MAX_TOLD = 20

Reader = Callable[[str, bytes], Bundle]
READERS: Mapping[str, Reader] = {
    ".zip": lambda _name, data: read_archive(data),
    ".json": read_export,
    ".csv": read_sheet,
    ".txt": read_sheet,
    ".tsv": read_sheet,
}


def read_archive(data: bytes) -> Bundle:
    """The articles of a ZIP. Raises Refused for one that is damaged or made to harm."""
    archive = Archive(data)
    bundle = read_tree(archive)
    error = Refused(0, "it leads out of the ZIP")
    outside = [Refusal(name[:200], error) for name in archive.leading_out[:MAX_TOLD]]
    return replace(bundle, refusals=[*bundle.refusals, *outside])


def read(path: Path) -> Bundle:
    """The articles of a folder or file of this machine. Raises Refused for what is none."""
    if path.is_dir():
        return read_tree(Folder(path))
    try:
        if path.stat().st_size > MAX_SOURCE:
            raise Refused(0, "the file is larger than %(most)d KB", most=MAX_SOURCE // 1024)
        return read_bytes(path.name, path.read_bytes())
    except OSError as error:
        raise Refused(0, "cannot be read: %(why)s", why=error.strerror) from error


def read_bytes(name: str, data: bytes) -> Bundle:
    """The articles of a file by its name's ending. Raises Refused."""
    reader = READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise Refused(0, "is no folder, ZIP, JSON or CSV")
    return reader(name, data)
