"""Directories of the Whoosh index: which one is current, and whether its files are whole.

    <root>/CURRENT            name of the directory in use; replaced atomically
    <root>/gen-<hex>/         one whole index
        STAMP.json            versions of schema, analysis and engine it was built with
        SEAL-<n>.json         size and digest of every file after commit n

Whoosh keeps no checksums and never flushes to disk, and its table of contents is a pickle; the
stamp is read before anything is unpickled, and the seal finds what a crash or a disk changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

#: The name Whoosh gives its files.
INDEX_NAME = "MAIN"
_TOC = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")

_POINTER = "CURRENT"
_PREFIX = "gen-"
_STAMP = "STAMP.json"
_SEAL = "SEAL-"

Seal = dict[str, tuple[int, str]]


class IndexDirectories:
    """The generations under one root. Callers hold the writer lock for everything that writes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the root, readable by its owner only."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)

    def current(self) -> Path:
        """The directory in use. Raises FileNotFoundError where none is, or the name is damaged."""
        name = (self.root / _POINTER).read_text("ascii", errors="replace").strip()
        if not name.startswith(_PREFIX) or not name[len(_PREFIX) :].isalnum():
            raise FileNotFoundError(f"{_POINTER} names no index: {name[:40]!r}")
        return self.root / name

    def create(self, stamp: Mapping[str, str | int]) -> Path:
        """A new, empty directory that carries `stamp`. It is not current yet."""
        path = self.root / f"{_PREFIX}{secrets.token_hex(8)}"
        path.mkdir(mode=0o700)
        (path / _STAMP).write_text(json.dumps(stamp), "utf-8")
        return path

    def switch(self, path: Path) -> None:
        """Make `path` current: on disk first, then one atomic replacement of the pointer."""
        for file in path.iterdir():
            _flush(file)
        _flush(path)
        fresh = self.root / f"{_POINTER}.new"
        fresh.write_text(path.name, "ascii")
        _flush(fresh)
        fresh.replace(self.root / _POINTER)
        _flush(self.root)

    def sweep(self) -> None:
        """Remove every directory but the current one: former ones, and builds that died."""
        try:
            keep = self.current().name
        except OSError:
            keep = ""
        for path in self.root.glob(f"{_PREFIX}*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)


def stamp_of(path: Path) -> dict[str, str | int]:
    """The stamp of an index directory; empty when it has none that can be read."""
    try:
        stamp = json.loads((path / _STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def commit_of(path: Path) -> int:
    """The number of the last commit in a directory: that of its newest table of contents.

    Raises FileNotFoundError where there is none.
    """
    commits = [int(match[1]) for match in map(_TOC.fullmatch, os.listdir(path)) if match]
    if not commits:
        raise FileNotFoundError(f"{path.name} holds no index")
    return max(commits)


def seal(path: Path, commit: int) -> None:
    """Record size and digest of the files after a commit. Files of Whoosh never change: those
    already sealed are not read again."""
    known = _newest_seal(path)
    sealed: Seal = {}
    for file in sorted(path.iterdir()):
        if _is_sealable(file):
            size = file.stat().st_size
            before = known.get(file.name)
            sealed[file.name] = before if before and before[0] == size else (size, _digest(file))
    fresh = path / f"{_SEAL}{commit}.new"
    fresh.write_text(json.dumps(sealed), "utf-8")
    fresh.replace(path / f"{_SEAL}{commit}.json")
    for old in path.glob(f"{_SEAL}*.json"):
        if old.name != f"{_SEAL}{commit}.json":
            old.unlink(missing_ok=True)


def is_whole(path: Path, commit: int) -> bool:
    """Whether every file is as it was sealed. A commit whose seal a crash prevented passes:
    its files are then only known to open."""
    sealed = _read_seal(path / f"{_SEAL}{commit}.json")
    try:
        return all(
            (path / name).stat().st_size == size and _digest(path / name) == digest
            for name, (size, digest) in sealed.items()
        )
    except OSError:
        return False


def require_files(path: Path, commit: int) -> None:
    """Look before Whoosh opens: it waits for a file that is gone, and unpickles what is garbled.

    Raises FileNotFoundError for a sealed file that is gone, ValueError for one that was changed.
    Only sizes of segments are compared here; `is_whole` reads them.
    """
    for name, (size, digest) in _read_seal(path / f"{_SEAL}{commit}.json").items():
        file = path / name
        if file.stat().st_size != size or (file.suffix == ".toc" and _digest(file) != digest):
            raise ValueError(f"{path.name}/{name} is damaged")


def _is_sealable(file: Path) -> bool:
    return file.is_file() and file.suffix in {".toc", ".seg"}


def _newest_seal(path: Path) -> Seal:
    seals = sorted(path.glob(f"{_SEAL}*.json"), key=lambda file: file.stat().st_mtime_ns)
    return _read_seal(seals[-1]) if seals else {}


def _read_seal(file: Path) -> Seal:
    try:
        content = json.loads(file.read_text("utf-8"))
        return {str(name): (int(size), str(digest)) for name, (size, digest) in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
