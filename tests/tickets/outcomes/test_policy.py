from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import START
from tickets.outcomes.policy import (
    WINDOW,
    Facts,
    Outcome,
    is_return,
    is_waiting,
    outcome,
    seen_from,
    share,
)

LATER = START + timedelta(hours=3)
moments = st.none() | st.integers(0, 40).map(lambda days: START + timedelta(days=days))


@pytest.mark.parametrize(
    ("facts", "days", "expected"),
    [
        (Facts(), 0, Outcome.UNKNOWN),
        (Facts(), 400, Outcome.UNKNOWN),
        (Facts(filed_at=LATER), 1, Outcome.FILED),
        (Facts(solved_at=START), 0, Outcome.UNKNOWN),
        (Facts(solved_at=START), 6, Outcome.UNKNOWN),
        (Facts(solved_at=START), 7, Outcome.CONFIRMED),
        (Facts(solved_at=START, returned_at=LATER), 1, Outcome.CAME_BACK),
        (Facts(solved_at=START, returned_at=LATER), 90, Outcome.CAME_BACK),
        (Facts(solved_at=START, filed_at=LATER, returned_at=LATER), 90, Outcome.CAME_BACK),
        # Another matter, long after: the answer had helped with this one.
        (Facts(solved_at=START, filed_at=START + timedelta(days=30)), 31, Outcome.CONFIRMED),
    ],
)
def test_outcome_follows_from_facts_and_the_moment(
    facts: Facts, days: int, expected: Outcome
) -> None:
    assert outcome(facts, START + timedelta(days=days)) is expected


@given(moments, moments, moments, st.integers(0, 60))
def test_nothing_counts_as_solved_before_its_week_is_over(
    solved: datetime | None, filed: datetime | None, returned: datetime | None, days: int
) -> None:
    facts, now = Facts(solved, filed, returned), START + timedelta(days=days)
    found = outcome(facts, now)
    if found is Outcome.CONFIRMED:
        assert solved is not None
        assert now - solved >= WINDOW
        assert returned is None
    if is_waiting(facts, now):
        assert found is Outcome.UNKNOWN


def test_going_on_takes_a_yes_back_only_within_the_week() -> None:
    assert is_return(Facts(START), START + timedelta(days=6, hours=23))
    assert not is_return(Facts(START), START + WINDOW)
    assert not is_return(Facts(START, returned_at=LATER), LATER)
    assert not is_return(Facts(), LATER)


def test_what_a_page_says_it_showed_is_read_with_care() -> None:
    seen = seen_from(
        ["2-no-recibo-correos", "1-disco-lleno", "3-disco-lleno", "x", "0-a", "10-a", "1-A b", ""],
        ["disco-lleno", "disco-lleno", "<script>", "a" * 300, "../x"],
    )
    assert seen.shown == (("no-recibo-correos", 2), ("disco-lleno", 1))
    assert seen.opened == ("disco-lleno",)
    flood = seen_from([f"1-a{n}" for n in range(900)], [f"a{n}" for n in range(900)])
    assert (len(flood.shown), len(flood.opened)) == (50, 50)


def test_share_is_said_of_enough_alone() -> None:
    assert share(3, 19) is None
    assert share(5, 20) == 25
    assert share(0, 0) is None
