"""The desk as events: tickets arrive, technicians take the head of the queue, work, hand back.

The order is `tickets.policy.key_for`, and nothing else: a technician with room gets the least
key of those that wait. One who returned a ticket is not offered it while another is there.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum

from bench.simulation.arrivals import DAY, NEVER, START, Story, Then
from bench.simulation.roster import shifts
from tickets.policy import Policy, QueueKey, key_for, may_take

#: After the last arrival the desk goes on for so many days at most, until all are served.
AFTERWARDS = 60


class Kind(IntEnum):
    """What happens; at one moment the lower comes first."""

    LEAVES = 0
    BEGINS = 1
    QUEUED = 2
    PAUSE_OVER = 3
    WORKED = 4


@dataclass
class Technician:
    """Somebody at the desk: `held` is what they have in attention, `ready` what waits for their
    hands because its pause is over.
    """

    id: int
    present: bool = False
    at_work: int | None = None
    held: set[int] = field(default_factory=set)
    ready: deque[int] = field(default_factory=deque)
    idle_since: float = 0.0


@dataclass(frozen=True)
class Line:
    """One line of what happened, for whoever wants to check it."""

    at: float
    kind: str
    number: int = 0
    technician: int = -1


@dataclass(frozen=True)
class Result:
    """When each ticket was first taken, by number, and the lines that tell the whole run."""

    first_taken: dict[int, float]
    lines: list[Line]


class Desk:
    """One run of the desk under one policy. `run` once."""

    def __init__(
        self, policy: Policy, told: Sequence[Story], technicians: int, limit: int, *, log: bool
    ) -> None:
        self.limit = limit
        self.told = {story.number: story for story in told}
        self.keys = {story.number: _key(policy, story) for story in told}
        self.team = [Technician(n) for n in range(technicians)]
        self.waiting: list[QueueKey] = []
        self.turn = dict.fromkeys(self.told, 0)
        self.resumed: set[int] = set()
        self.returned_by: dict[int, set[int]] = {}
        self.events: list[tuple[float, Kind, int, int]] = []
        self.first_taken: dict[int, float] = {}
        self.lines: list[Line] | None = [] if log else None

    def run(self, days: int) -> Result:
        """Serve everybody; the result."""
        for begins, ends, who in shifts(len(self.team), days + AFTERWARDS):
            self._plan(begins, Kind.BEGINS, who)
            self._plan(ends, Kind.LEAVES, who)
        for story in self.told.values():
            self._plan(story.opened, Kind.QUEUED, story.number)
        while self.events:
            at = self.events[0][0]
            # Everything of one moment happens before anybody takes the next.
            while self.events and self.events[0][0] == at:
                _at, kind, one, other = heapq.heappop(self.events)
                self._happen(at, kind, one, other)
            self._hand_out(at)
            if at > days * DAY and len(self.first_taken) == len(self.told) and not self.waiting:
                break
        return Result(self.first_taken, self.lines or [])

    def _plan(self, at: float, kind: Kind, one: int, other: int = -1) -> None:
        heapq.heappush(self.events, (at, kind, one, other))

    def _note(self, at: float, kind: str, number: int = 0, who: int = -1) -> None:
        if self.lines is not None:
            self.lines.append(Line(at, kind, number, who))

    def _happen(self, at: float, kind: Kind, one: int, other: int) -> None:
        if kind == Kind.QUEUED:
            self._queue(at, one)
        elif kind == Kind.BEGINS:
            self.team[one].present, self.team[one].idle_since = True, at
            self._note(at, "present", who=one)
        elif kind == Kind.LEAVES:
            self.team[one].present = False
            self._note(at, "absent", who=one)
            self._leave(at, self.team[one])
        elif kind == Kind.PAUSE_OVER and one in self.team[other].held:
            self.team[other].ready.append(one)
        elif kind == Kind.WORKED:
            self._worked(at, self.team[other], one)

    def _queue(self, at: float, number: int) -> None:
        heapq.heappush(self.waiting, self.keys[number])
        self._note(at, "queued", number)

    def _hand_out(self, at: float) -> None:
        free = [one for one in self.team if one.present and one.at_work is None]
        for technician in sorted(free, key=lambda one: (one.idle_since, one.id)):
            if technician.ready:
                self._work(at, technician, technician.ready.popleft(), resumed=True)
            elif may_take(len(technician.held), self.limit):
                number = self._take_next(technician)
                if number is not None:
                    self._note(at, "taken", number, technician.id)
                    self.first_taken.setdefault(number, at)
                    technician.held.add(number)
                    self._work(at, technician, number, resumed=number in self.resumed)

    def _take_next(self, technician: Technician) -> int | None:
        """The head of the queue for this technician."""
        passed: list[QueueKey] = []
        alone = not any(one.present for one in self.team if one is not technician)
        found = None
        while self.waiting and found is None:
            key = heapq.heappop(self.waiting)
            if not alone and technician.id in self.returned_by.get(key.number, ()):
                passed.append(key)
            else:
                found = key.number
        for key in passed:
            heapq.heappush(self.waiting, key)
        return found

    def _work(self, at: float, technician: Technician, number: int, *, resumed: bool) -> None:
        turn = self.told[number].turns[self.turn[number]]
        technician.at_work = number
        if resumed:
            self.resumed.add(number)
        self._plan(at + (turn.rest if resumed else turn.work), Kind.WORKED, number, technician.id)

    def _worked(self, at: float, technician: Technician, number: int) -> None:
        technician.at_work, technician.idle_since = None, at
        turn = self.told[number].turns[self.turn[number]]
        if turn.pause and number not in self.resumed:
            self.resumed.add(number)
            self._plan(at + turn.pause, Kind.PAUSE_OVER, number, technician.id)
        else:
            self._end_turn(at, technician, number)
        if not technician.present:
            self._leave(at, technician)

    def _end_turn(self, at: float, technician: Technician, number: int) -> None:
        turn = self.told[number].turns[self.turn[number]]
        technician.held.discard(number)
        self.resumed.discard(number)
        self.turn[number] += 1
        self._note(at, turn.then.value, number, technician.id)
        if turn.then == Then.RETURN:
            self.returned_by.setdefault(number, set()).add(technician.id)
            self._queue(at, number)
        elif turn.away != NEVER:
            self._plan(at + turn.away, Kind.QUEUED, number)

    def _leave(self, at: float, technician: Technician) -> None:
        """At the end of a shift what is in hand is finished, what runs goes back to its place."""
        for number in sorted(technician.held - {technician.at_work}):
            technician.held.discard(number)
            self.returned_by.setdefault(number, set()).add(technician.id)
            self._note(at, "return", number, technician.id)
            self._queue(at, number)
        technician.ready.clear()


def _key(policy: Policy, story: Story) -> QueueKey:
    return key_for(
        policy,
        affection=story.affection,
        mark=story.mark,
        opened_at=START + timedelta(minutes=story.opened),
        number=story.number,
    )
