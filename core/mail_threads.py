"""Identifiers of mails: a reference, signed, so that an answer proves which mail it answers.

`<reference.signature@host>`: mail programs thread by it, and mail that comes in is recognised
by it. Nobody without SECRET_KEY can make one up (V71).
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import urlsplit

from flask import current_app

#: 96 bits in hexadecimal: some programs change the case of an identifier.
_SIGNATURE_CHARS = 24
_LONGEST = 200
_REFERENCE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_IDENTIFIER = re.compile(r"<?([a-z0-9_-]+)\.([0-9a-f]{24})@[^\s<>@]{1,255}>?")


def message_id(reference: str) -> str:
    """The Message-ID of the mail of this reference: always the same one.

    Raises ValueError for a reference that is not small letters, digits and single dashes.
    """
    if not _REFERENCE.fullmatch(reference) or len(reference) > _LONGEST:
        raise ValueError(f"{reference!r} is no reference of a mail")
    host = urlsplit(current_app.config["SITE"].public_url).hostname or "localhost"
    return f"<{reference}.{_signature(reference)}@{host}>"


def reference_of(message_id: str) -> str | None:
    """The reference that a Message-ID carries; None unless this site signed it."""
    if len(message_id) > _LONGEST + _SIGNATURE_CHARS + 260:
        return None
    found = _IDENTIFIER.fullmatch(message_id.strip().lower())
    if found is None:
        return None
    reference, signature = found.groups()
    return reference if hmac.compare_digest(signature, _signature(reference)) else None


def _signature(reference: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"message-id:{reference}".encode(), "sha256").hexdigest()[
        :_SIGNATURE_CHARS
    ]
