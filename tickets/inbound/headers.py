"""Headers of a mail: fields, encoded words, addresses, parameters. Pure; nothing here raises.

Written for headers that are wrong, long or meant to do harm: every step is linear, and no
address is believed that is not one plain address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.message import Message
from types import MappingProxyType

from tickets.inbound.charsets import decoded, from_base64, unpacked

#: Of one mail or part; what comes after is not looked at.
MOST_BYTES, MOST_FIELDS, LONGEST_FIELD = 256 * 1024, 500, 32 * 1024
LONGEST_PARAMETERS = 4_000
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:[ \t]*(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]{0,4000})\?=")
_BETWEEN = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]{0,4000}\?=)\s+(?==\?)")
_ATOM = r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]"
_ADDRESS = re.compile(rf"{_ATOM}{{1,64}}@{_ATOM}{{1,190}}")
_IDENTIFIER = re.compile(r"<[^<>\s]{1,300}>")

Fields = Mapping[str, tuple[str, ...]]


def fields_of(head: bytes) -> Fields:
    """The fields by their names in small letters, each with its values from the top down."""
    lines = head[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    found: dict[str, list[str]] = {}
    at = 0
    while at < len(lines) and len(found) < MOST_FIELDS:
        start, at = at, at + 1
        while at < len(lines) and lines[at][:1] in (b" ", b"\t"):
            at += 1
        match = _FIELD.fullmatch(b"".join(lines[start:at])[:LONGEST_FIELD])
        if match:
            value = decoded(match[2].replace(b"\t", b" ").strip(), "utf-8").replace("\0", "")
            found.setdefault(match[1].decode("ascii").lower(), []).append(value)
    return MappingProxyType({name: tuple(values) for name, values in found.items()})


def first(fields: Fields, name: str) -> str:
    """The first value of a field; ''."""
    return fields.get(name, ("",))[0]


def words_of(value: str) -> str:
    """A value with its encoded words (RFC 2047) read, also inside quotes, where none belong."""
    joined = _BETWEEN.sub(r"\1", value)
    text: list[str] = []
    done, pending = 0, (b"", "")
    for word in _WORD.finditer(joined):
        content, charset = _unpacked_word(word), word[1].partition("*")[0]
        if done == word.start() and pending[1].lower() == charset.lower():
            # A letter of several bytes may be cut between two words.
            pending = (pending[0] + content, charset)
        else:
            text += [decoded(*pending), joined[done : word.start()]]
            pending = (content, charset)
        done = word.end()
    return "".join([*text, decoded(*pending), joined[done:]])


def _unpacked_word(word: re.Match[str]) -> bytes:
    content = word[3].encode("ascii", "replace")
    if word[2] in "bB":
        return from_base64(content)
    return unpacked(content.replace(b"_", b"=20"), "quoted-printable")


def addresses_in(value: str) -> list[str]:
    """The plain addresses of a field, in small letters, without names and comments."""
    bare = _without_names(value[:20_000])
    found: list[str] = []
    for piece in re.split("[,;]", bare):
        inside = re.search("<([^<>]*)>", piece)
        match = _ADDRESS.fullmatch((inside[1] if inside else piece.rpartition(":")[2]).strip())
        if match:
            found.append(match[0].lower())
    return found


def _without_names(value: str) -> str:
    """Without quoted names and comments: what they hold is no address."""
    kept: list[str] = []
    depth, quoted, skip = 0, False, False
    for character in value:
        if skip:
            skip = False
        elif character == "\\":
            skip = True
        elif quoted or (character == '"' and not depth):
            quoted = character != '"' if quoted else True
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(character)
    return "".join(kept)


def identifiers_in(value: str, most: int = 50) -> list[str]:
    """Message-IDs of a field, the last first: that is the one answered."""
    return _IDENTIFIER.findall(value)[-most:][::-1]


def parameter(fields: Fields, field: str, name: str) -> str:
    """A parameter of Content-Type or Content-Disposition (RFC 2231 and 2047 both), or ''."""
    message = Message()
    message["x"] = first(fields, field)[:LONGEST_PARAMETERS].replace("\n", " ")
    try:
        found = message.get_param(name, "", "x")
    except (ValueError, LookupError, TypeError):
        return ""
    if isinstance(found, tuple):
        charset, _language, value = found
        return decoded(value.encode("latin-1", "replace"), charset or "utf-8")
    return words_of(str(found or ""))


def content_type(fields: Fields) -> str:
    """`text/plain` and the like, in small letters; that too where nothing sensible is said."""
    kind = first(fields, "content-type").partition(";")[0].strip().lower()
    if re.fullmatch(r"[a-z0-9.+_-]{1,60}/[a-z0-9.+_-]{1,80}", kind):
        return kind
    return "multipart/mixed" if kind.startswith("multipart") else "text/plain"
