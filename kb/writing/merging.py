"""Two texts that began as one, put together again. Pure.

The unit is the paragraph with the empty lines after it, so that putting pieces together gives the
texts back letter by letter. What one side changed is taken; where both changed the same place
differently a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Above this many paragraphs that differ the comparison would take too long: they are one conflict.
MOST_COMPARED = 2_000
_ENDED = re.compile(r"\n[ \t]*\n\Z")


class Side(StrEnum):
    """Who changed a piece."""

    NOBODY = "nobody"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Piece:
    """A stretch of the text in its three states. `text` is what was taken; '' in a conflict."""

    side: Side
    base: str
    mine: str
    theirs: str

    @property
    def text(self) -> str:
        if self.side is Side.CONFLICT:
            return ""
        return self.theirs if self.side is Side.THEIRS else self.mine


def merge(base: str, mine: str, theirs: str) -> list[Piece]:
    """The pieces of both texts in their order, neighbours of one kind put together."""
    parts = [_paragraphs(text) for text in (base, mine, theirs)]
    pieces: list[Piece] = []
    for piece in _pieces(*parts):
        if pieces and pieces[-1].side is piece.side and piece.side is not Side.CONFLICT:
            last = pieces.pop()
            piece = Piece(
                piece.side,
                last.base + piece.base,
                last.mine + piece.mine,
                last.theirs + piece.theirs,
            )
        pieces.append(piece)
    return pieces


def common(mine: str, theirs: str) -> str:
    """What stands in both, in place of a beginning that nobody knows: what only one of them has
    counts as added then."""
    parts = _paragraphs(mine)
    blocks = _matches(parts, _paragraphs(theirs))
    return "".join(part for at, _, length in blocks for part in parts[at : at + length])


def conflicts(pieces: Sequence[Piece]) -> list[Piece]:
    """Where a person decides."""
    return [piece for piece in pieces if piece.side is Side.CONFLICT]


def together(pieces: Sequence[Piece], decided: Mapping[int, str]) -> str:
    """The whole text; `decided` holds the text of each conflict by its place among them."""
    texts: list[str] = []
    number = 0
    for piece in pieces:
        text = piece.text
        if piece.side is Side.CONFLICT:
            text = decided[number]
            number += 1
        if text and texts and not _ENDED.search(texts[-1][-200:]):
            texts.append("\n" if texts[-1].endswith("\n") else "\n\n")
        if text:
            texts.append(text)
    return "".join(texts)


def both(piece: Piece) -> str:
    """The two versions of a conflict, one after the other."""
    first, second = piece.theirs.strip("\n"), piece.mine.strip("\n")
    return "\n\n".join(text for text in (first, second) if text)


def one_of(base: str | None, mine: str, theirs: str) -> str | None:
    """A value that is taken whole; None where both sides changed it differently."""
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None


def _paragraphs(text: str) -> list[str]:
    parts: list[list[str]] = []
    was_empty = False
    for line in text.splitlines(keepends=True):
        is_empty = not line.strip()
        if not parts or (was_empty and not is_empty and any(part.strip() for part in parts[-1])):
            parts.append([])
        parts[-1].append(line)
        was_empty = is_empty
    return ["".join(lines) for lines in parts]


def _pieces(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Piece]:
    a = b = c = 0
    for begin, length_mine, length_theirs, length in _common(base, mine, theirs):
        yield from _between(base[a:begin], mine[b:length_mine], theirs[c:length_theirs])
        a, b, c = begin + length, length_mine + length, length_theirs + length
        for one, two, three in zip(
            base[begin:a], mine[length_mine:b], theirs[length_theirs:c], strict=True
        ):
            yield Piece(Side.NOBODY, one, two, three)
    yield from _between(base[a:], mine[b:], theirs[c:])


def _between(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Piece]:
    """What stands between two places where all three agree."""
    if not base and not mine and not theirs:
        return
    keys = [_keys(part) for part in (base, mine, theirs)]
    if keys[1] == keys[2]:
        side = Side.BOTH
    elif keys[1] == keys[0]:
        side = Side.THEIRS
    elif keys[2] == keys[0]:
        side = Side.MINE
    else:
        side = Side.CONFLICT
    yield Piece(side, "".join(base), "".join(mine), "".join(theirs))


def _common(
    base: list[str], mine: list[str], theirs: list[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Where all three hold the same paragraphs: their places in each, and how many."""
    of_mine, of_theirs = _matches(base, mine), _matches(base, theirs)
    i = j = 0
    while i < len(of_mine) and j < len(of_theirs):
        (a, b, n), (c, d, m) = of_mine[i], of_theirs[j]
        begin, end = max(a, c), min(a + n, c + m)
        if begin < end:
            yield begin, b + begin - a, d + begin - c, end - begin
        if a + n < c + m:
            i += 1
        else:
            j += 1


def _matches(base: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    """Stretches of `other` that stand in `base`: both places, and the length."""
    one, two = _keys(base), _keys(other)
    head = _agree(one, two)
    tail = _agree(one[head:][::-1], two[head:][::-1])
    first, second = one[head : len(one) - tail], two[head : len(two) - tail]
    found = [(0, 0, head)]
    if max(len(first), len(second)) <= MOST_COMPARED:
        blocks = SequenceMatcher(None, first, second).get_matching_blocks()
        found += [(head + a, head + b, n) for a, b, n in blocks]
    found.append((len(one) - tail, len(two) - tail, tail))
    return [block for block in found if block[2]]


def _agree(one: list[str], two: list[str]) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count


def _keys(parts: list[str]) -> list[str]:
    # How many empty lines follow a paragraph is no change of it.
    return [part.rstrip() for part in parts]
