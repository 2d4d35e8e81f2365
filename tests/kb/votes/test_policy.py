"""How far votes may be trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.votes.policy import lower_bound, share_of


@pytest.mark.parametrize(
    ("hits", "total", "bound"),
    [
        (0, 0, 0.0),
        (0, 5, 0.0),
        (1, 1, 0.2065),
        (5, 5, 0.5655),
        (9, 10, 0.5958),
        (90, 100, 0.8256),
        (10, 20, 0.2993),
    ],
)
def test_lower_bound_is_wilsons(hits: int, total: int, bound: float) -> None:
    assert lower_bound(hits, total) == pytest.approx(bound, abs=0.0001)


@given(st.integers(0, 500), st.integers(0, 500))
def test_lower_bound_stays_below_the_share_and_grows_with_every_hit(hits: int, others: int) -> None:
    bound = lower_bound(hits, hits + others)
    assert 0 <= bound <= (hits / (hits + others) if hits + others else 0)
    assert lower_bound(hits + 1, hits + others + 1) > bound
    assert lower_bound(hits, hits + others + 1) <= bound


@pytest.mark.parametrize(("hits", "total"), [(2, 1), (-1, 1)])
def test_impossible_counts_are_refused(hits: int, total: int) -> None:
    with pytest.raises(ValueError):
        lower_bound(hits, total)


def test_a_share_is_said_from_twenty_votes_on() -> None:
    assert (share_of(19, 19), share_of(15, 20), share_of(0, 0)) == (None, 75, None)
