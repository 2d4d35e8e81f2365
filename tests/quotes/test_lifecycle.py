"""Where a version of a quote stands, and what may follow."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from quotes.lifecycle import (
    FOLLOWED,
    READABLE,
    STEPS,
    Facts,
    State,
    Step,
    StepRefused,
    after,
    may,
    state_of,
)

DAY = date(2026, 3, 17)
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(DAY), State.DRAFT),
        (Facts(DAY, sent_at=AT), State.SENT),
        (Facts(DAY, sent_at=AT, accepted_at=AT, replaced_at=AT), State.ACCEPTED),
        (Facts(DAY, sent_at=AT, declined_at=AT), State.DECLINED),
        (Facts(DAY, sent_at=AT, replaced_at=AT), State.REPLACED),
        (Facts(DAY, sent_at=AT, withdrawn_at=AT), State.WITHDRAWN),
        (Facts(DAY, withdrawn_at=AT), State.WITHDRAWN),
    ],
)
def test_state_follows_from_what_happened(facts: Facts, state: State) -> None:
    assert state_of(facts, DAY) is state


def test_last_day_is_good_to_its_end() -> None:
    sent = Facts(DAY, sent_at=AT)
    assert state_of(sent, DAY) is State.SENT
    assert state_of(sent, date(2026, 3, 18)) is State.EXPIRED
    accepted = Facts(DAY, sent_at=AT, accepted_at=AT)
    assert state_of(accepted, date(2030, 1, 1)) is State.ACCEPTED
    # A draft whose day has passed is still a draft.
    assert state_of(Facts(DAY), date(2030, 1, 1)) is State.DRAFT


def test_only_a_sent_version_is_answered() -> None:
    for state in State:
        for step in (Step.ACCEPT, Step.DECLINE):
            assert may(state, step) is (state is State.SENT)


def test_an_accepted_version_is_an_end() -> None:
    assert STEPS[State.ACCEPTED] == {}
    assert State.ACCEPTED not in FOLLOWED
    for step in Step:
        with pytest.raises(StepRefused):
            after(State.ACCEPTED, step)


def test_step_leads_where_the_table_says() -> None:
    assert after(State.DRAFT, Step.SEND) is State.SENT
    assert after(State.SENT, Step.ACCEPT) is State.ACCEPTED
    assert after(State.EXPIRED, Step.REPLACE) is State.REPLACED


def test_customers_read_no_draft() -> None:
    assert State.DRAFT not in READABLE
    assert State.WITHDRAWN not in READABLE
