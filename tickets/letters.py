"""Mails about a ticket: all of them pass here, so that one place knows how they are addressed."""

from __future__ import annotations

from typing import Any

from accounts import letters, mail_words
from accounts.mail_choices import MailKind
from accounts.models import Person
from core import mail
from core.web import external_url
from tickets import rings
from tickets.inbound import mailbox
from tickets.models import Ticket


def send(
    ticket: Ticket,
    person: Person,
    name: str,
    *,
    reference: str,
    kind: MailKind | None = None,
    url: str = "",
    own: bool = False,
    **facts: Any,
) -> None:
    """The mail `name` to one person, in their language, in the thread of the ticket.

    Whoever calls has asked whether the person may be told; whether they want this `kind` of mail
    is asked here. Their bell rings either way, unless it answers what they did themselves (`own`).
    `url` is the page of the ticket for this person unless it is given.
    """
    letter = letters.compose(
        person,
        name,
        reference=reference,
        kind=kind,
        why=mail_words.WHY_DESK if person.roles else mail_words.WHY_TICKET,
        thread=root(ticket.number),
        reply_to=mailbox.reply_address_of(ticket.number, person),
        answer_line=mailbox.answer_line(person),
        ticket=ticket,
        url=url or page_of(ticket, person),
        **facts,
    )
    if not own:
        # Before it leaves: a mail server that is slow or away keeps nobody's bell from ringing.
        rings.with_mail(ticket, person, name, reference=reference, facts=facts)
    if letter is not None:
        mail.deliver(letter)


def page_of(ticket: Ticket, person: Person) -> str:
    """Where this person reads the ticket."""
    return external_url("desk.show" if person.roles else "tickets.show", number=ticket.number)


def root(number: int) -> str:
    """The reference that every mail of this ticket names as what it follows."""
    return f"ticket-{number}"
