"""One mailbox, one account (SECURITY B01, B02, B03, B06, V77)."""

from __future__ import annotations

import pytest

from accounts.addresses import canonical, lookup_key
from tests.limits import ends_soon


@pytest.mark.parametrize(
    "typed",
    ["ana@example.com", " ANA@EXAMPLE.com ", "Ana@Example.Com", "ａｎａ@example.com"],
)
def test_address_is_the_same_however_it_is_typed(typed: str) -> None:
    assert canonical(typed) == "ana@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a@b",
        "a@localhost",
        "@b.co",
        "a b@c.de",
        "a@b..co",
        ".a@b.co",
        "a@-b.co",
        "a@[127.0.0.1]",
        "<a@b.co>",
        "Name <a@b.co>",
        "a@b.co,c@d.co",
        "a\n@b.co",
        "a@b.co\r\nBcc: x@y.co",
        "a\x00@b.co",
        "a\u202e@b.co",
        "ana\u200b@example.com",
        "а@b.co",  # Cyrillic
        "x" * 65 + "@b.co",
        "x@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + "." + "e" * 63 + ".co",
    ],
)
def test_address_is_refused_when_it_is_no_plain_one(typed: str) -> None:
    with pytest.raises(ValueError):
        canonical(typed)
    assert lookup_key(typed) == ""


@ends_soon
def test_address_of_a_hundred_kilobytes_is_refused_at_once() -> None:
    with pytest.raises(ValueError):
        canonical("a" * 100_000 + "@b.co")
