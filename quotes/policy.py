"""What a quote costs: the one place where money is computed and rounded. Pure.

Prices are without tax. The rule of rounding (decision 0032): everything is whole cents; what
is not whole is rounded half up, three times and nowhere else: the discount of a line, the
discount of all, and the tax, once, on what remains. So the lines as printed always add up to
the subtotal, subtotal less discount to the base, base and tax to the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quotes.money import MAX_PRICE, format_money, format_percent

MAX_QUANTITY = 9_999
MAX_LINES = 200
#: 999,999,999.99: what fits on the page, and more than any quote.
MAX_TOTAL = 99_999_999_999
#: 100 % in basis points.
WHOLE = 10_000


class DiscountKind(StrEnum):
    """How a discount is said."""

    NONE = ""
    PERCENT = "percent"
    AMOUNT = "amount"


class PriceRefused(ValueError):
    """A quote that cannot be; `code` says why and `line` where, from 0, None for the whole.

    `quantity`, `price`, `discount` (more than there is to pay), `tax`, `lines` (none, or more
    than MAX_LINES), `total` (more than MAX_TOTAL).
    """

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class Discount:
    """`value` is basis points for a percentage and cents for an amount."""

    kind: DiscountKind = DiscountKind.NONE
    value: int = 0

    def of(self, cents: int) -> int:
        """The cents it takes off. Raises PriceRefused for more than there is."""
        percent = self.kind is DiscountKind.PERCENT
        if self.value < 0 or (percent and self.value > WHOLE):
            raise PriceRefused("discount")
        if percent:
            taken = half_up(cents * self.value, WHOLE)
        else:
            taken = self.value if self.kind is DiscountKind.AMOUNT else 0
        if taken > cents:
            raise PriceRefused("discount")
        return taken


NO_DISCOUNT = Discount()


def discount_label(discount: Discount, currency: str) -> str:
    """«10 %» or «S/ 50.00»; empty without a discount."""
    if discount.kind is DiscountKind.PERCENT:
        return format_percent(discount.value)
    return format_money(discount.value, currency) if discount.kind is DiscountKind.AMOUNT else ""


@dataclass(frozen=True)
class Line:
    """`unit_price` in cents, without tax."""

    quantity: int
    unit_price: int
    discount: Discount = NO_DISCOUNT


@dataclass(frozen=True)
class Totals:
    """Cents. `nets` are the lines after their own discounts."""

    nets: tuple[int, ...]
    subtotal: int
    discount: int
    base: int
    tax: int
    total: int


def half_up(numerator: int, denominator: int) -> int:
    """A fraction that is not negative, rounded to the nearest whole; a half goes up."""
    return (2 * numerator + denominator) // (2 * denominator)


def net_of(line: Line) -> int:
    """What a line costs after its discount. Raises PriceRefused."""
    if not 1 <= line.quantity <= MAX_QUANTITY:
        raise PriceRefused("quantity")
    if not 0 <= line.unit_price <= MAX_PRICE:
        raise PriceRefused("price")
    gross = line.quantity * line.unit_price
    return gross - line.discount.of(gross)


def totals_of(
    lines: Sequence[Line], *, tax_points: int, discount: Discount = NO_DISCOUNT
) -> Totals:
    """What all of it costs; `tax_points` is the IGV in basis points. Raises PriceRefused."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise PriceRefused("lines")
    if not 0 <= tax_points <= WHOLE:
        raise PriceRefused("tax")
    nets = tuple(_nets(lines))
    subtotal = sum(nets)
    taken = discount.of(subtotal)
    base = subtotal - taken
    tax = half_up(base * tax_points, WHOLE)
    if base + tax > MAX_TOTAL:
        raise PriceRefused("total")
    return Totals(nets, subtotal, taken, base, tax, base + tax)


def _nets(lines: Iterable[Line]) -> Iterable[int]:
    for place, line in enumerate(lines):
        try:
            yield net_of(line)
        except PriceRefused as refused:
            raise PriceRefused(refused.code, place) from None
