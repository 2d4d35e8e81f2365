"""Two texts from one: nothing that either wrote is lost, and only real clashes are asked about."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.writing.merging import MOST_COMPARED, Side, both, common, conflicts, merge, one_of, together

BASE = "Uno.\n\nDos.\n\nTres.\n\nCuatro."
paragraphs = st.lists(st.sampled_from([*"abcdefgh", "- x\n- y", "```\ny\n```"]), max_size=9)
texts = paragraphs.map("\n\n".join)


def sides(base: str, mine: str, theirs: str) -> list[Side]:
    return [piece.side for piece in merge(base, mine, theirs)]


def test_changes_in_different_places_are_both_taken() -> None:
    pieces = merge(BASE, BASE.replace("Uno", "UNO"), BASE.replace("Cuatro", "CUATRO"))
    assert [piece.side for piece in pieces] == [Side.MINE, Side.NOBODY, Side.THEIRS]
    assert together(pieces, {}) == "UNO.\n\nDos.\n\nTres.\n\nCUATRO."


def test_one_place_changed_by_both_is_a_conflict_with_the_rest_merged() -> None:
    mine = BASE.replace("Dos", "Dos mío") + "\n\nMi final."
    pieces = merge(BASE, mine, BASE.replace("Dos", "Dos suyo"))
    assert [piece.side for piece in pieces] == [
        Side.NOBODY, Side.CONFLICT, Side.NOBODY, Side.MINE,
    ]  # fmt: skip
    clash = conflicts(pieces)[0]
    assert (clash.base, clash.mine, clash.theirs) == (
        "Dos.\n\n", "Dos mío.\n\n", "Dos suyo.\n\n",
    )  # fmt: skip
    assert both(clash) == "Dos suyo.\n\nDos mío."
    done = together(pieces, {0: "Lo mío y lo suyo."})
    assert done == "Uno.\n\nLo mío y lo suyo.\n\nTres.\n\nCuatro.\n\nMi final."


def test_the_same_change_by_both_is_no_conflict() -> None:
    changed = BASE.replace("Dos", "2")
    assert sides(BASE, changed, changed) == [Side.NOBODY, Side.BOTH, Side.NOBODY]


def test_what_one_took_out_and_the_other_changed_is_asked() -> None:
    assert Side.CONFLICT in sides(BASE, BASE.replace("Dos.\n\n", ""), BASE.replace("Dos", "2"))


def test_how_many_empty_lines_stand_between_is_no_change() -> None:
    assert sides("a\n\nb", "a\n\n\n\nb", "a\n\nb") == [Side.NOBODY]


def test_without_what_they_began_with_both_additions_stay_and_what_differs_is_asked() -> None:
    mine, theirs = BASE + "\n\nMío.", BASE.replace("Uno", "1")
    assert sides(common(mine, theirs), mine, theirs) == [Side.CONFLICT, Side.NOBODY, Side.MINE]
    assert sides("", "Lo mío.", "Lo suyo.") == [Side.CONFLICT]
    assert sides("", "Igual.", "Igual.") == [Side.BOTH]


@given(texts, texts)
def test_a_text_that_one_side_left_alone_becomes_the_other(base: str, changed: str) -> None:
    for pieces in (merge(base, changed, base), merge(base, base, changed)):
        assert conflicts(pieces) == []
        assert together(pieces, {}).split() == changed.split()
    assert together(merge(base, changed, changed), {}).split() == changed.split()


@given(texts, texts, texts)
def test_nothing_that_either_wrote_is_lost(base: str, mine: str, theirs: str) -> None:
    pieces = merge(base, mine, theirs)
    assert "".join(piece.mine for piece in pieces) == mine
    assert "".join(piece.theirs for piece in pieces) == theirs
    assert "".join(piece.base for piece in pieces) == base
    whole = together(pieces, {n: both(one) for n, one in enumerate(conflicts(pieces))})
    for written in (mine, theirs):
        new = [part for part in written.split("\n\n") if part not in base.split("\n\n")]
        assert all(part in whole for part in new)


@given(texts, texts)
def test_what_is_common_is_in_both(mine: str, theirs: str) -> None:
    shared = common(mine, theirs).split()
    assert all(shared.count(part) <= mine.split().count(part) for part in shared)
    assert all(shared.count(part) <= theirs.split().count(part) for part in shared)


@given(texts, texts, texts)
def test_both_see_the_same_conflicts(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert [(p.mine, p.theirs) for p in conflicts(one)] == [
        (p.theirs, p.mine) for p in conflicts(other)
    ]


@given(st.text(alphabet="a \n\r\t\u2028", max_size=60))
def test_any_white_space_comes_back_letter_by_letter(text: str) -> None:
    assert together(merge(text, text, text), {}) == text


def test_a_text_of_the_longest_length_is_merged_soon() -> None:
    begun = time.monotonic()
    base = "\n\n".join("a" for _ in range(60_000))
    merge(base, "b\n\n" + base[:-1] + "c", base.replace("a", "d"))
    numbered = "\n\n".join(str(n) for n in range(MOST_COMPARED))
    merge(numbered, numbered[::-1], numbered[3:])
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "taken"),
    [
        ("a", "a", "b", "b"), ("a", "b", "a", "b"), ("a", "b", "b", "b"), ("a", "b", "c", None),
        (None, "b", "b", "b"), (None, "b", "c", None),
    ],
)  # fmt: skip
def test_a_value_is_taken_whole(
    base: str | None, mine: str, theirs: str, taken: str | None
) -> None:
    assert one_of(base, mine, theirs) == taken
