from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.policy import (
    DEFAULT_POLICY,
    Affection,
    Explanation,
    Mark,
    Policy,
    PolicyError,
    QueueKey,
    Typology,
    explain,
    key_for,
    largest_head_start,
    may_take,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

starts = st.integers(0, 30 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
typologies = st.sampled_from(Typology)
marks = st.sampled_from(Mark)
moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone itself
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
# Few values, so that equal moments and equal keys but for the number really occur.
near_moments = st.integers(0, 40).map(lambda half_hours: NOON + half_hours * HOUR / 2)
deltas = st.integers(-96, 96).map(lambda hours: hours * HOUR)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    rows = draw(st.lists(st.tuples(typologies, starts), min_size=1, max_size=6))
    affections = {
        f"a{place}": Affection(f"a{place}", typology, start)
        for place, (typology, start) in enumerate(rows)
    }
    four = sorted(draw(st.lists(starts, min_size=4, max_size=4)))
    return Policy(1, affections, dict(zip(Mark, four, strict=True)))


@st.composite
def queues(draw: st.DrawFn, size: int) -> tuple[Policy, list[dict[str, Any]]]:
    """A policy and `size` tickets with different numbers, as arguments of `key_for`."""
    policy = draw(st.one_of(st.just(DEFAULT_POLICY), policies()))
    numbers = draw(st.lists(st.integers(1, 99), min_size=size, max_size=size, unique=True))
    tickets = [
        {
            "affection": draw(st.sampled_from(sorted(policy.affections))),
            "mark": draw(marks),
            "opened_at": draw(st.one_of(near_moments, near_moments, moments)),
            "number": number,
        }
        for number in numbers
    ]
    return policy, tickets


def key(policy: Policy, ticket: dict[str, Any], **changes: Any) -> QueueKey:
    return key_for(policy, **(ticket | changes))


@given(queues(3))
def test_order_is_total(queue: tuple[Policy, list[dict[str, Any]]]) -> None:
    policy, tickets = queue
    a, b, c = (key(policy, ticket) for ticket in tickets)
    assert [a < b, b < a].count(True) == 1
    assert not a < a
    assert not (a < b and b < c) or a < c
    assert (a <= b) == (not b < a)


@given(queues(2))
def test_keys_are_unique(queue: tuple[Policy, list[dict[str, Any]]]) -> None:
    policy, (one, other) = queue
    assert key(policy, one) != key(policy, other | {"opened_at": one["opened_at"]})
    assert key(policy, one) == key(policy, one)


@given(queues(2))
def test_request_never_comes_before_an_incident(
    queue: tuple[Policy, list[dict[str, Any]]],
) -> None:
    policy, tickets = queue
    one, other = sorted(tickets, key=lambda t: policy.affections[t["affection"]].typology)
    kinds = [policy.affections[ticket["affection"]].typology for ticket in (one, other)]
    if kinds == [Typology.INCIDENT, Typology.REQUEST]:
        assert key(policy, one) < key(policy, other)


def test_oldest_most_urgent_request_comes_after_the_newest_least_incident() -> None:
    request = key_for(
        DEFAULT_POLICY,
        affection="servidor-parado",
        mark=Mark.URGENT,
        opened_at=NOON - timedelta(days=3650),
        number=1,
    )
    incident = key_for(
        DEFAULT_POLICY,
        affection="otra-falla-del-proveedor",
        mark=Mark.LOW,
        opened_at=NOON,
        number=2,
    )
    assert incident < request


@given(queues(2))
def test_equals_are_served_in_order_of_entry(queue: tuple[Policy, list[dict[str, Any]]]) -> None:
    policy, (one, other) = queue
    other = other | {"affection": one["affection"], "mark": one["mark"]}
    first, second = sorted((one, other), key=lambda t: (t["opened_at"], t["number"]))
    assert key(policy, first) < key(policy, second)


@settings(max_examples=400)
@given(queues(2), deltas)
def test_order_does_not_change_with_time(
    queue: tuple[Policy, list[dict[str, Any]]], delta: timedelta
) -> None:
    policy, (one, other) = queue
    later = [key(policy, t, opened_at=t["opened_at"] + delta) for t in (one, other)]
    assert (key(policy, one) < key(policy, other)) == (later[0] < later[1])


@given(queues(1), st.integers(-12, 14))
def test_key_does_not_depend_on_the_zone_of_the_moment(
    queue: tuple[Policy, list[dict[str, Any]]], hours: int
) -> None:
    policy, (ticket,) = queue
    elsewhere = ticket["opened_at"].astimezone(timezone(timedelta(hours=hours)))
    assert key(policy, ticket, opened_at=elsewhere) == key(policy, ticket)
    assert key(policy, ticket, opened_at=elsewhere).effective_arrival.tzinfo is UTC


@given(queues(1))
def test_higher_mark_never_loses_a_place(queue: tuple[Policy, list[dict[str, Any]]]) -> None:
    policy, (ticket,) = queue
    keys = [key(policy, ticket, mark=mark) for mark in Mark]
    assert all(higher <= lower for lower, higher in pairwise(keys))


@given(queues(1), starts)
def test_larger_head_start_of_the_affection_never_loses_a_place(
    queue: tuple[Policy, list[dict[str, Any]]], start: timedelta
) -> None:
    policy, (ticket,) = queue
    mine = policy.affections[ticket["affection"]]
    changed = {**policy.affections, mine.code: Affection(mine.code, mine.typology, start)}
    other = Policy(2, changed, policy.marks)
    if start > mine.head_start:
        assert key(other, ticket) < key(policy, ticket)
    else:
        assert key(other, ticket) >= key(policy, ticket)


@given(queues(1), st.integers(1, 10**6))
def test_earlier_arrival_always_gains(
    queue: tuple[Policy, list[dict[str, Any]]], seconds: int
) -> None:
    policy, (ticket,) = queue
    earlier = ticket["opened_at"] - timedelta(seconds=seconds)
    assert key(policy, ticket, opened_at=earlier) < key(policy, ticket)


@given(queues(2))
def test_overtaking_is_bounded_by_the_largest_head_start(
    queue: tuple[Policy, list[dict[str, Any]]],
) -> None:
    policy, tickets = queue
    first, later = sorted(tickets, key=lambda t: (t["opened_at"], t["number"]))
    kinds = {policy.affections[ticket["affection"]].typology for ticket in tickets}
    if len(kinds) == 1 and key(policy, later) < key(policy, first):
        waited = later["opened_at"] - first["opened_at"]
        assert waited <= largest_head_start(policy, kinds.pop())


def test_largest_head_start_of_the_default_policy() -> None:
    assert largest_head_start(DEFAULT_POLICY, Typology.INCIDENT) == 10 * HOUR
    assert largest_head_start(DEFAULT_POLICY, Typology.REQUEST) == 10 * HOUR
    only = Policy(1, {"a": Affection("a", Typology.REQUEST, HOUR)}, DEFAULT_POLICY.marks)
    assert largest_head_start(only, Typology.INCIDENT) == 2 * HOUR


def test_largest_head_start_is_reached_and_not_exceeded() -> None:
    def at(opened_at: datetime, affection: str, mark: Mark, number: int) -> QueueKey:
        return key_for(
            DEFAULT_POLICY, affection=affection, mark=mark, opened_at=opened_at, number=number
        )

    waiting = at(NOON, "otra-falla-del-proveedor", Mark.LOW, 1)
    instant = timedelta(microseconds=1)
    assert at(NOON + 10 * HOUR - instant, "corte-de-red", Mark.URGENT, 2) < waiting
    assert at(NOON + 10 * HOUR, "corte-de-red", Mark.URGENT, 2) > waiting


@pytest.mark.parametrize(
    ("affection", "mark", "expected"),
    [
        ("corte-de-red", Mark.LOW, QueueKey(Typology.INCIDENT, NOON - 8 * HOUR, 7)),
        ("spam", Mark.NORMAL, QueueKey(Typology.REQUEST, NOON - 4.5 * HOUR, 7)),
        ("otra-consulta", Mark.URGENT, QueueKey(Typology.REQUEST, NOON - 2 * HOUR, 7)),
    ],
)
def test_key_for_is_the_formula(affection: str, mark: Mark, expected: QueueKey) -> None:
    made = key_for(DEFAULT_POLICY, affection=affection, mark=mark, opened_at=NOON, number=7)
    assert made == expected


def test_key_for_refuses_what_it_cannot_place() -> None:
    with pytest.raises(ValueError, match="affection"):
        key_for(DEFAULT_POLICY, affection="x", mark=Mark.LOW, opened_at=NOON, number=1)
    with pytest.raises(ValueError, match="time zone"):
        key_for(
            DEFAULT_POLICY,
            affection="spam",
            mark=Mark.LOW,
            opened_at=NOON.replace(tzinfo=None),
            number=1,
        )


def test_explain_says_what_each_factor_gives() -> None:
    assert explain(DEFAULT_POLICY, "servicio-con-errores", Mark.HIGH) == Explanation(
        Typology.REQUEST, 6 * HOUR, HOUR
    )


@pytest.mark.parametrize(("held", "may"), [(0, True), (2, True), (3, False), (4, False)])
def test_may_take_stops_at_the_limit(held: int, may: bool) -> None:
    assert may_take(held, 3) is may


DEFAULT_TABLE: dict[str, Any] = {
    "version": 1,
    "affections": [
        {"code": code, "typology": typology, "head_start_minutes": minutes}
        for code, typology, minutes in (
            ("corte-de-red", "incident", 480),
            ("maquina-no-arranca", "incident", 360),
            ("rendimiento-degradado", "incident", 240),
            ("otra-falla-del-proveedor", "incident", 0),
            ("servidor-parado", "request", 480),
            ("servicio-con-errores", "request", 360),
            ("spam", "request", 240),
            ("error-de-codigo", "request", 120),
            ("instalar-configurar", "request", 0),
            ("otra-consulta", "request", 0),
        )
    ],
    "marks": {"baja": 0, "normal": 30, "alta": 60, "urgente": 120},
}


def test_default_policy_is_the_table_of_the_design() -> None:
    assert DEFAULT_POLICY.to_json() == DEFAULT_TABLE
    assert list(DEFAULT_POLICY.affections) == [row["code"] for row in DEFAULT_TABLE["affections"]]


@given(policies())
def test_policy_survives_json(policy: Policy) -> None:
    assert Policy.from_json(json.loads(json.dumps(policy.to_json()))) == policy


def test_policy_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        DEFAULT_POLICY.affections["x"] = DEFAULT_POLICY.affections["spam"]  # type: ignore[index]
    source = dict(DEFAULT_POLICY.affections)
    policy = Policy(2, source, DEFAULT_POLICY.marks)
    source.clear()
    assert len(policy.affections) == 10


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    table = copy.deepcopy(DEFAULT_TABLE)
    place: Any = table
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return table


FIRST = ("affections", 0)


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (changed((*FIRST, "head_start_minutes"), -1), "negative"),
        (changed((*FIRST, "head_start_minutes"), -(10**30)), "negative"),
        (changed((*FIRST, "head_start_minutes"), 10**30), "too_large"),
        (changed((*FIRST, "head_start_minutes"), 1.5), "whole_minutes"),
        (changed((*FIRST, "head_start_minutes"), True), "whole_minutes"),
        (changed((*FIRST, "head_start_minutes"), "60"), "whole_minutes"),
        (changed((*FIRST, "typology"), "urgencia"), "unknown_typology"),
        (changed((*FIRST, "typology"), 0), "unknown_typology"),
        (changed((*FIRST, "code"), "spam"), "repeated"),
        (changed((*FIRST, "code"), ""), "code"),
        (changed((*FIRST, "code"), 5), "code"),
        (changed((*FIRST, "code"), None), "shape"),
        (changed(("marks", "alta"), None), "missing_mark"),
        (changed(("marks", "altísima"), 5), "unknown_mark"),
        (changed(("marks", "baja"), -5), "negative"),
        (changed(("marks", "urgente"), 59), "mark_order"),
        (changed(("marks",), [1]), "shape"),
        (changed(("affections",), []), "shape"),
        (changed(("affections",), 3), "shape"),
        (changed(("version",), 0), "version"),
        (changed(("version",), "1"), "version"),
        (changed(("version",), None), "shape"),
        ({}, "shape"),
    ],
)
def test_from_json_refuses_a_bad_table_in_words(table: dict[str, Any], code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Policy.from_json(table)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_policy_refuses_a_head_start_that_json_could_not_hold() -> None:
    rows = {"a": Affection("a", Typology.REQUEST, timedelta(seconds=90))}
    with pytest.raises(PolicyError, match="minutos enteros"):
        Policy(1, rows, DEFAULT_POLICY.marks)
