"""What the FAQ can be written as."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kb.exporting import markdown, static_copy
from kb.exporting.folder import File


def export_files(kind: str, *, now: datetime) -> Iterator[File]:
    """The files of an export; `now` is the moment that a copy says it was made."""
    return markdown.files() if kind == "markdown" else static_copy.files(now=now)
