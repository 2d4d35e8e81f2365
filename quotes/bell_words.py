"""How notices about quotes read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.bell.registry import Thing, describes, finds
from accounts.permissions import Actor, may_see_quote, may_sell
from core.db import db
from core.web import clean_number
from quotes.models import QuoteRequest
from quotes.pricing.models import Quote, QuoteVersion


@finds("quote")
def find_quotes(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Requests for a quote, for who sells."""
    if not may_sell(actor):
        return {}
    ids = [number for key in keys if (number := clean_number(key)) is not None]
    found = db.session.scalars(select(QuoteRequest).where(QuoteRequest.id.in_(ids)))
    return {
        str(one.id): Thing(
            _("Solicitud %(number)s", number=one.id),
            one.company or one.contact,
            url_for("sales.detail", request_id=one.id),
        )
        for one in found
    }


@finds("offer")
def find_offers(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Quotes, on the page of who sells or on the customer's own."""
    ids = [number for key in keys if (number := clean_number(key)) is not None]
    found = db.session.execute(
        select(Quote, QuoteVersion.customer, QuoteVersion.contact)
        .join(QuoteVersion, QuoteVersion.quote_id == Quote.id)
        .where(Quote.id.in_(ids), QuoteVersion.is_latest)
    )
    sells = may_sell(actor)
    page = "pricing.detail" if sells else "own_quotes.show"
    return {
        str(one.id): Thing(
            _("Cotización %(number)s", number=one.number),
            (customer or contact) if sells else "",
            url_for(page, quote_id=one.id),
        )
        for one, customer, contact in found
        if sells or _is_theirs(actor, one)
    }


def _is_theirs(actor: Actor, quote: Quote) -> bool:
    may = may_see_quote(actor, company_id=quote.company_id, person_id=quote.person_id)
    return may and quote.current > 0


@describes("quote_sent")
def _sent(_facts: Mapping[str, Any]) -> str:
    return _("Ventas le envió una cotización.")


@describes("quote_answered")
def _answered(_facts: Mapping[str, Any]) -> str:
    return _("Ventas respondió su pregunta.")


@describes("quote_asked")
def _asked(_facts: Mapping[str, Any]) -> str:
    return _("El cliente preguntó.")


@describes("quote_renewal")
def _renewal(_facts: Mapping[str, Any]) -> str:
    return _("El cliente pidió una versión nueva.")


@describes("quote_accepted")
def _accepted(_facts: Mapping[str, Any]) -> str:
    return _("El cliente la aceptó.")


@describes("quote_declined")
def _declined(_facts: Mapping[str, Any]) -> str:
    return _("El cliente la rechazó.")


@describes("quote_received")
def _received(_facts: Mapping[str, Any]) -> str:
    return _("Llegó una solicitud de cotización.")
