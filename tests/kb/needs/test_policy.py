"""Which articles need work most."""

from __future__ import annotations

from kb.needs.policy import Cause, Kind, growing, ranked


def test_causes_of_one_article_add_up_and_the_greatest_need_goes_first() -> None:
    votes = {1: Cause(Kind.VOTES, 0.5), 2: Cause(Kind.VOTES, 0.4), 3: Cause(Kind.VOTES, 0.0)}
    silent = {2: Cause(Kind.SILENT, 0.5), 9: Cause(Kind.SILENT, 0.5)}
    needs = ranked([votes, silent, {}])
    assert [need.article_id for need in needs] == [2, 1, 9]
    assert [cause.kind for cause in needs[0].causes] == [Kind.SILENT, Kind.VOTES]


def test_a_count_weighs_more_the_greater_it_is_and_never_one() -> None:
    weights = [growing(count) for count in (-1, 0, 1, 5, 50, 10_000)]
    assert weights == sorted(weights)
    assert (weights[1], weights[3]) == (0.0, 0.5)
    assert weights[-1] < 1
