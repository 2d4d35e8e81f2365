"""What people waited, from their arrival until a technician first had their ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.simulation.arrivals import DAY, HOUR, Story
from tickets.policy import Policy, Typology

NAMES = {Typology.INCIDENT: "incidencia", Typology.REQUEST: "petición"}


@dataclass(frozen=True)
class Group:
    """The waits of one typology, or of one affection of it, in minutes and in their order;
    `overtaken`: how many saw a later arrival of their typology taken first.
    """

    name: str
    typology: Typology
    whole: bool
    waits: tuple[float, ...]
    overtaken: int

    def at(self, share: float) -> float:
        """The wait that this share of the tickets did not exceed."""
        if not self.waits:
            return 0.0
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


def groups(policy: Policy, told: Sequence[Story], first_taken: dict[int, float]) -> list[Group]:
    """Each typology, followed by its affections."""
    passed = overtaken(policy, told, first_taken)
    found: list[Group] = []
    for typology in Typology:
        codes = [code for code, one in policy.affections.items() if one.typology == typology]
        for name, members in [(NAMES[typology], codes), *((code, [code]) for code in codes)]:
            mine = [story for story in told if story.affection in members]
            waits = sorted(first_taken[story.number] - story.opened for story in mine)
            count = sum(story.number in passed for story in mine)
            whole = name == NAMES[typology]
            found.append(Group(name, typology, whole, tuple(waits), count))
    return [group for group in found if group.waits]


def overtaken(policy: Policy, told: Sequence[Story], first_taken: dict[int, float]) -> set[int]:
    """The numbers before which a later arrival of the same typology was taken."""
    newest = dict.fromkeys(Typology, 0)
    found = set()
    for story in sorted(told, key=lambda one: (first_taken[one.number], one.number)):
        typology = policy.affections[story.affection].typology
        if newest[typology] > story.number:
            found.add(story.number)
        newest[typology] = max(newest[typology], story.number)
    return found


def span(minutes: float) -> str:
    """«40 min», «3.2 h», «2.5 d»."""
    if minutes < 100:
        return f"{minutes:.0f} min"
    return f"{minutes / HOUR:.1f} h" if minutes < 2 * DAY else f"{minutes / DAY:.1f} d"


def table(title: str, found: Sequence[Group]) -> str:
    """The groups as lines of a table."""
    head = (
        f"{title}\n{'':28}{'count':>8}{'median':>9}{'p90':>9}{'p99':>9}{'max':>9}{'overtaken':>11}"
    )
    lines = []
    for group in found:
        cells = [span(group.at(share)) for share in (0.5, 0.9, 0.99, 1.0)]
        name = group.name if group.whole else f"  {group.name}"
        share = f"{group.overtaken / len(group.waits):.1%}"
        count = len(group.waits)
        lines.append(f"{name:28}{count:8}{''.join(f'{c:>9}' for c in cells)}{share:>11}")
    return "\n".join([head, *lines])
