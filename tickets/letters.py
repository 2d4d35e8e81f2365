"""Mails about a ticket: all of them pass here, so that one place knows how they are addressed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from accounts.models import Person
from core import mail
from core.mail import FootLine
from core.web import external_url
from tickets.models import Ticket

ABOUT_A_TICKET = lazy_gettext("Recibe este correo porque tiene que ver con un ticket suyo.")


def send(
    ticket: Ticket,
    person: Person,
    name: str,
    *,
    reference: str,
    url: str = "",
    **facts: Any,
) -> None:
    """The mail `name` to one person, in their language, in the thread of the ticket.

    Whoever calls has asked whether the person may be told. `url` is the ticket's page unless
    it is given.
    """
    letter = mail.render(
        name,
        to=person.email,
        locale=person.locale,
        reference=reference,
        thread=root(ticket.number),
        foot=[FootLine(ABOUT_A_TICKET)],
        ticket=ticket,
        reader=person.name,
        url=url or external_url("tickets.show", number=ticket.number),
        **facts,
    )
    mail.deliver(letter)


def root(number: int) -> str:
    """The reference that every mail of this ticket names as what it follows."""
    return f"ticket-{number}"
