"""Encryption of what customers keep in tickets (core/sealing.py), under a key of its own."""

from __future__ import annotations

from core import sealing
from core.sealing import WrongKey

__all__ = ["WrongKey", "seal", "unseal"]

_PURPOSE = "tickets.vault 1"


def seal(value: str, identity: str) -> bytes:
    """The value, encrypted for the row of this identity."""
    return sealing.seal(value, identity, purpose=_PURPOSE)


def unseal(sealed: bytes, identity: str) -> str:
    """The value again. Raises WrongKey."""
    return sealing.unseal(sealed, identity, purpose=_PURPOSE)
