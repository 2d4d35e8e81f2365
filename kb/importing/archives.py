"""The files of a ZIP, read in memory and never unpacked to disk; bombs are refused unread."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath

from kb.importing.entries import Refused

MAX_ENTRIES = 10_000
MAX_UNPACKED = 200 * 1024 * 1024
#: Text packs well; more than this is made to.
MAX_RATIO = 200
#: What a Mac and Windows put beside the files of a person.
_PASSED_OVER = ("__MACOSX/", ".")
#: What `zipfile` raises for a damaged archive, or one packed in a way it does not know.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError, EOFError)


class Archive:
    """A ZIP as a tree of files. Raises Refused for one that is damaged or made to harm."""

    def __init__(self, data: bytes) -> None:
        # Every entry has this mark; counting first keeps a directory of 100,000 unread.
        if data.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise Refused(0, "the ZIP holds more than %(most)d files", most=MAX_ENTRIES)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _DAMAGED as error:
            raise Refused(0, "the ZIP is damaged") from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        self._refuse_bombs(entries, len(data))
        self._entries = {entry.filename: entry for entry in entries if _is_wanted(entry)}
        #: What leads out of the ZIP: never read.
        self.leading_out = sorted(entry.filename for entry in entries if _leads_out(entry))
        self._top = _common_folder(list(self._entries))

    def _refuse_bombs(self, entries: Sequence[zipfile.ZipInfo], size: int) -> None:
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if packed > size:
            # Entries that share their bytes: only made to multiply them.
            raise Refused(0, "the ZIP is damaged")
        if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
            raise Refused(0, "the ZIP unpacks to too much")
        if any(entry.flag_bits & 0x2041 for entry in entries):
            raise Refused(0, "the ZIP is encrypted")

    def names(self) -> Sequence[str]:
        return sorted(name.removeprefix(self._top) for name in self._entries)

    def shown(self, name: str) -> str:
        return name

    def read(self, name: str, most: int) -> bytes:
        entry = self._entries[self._top + name]
        if entry.file_size > most:
            raise Refused(1, "the file is larger than %(most)d KB", most=most // 1024)
        try:
            with self._zip.open(entry) as stream:
                # The directory may lie about a size: no more than it says is ever unpacked.
                return stream.read(most + 1)[:most]
        except (*_DAMAGED, zlib.error, RuntimeError) as error:
            raise Refused(1, "the ZIP is damaged") from error


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    if _leads_out(entry):
        return False
    hidden = any(part.startswith(_PASSED_OVER[1]) for part in _path(entry).parts)
    return not (hidden or entry.filename.startswith(_PASSED_OVER[0]))


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    path = _path(entry)
    is_link = entry.external_attr >> 28 == 0xA
    return is_link or path.is_absolute() or ".." in path.parts


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _common_folder(names: Sequence[str]) -> str:
    """The one folder everything lies in, as most programs pack it; '' where there is none."""
    tops = {name.partition("/")[0] for name in names}
    alone = len(tops) == 1 and all("/" in name for name in names)
    top = f"{tops.pop()}/" if alone else ""
    # A folder of one language is no wrapping: it stays part of the names.
    return "" if top in ("es/", "en/") else top
