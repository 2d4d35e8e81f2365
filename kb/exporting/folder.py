"""Files of an export, written as a folder that is switched in whole, or as a ZIP."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Tells an export of ours from a folder of somebody's: only ours is replaced.
MARK = "export.txt"
#: Every file of a ZIP is of this day: the same content makes the same bytes.
_DAY = (2026, 1, 1, 0, 0, 0)


#: Bytes of a ZIP that are handed on together.
PIECE = 256 * 1024


class NotOurs(Exception):
    """The folder holds what no export of ours wrote; nothing was touched."""


@dataclass(frozen=True)
class File:
    """A file of an export; `name` has slashes and no dots that lead out."""

    name: str
    content: bytes


def write_folder(folder: Path, kind: str, files: Iterable[File]) -> int:
    """Write an export beside `folder` and put it in its place at once; how many files.

    A folder that is missing, empty, or an earlier export is replaced. Whoever reads it sees the
    old one or the new one, whole. Raises NotOurs, OSError.
    """
    folder = folder.absolute()
    if folder.exists() and not _may_replace(folder):
        raise NotOurs
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _put(made, File(MARK, f"{kind}\n".encode()))
        count = sum(_put(made, file) for file in files)
        made.chmod(0o755)
        _switch(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return count


def zip_parts(kind: str, files: Iterable[File]) -> Iterator[bytes]:
    """An export as the bytes of a ZIP, piece by piece, so that nobody has to hold all of it."""
    stream = _Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(MARK), f"{kind}\n")
        for file in files:
            archive.writestr(_entry(file.name), file.content)
            if len(stream.waiting) >= PIECE:
                yield stream.taken()
    yield stream.taken()


class _Stream(io.RawIOBase):
    """Takes what `zipfile` writes, and cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self.waiting)
        self.waiting.clear()
        return piece


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _may_replace(folder: Path) -> bool:
    if not folder.is_dir() or folder.is_symlink():
        return False
    return (folder / MARK).is_file() or not any(folder.iterdir())


def _put(folder: Path, file: File) -> int:
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    return 1


def _switch(made: Path, folder: Path) -> None:
    """Two renames: between them, for a moment, there is no folder, never half of one."""
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    os.rename(folder, old / "export")
    try:
        made.rename(folder)
    except OSError:
        os.rename(old / "export", folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
