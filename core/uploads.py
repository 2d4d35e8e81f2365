"""Files of a request: the only place that reads them."""

from __future__ import annotations

from flask import request
from limits import RateLimitItemPerHour

from core.files import CheckedFile, FileRefused, check_file
from core.ratelimit import client_address, spend

#: Files of one person, or of one network before sign-in (SECURITY V23).
FILES = RateLimitItemPerHour(60)


def files_of(
    name: str, *, person_id: int | None
) -> tuple[list[tuple[CheckedFile, bytes]], list[str]]:
    """The files of the request under `name`, and why some were refused, in words; `person_id` is
    whoever is signed in. Raises LimitReached.
    """
    taken: list[tuple[CheckedFile, bytes]] = []
    refused: list[str] = []
    sent = [storage for storage in request.files.getlist(name) if storage.filename]
    sender = client_address() if person_id is None else str(person_id)
    spend(FILES, "files", sender, cost=len(sent))
    for storage in sent:
        content = storage.read()
        try:
            taken.append((check_file(storage.filename or "", content), content))
        except FileRefused as error:
            refused.append(str(error))
    return taken, refused
