"""Mails about requests to be called."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts import letters
from accounts.sessions import actor_for
from contact.calls import queries
from contact.calls.models import CallRequest, CallTicket
from core import outbox
from core.db import db
from core.identifiers import display_phone
from core.settings import load
from core.web import external_url

WHY = _l("Recibe este correo porque pidió una llamada.")


@outbox.handles("contact.call_received")
def confirm(payloads: Sequence[outbox.Payload]) -> None:
    """Tell a customer that the request arrived, at their own confirmed address alone: a
    visitor's form takes no address, so that it writes to nobody.
    """
    for payload in payloads:
        call = _call(payload["call"])
        person = call.person if call else None
        if call is None or person is None or not call.waits:
            continue
        if person.confirmed_at is None or person.disabled_at is not None:
            continue
        seen = queries.seen_tickets(actor_for(person, ""), call)
        letters.send(
            person,
            "call_received",
            reference=f"call-{call.id}",
            why=WHY,
            call=call,
            number=call.id,
            called=display_phone(call.phone),
            tickets=[ticket.number for ticket in seen],
            phone=display_phone(load().phone),
            url=external_url("contact.receipt", token=call.token),
        )


def _call(call_id: int) -> CallRequest | None:
    return db.session.scalar(
        select(CallRequest)
        .where(CallRequest.id == call_id)
        .options(
            joinedload(CallRequest.person),
            selectinload(CallRequest.joined).joinedload(CallTicket.ticket),
        )
    )
