"""How notices about quotes read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.bell.registry import Thing, describes, finds
from accounts.permissions import Actor, may_sell
from core.db import db
from core.web import clean_number
from quotes.models import QuoteRequest


@finds("quote")
def find_quotes(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Requests for a quote, for who sells."""
    if not may_sell(actor):
        return {}
    ids = [number for key in keys if (number := clean_number(key)) is not None]
    found = db.session.scalars(select(QuoteRequest).where(QuoteRequest.id.in_(ids)))
    return {
        str(one.id): Thing(
            _("Cotización %(n)s", n=one.id),
            one.company or one.contact,
            url_for("sales.detail", request_id=one.id),
        )
        for one in found
    }


@describes("quote_received")
def _received(_facts: Mapping[str, Any]) -> str:
    return _("Llegó una solicitud de cotización.")
