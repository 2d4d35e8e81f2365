"""What stands on the paper of a quote: plain values, frozen with its version.

The paper is a document of the company in Spanish, whatever language its reader's pages are in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.colours import light_shade
from core.identifiers import display_phone
from quotes import terms
from quotes.money import format_money, format_percent
from quotes.policy import DiscountKind, discount_label
from quotes.pricing.models import QuoteVersion
from quotes.spelled import amount_in_words

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


@dataclass(frozen=True)
class PaperLine:
    """One line, in words and figures."""

    description: str
    quantity: str
    unit_price: str
    discount: str
    net: str


@dataclass(frozen=True)
class Paper:
    """A whole document. `made_at` is when it was sent; the same values make the same bytes.

    `accent` is read on white, and white on it.
    """

    number: str
    version: int
    status: str
    made_at: datetime
    accent: str
    issuer: tuple[str, ...]
    company: str
    customer: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    lines: tuple[PaperLine, ...]
    totals: tuple[tuple[str, str], ...]
    words: str
    texts: tuple[tuple[str, str], ...]


def paper_of(version: QuoteVersion) -> Paper:
    """The paper of a version; one that was never sent says «BORRADOR»."""
    issuer = version.issuer or terms.issuer()
    made_at = version.sent_at or version.changed_at
    sent = version.sent_at is not None
    return Paper(
        number=version.quote.number,
        version=version.version,
        status="" if sent else "BORRADOR",
        made_at=made_at,
        accent=light_shade(issuer.get("accent") or "#0a5e70").accent,
        company=issuer["name"],
        issuer=_issuer(issuer),
        customer=_customer(version),
        facts=_facts(version, made_at),
        lines=tuple(
            PaperLine(
                line.description,
                str(line.quantity),
                format_money(line.unit_price, version.currency),
                discount_label(line.own_discount, version.currency),
                format_money(line.net, version.currency),
            )
            for line in version.lines
        ),
        totals=_totals(version),
        words=amount_in_words(version.total, version.currency),
        texts=tuple(
            (title, text)
            for title, text in (
                ("Nota", version.notes),
                ("Condiciones", version.conditions),
                ("Forma de pago", issuer["payment"]),
            )
            if text
        ),
    )


def _issuer(issuer: dict[str, str]) -> tuple[str, ...]:
    ruc = f"RUC {issuer['ruc']}" if issuer["ruc"] else ""
    reach = " · ".join(filter(None, (display_phone(issuer["phone"]), issuer["email"])))
    return tuple(filter(None, (issuer["legal_name"], ruc, issuer["address"], reach)))


def _customer(version: QuoteVersion) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Cliente", version.customer or version.contact),
        ("RUC", version.ruc or ""),
        ("Atención", version.contact if version.customer else ""),
        ("Correo", version.email),
        ("Teléfono", display_phone(version.phone)),
    )
    return tuple((name, value) for name, value in rows if value)


def _facts(version: QuoteVersion, made_at: datetime) -> tuple[tuple[str, str], ...]:
    money = {"PEN": "Soles", "USD": "Dólares americanos"}[version.currency]
    return (
        ("Fecha", day_in_words(clock.in_lima(made_at).date())),
        ("Válida hasta", day_in_words(version.valid_until)),
        ("Moneda", money),
    )


def _totals(version: QuoteVersion) -> tuple[tuple[str, str], ...]:
    def money(cents: int) -> str:
        return format_money(cents, version.currency)

    rows = [("Subtotal", money(version.subtotal))]
    if version.discount:
        shown = discount_label(version.whole_discount, version.currency)
        is_percent = version.discount_kind == DiscountKind.PERCENT
        label = f"Descuento ({shown})" if is_percent else "Descuento"
        rows += [(label, f"−{money(version.discount)}"), ("Valor de venta", money(version.base))]
    rows += [
        (f"IGV ({format_percent(version.tax_points)})", money(version.tax)),
        ("TOTAL", money(version.total)),
    ]
    return tuple(rows)


def day_in_words(day: date) -> str:
    """«17 de marzo de 2026»."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"
