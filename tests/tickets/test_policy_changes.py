"""What another table would change: the order it makes, and nothing that is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.test_policy import NOON, near_moments, starts
from tickets.policy import DEFAULT_POLICY, Affection, Mark, Policy, Typology, key_for
from tickets.policy_changes import (
    Cause,
    Standing,
    differences,
    rekeyed,
    same_order,
    same_typologies,
    what_changes,
)

HOUR = timedelta(hours=1)
CODES = sorted(DEFAULT_POLICY.affections)


def standing(
    number: int,
    affection: str,
    hours: float = 0,
    *,
    mark: Mark = Mark.LOW,
    queued: bool = True,
    policy: Policy = DEFAULT_POLICY,
) -> Standing:
    opened_at = NOON + hours * HOUR
    key = key_for(policy, affection=affection, mark=mark, opened_at=opened_at, number=number)
    return Standing(affection, mark, opened_at, queued, key)


def table(**hours: float) -> Policy:
    """The usual table with other head starts for some affections or marks, one version on."""
    named = {name.replace("_", "-"): span * HOUR for name, span in hours.items()}
    affections = {
        code: Affection(code, one.typology, named.get(code, one.head_start))
        for code, one in DEFAULT_POLICY.affections.items()
    }
    marks = {mark: named.get(mark.value, start) for mark, start in DEFAULT_POLICY.marks.items()}
    return Policy(2, affections, marks)


@st.composite
def tables(draw: st.DrawFn) -> Policy:
    """Any table that may be published over the usual one."""
    affections = {
        code: Affection(code, one.typology, draw(st.one_of(starts, st.just(one.head_start))))
        for code, one in DEFAULT_POLICY.affections.items()
    }
    four = sorted(draw(st.lists(starts, min_size=4, max_size=4)))
    return Policy(2, affections, dict(zip(Mark, four, strict=True)))


@st.composite
def standings(draw: st.DrawFn, before: Policy = DEFAULT_POLICY) -> list[Standing]:
    numbers = draw(st.lists(st.integers(1, 99), max_size=12, unique=True))
    rows = []
    for number in numbers:
        affection, mark = draw(st.sampled_from(CODES)), draw(st.sampled_from(Mark))
        opened_at = draw(near_moments)
        key = key_for(before, affection=affection, mark=mark, opened_at=opened_at, number=number)
        rows.append(Standing(affection, mark, opened_at, draw(st.booleans()), key))
    return rows


@given(tables(), standings())
def test_places_are_those_of_the_keys(after: Policy, rows: list[Standing]) -> None:
    changes = what_changes(DEFAULT_POLICY, after, rows)
    waiting = [row for row in rows if row.queued]
    old = sorted(waiting, key=lambda row: row.key)
    new = sorted(waiting, key=lambda row: rekeyed(after, row))
    expected = {
        row.key.number: (old.index(row) + 1, new.index(row) + 1)
        for row in waiting
        if old.index(row) != new.index(row)
    }
    assert {m.number: (m.before, m.after) for m in changes.moves} == expected
    assert (changes.open, changes.queued) == (len(rows), len(waiting))
    assert changes.rekeyed == sum(rekeyed(after, row) != row.key for row in rows)


@given(tables(), standings())
def test_incidents_stay_before_requests(after: Policy, rows: list[Standing]) -> None:
    keys = sorted(rekeyed(after, row) for row in rows)
    assert [key.typology for key in keys] == sorted(row.key.typology for row in rows)
    incidents = sum(row.queued and row.key.typology == Typology.INCIDENT for row in rows)
    for move in what_changes(DEFAULT_POLICY, after, rows).moves:
        incident = move.becomes.typology == Typology.INCIDENT
        assert (move.after <= incidents) == incident
        assert (move.before <= incidents) == incident


@given(standings())
def test_the_same_table_moves_nothing(rows: list[Standing]) -> None:
    same = replace(DEFAULT_POLICY, version=2)
    changes = what_changes(DEFAULT_POLICY, same, rows)
    assert (changes.rekeyed, changes.moves) == (0, ())
    assert same_order(DEFAULT_POLICY, same)
    assert differences(DEFAULT_POLICY, same) == {}


@given(tables(), standings())
def test_going_back_undoes_every_move(after: Policy, rows: list[Standing]) -> None:
    there = what_changes(DEFAULT_POLICY, after, rows)
    moved = [replace(row, key=rekeyed(after, row)) for row in rows]
    back = what_changes(after, DEFAULT_POLICY, moved)
    assert {m.number: (m.before, m.after) for m in there.moves} == {
        m.number: (m.after, m.before) for m in back.moves
    }


@given(tables(), standings())
def test_the_longest_moves_come_first_and_are_named(after: Policy, rows: list[Standing]) -> None:
    changes = what_changes(DEFAULT_POLICY, after, rows)
    assert [abs(m.places) for m in changes.moves] == sorted(
        (abs(m.places) for m in changes.moves), reverse=True
    )
    for typology in Typology:
        ups = [m.places for m in changes.moves if m.becomes.typology == typology]
        up, down = changes.furthest_up(typology), changes.furthest_down(typology)
        assert (up.places if up else None) == max((n for n in ups if n > 0), default=None)
        assert (down.places if down else None) == min((n for n in ups if n < 0), default=None)


def test_each_move_says_whose_head_start_did_it() -> None:
    rows = [
        standing(1, "otra-consulta"),
        standing(2, "spam", 5),
        standing(3, "error-de-codigo", 2.5),
        standing(4, "corte-de-red", 9),
    ]
    changes = what_changes(DEFAULT_POLICY, table(spam=8), rows)
    assert [(m.number, m.before, m.after, m.cause) for m in changes.moves] == [
        (2, 4, 2, Cause.OWN),
        (1, 2, 3, Cause.OTHERS),
        (3, 3, 4, Cause.OTHERS),
    ]
    assert (changes.rekeyed, changes.queued) == (1, 4)


def test_a_gain_that_is_less_than_that_of_others_loses_places() -> None:
    rows = [standing(1, "otra-consulta", 1), standing(2, "spam", 6)]
    changes = what_changes(DEFAULT_POLICY, table(spam=9, otra_consulta=1), rows)
    assert {m.number: m.cause for m in changes.moves} == {1: Cause.BOTH, 2: Cause.OWN}


def test_tickets_in_attention_get_a_key_and_no_place() -> None:
    rows = [standing(1, "spam", queued=False), standing(2, "otra-consulta")]
    changes = what_changes(DEFAULT_POLICY, table(spam=0), rows)
    assert (changes.open, changes.rekeyed, changes.queued, changes.moves) == (2, 1, 1, ())


def test_a_changed_mark_counts_like_an_affection() -> None:
    proposed = table(urgente=4)
    rows = [standing(1, "spam", 0), standing(2, "spam", 3, mark=Mark.URGENT)]
    changes = what_changes(DEFAULT_POLICY, proposed, rows)
    assert [(m.number, m.after, m.gained) for m in changes.moves] == [
        (2, 1, 2 * HOUR),
        (1, 2, timedelta()),
    ]
    assert differences(DEFAULT_POLICY, proposed) == {"urgente": (2 * HOUR, 4 * HOUR)}


def test_a_typology_that_changed_is_seen() -> None:
    other = dict(DEFAULT_POLICY.affections)
    other["spam"] = replace(other["spam"], typology=Typology.INCIDENT)
    assert not same_typologies(DEFAULT_POLICY, replace(DEFAULT_POLICY, affections=other))
    del other["spam"]
    assert not same_typologies(DEFAULT_POLICY, replace(DEFAULT_POLICY, affections=other))
    assert same_typologies(DEFAULT_POLICY, table(spam=1))
