"""Short words for the tests of quotes: a draft, one that was sent, its private address."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from accounts.permissions import Actor
from core import clock
from core.db import db
from core.tokens import new_token
from quotes.policy import Discount, DiscountKind, Line
from quotes.pricing import actions, drafting, links
from quotes.pricing.models import Quote, QuoteVersion
from quotes.pricing.sheet import Read

FAR = date(2099, 12, 31)


def line(
    description: str = "VPS 4 GB", quantity: int = 2, price: int = 12_050, off: int = 0
) -> Read:
    """A line; `off` is a discount in basis points."""
    discount = Discount(DiscountKind.PERCENT, off) if off else Discount()
    return Read(description, Line(quantity, price, discount))


def text(**changes: Any) -> drafting.QuoteText:
    """A draft as its form says it."""
    values: dict[str, Any] = {
        "currency": "PEN", "contact": "Rosa Díaz", "email": "rosa@bodega.pe", "valid_until": FAR,
        "customer": "Bodega Díaz", "conditions": "Pago adelantado.", "lines": [line()],
    }  # fmt: skip
    return drafting.QuoteText(**(values | changes))


def drafted(seller: Actor, *, now: datetime | None = None, **changes: Any) -> int:
    """A quote with a draft; its id."""
    moment = now or clock.now()
    return drafting.begin(actor=seller, text=text(**changes), form_id=new_token(), now=moment)


def sent(seller: Actor, *, now: datetime | None = None, **changes: Any) -> int:
    """A quote that was sent; its id."""
    quote_id = drafted(seller, now=now, **changes)
    send(seller, quote_id, now=now)
    return quote_id


def send(seller: Actor, quote_id: int, *, now: datetime | None = None) -> None:
    version = newest(quote_id)
    actions.send(
        actor=seller, quote_id=quote_id, revision=version.revision, email=version.email,
        now=now or clock.now(),
    )  # fmt: skip


def newest(quote_id: int) -> QuoteVersion:
    """The version that lists show, as it is stored now."""
    db.session.rollback()
    return db.session.scalars(
        select(QuoteVersion).where(QuoteVersion.quote_id == quote_id, QuoteVersion.is_latest)
    ).one()


def version(quote_id: int, number: int) -> QuoteVersion:
    db.session.rollback()
    return db.session.scalars(
        select(QuoteVersion).where(
            QuoteVersion.quote_id == quote_id, QuoteVersion.version == number
        )
    ).one()


def quote(quote_id: int) -> Quote:
    db.session.rollback()
    return db.session.get_one(Quote, quote_id)


def token(quote_id: int) -> str:
    """The secret of the private address."""
    db.session.rollback()
    found = links.token_of(quote_id, now=clock.now())
    assert found is not None
    return found


def address(quote_id: int, ending: str = "") -> str:
    return f"/cotizacion/ver/{token(quote_id)}{ending}"


def accept_form(number: int = 1, **more: str) -> dict[str, str]:
    return {"version": str(number), "nombre": "Rosa Díaz", "conforme": "y", **more}


def head(**more: Any) -> dict[str, Any]:
    """The form of a draft, without its lines."""
    return {
        "formulario": new_token(), "moneda": "PEN", "contacto": "Rosa Díaz",
        "correo": "rosa@bodega.pe", "empresa": "Bodega Díaz", "vence": FAR.isoformat(),
        "condiciones": "Pago adelantado.", "accion": "guardar", **more,
    }  # fmt: skip


def rows(*lines: tuple[str, str, str, str]) -> dict[str, list[str]]:
    """Lines as the form sends them."""
    columns = zip(*lines, strict=True)
    names = ("descripcion", "cantidad", "precio", "descuento")
    return {name: list(column) for name, column in zip(names, columns, strict=True)} | {
        "plan": [""] * len(lines)
    }
