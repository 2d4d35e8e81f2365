from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.click_to_chat import LONGEST, chat_url

NUMBER = "+51969782160"


def text_of(address: str) -> str:
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == (
        "https", "wa.me", "/51969782160", "",
    )  # fmt: skip
    return parse_qs(parts.query, strict_parsing=True)["text"][0]


def test_a_number_alone_has_no_text() -> None:
    assert chat_url(NUMBER) == "https://wa.me/51969782160"
    assert chat_url(NUMBER, " \n\u200b") == "https://wa.me/51969782160"


@pytest.mark.parametrize("number", ["", "+", "  "])
def test_without_a_number_there_is_no_address(number: str) -> None:
    assert chat_url(number, "Hola") == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("¿Hola & adiós? 100% #1 a=b+c", "¿Hola & adiós? 100% #1 a=b+c"),
        ("una\nlínea\r\ny\totra\x00", "una línea y otra"),
        ("al \u202erevés\u200f y \ufeffoculto", "al revés y oculto"),
        ("medio \ud800 carácter", "medio carácter"),
        ("emoji 🚀 y «comillas»", "emoji 🚀 y «comillas»"),
    ],
)
def test_the_words_come_out_as_they_went_in(typed: str, shown: str) -> None:
    assert text_of(chat_url(NUMBER, typed)) == shown


def test_a_long_text_is_cut_between_two_words() -> None:
    text = text_of(chat_url(NUMBER, "palabra " * 400))
    assert text.endswith("palabra…")
    assert text.removesuffix("…").split() == ["palabra"] * len(text.split())


@given(st.text(max_size=2000))
def test_no_text_makes_an_address_too_long_or_broken(text: str) -> None:
    address = chat_url(NUMBER, text)
    assert address.isascii()
    assert address.isprintable()
    assert len(address.partition("?text=")[2]) <= LONGEST
