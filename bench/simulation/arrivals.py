"""Who writes, when, and how the matter goes on: drawn before anybody is served.

A story depends on the seed and on the names in the policy, never on its head starts: two
policies are compared on the same year. Times are minutes from the first midnight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from random import Random

from tickets.policy import Mark, Policy, Typology

#: A Monday, 00:00 in Lima.
START = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
HOUR, DAY = 60.0, 24 * 60.0
NEVER = math.inf
#: (weight among its typology, median minutes of work, sigma of the lognormal).
WORK: Mapping[str, tuple[float, float, float]] = {
    "corte-de-red": (15, 12, 0.6),
    "maquina-no-arranca": (25, 35, 0.7),
    "rendimiento-degradado": (40, 40, 0.8),
    "otra-falla-del-proveedor": (20, 30, 0.8),
    "servidor-parado": (8, 15, 0.6),
    "servicio-con-errores": (34, 22, 0.8),
    "spam": (12, 18, 0.7),
    "error-de-codigo": (14, 30, 0.9),
    "instalar-configurar": (17, 35, 0.8),
    "otra-consulta": (15, 12, 0.7),
}
USUAL_WORK = (15.0, 25.0, 0.8)
#: How people mark their tickets: most incidencias are urgent to whoever has one.
MARKS: Mapping[Typology, Mapping[Mark, float]] = {
    Typology.INCIDENT: {Mark.LOW: 2, Mark.NORMAL: 13, Mark.HIGH: 25, Mark.URGENT: 60},
    Typology.REQUEST: {Mark.LOW: 8, Mark.NORMAL: 55, Mark.HIGH: 22, Mark.URGENT: 15},
}
#: How much of a day's requests each hour of Lima brings, and each day of the week from Monday.
BY_HOUR = (
    0.15, 0.15, 0.1, 0.1, 0.1, 0.15, 0.3, 0.6, 1.4, 2.0, 2.2, 2.1,
    1.6, 1.4, 1.9, 2.1, 2.0, 1.7, 1.2, 0.9, 0.7, 0.5, 0.35, 0.25,
)  # fmt: skip
BY_WEEKDAY = (1.25, 1.15, 1.1, 1.1, 1.05, 0.6, 0.45)
OUTAGES_A_YEAR, TICKETS_OF_AN_OUTAGE = 18, (20, 40)
RETURNED, ASKED, UNANSWERED, REOPENED, PAUSED = 0.015, 0.28, 0.12, 0.04, 0.12


class Then(Enum):
    """How a technician's turn with a ticket ends."""

    RESOLVE = "resolve"
    ASK = "ask"
    RETURN = "return"


@dataclass(frozen=True)
class Turn:
    """One time that a technician has the ticket: work, perhaps a pause in which something runs
    and the ticket stays in attention, the rest of the work. `away`: until it is back in the
    queue (the customer answers or reopens), or NEVER.
    """

    work: float
    pause: float
    rest: float
    then: Then
    away: float


@dataclass(frozen=True)
class Story:
    """One ticket from its arrival on."""

    number: int
    opened: float
    affection: str
    mark: Mark
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Load:
    """How much arrives: incidencias and peticiones of an ordinary day, for so many days."""

    days: int = 365
    incidents: float = 6.0
    requests: float = 80.0


def stories(policy: Policy, load: Load, seed: int) -> list[Story]:
    """A stretch of arrivals, numbered in their order."""
    dice = Random(seed)
    arrivals = sorted([*_ordinary(policy, load, dice), *_outages(policy, load, dice)])
    return [
        Story(number, opened, affection, _mark(policy, affection, dice), _turns(affection, dice))
        for number, (opened, affection) in enumerate(arrivals, start=1)
    ]


def _ordinary(policy: Policy, load: Load, dice: Random) -> Iterator[tuple[float, str]]:
    hours, week = sum(BY_HOUR), sum(BY_WEEKDAY) / 7
    for day in range(load.days):
        for hour in range(24):
            busy = BY_HOUR[hour] / hours * BY_WEEKDAY[day % 7] / week
            # What breaks breaks at any hour; more of it is noticed when people work.
            rates = {
                Typology.INCIDENT: load.incidents * (0.5 / 24 + 0.5 * busy),
                Typology.REQUEST: load.requests * busy,
            }
            for typology, rate in rates.items():
                names, weights = _choices(policy, typology)
                for _ in range(_poisson(rate, dice) if names else 0):
                    at = day * DAY + hour * HOUR + dice.random() * HOUR
                    yield at, dice.choices(names, weights)[0]


def _outages(policy: Policy, load: Load, dice: Random) -> Iterator[tuple[float, str]]:
    incidents, _weights = _choices(policy, Typology.INCIDENT)
    if not incidents:
        return
    cut = "corte-de-red" if "corte-de-red" in incidents else incidents[0]
    for _ in range(_poisson(OUTAGES_A_YEAR * load.days / 365, dice)):
        begins = dice.random() * load.days * DAY
        for _ticket in range(dice.randint(*TICKETS_OF_AN_OUTAGE)):
            yield begins + min(dice.expovariate(1 / 18), HOUR), cut


def _choices(policy: Policy, typology: Typology) -> tuple[list[str], list[float]]:
    names = [code for code, one in policy.affections.items() if one.typology == typology]
    return names, [WORK.get(code, USUAL_WORK)[0] for code in names]


def _mark(policy: Policy, affection: str, dice: Random) -> Mark:
    odds = MARKS[policy.affections[affection].typology]
    return dice.choices(list(odds), list(odds.values()))[0]


def _turns(affection: str, dice: Random) -> tuple[Turn, ...]:
    _weight, median, sigma = WORK.get(affection, USUAL_WORK)
    turns: list[Turn] = []
    while not turns or turns[-1].away != NEVER:
        work = _lognormal(median if not turns else median * 0.6, sigma, dice)
        turns.append(_turn(work, dice, last=len(turns) >= 8))
    return tuple(turns)


def _turn(work: float, dice: Random, *, last: bool) -> Turn:
    pause = _lognormal(45, 0.6, dice) if dice.random() < PAUSED else 0.0
    rest = work * 0.4 if pause else 0.0
    fate, away, silent = dice.random(), _lognormal(1, 1.2, dice), dice.random()
    if last:
        return Turn(work - rest, pause, rest, Then.RESOLVE, NEVER)
    if fate < RETURNED:
        return Turn(5.0, 0.0, 0.0, Then.RETURN, 0.0)
    if fate < RETURNED + ASKED:
        answers = NEVER if silent < UNANSWERED else away * 2 * HOUR
        return Turn(work - rest, pause, rest, Then.ASK, answers)
    reopens = away * 10 * HOUR if silent < REOPENED else NEVER
    return Turn(work - rest, pause, rest, Then.RESOLVE, reopens)


def _lognormal(median: float, sigma: float, dice: Random) -> float:
    return median * math.exp(dice.gauss(0.0, sigma))


def _poisson(mean: float, dice: Random) -> int:
    count, left = 0, dice.expovariate(1.0)
    while left < mean:
        count += 1
        left += dice.expovariate(1.0)
    return count


def busy_hours(told: Sequence[Story]) -> float:
    """How many hours of work these tickets are."""
    return sum(turn.work + turn.rest for story in told for turn in story.turns) / HOUR
