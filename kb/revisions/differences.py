"""Two texts side by side: which lines differ, and which words within them. Pure.

The shortest edit script after Myers (An O(ND) Difference Algorithm, 1986), with a budget of
steps: texts that have little in common, and hostile ones, cost no more than others. What the
budget does not reach is shown as replaced, which is true if not the shortest way to say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

#: Steps of one comparison; some tenths of a second.
BUDGET = 400_000
#: Equal lines shown around what differs.
AROUND = 3
#: Rows of one comparison; a page with more is of no use to anybody.
MAX_ROWS = 2_000
#: Lines that share fewer of their words are other lines, not changed ones.
LEAST_IN_COMMON = 0.3
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")

#: (text, whether it differs) in order: what a template escapes and marks.
Pieces = list[tuple[str, bool]]


class Kind(StrEnum):
    """What a row shows."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    GAP = "gap"


@dataclass(frozen=True)
class Line:
    """A line of one side with its number from 1."""

    number: int
    pieces: Pieces


@dataclass(frozen=True)
class Row:
    """A line of each side; a gap stands for `skipped` equal lines."""

    kind: Kind
    left: Line | None = None
    right: Line | None = None
    skipped: int = 0


@dataclass
class Comparison:
    """`rows` is empty for equal texts; `cut` says that there would be more of them."""

    rows: list[Row] = field(default_factory=list)
    cut: bool = False


@dataclass
class _Budget:
    left: int = BUDGET


def compare(old: str, new: str) -> Comparison:
    """The lines of two texts side by side, those that are equal folded away."""
    if old == new:
        return Comparison()
    rows = _rows(old.split("\n"), new.split("\n"), _Budget())
    shown: list[Row] = []
    for row in rows:
        if len(shown) == MAX_ROWS:
            return Comparison(shown, cut=True)
        shown.append(row)
    return Comparison(shown)


def compare_line(old: str, new: str) -> tuple[Pieces, Pieces]:
    """One line of each side with the words that differ marked."""
    return _words(old, new, _Budget())


def _rows(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Row]:
    i = j = 0
    for x, y, length in _runs(_matches(old, new, budget)):
        yield from _replaced(old, new, (i, x), (j, y), budget)
        yield from _equal((x, y, length), (old, new))
        i, j = x + length, y + length
    yield from _replaced(old, new, (i, len(old)), (j, len(new)), budget)


def _runs(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Pairs that follow each other on both sides, as (first left, first right, how many)."""
    begun = 0
    for place in range(1, len(pairs) + 1):
        here = pairs[place] if place < len(pairs) else None
        x, y = pairs[place - 1]
        if here != (x + 1, y + 1):
            yield (*pairs[begun], place - begun)
            begun = place


def _equal(run: tuple[int, int, int], sides: tuple[Sequence[str], Sequence[str]]) -> Iterator[Row]:
    """Equal lines; those that stand far from any difference are folded into a gap."""
    x, y, length = run
    old, new = sides
    ends = x + length == len(old) and y + length == len(new)
    first, last = AROUND if x + y else 0, 0 if ends else AROUND
    skipped = max(0, length - first - last)
    if skipped <= 1:
        first, skipped = length, 0
    for n in range(first):
        yield Row(Kind.SAME, _plain(x + n, old[x + n]), _plain(y + n, new[y + n]))
    if skipped:
        yield Row(Kind.GAP, skipped=skipped)
    for n in range(first + skipped, length):
        yield Row(Kind.SAME, _plain(x + n, old[x + n]), _plain(y + n, new[y + n]))


def _plain(index: int, text: str) -> Line:
    return Line(index + 1, [(text, False)])


def _replaced(
    old: Sequence[str],
    new: Sequence[str],
    left: tuple[int, int],
    right: tuple[int, int],
    budget: _Budget,
) -> Iterator[Row]:
    """Lines that stand between two equal ones, beside each other in their order."""
    before, after = range(*left), range(*right)
    for i, j in zip(before, after, strict=False):
        one, two = _words(old[i], new[j], budget)
        yield Row(Kind.CHANGED, Line(i + 1, one), Line(j + 1, two))
    both = min(len(before), len(after))
    for i in before[both:]:
        yield Row(Kind.REMOVED, Line(i + 1, [(old[i], True)]))
    for j in after[both:]:
        yield Row(Kind.ADDED, None, Line(j + 1, [(new[j], True)]))


def _words(old: str, new: str, budget: _Budget) -> tuple[Pieces, Pieces]:
    one, two = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = _matches(one, two, budget)
    shared = sum(len(one[i]) for i, _ in pairs if not one[i].isspace())
    if shared < LEAST_IN_COMMON * min(len(old), len(new)):
        return [(old, True)], [(new, True)]
    return (
        _pieces(one, {i for i, _ in pairs}),
        _pieces(two, {j for _, j in pairs}),
    )


def _pieces(tokens: Sequence[str], kept: set[int]) -> Pieces:
    out: Pieces = []
    for index, token in enumerate(tokens):
        differs = index not in kept
        if out and out[-1][1] == differs:
            out[-1] = (out[-1][0] + token, differs)
        else:
            out.append((token, differs))
    return out


def _matches(a: Sequence[str], b: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """Pairs of equal items in order, as many as can be; their common ends alone when the
    budget does not reach."""
    start, least = 0, min(len(a), len(b))
    while start < least and a[start] == b[start]:
        start += 1
    end = 0
    while end < least - start and a[-1 - end] == b[-1 - end]:
        end += 1
    inner = _shortest(a[start : len(a) - end], b[start : len(b) - end], budget)
    pairs = [(i, i) for i in range(start)]
    pairs += [(start + i, start + j) for i, j in inner]
    return pairs + [(len(a) - n, len(b) - n) for n in range(end, 0, -1)]


def _shortest(a: Sequence[str], b: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    if not a or not b:
        return []
    furthest: dict[int, int] = {1: 0}
    trace: list[dict[int, int]] = []
    for depth in range(len(a) + len(b) + 1):
        if budget.left <= 0:
            return []
        trace.append(dict(furthest))
        # The copy is work, too.
        budget.left -= depth
        for k in range(-depth, depth + 1, 2):
            down = k == -depth or (k != depth and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            begun = x
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            budget.left -= 1 + x - begun
            furthest[k] = x
            if x >= len(a) and x - k >= len(b):
                return _walk_back(trace, len(a), len(b))
    return []


def _walk_back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for depth in range(len(trace) - 1, -1, -1):
        furthest, k = trace[depth], x - y
        down = k == -depth or (k != depth and furthest[k - 1] < furthest[k + 1])
        former = k + 1 if down else k - 1
        before_x = furthest[former] if depth else 0
        before_y = before_x - former if depth else 0
        while x > before_x and y > before_y:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = before_x, before_y
    return pairs[::-1]
