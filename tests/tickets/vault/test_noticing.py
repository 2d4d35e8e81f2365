"""Which texts tell a secret, and which only speak of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.limits import ends_soon
from tests.tickets.vault.texts import KEY, TELLS, TELLS_NOT
from tickets.vault.noticing import Kind, find_secrets

HOSTILE = {
    "words": "clave de la " * 1_700,
    "keys": "pass " * 4_000,
    "keys apart": "clave: x " * 2_300,
    "begins": "-----BEGIN RSA PRIVATE KEY-----" * 650,
    "half begins": "-----BEGIN " * 1_800,
    "certificates": "-----BEGIN CERTIFICATE-----" * 740,
    "letters": "a" * 20_000,
    "underscores": "_" * 20_000,
    "dashes": "-a" * 10_000,
    "dots": "a." * 10_000,
    "colons": "a:" * 10_000,
    "pairs": "a:bbbb@" * 2_850,
    "slashes": "http://" * 2_850,
    "userinfo": "http://a:" * 2_200,
    "quotes": "clave: '" * 2_500,
    "spaces": "clave" + " " * 19_990,
    "tokens": "eyJ" * 6_600,
    "mysql": "mysql " * 3_300,
    "curl": "curl -u " * 2_500,
    "user": "usuario " * 2_500,
    "tabs": "usuario\t\t" * 2_200,
    "brackets": "password: [" * 1_800,
    "password_": "password_" * 2_200,
    "secret-": "secret-" * 2_850,
    "lines": "clave:\n" * 2_850,
    "lines alone": "clave\n" * 3_300,
    "is quoted": 'clave es: "a ' * 1_500,
}


def values(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_secrets(text)]


def test_there_are_enough_texts() -> None:
    assert len(TELLS) >= 40
    assert len(TELLS_NOT) >= 40


@pytest.mark.parametrize(("text", "expected"), TELLS, ids=[t[:40] for t, _ in TELLS])
def test_a_secret_is_noticed_whole_and_nothing_else(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize("text", TELLS_NOT, ids=[t[:40] for t in TELLS_NOT])
def test_speaking_of_a_secret_is_none(text: str) -> None:
    assert values(text) == []


def test_kinds_tell_what_was_found() -> None:
    text = f"clave: Xy12$abc\nmysql://a:Zafiro77@db/x\n{KEY}\napi_key: 9b74c9897bac770ffc02"
    assert [span.kind for span in find_secrets(text)] == [
        Kind.PASSWORD,
        Kind.CONNECTION,
        Kind.PRIVATE_KEY,
        Kind.TOKEN,
    ]


@ends_soon
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_no_more_than_their_length(name: str) -> None:
    """Ten times what a message may hold: work that grows with its square would take minutes."""
    text = HOSTILE[name]
    find_secrets((text * (200_000 // len(text) + 1))[:200_000])


@given(st.text(alphabet="clave pas:=\n'\"/@-BEGINx1$_.", max_size=400))
def test_spans_are_inside_the_text_and_apart(text: str) -> None:
    last = 0
    for span in find_secrets(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end
