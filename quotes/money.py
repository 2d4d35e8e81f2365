"""Amounts as people in Peru write and read them. Money is whole cents. Pure."""

from __future__ import annotations

import re
from enum import StrEnum


class Currency(StrEnum):
    """What a quote is priced in."""

    PEN = "PEN"
    USD = "USD"


SYMBOLS = {Currency.PEN: "S/", Currency.USD: "US$"}
#: 9,999,999.99: dearer things are sold by contract, and no total leaves 64 bits.
MAX_PRICE = 999_999_999
_LONGEST = 40
_SYMBOL = re.compile(r"^(S/\.?|PEN|US\$|USD|\$)", re.IGNORECASE)
_AMOUNT = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2}))?")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


class MoneyRefused(ValueError):
    """What was typed is no amount; `code` says why.

    `empty`, `shape` (a comma where Peru writes a point, letters, signs), `too_much`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_money(text: str, *, most: int = MAX_PRICE) -> int:
    """Cents of «1,234.50», «1234.5», «S/ 1,234.50». Raises MoneyRefused.

    «1.234,50» and «1,5» are refused rather than guessed: read the Peruvian way they would be a
    thousandth or ten times of what was meant.
    """
    typed = _SYMBOL.sub("", _without_spaces(text))
    if not typed:
        raise MoneyRefused("empty")
    found = _AMOUNT.fullmatch(typed)
    if found is None:
        raise MoneyRefused("shape")
    cents = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    if cents > most:
        raise MoneyRefused("too_much")
    return cents


def parse_percent(text: str) -> int:
    """Basis points of «10», «10 %», «12.5%», at most 100 %. Raises MoneyRefused."""
    typed = _without_spaces(text).removesuffix("%")
    if not typed:
        raise MoneyRefused("empty")
    found = _PERCENT.fullmatch(typed)
    if found is None:
        raise MoneyRefused("shape")
    points = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if points > 10_000:
        raise MoneyRefused("too_much")
    return points


def _without_spaces(text: str) -> str:
    if len(text) > _LONGEST:
        raise MoneyRefused("shape")
    return "".join(text.split())


def plain_amount(cents: int) -> str:
    """«1,234.50»: what a form shows, and reads again."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def format_money(cents: int, currency: str) -> str:
    """«S/ 1,234.50» with a space that does not break."""
    return f"{SYMBOLS[Currency(currency)]}\u00a0{plain_amount(cents)}"


def format_percent(points: int) -> str:
    """«18 %», «12.5 %», of basis points."""
    whole, part = divmod(points, 100)
    decimals = f".{part:02d}".rstrip("0") if part else ""
    return f"{whole}{decimals}\u00a0%"
