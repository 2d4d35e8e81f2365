"""Which words are earned, decided without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kb.learning.policy import (
    KEPT_FOR,
    MOST_HOLDERS,
    Standing,
    Voice,
    chosen_words,
    is_earned,
    standing_of,
    support_of,
    within,
)
from tests.cast import START


def voice(
    side: str = "c:1",
    standing: Standing = Standing.CUSTOMER,
    *,
    helped: bool = True,
    vouched: bool = False,
    age: timedelta = timedelta(),
) -> Voice:
    return Voice(standing, side, helped, vouched, START - age)


def visitor() -> Voice:
    return voice("", Standing.VISITOR)


def earned(*voices: Voice, guarded: bool = False) -> bool:
    return is_earned(support_of(voices, now=START), guarded=guarded)


def test_three_people_of_two_sides_earn_a_word() -> None:
    assert earned(voice("c:1"), voice("c:1"), voice("c:2"))
    assert not earned(voice("c:1"), voice("c:2"))


def test_colleagues_alone_do_not_unless_a_technician_answered_with_the_article() -> None:
    assert not earned(voice("c:1"), voice("c:1"), voice("c:1"))
    assert earned(voice("c:1", vouched=True), voice("c:1", vouched=True), voice("c:1"))


@pytest.mark.parametrize("browsers", [1, 10, 50, 500])
def test_browsers_are_one_person_however_many(browsers: int) -> None:
    crowd = [visitor() for _ in range(browsers)]
    assert not earned(*crowd)
    assert not earned(*crowd, voice("c:1"))
    assert not earned(*crowd, voice("c:1"), voice("c:1"))
    assert earned(*crowd, voice("c:1"), voice("c:2"))


def test_somebody_who_was_not_helped_cancels_somebody_who_was() -> None:
    three = [voice("c:1"), voice("c:2"), voice("c:3")]
    assert not earned(*three, voice("c:4", helped=False))
    assert earned(*three, voice("c:5"), voice("c:4", helped=False))
    assert earned(*three, voice("", Standing.VISITOR, helped=False))


def test_what_is_old_counts_no_more() -> None:
    old = voice("c:3", age=KEPT_FOR)
    assert not earned(voice("c:1"), voice("c:2"), old)


def test_a_word_of_another_title_takes_three_answers_of_technicians() -> None:
    three = [voice("c:1"), voice("c:2"), voice("c:3")]
    assert not earned(*three, guarded=True)
    assert earned(*(voice(one.side, vouched=True) for one in three), guarded=True)


def test_a_word_of_many_articles_is_no_help() -> None:
    voices = {"rebot": [voice("c:1"), voice("c:2"), voice("c:3")]}
    for holders, expected in ((MOST_HOLDERS - 1, ["rebot"]), (MOST_HOLDERS, [])):
        words = chosen_words(
            voices, guarded=frozenset(), holders={"rebot": holders}, room=9, now=START
        )
        assert words == expected


def test_the_best_supported_words_take_the_room() -> None:
    three = [voice("c:1"), voice("c:2"), voice("c:3")]
    voices = {"b": three, "a": three, "c": [*three, voice("c:4")], "d": three[:2]}
    chosen = {
        room: chosen_words(voices, guarded=frozenset(), holders={}, room=room, now=START)
        for room in (2, 9, -1)
    }
    assert chosen == {2: ["c", "a"], 9: ["c", "a", "b"], -1: []}


def test_an_account_counts_once_it_is_confirmed_and_a_week_old() -> None:
    week = START - timedelta(days=7)
    told = {
        "staff": standing_of(staff=True, confirmed_at=None, created_at=START, now=START),
        "new": standing_of(staff=False, confirmed_at=START, created_at=START, now=START),
        "unconfirmed": standing_of(staff=False, confirmed_at=None, created_at=week, now=START),
        "known": standing_of(staff=False, confirmed_at=week, created_at=week, now=START),
    }
    assert told == {
        "staff": Standing.STAFF,
        "new": Standing.VISITOR,
        "unconfirmed": Standing.VISITOR,
        "known": Standing.CUSTOMER,
    }


def test_caps_never_turn_negative() -> None:
    assert [within(0, 5, 3), within(4, 5, 3), within(9, 5, 3)] == [3, 1, 0]
