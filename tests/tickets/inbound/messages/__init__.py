"""Sixty and more mails as programs write them, each with what must become of it.

`@@TO@@` is the address that Ana answers to, `@@FROM@@` hers, `@@OURS@@` the Message-ID of our mail.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tickets.inbound.policy import Outcome

TO, FROM, OURS = b"@@TO@@", b"@@FROM@@", b"@@OURS@@"


@dataclass(frozen=True)
class Case:
    """`words` are the author's exactly; `files` the names kept; `refused` pieces of what is said
    of the others."""

    name: str
    raw: bytes
    words: str = ""
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    outcome: Outcome = Outcome.LANDED
    cut: bool = True
    more: dict[str, str] = field(default_factory=dict)

    def addressed(self, *, to: str, sender: str, ours: str) -> bytes:
        raw = self.raw.replace(TO, to.encode()).replace(FROM, sender.encode())
        return raw.replace(OURS, ours.encode())


def mail(body: str | bytes, *headers: str, kind: str = "text/plain; charset=UTF-8") -> bytes:
    """A mail from Ana with these headers beside the usual ones."""
    usual = [
        "From: Ana Quispe <@@FROM@@>",
        "To: Centro de soporte <@@TO@@>",
        "Subject: Re: [Ticket 1] No llegan correos de Gmail",
        "Date: Fri, 27 Nov 2026 10:09:12 -0500",
        "Message-ID: <CAF1x8@mail.example.com>",
        "In-Reply-To: @@OURS@@",
        "References: @@OURS@@",
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
    ]
    named = {line.partition(":")[0].lower() for line in headers}
    lines = [line for line in usual if line.partition(":")[0].lower() not in named]
    lines += [line for line in headers if line.partition(":")[2].strip()]
    head = "\r\n".join(lines).encode()
    content = body.encode() if isinstance(body, str) else body
    return head + b"\r\n\r\n" + content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def parts(kind: str, *pieces: bytes, mark: str = "=_part_1") -> tuple[bytes, str]:
    """A multipart body and its Content-Type."""
    line = f"--{mark}".encode()
    body = b"".join(line + b"\n" + piece + b"\n" for piece in pieces) + line + b"--\n"
    return body, f'multipart/{kind}; boundary="{mark}"'


def part(content: str | bytes, *headers: str) -> bytes:
    """One part."""
    body = content.encode() if isinstance(content, str) else content
    return "\n".join(headers).encode() + b"\n\n" + body


def both(text: str, html: str, *headers: str, mark: str = "=_part_1") -> bytes:
    """Plain and HTML, as most programs send."""
    body, kind = parts(
        "alternative",
        part(text, "Content-Type: text/plain; charset=UTF-8"),
        part(html, "Content-Type: text/html; charset=UTF-8"),
        mark=mark,
    )
    return mail(body, *headers, kind=kind)
