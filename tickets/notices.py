"""Mails about tickets. Rights are asked again when the mail leaves, not when it was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may_see_ticket, may_work_desk
from accounts.sessions import actor_for
from core import clock, outbox
from core.db import db
from core.text import plain_text
from core.web import external_url
from tickets import letters, places
from tickets.lifecycle import State
from tickets.models import Message, Ticket, TicketEvent
from tickets.participants.notices import plan_copies
from tickets.place_line import place_facts


@outbox.handles("tickets.filed")
def send_receipt(payloads: Sequence[outbox.Payload]) -> None:
    """«Recibimos su ticket»: its number and how many are ahead, and never a time (R4)."""
    for payload in payloads:
        ticket = _ticket(payload["number"])
        if ticket is None or not _may_be_told(ticket):
            continue
        first = _split_from(ticket.number)
        facts = {"split_from": first, **place_facts(ticket)}
        _send(ticket, "ticket_filed", f"ticket-{ticket.number}", own=first is None, **facts)


@outbox.handles("tickets.queued")
def send_place(payloads: Sequence[outbox.Payload]) -> None:
    """«Su ticket volvió a su lugar»: how many are ahead and why, while it is still so (R4)."""
    for payload in payloads:
        ticket = _ticket(payload["number"])
        if ticket is None or not places.queued(ticket) or not _may_be_told(ticket):
            continue
        reference = f"ticket-{ticket.number}-queued-{payload['message_id']}"
        facts = {"reopened": payload["reopened"], **place_facts(ticket)}
        message = db.session.get(Message, payload["message_id"])
        own = message is not None and message.author_id == ticket.author_id
        if message is not None and not own and not message.internal:
            facts["writer"] = db.session.get_one(Person, message.author_id).name
            facts["text"] = plain_text(message.body, to_read=True)
        _send(ticket, "ticket_queued", reference, own=own, **facts)


@outbox.handles("tickets.replied")
def send_reply(payloads: Sequence[outbox.Payload]) -> None:
    """The technician's answer, to whoever opened the ticket and may still see it; then copies."""
    for payload in payloads:
        message = db.session.get(Message, payload["message_id"])
        ticket = _ticket(message.ticket_number) if message else None
        if message is None or ticket is None or message.internal:
            continue
        then = _what_follows(payload["then"], ticket)
        copies = {**payload, "then": then, "url": _url(ticket, then)}
        try:
            if _may_be_told(ticket):
                _send_reply(ticket, message, then=then)
        except outbox.Undeliverable:
            plan_copies(ticket, copies, now=clock.now())
            raise
        # Last, so that trying the author's mail again does not send the others a second one.
        plan_copies(ticket, copies, now=clock.now())


def _send_reply(ticket: Ticket, message: Message, *, then: str) -> None:
    facts: dict[str, Any] = {
        "text": plain_text(message.body, to_read=True),
        "then": then,
        "url": _url(ticket, then),
        **place_facts(ticket),
    }
    reference = f"ticket-{ticket.number}-reply-{message.id}"
    _send(ticket, "ticket_replied", reference, **facts)


@outbox.handles("tickets.reclassified")
def send_correction(payloads: Sequence[outbox.Payload]) -> None:
    """What is affected was corrected, why, and the place that follows from it."""
    for payload in payloads:
        ticket, event = _ticket(payload["number"]), _newest(payload["number"], "reclassified")
        if ticket is None or event is None or not _may_be_told(ticket):
            continue
        facts = {"was": event.data["was"], "reason": event.data["reason"], **place_facts(ticket)}
        _send(
            ticket, "ticket_reclassified", f"ticket-{ticket.number}-corrected-{event.seq}", **facts
        )


@outbox.handles("tickets.merged")
def send_merged(payloads: Sequence[outbox.Payload]) -> None:
    """Where the matter goes on; nothing where the merge was undone meanwhile."""
    for payload in payloads:
        ticket, event = _ticket(payload["number"]), _newest(payload["number"], "merged")
        if ticket is None or event is None or ticket.merged_into is None:
            continue
        if not _may_be_told(ticket):
            continue
        reference = f"ticket-{ticket.number}-merged-{event.seq}"
        _send(ticket, "ticket_merged", reference, into=ticket.merged_into)


@outbox.handles("tickets.handed_over")
def send_hand_over(payloads: Sequence[outbox.Payload]) -> None:
    """To the colleague who goes on with a ticket, with the note: staff write to staff."""
    for payload in payloads:
        message = db.session.get(Message, payload["message_id"])
        colleague = db.session.get(Person, payload["to"])
        ticket = _ticket(message.ticket_number) if message else None
        if message is None or ticket is None or colleague is None:
            continue
        if ticket.holder_id != colleague.id or not may_work_desk(actor_for(colleague, "")):
            continue
        sender = db.session.get_one(Person, message.author_id)
        letters.send(
            ticket,
            colleague,
            "ticket_handed_over",
            reference=f"ticket-{ticket.number}-handed-{message.id}",
            sender=sender.name,
            text=plain_text(message.body, to_read=True),
            url=external_url("desk.show", number=ticket.number),
        )


def _send(ticket: Ticket, name: str, reference: str, **facts: Any) -> None:
    """A mail to whoever opened the ticket."""
    letters.send(ticket, ticket.author, name, reference=reference, **facts)


def _split_from(number: int) -> int | None:
    """The ticket of whose message the desk made this one; None where its author filed it."""
    first = db.session.scalar(
        select(TicketEvent)
        .where(TicketEvent.ticket_number == number)
        .order_by(TicketEvent.seq)
        .limit(1)
    )
    return first.data.get("split_from") if first is not None else None


def _newest(number: int, kind: str) -> TicketEvent | None:
    return db.session.scalar(
        select(TicketEvent)
        .where(TicketEvent.ticket_number == number, TicketEvent.kind == kind)
        .order_by(TicketEvent.seq.desc())
        .limit(1)
    )


def _url(ticket: Ticket, then: str) -> str:
    """Where on its page the ticket is answered: what is resolved asks whether it is well."""
    part = "#solucion" if then == "resolver" else ""
    return external_url("tickets.show", number=ticket.number) + part


def _what_follows(then: str, ticket: Ticket) -> str:
    """What the reply did, while it still holds: the customer may have written meanwhile."""
    ended = {"resolver": {State.RESOLVED, State.CLOSED}, "esperar": {State.WAITING}}
    return then if ticket.state in ended.get(then, {ticket.state}) else "responder"


def _ticket(number: int) -> Ticket | None:
    return db.session.scalar(
        select(Ticket)
        .where(Ticket.number == number)
        .options(joinedload(Ticket.author).joinedload(Person.company), joinedload(Ticket.company))
    )


def _may_be_told(ticket: Ticket) -> bool:
    author = ticket.author
    if author.confirmed_at is None or author.disabled_at is not None:
        return False
    actor = actor_for(author, "")
    return may_see_ticket(actor, company_id=ticket.company_id, author_id=ticket.author_id)
