from __future__ import annotations

import sys
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording import INVISIBLE, clean_line, clean_text, relative_time, slug
from tests.limits import ends_soon

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("elapsed", "said"),
    [
        (timedelta(seconds=-59), ("now", 0)),
        (timedelta(), ("now", 0)),
        (timedelta(seconds=59), ("now", 0)),
        (timedelta(seconds=60), ("minutes", 1)),
        (timedelta(minutes=59, seconds=59), ("minutes", 59)),
        (timedelta(hours=1), ("hours", 1)),
        (timedelta(hours=23, minutes=59), ("hours", 23)),
        (timedelta(days=1), ("days", 1)),
        (timedelta(days=6, hours=23), ("days", 6)),
        (timedelta(days=7), ("date", 0)),
        (timedelta(minutes=-2), ("date", 0)),
    ],
)
def test_relative_time_rounds_down(elapsed: timedelta, said: tuple[str, int]) -> None:
    assert relative_time(NOW - elapsed, NOW) == said


def test_relative_time_refuses_a_moment_without_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        relative_time(datetime(2026, 1, 1), NOW)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        relative_time(NOW, datetime(2026, 1, 1))  # noqa: DTZ001


def test_invisible_is_every_control_and_format_character_of_unicode() -> None:
    kept = {"\n", "\t", "\u200c", "\u200d"}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        if category in ("Cc", "Cf", "Cs") and character not in kept:
            assert INVISIBLE.match(character), hex(code)
        elif category != "Cn":
            assert not INVISIBLE.match(character), hex(code)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("uno\r\ndos\rtres\x0bcuatro\u2028cinco", "uno\ndos\ntres\ncuatro\ncinco"),
        ("a\x00b\ud800c\u202ed\u200be\ufefff\u2066g\x1bh", "abcdefgh"),
        ("n\u0303andu\u0301", "ñandú"),
        (FAMILY, FAMILY),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200da \u200d b\u200c", "a  b"),
        ("a\u200d\u200d\u200db", "ab"),
        ("\u200b" * 5, ""),
        ("tab\tse queda", "tab\tse queda"),
        ("Zoë O'Neil 李 مريم", "Zoë O'Neil 李 مريم"),
        ("=?UTF-8?Q?x=0D=0A?=", "=?UTF-8?Q?x=0D=0A?="),
    ],
)
def test_clean_text_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


TYPED = st.one_of(
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet="a \u200d\u200c\u200b\n\r\u0301\u202eé", max_size=60),
)


@given(TYPED)
def test_clean_text_cleaned_twice_is_the_same(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert once == unicodedata.normalize("NFC", once)
    once.encode("utf-8")


@ends_soon
def test_clean_text_bounds_combining_marks() -> None:
    cleaned = clean_text("a" + "\u0300\u0316" * 100_000)
    assert len(cleaned) <= 31


def test_clean_line_is_one_line_cut_to_its_length() -> None:
    assert clean_line("  uno\r\n\tdos   tres ", 100) == "uno dos tres"
    assert clean_line("abcdef", 3) == "abc"
    assert clean_line("ab cdef", 3) == "ab"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("¿Cómo instalo  Ñandú 2.0?", "como-instalo-nandu-2-0"),
        ("漢字", ""),
        ("--a--", "a"),
        ("a" * 59 + " bc", "a" * 59),
    ],
)
def test_slug_is_plain_ascii(text: str, address: str) -> None:
    assert slug(text) == address
