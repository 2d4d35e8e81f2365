"""What a person wrote in an answer, without what is quoted under, over and between. Pure.

Nothing is guessed against the writer: where it cannot be told what is theirs, everything is.
Whoever cuts keeps the whole beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tickets.inbound.html_text import CUT_HERE
from tickets.inbound.quote_patterns import (
    ATTRIBUTION,
    ATTRIBUTION_BEGINS,
    FORWARDED,
    FROM_LINE,
    HEADER_LINE,
    LONGEST_SIGNATURE,
    MARKER,
    PROGRAMS_LINE,
    RULE,
    SIGNATURE,
    TELLING,
    WROTE,
    is_history_mark,
)

#: Lines of the quote that an answer between quotes keeps above itself.
KEPT_QUOTE = 8
_WRAPPED = 4


@dataclass(frozen=True)
class Cut:
    """`words` are the writer's, quoted lines they answer behind «> »; `was_cut` says whether
    anything of the mail is not in them."""

    words: str
    was_cut: bool


@dataclass
class _Block:
    quoted: bool
    lines: list[str]


def cut(text: str) -> Cut:
    """The writer's words in an answer."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    limit = _history(lines)
    own = _own_words(lines[:limit])
    if not own.strip():
        # Only what is below the first mark, or nothing: then nothing can be told apart.
        shown = [line for line in lines if line != CUT_HERE]
        whole = _own_words([line for line in shown if not MARKER.search(line)])
        own = whole if whole.strip() else _trimmed(shown)
    return Cut(own, _pressed(own) != _pressed("\n".join(lines)))


def _history(lines: Sequence[str]) -> int:
    """The line from which on all is the mail being answered; their number where none is."""
    for at, line in enumerate(lines):
        if FORWARDED.fullmatch(line) and line.strip():
            return len(lines)
        if is_history_mark(line) or _is_header_block(lines, at) or _is_marker(lines, at):
            return _above_rule(lines, at)
        if end := _attribution(lines, at):
            follows = next((one for one in lines[end:] if one.strip()), "")
            joined = " ".join(lines[at:end])
            if not follows.lstrip().startswith(">") and TELLING.search(joined):
                return at
    return len(lines)


def _is_marker(lines: Sequence[str], at: int) -> bool:
    if lines[at].lstrip().startswith(">"):
        # In a quote: what is below the quote may be the answer.
        return False
    if MARKER.search(lines[at]):
        return True
    # Broken over two lines, by a program that wraps them.
    after = lines[at + 1] if at + 1 < len(lines) else ""
    return not MARKER.search(after) and bool(MARKER.search(f"{lines[at]} {after}"))


def _above_rule(lines: Sequence[str], at: int) -> int:
    """The line a program draws above the history belongs to it."""
    before = at - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    return before if before >= 0 and RULE.fullmatch(lines[before]) else at


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """«De: … Enviado: … Para: … Asunto: …», as Outlook copies it."""
    if not FROM_LINE.match(lines[at]):
        return False
    near = [line for line in lines[at + 1 : at + 9] if line.strip()]
    return sum(HEADER_LINE.match(line) is not None for line in near[:6]) >= 2


def _attribution(lines: Sequence[str], at: int) -> int:
    """Where «El … escribió:» ends that begins at this line; 0 if none does."""
    first = lines[at].lstrip("> ")
    if not first or len(first) > 400 or not ATTRIBUTION_BEGINS.match(first):
        return 0
    joined = ""
    for end in range(at + 1, min(at + _WRAPPED, len(lines)) + 1):
        piece = lines[end - 1].lstrip("> ").strip()
        if not piece:
            return 0
        joined = f"{joined} {piece}".strip()
        if len(joined) > 500:
            return 0
        if WROTE.search(joined) and ATTRIBUTION.fullmatch(joined):
            return end
    return 0


def _blocks(lines: Sequence[str]) -> list[_Block]:
    """Quoted and unquoted lines in turn; an attribution belongs to the quote under it."""
    found: list[_Block] = []
    at = 0
    while at < len(lines):
        end = _attribution(lines, at)
        quoted = bool(end) or lines[at].lstrip().startswith(">")
        taken = list(lines[at : end or at + 1])
        at = end or at + 1
        # A blank line goes with what is above it.
        if found and (found[-1].quoted == quoted or not taken[0].strip()):
            found[-1].lines += [] if end else taken
        else:
            found.append(_Block(quoted, [] if end else taken))
    return [block for block in found if block.quoted or _trimmed(block.lines)]


def _own_words(lines: Sequence[str]) -> str:
    blocks = _blocks(_without_signature(lines))
    for block in blocks:
        if not block.quoted:
            block.lines = _without_programs_line(block.lines)
    blocks = [block for block in blocks if block.quoted or _trimmed(block.lines)]
    own = [block for block in blocks if not block.quoted]
    if len(own) <= 1:
        # Above or below all that is quoted: the usual answer.
        return _trimmed(own[0].lines) if own else ""
    parts: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if block.quoted:
            continue
        if before is not None and before.quoted:
            parts.append(_answered(before.lines))
        parts.append(_trimmed(block.lines))
    return "\n\n".join(part for part in parts if part)


def _answered(lines: Sequence[str]) -> str:
    """The end of a quote: what the words under it answer."""
    bare = [re.sub(r"^\s*> ?", "", line) for line in lines]
    bare = [line for line in bare if line.strip() and not line.startswith(">")]
    bare = [line for line in bare if not MARKER.search(line)]
    return "\n".join(f"> {line.strip()}" for line in bare[-KEPT_QUOTE:])


def _without_signature(lines: Sequence[str]) -> list[str]:
    """Without what follows the line «-- », if something stands above it and little below."""
    kept: list[str] = []
    at, written = 0, False
    while at < len(lines):
        below = _signature_end(lines, at) if written else at
        if below > at:
            at = below
            continue
        written = written or bool(lines[at].strip())
        kept.append(lines[at])
        at += 1
    return kept


def _signature_end(lines: Sequence[str], at: int) -> int:
    """Where a signature ends that begins here; `at` itself if none does."""
    if not SIGNATURE.fullmatch(lines[at]):
        return at
    below, written = at, 0
    while below < len(lines) and not lines[below].lstrip().startswith(">"):
        written += bool(lines[below].strip())
        if written > LONGEST_SIGNATURE:
            return at
        if _attribution(lines, below):
            break
        below += 1
    return below


def _without_programs_line(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[-1].strip() or PROGRAMS_LINE.fullmatch(kept[-1][:200])):
        kept.pop()
    return kept


def _trimmed(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").rstrip()


def _pressed(text: str) -> str:
    return re.sub(r"[\s\ue000]+", "", text)
