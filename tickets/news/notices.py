"""The mails of events. Rights and wishes are asked again when a mail leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.mail_choices import MailKind
from accounts.models import Person
from accounts.permissions import may_see_ticket, may_work_desk
from accounts.sessions import actor_for
from core import outbox
from core.db import db, transaction
from core.text import plain_text
from core.web import external_url
from tickets import letters
from tickets.lifecycle import OPEN_STATES
from tickets.models import Message, Ticket
from tickets.news.actions import NEWS_JOB, OUTAGE_JOB, tell
from tickets.news.policy import ESSENTIAL, OUTAGES, What
from tickets.news.words import explanation, headline
from tickets.outages.models import Outage, OutageTicket, OutageUpdate
from tickets.participants.queries import takes_part

_ACCESS = {What.ACCESS_GIVEN, What.ACCESS_WITHDRAWN}


@outbox.handles(NEWS_JOB)
def send_news(payloads: Sequence[outbox.Payload]) -> None:
    """What happened, to one person who may still know it."""
    for payload in payloads:
        person = db.session.get(Person, payload["person_id"], options=[joinedload(Person.company)])
        ticket = _ticket(payload["number"])
        what, about = What(payload["what"]), payload["about"]
        if person is None or ticket is None or not _may_be_told(person, ticket):
            continue
        text = _text(about, person.locale)
        if text is None:
            continue
        by = db.session.get(Person, payload["by"])
        letters.send(
            ticket,
            person,
            "ticket_news",
            reference=f"ticket-{ticket.number}-{what}-{payload['at']}-{person.id}",
            kind=_kind(what, person),
            url=_page(about),
            what=what,
            who=by.name if by else "",
            other=about.get("other"),
            text=text,
            headline=headline,
            explanation=explanation,
        )


@outbox.handles(OUTAGE_JOB)
def send_outage_news(payloads: Sequence[outbox.Payload]) -> None:
    """A job for the author of each ticket that the outage holds."""
    for payload in payloads:
        about: dict[str, Any] = {"outage": payload["outage"]}
        # The moment of the event: a job that runs again makes the same mails.
        at = datetime.fromtimestamp(payload["at"] / 1000, UTC)
        update = _last_update(payload["outage"])
        if update is not None:
            about["update"] = update
        with transaction():
            for ticket in _open_tickets(payload["outage"]):
                what, by = What(payload["what"]), payload["by"]
                tell(ticket, what, by=by, now=at, **about)


def _last_update(outage: int) -> int | None:
    return db.session.scalar(
        select(OutageUpdate.id)
        .where(OutageUpdate.outage_number == outage)
        .order_by(OutageUpdate.id.desc())
        .limit(1)
    )


def _open_tickets(outage: int) -> Sequence[Ticket]:
    return db.session.scalars(
        select(Ticket)
        .join(OutageTicket, OutageTicket.ticket_number == Ticket.number)
        .where(OutageTicket.outage_number == outage)
        .where(Ticket.state.in_([state.value for state in OPEN_STATES]))
        .order_by(Ticket.number)
    ).all()


def _kind(what: What, person: Person) -> MailKind | None:
    if what in ESSENTIAL:
        return None
    if person.roles:
        return MailKind.ACCESS if what in _ACCESS else MailKind.CUSTOMER_WROTE
    return MailKind.OUTAGES if what in OUTAGES else MailKind.COLLEAGUES


def _text(about: outbox.Payload, locale: str) -> str | None:
    """What was written, as it reads now; None where it may not be read any more."""
    if "message_id" in about:
        message = db.session.get(Message, about["message_id"])
        if message is None or message.internal:
            return None
        return plain_text(message.body, to_read=True)
    if "update" in about:
        update = db.session.get(OutageUpdate, about["update"])
        if update is None:
            return ""
        named = _text({"outage": update.outage_number}, locale)
        return f"{named}\n\n{_in(locale, update.body, update.body_en)}"
    if "outage" in about:
        outage = db.session.get(Outage, about["outage"])
        return _in(locale, outage.title, outage.title_en) if outage else ""
    return ""


def _in(locale: str, spanish: str, english: str) -> str:
    return english if locale == "en" and english else spanish


def _page(about: outbox.Payload) -> str:
    """Another page than the ticket's, where the news is told."""
    if "outage" in about:
        return external_url("outages.show", outage_number=about["outage"])
    return ""


def _ticket(number: int) -> Ticket | None:
    return db.session.scalar(
        select(Ticket).where(Ticket.number == number).options(joinedload(Ticket.author))
    )


def _may_be_told(person: Person, ticket: Ticket) -> bool:
    if person.confirmed_at is None or person.disabled_at is not None:
        return False
    actor = actor_for(person, "")
    if person.roles:
        return ticket.holder_id == person.id and may_work_desk(actor)
    return may_see_ticket(
        actor,
        company_id=ticket.company_id,
        author_id=ticket.author_id,
        participates=takes_part(actor, ticket.number),
    ) and (ticket.author_id == person.id or takes_part(actor, ticket.number))
