"""Unguessable names, and what is stored of them."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,43}")


def new_token() -> str:
    """An unguessable name of 256 bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def clean_token(value: object) -> str:
    """A name as `new_token` makes them; '' for anything else that was sent in its place."""
    text = value if isinstance(value, str) else ""
    return text if _TOKEN.fullmatch(text) else ""


def once_key(*parts: object) -> str:
    """A name, 43 characters long, of something that may happen once: equal for equal parts."""
    told = "\0".join(str(part) for part in parts).encode(errors="replace")
    digest = hashlib.sha256(told).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token_hash(token: str) -> str:
    """The SHA-256 of a secret: enough to recognise it, useless to whoever reads the table."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
