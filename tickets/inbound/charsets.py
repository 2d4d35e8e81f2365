"""Bytes of a mail as text, whatever it says of itself. Pure; nothing here raises.

Only codecs on the list are used: Python knows more, and some of them are slow, or run over text
instead of bytes. UTF-7 is not on it: it hides markup from whoever looks for it.
"""

from __future__ import annotations

import codecs
import re
from base64 import b64decode
from binascii import Error, a2b_qp

#: What programs call one thing and mean another: each on the right reads all of the left.
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_KNOWN = frozenset(
    [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp437",
        "cp850",
        "cp852",
        "cp866",
        "cp874",
        "cp932",
        "cp949",
        "gb18030",
        "big5",
        "big5hkscs",
        "euc_jp",
        "iso2022_jp",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "hz",
        "johab",
    ]
) | {f"iso8859-{n}" for n in range(2, 17)}
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decoded(content: bytes, charset: str) -> str:
    """The text of these bytes; what cannot be read becomes a question mark in a box."""
    name = _codec(charset)
    for attempt in (name, "utf-8") if name else ("utf-8",):
        try:
            return content.decode(attempt)
        except ValueError:
            continue
    if name in ("", "utf-8"):
        # Unlabelled bytes that are no UTF-8: what Windows wrote, most of the time.
        return content.decode("cp1252", "replace")
    return content.decode(name, "replace")


def _codec(charset: str) -> str:
    """The name of a codec on the list; '' for every other."""
    try:
        name = codecs.lookup(charset.strip().strip("'\"")[:40]).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name in _KNOWN else ""


def unpacked(body: bytes, encoding: str) -> bytes:
    """The bytes under a content-transfer-encoding; damaged ones as far as they can be read."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return from_base64(body)
    if encoding == "quoted-printable":
        return a2b_qp(body)
    return body


def from_base64(body: bytes) -> bytes:
    """Base64 with anything between its letters, cut at any place."""
    letters = _NOT_BASE64.sub(b"", body)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return b64decode(letters + b"=" * (-len(letters) % 4))
    except (Error, ValueError):
        return b""
