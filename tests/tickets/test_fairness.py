"""The judge of the log, on logs whose chains are whole: only what they tell can be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tickets.chain import GENESIS, event_hash
from tickets.fairness import Replay
from tickets.log_records import Finding, Logged
from tickets.policy import DEFAULT_POLICY, Mark, key_for

START = datetime(2026, 3, 2, 15, tzinfo=UTC)
DIEGO, DORA = 1, 2
Entry = tuple[int, str, int | None, dict[str, Any]]


def key(number: int, minute: int, affection: str = "spam", **other: Any) -> dict[str, Any]:
    found = key_for(
        DEFAULT_POLICY,
        affection=affection,
        mark=Mark.NORMAL,
        opened_at=START + timedelta(minutes=minute),
        number=number,
    )
    return {
        "affection": affection,
        "mark": "normal",
        "policy": 1,
        "typology": int(found.typology),
        "effective_arrival": found.effective_arrival.isoformat(),
        **other,
    }


def log_of(entries: Sequence[Entry]) -> list[Logged]:
    """A log with whole chains: one entry a minute."""
    last: dict[int, str] = {}
    out = []
    for seq, (ticket, kind, actor, data) in enumerate(entries, start=1):
        at = START + timedelta(minutes=seq)
        before = last.get(ticket, GENESIS)
        last[ticket] = event_hash(
            before, seq=seq, ticket=ticket, at=at, kind=kind, actor=actor, data=data
        )
        out.append(Logged(seq, ticket, at, kind, actor, data, before, last[ticket]))
    return out


def judge(*entries: Entry) -> Finding | None:
    replay = Replay({1: DEFAULT_POLICY})
    for event in log_of(entries):
        finding = replay.apply(event)
        if finding:
            return finding
    return None


def filed(number: int, minute: int, affection: str = "spam") -> Entry:
    at = (START + timedelta(minutes=minute)).isoformat()
    return (number, "filed", 9, key(number, minute, affection, opened_at=at))


def taken(number: int, by: int = DIEGO, **data: Any) -> Entry:
    return (number, "taken", by, {"limit": 3, **data})


def test_the_head_of_the_queue_holds() -> None:
    assert judge(filed(7, 1), filed(8, 2, "corte-de-red"), taken(8), taken(7)) is None


def test_a_hand_out_that_jumps_is_found() -> None:
    entries = filed(7, 1), filed(8, 2), taken(8)
    assert judge(*entries) == Finding("order", 3, 8)


def test_an_incident_is_never_passed_by_a_request() -> None:
    assert judge(filed(7, 1), filed(8, 2, "corte-de-red"), taken(7)) == Finding("order", 3, 7)


BACK: list[Entry] = [filed(7, 1), filed(8, 2), taken(7), (7, "returned", DIEGO, {"reason": "x"})]


def test_what_one_gave_back_may_be_passed_over_while_another_is_there() -> None:
    assert judge(*BACK, taken(8, passed=[7], active=[DORA])) is None


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (taken(8), "order"),
        (taken(8, passed=[7], active=[]), "passed"),
        (taken(8, passed=[7], active=[DIEGO]), "passed"),
        (taken(8, DORA, passed=[7], active=[DIEGO]), "passed"),
        (taken(8, passed=[7, 8], active=[DORA]), "passed"),
        (taken(8, passed=[99], active=[DORA]), "altered"),
        (taken(8, passed=7, active=[DORA]), "altered"),
    ],
)
def test_passing_over_needs_its_reason(entry: Entry, code: str) -> None:
    assert judge(*BACK, entry) == Finding(code, 5, 8)


def test_a_returned_ticket_is_handed_to_another_first() -> None:
    assert judge(*BACK, taken(7, DORA), taken(8)) is None


def test_more_than_the_limit_is_found() -> None:
    entries = [filed(n, n) for n in (1, 2, 3, 4)]
    takes = [taken(n) for n in (1, 2, 3, 4)]
    assert judge(*entries, *takes) == Finding("limit", 8, 4)
    resolved: Entry = (1, "resolved", DIEGO, {})
    assert judge(*entries, *takes[:3], resolved, takes[3]) is None


def test_handing_over_is_no_way_around_the_limit() -> None:
    entries = [filed(n, n) for n in (1, 2, 3, 4)]
    takes = [taken(1), taken(2), taken(3), taken(4, DORA)]
    over: Entry = (4, "handed_over", DORA, {"to": DIEGO, "limit": 3})
    assert judge(*entries, *takes, over) == Finding("limit", 9, 4)


@pytest.mark.parametrize("kind", ["replied", "asked", "resolved", "returned", "handed_over"])
def test_only_the_holder_answers(kind: str) -> None:
    data = {"to": DIEGO, "limit": 3} if kind == "handed_over" else {}
    assert judge(filed(7, 1), taken(7), (7, kind, DORA, data)) == Finding("holder", 3, 7)


@pytest.mark.parametrize(
    "entry",
    [
        (7, "taken", DIEGO, {"limit": 3}),
        (7, "filed", 9, key(7, 1)),
        (7, "reopened", 9, {}),
        (7, "closed", 9, {"was": "en_cola"}),
        (7, "unmerged", DIEGO, {}),
    ],
)
def test_a_step_that_does_not_exist_is_found(entry: Entry) -> None:
    assert judge(filed(7, 1), taken(7), entry) == Finding("step", 3, 7)


def test_the_first_event_files() -> None:
    assert judge((7, "taken", DIEGO, {})) == Finding("step", 1, 7)


def test_a_key_that_is_not_the_policys_is_found() -> None:
    good = filed(7, 1)[3]
    early = {**good, "effective_arrival": (START - timedelta(days=9)).isoformat()}
    assert judge((7, "filed", 9, early)) == Finding("key", 1, 7)
    assert judge((7, "filed", 9, {**good, "typology": 0})) == Finding("key", 1, 7)
    assert judge((7, "filed", 9, {**good, "policy": 2})) == Finding("unknown_policy", 1, 7)


def test_a_correction_moves_the_ticket_to_its_new_key() -> None:
    corrected: Entry = (8, "reclassified", DIEGO, key(8, 2, "corte-de-red", was="spam"))
    assert judge(filed(7, 1), filed(8, 2), corrected, taken(8), taken(7)) is None
    assert judge(filed(7, 1), filed(8, 2), corrected, taken(7)) == Finding("order", 4, 7)


def test_what_was_split_off_arrived_with_its_message() -> None:
    assert judge(filed(7, 1), filed(9, -30), taken(9), taken(7)) is None


def test_numbers_follow_each_other() -> None:
    replay = Replay({1: DEFAULT_POLICY})
    first, _second, third = log_of([filed(7, 1), filed(8, 2), filed(9, 3)])
    assert replay.apply(first) is None
    assert replay.apply(third) == Finding("missing", 3, 9)


def test_two_events_never_read_alike() -> None:
    """The hash is over fields, not over their concatenation."""
    first = event_hash(GENESIS, seq=1, ticket=12, at=START, kind="a", actor=None, data={})
    other = event_hash(GENESIS, seq=11, ticket=2, at=START, kind="a", actor=None, data={})
    assert first != other
