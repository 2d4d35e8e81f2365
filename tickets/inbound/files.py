"""What of a mail's files is kept: by the rules of every other form, and no logos."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from core.files import (
    MAX_PER_MESSAGE,
    MAX_TOGETHER,
    CheckedFile,
    FileRefused,
    check_file,
    display_name,
)
from tickets.drafts import Upload
from tickets.inbound.reading import File

#: A picture among the words that is smaller than this decorates a signature. In pixels.
LOGO_SIDE, LOGO_WIDTH, LOGO_HEIGHT = 48, 320, 130


def sorted_out(
    files: Sequence[File], known: set[str], locale: str
) -> tuple[list[Upload], list[str]]:
    """What is kept, and why the rest is not, in the writer's words. `known` are the SHA-256 of
    the ticket's files: a picture that stands in the words again came with the quoted mail."""
    kept: list[Upload] = []
    refused: list[str] = []
    seen: set[str] = set()
    together = 0
    with force_locale(locale):
        for file in files:
            try:
                checked = check_file(file.name, file.content)
            except FileRefused as error:
                if not (file.is_inline and len(file.content) < 4_000):
                    refused.append(str(error))
                continue
            if checked.sha256 in seen or _decorates(file, checked, known):
                continue
            seen.add(checked.sha256)
            together += checked.size
            if len(kept) == MAX_PER_MESSAGE or together > MAX_TOGETHER:
                refused.append(_too_many(file.name))
                continue
            kept.append(Upload(checked, file.content))
    return kept, refused


def _decorates(file: File, checked: CheckedFile, known: set[str]) -> bool:
    if not file.is_inline:
        return False
    width, height = checked.width or 0, checked.height or 0
    small = min(width, height) <= LOGO_SIDE or (width <= LOGO_WIDTH and height <= LOGO_HEIGHT)
    return checked.sha256 in known or small


def _too_many(name: str) -> str:
    words: str = _(
        "«%(name)s» no entra: cada mensaje lleva hasta 5 archivos y 25 MB.",
        name=display_name(name),
    )
    return words
