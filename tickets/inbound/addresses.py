"""The address a mail about a ticket is answered to, and what an answer's address says. Pure.

`soporte+t<number>.<person>.<signature>@dominio`: the signature binds the ticket and the person
to this site's key, so an address is a secret that one person shares with the site. Only small
letters and digits: a server that changes the case breaks nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

#: 100 bits in base32.
_SIGNATURE_CHARS = 20
#: RFC 5321, 4.5.3.1.1: the longest part before the @.
LONGEST_LOCAL = 64
_TAG = re.compile(r"t([1-9]\d{0,17})\.([1-9]\d{0,17})\.([a-z2-7]{20})")
#: What a token adds to the name of the mailbox, at most, with numbers as long as they will get.
TOKEN_ROOM = len("+t") + 9 + 1 + 9 + 1 + _SIGNATURE_CHARS


@dataclass(frozen=True)
class Token:
    """Whose answer to which ticket an address is for."""

    number: int
    person_id: int


def reply_address(mailbox: str, token: Token, *, key: str) -> str:
    """The address that `mailbox` gives one person for one ticket; '' without a mailbox."""
    name, at, domain = mailbox.rpartition("@")
    if not (name and at and domain):
        return ""
    return f"{name}+t{token.number}.{token.person_id}.{_signature(token, key)}@{domain}".lower()


def token_of(address: str, mailbox: str, *, key: str) -> Token | None:
    """What an address of `mailbox` says; None unless this site signed it."""
    name, _, domain = address.lower().rpartition("@")
    base, plus, tag = name.rpartition("+")
    if not plus or f"{base}@{domain}" != mailbox.lower():
        return None
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    token = Token(int(found[1]), int(found[2]))
    return token if hmac.compare_digest(found[3], _signature(token, key)) else None


def is_ours(address: str, mailbox: str) -> bool:
    """Whether an address is the mailbox, with a token or without."""
    name, _, domain = address.lower().rpartition("@")
    return bool(mailbox) and f"{name.partition('+')[0]}@{domain}" == mailbox.lower()


def _signature(token: Token, key: str) -> str:
    told = f"mail-in:{token.number}:{token.person_id}".encode()
    digest = hmac.new(key.encode(), told, hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:_SIGNATURE_CHARS]
