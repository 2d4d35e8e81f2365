"""What another table of head starts would change in the queue, before it is published.

Pure: standard library and the policy's own arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial

from tickets.policy import Explanation, Mark, Policy, QueueKey, Typology, explain, key_for


@dataclass(frozen=True)
class Standing:
    """An open ticket as the order sees it, with the key it stands by now."""

    affection: str
    mark: Mark
    opened_at: datetime
    queued: bool
    key: QueueKey


class Cause(StrEnum):
    """Why a ticket's place would be another."""

    OWN = "own"
    OTHERS = "others"
    BOTH = "both"


@dataclass(frozen=True)
class Move:
    """A queued ticket whose place would change; places count from 1, over the whole queue."""

    number: int
    affection: str
    mark: Mark
    before: int
    after: int
    was: Explanation
    becomes: Explanation

    @property
    def places(self) -> int:
        """How far it moves towards the head; negative when others pass it."""
        return self.before - self.after

    @property
    def gained(self) -> timedelta:
        """How much more its own head starts would count for; negative for less."""
        return _total(self.becomes) - _total(self.was)

    @property
    def cause(self) -> Cause:
        """Its own head starts, those of others, or both: others gained still more, or less."""
        if not self.gained:
            return Cause.OTHERS
        return Cause.OWN if (self.gained > timedelta()) == (self.places > 0) else Cause.BOTH


@dataclass(frozen=True)
class Changes:
    """The whole effect of a table on what is open. `moves`: the one that moves most, first."""

    open: int
    rekeyed: int
    queued: int
    moves: tuple[Move, ...]

    @property
    def moved(self) -> int:
        return len(self.moves)

    def furthest_up(self, typology: Typology) -> Move | None:
        """Who would gain most places within a typology."""
        ups = [m for m in self.moves if m.becomes.typology == typology and m.places > 0]
        return max(ups, key=lambda m: m.places, default=None)

    def furthest_down(self, typology: Typology) -> Move | None:
        """Who would lose most places within a typology."""
        downs = [m for m in self.moves if m.becomes.typology == typology and m.places < 0]
        return min(downs, key=lambda m: m.places, default=None)


def what_changes(before: Policy, after: Policy, tickets: Iterable[Standing]) -> Changes:
    """What `after` would do to the open tickets that stand by their keys now.

    `before` explains what their factors counted. Raises ValueError when a ticket has an
    affection that one of the two does not know.
    """
    rows = list(tickets)
    keys = {row.key.number: rekeyed(after, row) for row in rows}
    waiting = [row for row in rows if row.queued]
    old = _places(row.key for row in waiting)
    new = _places(keys[row.key.number] for row in waiting)
    # There may be many tickets, and there are few pairs of affection and mark.
    was, becomes = cache(partial(explain, before)), cache(partial(explain, after))
    moves = [
        Move(
            number=row.key.number,
            affection=row.affection,
            mark=row.mark,
            before=old[row.key.number],
            after=new[row.key.number],
            was=was(row.affection, row.mark),
            becomes=becomes(row.affection, row.mark),
        )
        for row in waiting
        if old[row.key.number] != new[row.key.number]
    ]
    moves.sort(key=lambda move: (-abs(move.places), move.after))
    changed = sum(keys[row.key.number] != row.key for row in rows)
    return Changes(open=len(rows), rekeyed=changed, queued=len(waiting), moves=tuple(moves))


def rekeyed(policy: Policy, ticket: Standing) -> QueueKey:
    """The key of an open ticket under another policy; its first arrival stays."""
    return key_for(
        policy,
        affection=ticket.affection,
        mark=ticket.mark,
        opened_at=ticket.opened_at,
        number=ticket.key.number,
    )


def same_typologies(before: Policy, after: Policy) -> bool:
    """Whether both know the same affections under the same typologies (R1, R2)."""
    return _typologies(before) == _typologies(after)


def same_order(before: Policy, after: Policy) -> bool:
    """Whether both order every queue alike: the same tables, whatever their versions."""
    return before.affections == after.affections and before.marks == after.marks


def differences(before: Policy, after: Policy) -> dict[str, tuple[timedelta, timedelta]]:
    """The head starts that are not the same, by affection or mark: (before, after)."""
    old, new = _starts(before), _starts(after)
    return {
        name: (old.get(name, timedelta()), new.get(name, timedelta()))
        for name in [*new, *(name for name in old if name not in new)]
        if old.get(name) != new.get(name)
    }


def _places(keys: Iterable[QueueKey]) -> Mapping[int, int]:
    ordered: Sequence[tuple[int, datetime, int]] = sorted(
        (int(key.typology), key.effective_arrival, key.number) for key in keys
    )
    return {number: place for place, (_t, _a, number) in enumerate(ordered, start=1)}


def _typologies(policy: Policy) -> dict[str, Typology]:
    return {code: affection.typology for code, affection in policy.affections.items()}


def _starts(policy: Policy) -> dict[str, timedelta]:
    named = {code: affection.head_start for code, affection in policy.affections.items()}
    return {**named, **{mark.value: start for mark, start in policy.marks.items()}}


def _total(why: Explanation) -> timedelta:
    return why.affection_head_start + why.mark_head_start
