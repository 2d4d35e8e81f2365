"""Who is at the desk when: three shifts around the clock, five days a week each, fewer at night."""

from __future__ import annotations

from collections.abc import Iterator

from bench.simulation.arrivals import DAY, HOUR

#: When a shift begins, in hours from midnight; each has eight.
BEGINS = {"morning": 7, "afternoon": 15, "night": 23}
LENGTH = 8 * HOUR
#: Of twelve people five work in the morning, four in the afternoon, three at night.
TURNS = (
    "morning", "afternoon", "night", "morning", "afternoon", "morning",
    "afternoon", "night", "morning", "afternoon", "morning", "night",
)  # fmt: skip
#: The two days off (Monday is 0) of the first of a shift, of the second …
DAYS_OFF = ((5, 6), (1, 2), (6, 0), (3, 4), (5, 6), (2, 3))


def shifts(technicians: int, days: int) -> Iterator[tuple[float, float, int]]:
    """(begins, ends, technician) of everybody, for these days."""
    of_shift = dict.fromkeys(BEGINS, 0)
    for technician in range(technicians):
        name = TURNS[technician % len(TURNS)]
        off = DAYS_OFF[of_shift[name] % len(DAYS_OFF)]
        of_shift[name] += 1
        # From the night before: at the first midnight somebody is there.
        for day in range(-1, days):
            if day % 7 not in off:
                begins = day * DAY + BEGINS[name] * HOUR
                yield begins, begins + LENGTH, technician
