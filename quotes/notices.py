"""Mails about requests for a quote."""

from __future__ import annotations

from collections.abc import Sequence

from core import mail, outbox
from core.db import db
from core.identifiers import normalise_phone
from core.settings import load
from core.web import external_url
from quotes import queries
from quotes.models import QuoteRequest


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
        is_own = queries.is_own_address(request)
        message = mail.render(
            "quote_received",
            to=request.email,
            locale=queries.locale_of(request.person_id),
            reference=f"quote-{request.id}",
            number=request.id,
            phone=normalise_phone(load().phone).display,
            details=queries.by_token(request.token) if is_own else None,
            url=external_url("quotes.receipt", token=request.token) if is_own else "",
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
            message = mail.render(
                "quote_requested",
                to=person.email,
                locale=person.locale,
                reference=f"quote-requested-{request.id}-{person.id}",
                asked=request,
                url=external_url("sales.detail", request_id=request.id),
            )
            mail.deliver(message)
