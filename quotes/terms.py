"""What an administrator sets for quotes: the tax, who we are on paper, how long prices hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit, settings
from core.db import db, transaction
from core.models import Setting

_PREFIX = "quotes."
USUAL_CONDITIONS = (
    "Los precios no incluyen IGV; el IGV se suma al final.\n"
    "El servicio empieza con el pago confirmado.\n"
    "Los planes mensuales y anuales se renuevan si usted no avisa lo contrario."
)


@dataclass(frozen=True)
class Terms:
    """`tax_points`: IGV in basis points. `valid_days`: how many days a new quote is good for."""

    tax_points: int = 1800
    legal_name: str = "NetSolution S.A.C."
    ruc: str = ""
    address: str = ""
    payment: str = ""
    valid_days: int = 15
    conditions: str = USUAL_CONDITIONS


def load() -> Terms:
    """The present terms."""
    names = [_PREFIX + field.name for field in fields(Terms)]
    rows = db.session.execute(
        select(Setting.name, Setting.value).where(Setting.name.in_(names))
    ).all()
    return Terms(**{name.removeprefix(_PREFIX): value for name, value in rows})


def change(wanted: Terms, *, actor_id: int, now: datetime) -> None:
    """Store what differs, with an audit entry. What was sent keeps its own."""
    with transaction() as session:
        before = asdict(load())
        changed = {k: v for k, v in asdict(wanted).items() if before[k] != v}
        for name, value in changed.items():
            session.merge(Setting(name=_PREFIX + name, value=value, changed_at=now))
        if changed:
            was = {name: before[name] for name in changed}
            audit.record(
                "quotes.terms_changed", "quotes", actor_id=actor_id, now=now,
                before=was, after=changed,
            )  # fmt: skip


def issuer() -> dict[str, Any]:
    """Who we are, to be kept with what is sent."""
    site, terms = settings.load(), load()
    return {
        "name": site.name,
        "accent": site.accent,
        "phone": site.phone,
        "email": site.contact_email,
        "legal_name": terms.legal_name,
        "ruc": terms.ruc,
        "address": terms.address,
        "payment": terms.payment,
    }
