"""Unguessable names, and what is stored of them."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """An unguessable name of 256 bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The SHA-256 of a secret: enough to recognise it, useless to whoever reads the table."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
