"""Mails about requests for a quote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts import letters
from core import mail, outbox
from core.db import db
from core.identifiers import normalise_phone
from core.settings import load
from core.web import external_url
from quotes import queries
from quotes.models import QuoteRequest
from quotes.words import WHY_QUOTE, WHY_SALES


@outbox.handles("quotes.received")
def confirm(payloads: Sequence[outbox.Payload]) -> None:
    """Tell whoever asked that the request arrived.

    To an address that nobody confirmed the mail repeats nothing of what was typed: the form
    would be a way to send any text to any address.
    """
    for payload in payloads:
        request = db.session.get(QuoteRequest, payload["request"])
        if request is None:
            continue
        person = queries.reader_of(request.person_id, request.email)
        facts: dict[str, Any] = {
            "reference": f"quote-{request.id}",
            "number": request.id,
            "phone": normalise_phone(load().phone).display,
        }
        if person is not None:
            details = queries.by_token(request.token)
            url = external_url("quotes.receipt", token=request.token)
            letters.send(person, "quote_received", why=WHY_QUOTE, details=details, url=url, **facts)
            continue
        message = mail.render(
            "quote_received",
            to=request.email,
            locale=queries.locale_of(request.person_id),
            foot=(mail.FootLine(WHY_QUOTE),),
            reader="",
            details=None,
            url="",
            **facts,
        )
        mail.deliver(message)


@outbox.handles("quotes.requested")
def tell_sales(payloads: Sequence[outbox.Payload]) -> None:
    """Tell who sells, while nobody attends to it."""
    for payload in payloads:
        request = queries.request_with_items(payload["request"])
        if request is None or request.attended_at is not None:
            continue
        for person in queries.salespeople():
            letters.send(
                person,
                "quote_requested",
                why=WHY_SALES,
                reference=f"quote-requested-{request.id}-{person.id}",
                asked=request,
                url=external_url("sales.detail", request_id=request.id),
            )
