"""Amounts, totals and their words."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.money import (
    MAX_PRICE,
    MoneyRefused,
    format_money,
    format_percent,
    parse_money,
    parse_percent,
    plain_amount,
)
from quotes.policy import (
    MAX_LINES,
    MAX_QUANTITY,
    MAX_TOTAL,
    Discount,
    DiscountKind,
    Line,
    PriceRefused,
    half_up,
    net_of,
    totals_of,
)
from quotes.spelled import LIMIT, amount_in_words, number_in_words

PERCENT, AMOUNT = DiscountKind.PERCENT, DiscountKind.AMOUNT


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1,234.50", 123450), ("1234.5", 123450), ("S/ 1,234.50", 123450), ("S/.1234.50", 123450),
        ("US$ 20", 2000), ("$20", 2000), ("usd 20.00", 2000), ("PEN 7", 700), ("0", 0),
        ("0.05", 5), (" 1 234.50 ", 123450), ("S/\u00a015", 1500), ("9,999,999.99", MAX_PRICE),
    ],
)  # fmt: skip
def test_amount_is_read_as_peru_writes_it(typed: str, cents: int) -> None:
    assert parse_money(typed) == cents


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"), ("S/", "empty"), ("1.234,50", "shape"), ("1,50", "shape"),
        ("1.234", "shape"), ("-5", "shape"), ("€10", "shape"), ("1e3", "shape"), ("١٢", "shape"),
        ("12,34.00", "shape"), ("NaN", "shape"), ("1" * 50, "shape"), ("10000000", "too_much"),
        ("1.", "shape"), (".5", "shape"), ("S/ S/ 5", "shape"), ("²", "shape"),
    ],
)  # fmt: skip
def test_amount_that_could_mean_another_is_refused(typed: str, code: str) -> None:
    with pytest.raises(MoneyRefused) as refused:
        parse_money(typed)
    assert refused.value.code == code


@given(st.integers(0, MAX_PRICE), st.sampled_from(["PEN", "USD"]))
def test_amount_that_is_shown_is_read_again(cents: int, currency: str) -> None:
    assert parse_money(plain_amount(cents)) == cents
    assert parse_money(format_money(cents, currency)) == cents


@given(st.integers(0, 10_000))
def test_percentage_that_is_shown_is_read_again(points: int) -> None:
    assert parse_percent(format_percent(points)) == points


@pytest.mark.parametrize("typed", ["", "%", "101", "100.01%", "-1", "1,5%", "a", "1.234"])
def test_percentage_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(MoneyRefused):
        parse_percent(typed)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (parse_money, parse_percent):
        with contextlib.suppress(MoneyRefused):
            assert 0 <= read(text) <= MAX_PRICE


@pytest.mark.parametrize(
    ("line", "net"),
    [
        (Line(3, 3333), 9999),
        (Line(3, 3333, Discount(PERCENT, 1000)), 8999),  # 999.9 goes up to 1000
        (Line(1, 5, Discount(PERCENT, 5000)), 2),  # a half goes up: 3 off
        (Line(1, 1000, Discount(PERCENT, 10_000)), 0),
        (Line(2, 1000, Discount(AMOUNT, 2000)), 0),
    ],
)
def test_line_is_quantity_by_price_less_its_discount(line: Line, net: int) -> None:
    assert net_of(line) == net


def test_tax_is_rounded_once_on_what_remains() -> None:
    # Taxed by line it would be 3 × 1 cents; on the base it is 1.62.
    totals = totals_of([Line(1, 3)] * 3, tax_points=1800)
    assert (totals.subtotal, totals.base, totals.tax, totals.total) == (9, 9, 2, 11)
    with_discount = totals_of(
        [Line(2, 45_000), Line(1, 10_050)], tax_points=1800, discount=Discount(PERCENT, 1000)
    )
    assert (with_discount.subtotal, with_discount.discount) == (100_050, 10_005)
    assert (with_discount.base, with_discount.tax, with_discount.total) == (90_045, 16_208, 106_253)


@pytest.mark.parametrize(
    ("lines", "discount", "code", "line"),
    [
        ([], Discount(), "lines", None),
        ([Line(1, 1)] * (MAX_LINES + 1), Discount(), "lines", None),
        ([Line(1, 1), Line(0, 1)], Discount(), "quantity", 1),
        ([Line(MAX_QUANTITY + 1, 1)], Discount(), "quantity", 0),
        ([Line(1, -1)], Discount(), "price", 0),
        ([Line(1, MAX_PRICE + 1)], Discount(), "price", 0),
        ([Line(1, 100, Discount(AMOUNT, 101))], Discount(), "discount", 0),
        ([Line(1, 100, Discount(PERCENT, 10_001))], Discount(), "discount", 0),
        ([Line(1, 100, Discount(PERCENT, -1))], Discount(), "discount", 0),
        ([Line(1, 100)], Discount(AMOUNT, 101), "discount", None),
        ([Line(MAX_QUANTITY, MAX_PRICE)], Discount(), "total", None),
    ],
)
def test_quote_that_cannot_be_is_refused(
    lines: list[Line], discount: Discount, code: str, line: int | None
) -> None:
    with pytest.raises(PriceRefused) as refused:
        totals_of(lines, tax_points=1800, discount=discount)
    assert (refused.value.code, refused.value.line) == (code, line)


DISCOUNTS = st.one_of(
    st.just(Discount()),
    st.integers(0, 10_000).map(lambda points: Discount(PERCENT, points)),
    st.integers(0, 100).map(lambda cents: Discount(AMOUNT, cents)),
)
LINES = st.lists(
    st.builds(Line, st.integers(1, 50), st.integers(100, 999_999), DISCOUNTS),
    min_size=1,
    max_size=20,
)


@given(LINES, st.integers(0, 10_000), st.integers(0, 3000))
def test_no_cent_is_lost(lines: list[Line], discount: int, tax: int) -> None:
    totals = totals_of(lines, tax_points=tax, discount=Discount(PERCENT, discount))
    assert sum(totals.nets) == totals.subtotal
    assert totals.subtotal - totals.discount == totals.base >= 0
    assert totals.base + totals.tax == totals.total <= MAX_TOTAL
    assert abs(totals.tax * 10_000 - totals.base * tax) <= 5_000


@given(LINES, st.randoms())
def test_order_of_lines_changes_no_total(lines: list[Line], random: object) -> None:
    turned = list(reversed(lines))
    first, second = (totals_of(some, tax_points=1800) for some in (lines, turned))
    assert (first.subtotal, first.tax, first.total) == (second.subtotal, second.tax, second.total)


@given(LINES, st.integers(1, 20))
def test_lines_without_discount_may_be_split(lines: list[Line], cut: int) -> None:
    whole = [Line(line.quantity + cut, line.unit_price) for line in lines]
    halves = [Line(n, line.unit_price) for line in lines for n in (line.quantity, cut)]
    first, second = (totals_of(some, tax_points=1800) for some in (whole, halves))
    assert (first.subtotal, first.total) == (second.subtotal, second.total)


@given(LINES, st.integers(0, 9_999))
def test_more_costs_more_and_discount_less(lines: list[Line], points: int) -> None:
    before = totals_of(lines, tax_points=1800, discount=Discount(PERCENT, points))
    assert totals_of([*lines, Line(1, 100)], tax_points=1800).subtotal > before.subtotal
    less = totals_of(lines, tax_points=1800, discount=Discount(PERCENT, points + 1))
    assert less.total <= before.total


@given(st.integers(0, 10**9), st.integers(1, 10**5))
def test_half_goes_up(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    assert -denominator < 2 * (numerator - rounded * denominator) <= denominator or (
        2 * (numerator - rounded * denominator) == -denominator
    )


@pytest.mark.parametrize(
    ("cents", "currency", "words"),
    [
        (123_450, "PEN", "SON: MIL DOSCIENTOS TREINTA Y CUATRO Y 50/100 SOLES"),
        (0, "PEN", "SON: CERO Y 00/100 SOLES"),
        (100, "PEN", "SON: UNO Y 00/100 SOLES"),
        (10_000, "USD", "SON: CIEN Y 00/100 DÓLARES AMERICANOS"),
        (10_100, "USD", "SON: CIENTO UNO Y 00/100 DÓLARES AMERICANOS"),
        (2_100_000, "PEN", "SON: VEINTIÚN MIL Y 00/100 SOLES"),
        (3_100_007, "PEN", "SON: TREINTA Y UN MIL Y 07/100 SOLES"),
        (2_102_100, "PEN", "SON: VEINTIÚN MIL VEINTIUNO Y 00/100 SOLES"),
        (100_000_000, "PEN", "SON: UN MILLÓN Y 00/100 SOLES"),
        (200_000_000, "USD", "SON: DOS MILLONES Y 00/100 DÓLARES AMERICANOS"),
        (100_000_100, "PEN", "SON: UN MILLÓN UNO Y 00/100 SOLES"),
        (2_100_000_000, "PEN", "SON: VEINTIÚN MILLONES Y 00/100 SOLES"),
        (10_110_000, "PEN", "SON: CIENTO UN MIL CIEN Y 00/100 SOLES"),
        (71_500_699, "PEN", "SON: SETECIENTOS QUINCE MIL SEIS Y 99/100 SOLES"),
        (
            MAX_TOTAL, "PEN",
            "SON: NOVECIENTOS NOVENTA Y NUEVE MILLONES NOVECIENTOS NOVENTA Y NUEVE MIL"
            " NOVECIENTOS NOVENTA Y NUEVE Y 99/100 SOLES",
        ),
    ],
)  # fmt: skip
def test_total_is_said_in_words(cents: int, currency: str, words: str) -> None:
    assert amount_in_words(cents, currency) == words


_VALUES = {number_in_words(n): n for n in range(30)} | {
    number_in_words(n): n for n in (*range(30, 100, 10), *range(100, 1000, 100))
}
_VALUES |= {"CIENTO": 100, "UN": 1, "VEINTIÚN": 21}


def read_back(words: str) -> int:
    """The number that Spanish words say: millions, thousands, the rest."""
    millions, has_millions, rest = re.sub("MILLÓN|MILLONES", "|", words).partition("|")
    if not has_millions:
        millions, rest = "", words
    return 1_000_000 * _below(millions) + _below(rest)


def _below(words: str) -> int:
    before, has_thousands, after = f" {words.strip()} ".partition(" MIL ")
    if not has_thousands:
        return _plain(words)
    return 1000 * (_plain(before) or 1) + _plain(after)


def _plain(words: str) -> int:
    return sum(_VALUES[word] for word in words.split() if word != "Y")


@given(st.one_of(st.integers(0, 99_999), st.integers(0, LIMIT - 1)))
def test_words_say_the_number(number: int) -> None:
    words = number_in_words(number)
    assert read_back(words) == number
    assert "UNO MIL" not in words
    assert "  " not in words


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_number_without_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        number_in_words(number)
