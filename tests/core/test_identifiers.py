from __future__ import annotations

from collections.abc import Callable

import pytest

from core.identifiers import (
    IdentifierRefused,
    Phone,
    normalise_email,
    normalise_phone,
    valid_ruc,
)
from tests.limits import ends_soon


def refusal(function: Callable[[str], object], text: str) -> str:
    with pytest.raises(IdentifierRefused) as refused:
        function(text)
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("20131312955", "20131312955"),  # SUNAT
        ("20100047218", "20100047218"),  # a bank
        (" 20-13131295-5 ", "20131312955"),
        ("٢٠١٣١٣١٢٩٥٥", "20131312955"),
        ("20100070970", "20100070970"),  # check digit 0
    ],
)
def test_ruc_in_its_normal_form(typed: str, digits: str) -> None:
    assert valid_ruc(typed) == digits


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        ("2013131295", "length"),
        ("201313129555", "length"),
        ("2013131295X", "length"),
        ("20131312955\n", "length"),
        ("²0131312955", "length"),
        ("30131312955", "prefix"),
        ("20131312954", "check_digit"),
        ("20131321955", "check_digit"),
        (" " * 100_000, "length"),
    ],
)
def test_ruc_refused(typed: str, code: str) -> None:
    assert refusal(valid_ruc, typed) == code


def test_ruc_has_exactly_one_check_digit() -> None:
    for body in ("2013131295", "1041234567", "1712345678", "2055555555"):
        good = [digit for digit in "0123456789" if _accepted(body + digit)]
        assert len(good) == 1


def _accepted(text: str) -> bool:
    try:
        return valid_ruc(text) == text
    except IdentifierRefused:
        return False


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("(01) 739-0054", Phone("+5117390054", "(01) 739-0054", "fixed")),
        ("969 782 160", Phone("+51969782160", "969 782 160", "mobile")),
        ("+51 969782160", Phone("+51969782160", "969 782 160", "mobile")),
        ("0051969782160", Phone("+51969782160", "969 782 160", "mobile")),
        ("٩٦٩٧٨٢١٦٠", Phone("+51969782160", "969 782 160", "mobile")),
        ("９６９７８２１６０", Phone("+51969782160", "969 782 160", "mobile")),
        ("969782160\n", Phone("+51969782160", "969 782 160", "mobile")),
        ("739-0054", Phone("+5117390054", "(01) 739-0054", "fixed")),
        ("969782160;ext=99", Phone("+51969782160", "969 782 160", "mobile", "99")),
        ("(01) 739-0054 anexo 12", Phone("+5117390054", "(01) 739-0054", "fixed", "12")),
        ("739 0054, An. 045", Phone("+5117390054", "(01) 739-0054", "fixed", "045")),
        ("7390054 (anx: 7)", Phone("+5117390054", "(01) 739-0054", "fixed", "7")),
        ("=+44 20 7946 0958", Phone("+442079460958", "+44 20 7946 0958", "fixed")),
        ("tel:+442079460958", Phone("+442079460958", "+44 20 7946 0958", "fixed")),
        ("+1 202 555 0123", Phone("+12025550123", "+1 202-555-0123", "fixed_or_mobile")),
        ("+44 56 0000 0000", Phone("+445600000000", "+44 56 0000 0000", "voip")),
    ],
)
def test_phone_in_its_normal_form(typed: str, phone: Phone) -> None:
    assert normalise_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("abc", "invalid"),
        ("739-005", "invalid"),
        ("0739-0054", "invalid"),
        ("739-0054 / 739-0055", "invalid"),
        ("969 782 160 (Juan)", "invalid"),
        ("0801 12345", "kind"),  # shared cost
        ("0800 12345", "kind"),  # toll-free
        ("+1 900 234 5678", "kind"),  # premium
        ("9" * 81, "too_long"),
        ("+" * 100_000, "too_long"),
    ],
)
def test_phone_refused(typed: str, code: str) -> None:
    assert refusal(normalise_phone, typed) == code


def test_phone_without_country_belongs_to_its_region() -> None:
    assert normalise_phone("612 34 56 78", "ES") == Phone("+34612345678", "612 34 56 78", "mobile")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Ana@Empresa.PE", "ana@empresa.pe"),
        ("  ana@empresa.pe ", "ana@empresa.pe"),
        ("a@b.example", "a@b.example"),
        ("a@b.test", "a@b.test"),
        ("a+etiqueta@b.co", "a+etiqueta@b.co"),
        ("a@Ñandú.pe", "a@xn--and-6ma2c.pe"),
        ("=cmd@b.co", "=cmd@b.co"),
    ],
)
def test_email_in_its_normal_form(typed: str, address: str) -> None:
    assert normalise_email(typed) == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        *(
            (typed, "invalid")
            for typed in (
                "a@b",
                "a@localhost",
                "a@test",
                "a@foo.local",
                "@b.co",
                "a b@c.de",
                "a@b..co",
                ".a@b.co",
                "a@-b.co",
                "a@[127.0.0.1]",
                "a@127.0.0.1",
                "<a@b.co>",
                "Name <a@b.co>",
                "a@b.co,c@d.co",
                "a@b.co;c@d.co",
                '"a b"@b.co',
                "a@b.co\n",
                "a\r@b.co",
                "a\x00@b.co",
                "a\u202e@b.co",
                "a\ud800@b.co",
                "\u0430@b.co",  # a Cyrillic а
                "x" * 65 + "@b.co",
            )
        ),
        ("a@" + "b" * 60 + ".co" * 80, "too_long"),
        ("a" * 100_000, "too_long"),
        ("a@" * 50_000, "too_long"),
    ],
)
def test_email_refused(typed: str, code: str) -> None:
    assert refusal(normalise_email, typed) == code


@pytest.mark.parametrize("function", [valid_ruc, normalise_phone, normalise_email])
@pytest.mark.parametrize("unit", ["a", "1", "+", "@", " ", ".", "٠", "(", "a@b.", "\u0300\u0316"])
@ends_soon
def test_long_input_is_answered_at_once(function: Callable[[str], object], unit: str) -> None:
    text = unit * (100_000 // len(unit))
    with pytest.raises(IdentifierRefused):
        function(text)
