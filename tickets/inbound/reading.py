"""A mail as a plain value. Pure; nothing here raises, whatever the bytes are.

Of the headers only those of the mail itself are believed, and each only to end it quietly or to
find whom it is from. No header can steer anything else: `X-…` of whoever sends are not read (V103).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import tickets.inbound.headers as headers
from tickets.inbound.charsets import decoded
from tickets.inbound.headers import Fields, addresses_in, first, identifiers_in, words_of
from tickets.inbound.html_text import CUT_HERE, words_of_html
from tickets.inbound.mime import Part, parsed

#: What is read of one mail, in bytes and characters.
MOST_BYTES, MOST_TEXT = 35 * 1024 * 1024, 200_000
MOST_FILES = 40
_SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
_SEALED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
#: Other forms of the same words, unless somebody attached them.
_ASIDE = frozenset(("text/calendar", "text/x-amp-html", "text/watch-html"))
_OUR_MAIL = re.compile(rb"^message-id:\s*(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(
    rb"^(?:final|original)-recipient:\s*[a-z0-9]+;\s*<?([^\s<>;]{3,254})", re.I | re.M
)
_GAVE_UP = re.compile(rb"^action:\s*failed\b", re.I | re.M)
_REASON = re.compile(
    rb"^diagnostic-code:[ \t]*(?:[a-z0-9-]+;)?[ \t]*"
    rb"([^\r\n]{1,998}(?:\r?\n[ \t][^\r\n]{1,998}){0,9})",
    re.I | re.M,
)
_CODE = re.compile(rb"^status:[ \t]*([245]\.[0-9]{1,3}\.[0-9]{1,3})", re.I | re.M)


@dataclass(frozen=True)
class File:
    """Something sent along; `is_inline` where it stands inside the words, as a logo does."""

    name: str
    content: bytes
    is_inline: bool = False


@dataclass(frozen=True)
class Report:
    """What a server says of a mail of ours that it could not hand over.

    `words` are its own; `failed` is false for one that it still tries, or handed over after all.
    """

    about: str
    recipient: str
    words: str = ""
    failed: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail. `sender` is '' unless exactly one plain address sent it; `answers` are the
    Message-IDs it answers, the nearest first; `fingerprint` is equal for the same mail however
    it came."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    subject: str
    fields: Fields
    kind: str
    text: str
    files: tuple[File, ...]
    is_sealed: bool
    report: Report | None
    fingerprint: str


def read(raw: bytes) -> Letter:
    """The mail in these bytes; what is beyond MOST_BYTES is not looked at."""
    mail = parsed(raw[:MOST_BYTES])
    fields = mail.fields
    message_id = next(iter(identifiers_in(first(fields, "message-id"))), "")
    sender = _sender(fields)
    text = _clean("\n\n".join(filter(str.strip, _texts(mail))))[:MOST_TEXT]
    files = tuple(_files(mail))
    return Letter(
        message_id=message_id,
        sender=sender,
        recipients=_recipients(fields),
        answers=tuple(_answers(fields)),
        subject=" ".join(words_of(first(fields, "subject")[:2_000]).split())[:300],
        fields=fields,
        kind=mail.kind,
        text=text,
        files=files,
        is_sealed=any(part.kind in _SEALED for part in mail.walk()),
        report=_report(mail),
        fingerprint=_fingerprint(message_id or first(fields, "date"), sender, text, files),
    )


def _sender(fields: Fields) -> str:
    found = [address for value in fields.get("from", ()) for address in addresses_in(value)]
    return found[0] if len(found) == 1 and len(fields.get("from", ())) == 1 else ""


def _recipients(fields: Fields) -> tuple[str, ...]:
    """Everybody it says it is for; an address with a token proves itself."""
    names = ("delivered-to", "envelope-to", "to", "cc", "resent-to")
    values = [value for name in names for value in fields.get(name, ())]
    return tuple(dict.fromkeys(a for value in values[:20] for a in addresses_in(value)))[:200]


def _answers(fields: Fields) -> Iterator[str]:
    yield from identifiers_in(first(fields, "in-reply-to"))
    yield from identifiers_in(first(fields, "references"))


def _fingerprint(name: str, sender: str, text: str, files: tuple[File, ...]) -> str:
    digest = hashlib.sha256()
    for piece in (name, sender, text, *(file.name for file in files)):
        digest.update(piece.encode("utf-8", "replace") + b"\0")
    for file in files:
        digest.update(hashlib.sha256(file.content).digest())
    return digest.hexdigest()[:43]


def _texts(part: Part) -> list[str]:
    """The words of a part: of alternatives the plain one, where it says anything."""
    if part.is_text:
        return [_flowed(part) if part.kind == "text/plain" else words_of_html(part.text)]
    if part.kind == "multipart/alternative":
        options = [(child, _texts(child)) for child in part.parts]
        said = [(child, texts) for child, texts in options if any(t.strip() for t in texts)]
        plain = [texts for child, texts in said if child.kind == "text/plain"]
        return plain[0] if plain else said[0][1] if said else []
    if part.kind in ("multipart/signed", "multipart/report"):
        return _texts(part.parts[0]) if part.parts else []
    if part.kind.startswith("multipart/"):
        return [text for child in part.parts for text in _texts(child)]
    return []


def _flowed(part: Part) -> str:
    """Plain text; lines that a program broke are joined again (RFC 3676)."""
    text = part.text.replace("\r\n", "\n").replace("\r", "\n").replace(CUT_HERE, "")
    if headers.parameter(part.fields, "content-type", "format").lower() != "flowed":
        return text
    joins_tight = headers.parameter(part.fields, "content-type", "delsp").lower() == "yes"
    lines: list[str] = []
    open_line, depth_before = False, 0
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        bare = line[depth:].removeprefix(" ")
        if open_line and depth == depth_before and bare.rstrip() != "--":
            before = lines[-1]
            lines[-1] = (before[:-1] if joins_tight else before) + bare
        else:
            lines.append((">" * depth + " " if depth else "") + bare)
        open_line = bare.endswith(" ") and bare != "-- "
        depth_before = depth
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines)


def _clean(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _files(mail: Part) -> Iterator[File]:
    if mail.kind == "multipart/report":
        return
    left = MOST_FILES
    for part in mail.walk():
        if part.kind.startswith("multipart/") or part.is_text or part.kind in _SIGNATURES:
            continue
        if part.kind in _ASIDE and part.disposition != "attachment":
            continue
        for file in _kept(part):
            if left:
                left -= 1
                yield file


def _kept(part: Part) -> Iterator[File]:
    if part.kind == "message/rfc822" and part.parts:
        inner = part.parts[0]
        yield _as_text(inner)
        yield from (file for file in _files(inner) if not file.is_inline)
        return
    inline = part.disposition == "inline" or (
        part.disposition != "attachment" and bool(first(part.fields, "content-id"))
    )
    yield File(_name(part), part.content, is_inline=inline and part.kind.startswith("image/"))


def _name(part: Part) -> str:
    if part.name:
        return part.name
    kinds = {"image/jpeg": "jpg", "text/plain": "txt", "message/rfc822": "eml"}
    ending = kinds.get(part.kind) or re.sub(r"[^a-z0-9]", "", part.kind.partition("/")[2])[:8]
    return f"adjunto.{ending or 'bin'}"


def _as_text(mail: Part) -> File:
    """A mail that was forwarded as an attachment, as a text that can be read here."""
    names = (("from", "De"), ("date", "Fecha"), ("to", "Para"), ("subject", "Asunto"))
    head = [f"{label}: {words_of(first(mail.fields, name)[:1_000])}" for name, label in names]
    words = "\n\n".join(_texts(mail)).replace(CUT_HERE, "")[:MOST_TEXT]
    subject = words_of(first(mail.fields, "subject")[:400])
    text = _clean("\n".join(head) + "\n\n" + words)
    return File(f"{subject[:80] or 'correo'}.txt", text.encode())


def _report(mail: Part) -> Report | None:
    """What a delivery report is about (RFC 3464)."""
    if mail.kind != "multipart/report":
        return None
    parts = [part for part in mail.walk() if part is not mail]
    about = recipient = words = ""
    failed = False
    for part in parts:
        if part.kind == "message/delivery-status":
            said = part.content[:100_000]
            found = _FAILED.search(said)
            recipient = decoded(found[1], "utf-8").lower() if found else recipient
            words = _said_of(said) or words
            failed = failed or _GAVE_UP.search(said) is not None
        elif part.kind in ("message/rfc822", "text/rfc822-headers"):
            head = _OUR_MAIL.search(part.content[: headers.MOST_BYTES])
            about = decoded(head[1], "utf-8") if head else about
    return Report(about, recipient, words, failed)


def _said_of(status: bytes) -> str:
    """The server's reason: its own words, else the code of RFC 3463."""
    found = _REASON.search(status) or _CODE.search(status)
    return " ".join(_clean(decoded(found[1], "utf-8")).split())[:500] if found else ""
