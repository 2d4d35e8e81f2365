"""The parts of a mail as a tree. Pure; nothing here raises.

Our own, because the library's parser takes time that grows with the depth of nesting and with
the number of parts, and gives up on headers that real programs write. Here each level is one
search through the bytes, levels and parts are counted, and what is beyond stays one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tickets.inbound.charsets import decoded, unpacked
from tickets.inbound.headers import Fields, content_type, fields_of, first, parameter

MOST_DEPTH, MOST_PARTS = 12, 200
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_CR_ALONE = re.compile(rb"\r(?!\n)")


@dataclass
class Part:
    """A part: a leaf with `body` still packed, or a container with `parts`."""

    fields: Fields
    body: bytes
    kind: str = "text/plain"
    parts: list[Part] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        return unpacked(self.body, first(self.fields, "content-transfer-encoding"))

    @property
    def text(self) -> str:
        return decoded(self.content, parameter(self.fields, "content-type", "charset"))

    @property
    def name(self) -> str:
        named = parameter(self.fields, "content-disposition", "filename")
        return named or parameter(self.fields, "content-type", "name")

    @property
    def disposition(self) -> str:
        return first(self.fields, "content-disposition").partition(";")[0].strip().lower()

    @property
    def is_text(self) -> bool:
        """Whether it is read as words, not kept as a file."""
        return (
            self.kind in ("text/plain", "text/html")
            and self.disposition != "attachment"
            and not self.name
        )

    def walk(self) -> Iterator[Part]:
        """Itself and everything in it; of an attached mail only the part that is the mail."""
        yield self
        if self.kind != "message/rfc822":
            for part in self.parts:
                yield from part.walk()


class _Count:
    left = MOST_PARTS

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


def parsed(raw: bytes) -> Part:
    """The tree of a whole mail."""
    if raw.startswith(b"From "):
        # The line of a mailbox file, which some servers put before the headers.
        raw = raw.partition(b"\n")[2]
    head_end = raw[: 1024 * 1024].find(b"\n")
    if head_end < 0 and b"\r" in raw:
        raw = _CR_ALONE.sub(b"\n", raw)
    return _part(raw, 0, _Count())


def _part(raw: bytes, depth: int, count: _Count) -> Part:
    head, body = _divided(raw)
    part = Part(fields_of(head), body)
    part.kind = content_type(part.fields)
    if depth >= MOST_DEPTH:
        if part.kind.startswith("multipart/"):
            part.kind = "application/octet-stream"
        return part
    if part.kind.startswith("multipart/"):
        part.parts = _children(part, depth, count)
        if not part.parts:
            # No boundary, or none in the body: it is read as what it looks like.
            part.kind = "text/plain"
    elif part.kind == "message/rfc822" and count.take():
        part.parts = [_part(part.content, depth + 1, count)]
    return part


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    """Head and body; a mail without headers is body from its first line."""
    if raw[:1] in (b"\n", b"\r"):
        return b"", raw.lstrip(b"\r\n")
    gap = _BLANK.search(raw)
    head, body = (raw[: gap.start()], raw[gap.end() :]) if gap else (raw, b"")
    if not re.match(rb"[!-9;-~]{1,76}[ \t]*:", head):
        return b"", raw
    return head, body


def _children(part: Part, depth: int, count: _Count) -> list[Part]:
    mark = parameter(part.fields, "content-type", "boundary").encode("utf-8", "replace")
    if not mark or len(mark) > 200:
        return []
    line = re.compile(rb"^--" + re.escape(mark.rstrip()) + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
    pieces: list[bytes] = []
    start = -1
    for found in line.finditer(part.body):
        if start >= 0:
            pieces.append(part.body[start : found.start()])
        start = -1 if found[1] else found.end()
        if found[1] or len(pieces) > MOST_PARTS:
            break
    if start >= 0:
        # The mail ends before its last boundary.
        pieces.append(part.body[start:])
    return [_part(_chomped(piece), depth + 1, count) for piece in pieces if count.take()]


def _chomped(piece: bytes) -> bytes:
    """Without the line break that belongs to the boundary after it."""
    return piece[: -2 if piece.endswith(b"\r\n") else -1 if piece.endswith(b"\n") else None]
