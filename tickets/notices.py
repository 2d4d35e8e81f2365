"""Mails about tickets. Rights are asked again when the mail leaves, not when it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may_see_ticket, may_work_desk
from accounts.sessions import actor_for
from core import mail, outbox
from core.db import db
from core.text import plain_text
from core.web import external_url
from tickets import places
from tickets.models import Message, Ticket, TicketEvent
from tickets.words import ahead_reasons


@outbox.handles("tickets.filed")
def send_receipt(payloads: Sequence[outbox.Payload]) -> None:
    """«Recibimos su ticket»: its number and how many are ahead, and never a time (R4)."""
    for payload in payloads:
        ticket = _ticket(payload["number"])
        if ticket is None or not _may_be_told(ticket):
            continue
        _send(ticket, "ticket_filed", f"ticket-{ticket.number}", **_place(ticket))


@outbox.handles("tickets.queued")
def send_place(payloads: Sequence[outbox.Payload]) -> None:
    """«Su ticket volvió a su lugar»: how many are ahead and why, while it is still so (R4)."""
    for payload in payloads:
        ticket = _ticket(payload["number"])
        if ticket is None or not places.queued(ticket) or not _may_be_told(ticket):
            continue
        reference = f"ticket-{ticket.number}-queued-{payload['message_id']}"
        facts = {"reopened": payload["reopened"], **_place(ticket)}
        _send(ticket, "ticket_queued", reference, **facts)


@outbox.handles("tickets.replied")
def send_reply(payloads: Sequence[outbox.Payload]) -> None:
    """The technician's answer, to whoever opened the ticket and may still see it."""
    for payload in payloads:
        message = db.session.get(Message, payload["message_id"])
        ticket = _ticket(message.ticket_number) if message else None
        if message is None or ticket is None or message.internal or not _may_be_told(ticket):
            continue
        then = payload["then"]
        url = external_url("tickets.show", number=ticket.number) + _part_of(then)
        facts = {"text": plain_text(message.body), "then": then, "url": url, **_place(ticket)}
        _send(ticket, "ticket_replied", f"ticket-{ticket.number}-{message.id}", **facts)


@outbox.handles("tickets.reclassified")
def send_correction(payloads: Sequence[outbox.Payload]) -> None:
    """What is affected was corrected, why, and the place that follows from it."""
    for payload in payloads:
        ticket, event = _ticket(payload["number"]), _newest(payload["number"], "reclassified")
        if ticket is None or event is None or not _may_be_told(ticket):
            continue
        facts = {"was": event.data["was"], "reason": event.data["reason"], **_place(ticket)}
        _send(ticket, "ticket_reclassified", f"ticket-{ticket.number}-{event.seq}", **facts)


@outbox.handles("tickets.merged")
def send_merged(payloads: Sequence[outbox.Payload]) -> None:
    """Where the matter goes on; nothing where the merge was undone meanwhile."""
    for payload in payloads:
        ticket = _ticket(payload["number"])
        if ticket is None or ticket.merged_into is None or not _may_be_told(ticket):
            continue
        reference = f"ticket-{ticket.number}-{ticket.merged_into}"
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
        letter = mail.render(
            "ticket_handed_over",
            to=colleague.email,
            locale=colleague.locale,
            reference=f"ticket-{ticket.number}-{message.id}",
            ticket=ticket,
            colleague=colleague,
            sender=sender.name,
            text=plain_text(message.body),
            url=external_url("desk.show", number=ticket.number),
        )
        mail.deliver(letter)


def _send(ticket: Ticket, name: str, reference: str, **facts: object) -> None:
    """A mail to whoever opened the ticket, in their language."""
    letter = mail.render(
        name,
        to=ticket.author.email,
        locale=ticket.author.locale,
        reference=reference,
        ticket=ticket,
        **{"url": external_url("tickets.show", number=ticket.number), **facts},
    )
    mail.deliver(letter)


@dataclass(frozen=True)
class Place:
    """How many are ahead of a queued ticket, and who; words are made in the reader's language."""

    ahead: int
    rows: list[places.Ahead]


def _place(ticket: Ticket) -> dict[str, object]:
    """The line that every mail of the queue carries."""
    if not places.queued(ticket):
        return {"place": None}
    place = Place(places.count_ahead(ticket), places.ahead_of(ticket))
    return {"place": place, "reasons_words": ahead_reasons}


def _newest(number: int, kind: str) -> TicketEvent | None:
    return db.session.scalar(
        select(TicketEvent)
        .where(TicketEvent.ticket_number == number, TicketEvent.kind == kind)
        .order_by(TicketEvent.seq.desc())
        .limit(1)
    )


def _part_of(then: str) -> str:
    """Where on its page the ticket is answered: what is resolved asks whether it is well."""
    return "#solucion" if then == "resolver" else ""


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
