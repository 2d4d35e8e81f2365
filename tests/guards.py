"""The headers that every answer must carry."""

from __future__ import annotations

from werkzeug.test import TestResponse

from core.protection import HEADERS

#: The address of these pages is a secret: it is told to nobody.
QUIET = {"no-referrer", "same-origin"}


def guarded(answer: TestResponse, *, secret_address: bool = False) -> dict[str, str]:
    """What is missing of the headers of every answer; empty when all are there."""
    found = {name: answer.headers.get(name, "") for name in HEADERS}
    if secret_address and found["Referrer-Policy"] in QUIET:
        found["Referrer-Policy"] = HEADERS["Referrer-Policy"]
    wrong = {name: value for name, value in found.items() if value != HEADERS[name]}
    if "Access-Control-Allow-Origin" in answer.headers:
        wrong["Access-Control-Allow-Origin"] = answer.headers["Access-Control-Allow-Origin"]
    if answer.mimetype.startswith("text/") and "charset=utf-8" not in answer.content_type:
        wrong["Content-Type"] = answer.content_type
    return wrong
