"""Encryption of what is kept: AES-256-GCM under a key derived from SECRET_KEY for one purpose.

The identity of the row is authenticated with it, so that a ciphertext copied into another row
does not open. With another SECRET_KEY nothing opens: keep it with the backups.
"""

from __future__ import annotations

import os

from flask import current_app

_FORMAT = b"\x01"
_NONCE_BYTES = 12


class WrongKey(Exception):
    """It was sealed under another SECRET_KEY, for another row, or was altered."""


def seal(value: str, identity: str, *, purpose: str) -> bytes:
    """The value, encrypted for the row of this identity."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(purpose)).encrypt(nonce, value.encode(), identity.encode())
    return _FORMAT + nonce + sealed


def unseal(sealed: bytes, identity: str, *, purpose: str) -> str:
    """The value again. Raises WrongKey."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(_key(purpose)).decrypt(nonce, rest, identity.encode()).decode()
    except (InvalidTag, ValueError):
        raise WrongKey from None


def _key(purpose: str) -> bytes:
    # OpenSSL is loaded by whoever needs it first: most processes never do.
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return derive.derive(str(current_app.config["SECRET_KEY"]).encode())
