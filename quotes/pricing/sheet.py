"""The lines of a quote as they stand in its form: typed, moved about, and read. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quotes.money import MoneyRefused, format_percent, parse_money, parse_percent, plain_amount
from quotes.policy import (
    MAX_LINES,
    MAX_QUANTITY,
    Discount,
    DiscountKind,
    Line,
    PriceRefused,
    Totals,
    totals_of,
)

DESCRIPTION_LENGTH = 300
#: What a discount in money may be at most; that it fits its line is asked afterwards.
_MOST = 99_999_999_999
_QUANTITY = re.compile(r"[0-9]{1,4}")


@dataclass
class Typed:
    """One line as it was typed. `errors` maps a column to a code: `description`, `quantity`,
    `price` (with the code of MoneyRefused), `discount`."""

    description: str = ""
    quantity: str = ""
    price: str = ""
    discount: str = ""
    plan_id: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.description or self.quantity or self.price or self.discount)


@dataclass(frozen=True)
class Read:
    """One line that is right."""

    description: str
    line: Line
    plan_id: int | None = None


@dataclass(frozen=True)
class Reading:
    """What the lines come to. `totals` is None while something is wrong or there is no line;
    `refused` is what is wrong with the whole."""

    lines: Sequence[Read]
    totals: Totals | None
    refused: str = ""

    @property
    def is_right(self) -> bool:
        return not self.refused


def parse_discount(text: str) -> Discount:
    """«10%» or «50.00»; nothing, and zero, is no discount. Raises MoneyRefused."""
    if not text.strip():
        return Discount()
    kind = DiscountKind.PERCENT if "%" in text else DiscountKind.AMOUNT
    value = parse_percent(text) if "%" in text else parse_money(text, most=_MOST)
    return Discount(kind, value) if value else Discount()


def discount_text(discount: Discount) -> str:
    """A discount as a form shows it, and reads it again."""
    if discount.kind is DiscountKind.PERCENT:
        return format_percent(discount.value).replace("\u00a0", "")
    return plain_amount(discount.value) if discount.kind is DiscountKind.AMOUNT else ""


def typed_of(read: Read) -> Typed:
    """A line as the form shows it."""
    return Typed(
        read.description,
        str(read.line.quantity),
        plain_amount(read.line.unit_price),
        discount_text(read.line.discount),
        str(read.plan_id or ""),
    )


def read_lines(rows: Sequence[Typed], *, discount: Discount, tax_points: int) -> Reading:
    """Read what was typed; what is wrong is noted in its row. Blank rows say nothing."""
    written = [row for row in rows if not row.is_blank]
    read = [_read(row) for row in written]
    if any(row.errors for row in written):
        return Reading([], None, "rows")
    lines = [line for line in read if line is not None]
    if not lines:
        return Reading([], None, "discount" if discount.value else "")
    try:
        totals = totals_of([one.line for one in lines], tax_points=tax_points, discount=discount)
    except PriceRefused as refused:
        if refused.line is not None:
            written[refused.line].errors[refused.code] = refused.code
            return Reading(lines, None, "rows")
        return Reading(lines, None, refused.code)
    return Reading(lines, totals)


def _read(row: Typed) -> Read | None:
    row.errors.clear()
    if not row.description:
        row.errors["description"] = "empty"
    elif len(row.description) > DESCRIPTION_LENGTH:
        row.errors["description"] = "too_long"
    quantity = int(row.quantity) if _QUANTITY.fullmatch(row.quantity) else 0
    if not 1 <= quantity <= MAX_QUANTITY:
        row.errors["quantity"] = "quantity"
    price, discount = 0, Discount()
    try:
        price = parse_money(row.price)
    except MoneyRefused as refused:
        row.errors["price"] = refused.code
    try:
        discount = parse_discount(row.discount)
    except MoneyRefused as refused:
        row.errors["discount"] = refused.code
    plan_id = int(row.plan_id) if re.fullmatch("[1-9][0-9]{0,8}", row.plan_id) else None
    return None if row.errors else Read(row.description, Line(quantity, price, discount), plan_id)


def arranged(rows: Sequence[Typed], verb: str, place: int) -> list[Typed]:
    """The rows after a button: `subir`, `bajar` or `quitar` one, or `agregar` an empty one."""
    kept = list(rows)
    if verb == "agregar" and len(kept) < MAX_LINES:
        kept.append(Typed())
    if not 0 <= place < len(kept):
        return kept
    other = {"subir": place - 1, "bajar": place + 1}.get(verb, -1)
    if verb == "quitar":
        del kept[place]
    elif 0 <= other < len(kept):
        kept[place], kept[other] = kept[other], kept[place]
    return kept
