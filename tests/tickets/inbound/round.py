"""Short words for the tests of mail that comes in."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accounts.models import Person
from accounts.permissions import Actor
from core import settings
from core.db import db
from tests.cast import START
from tickets.inbound import mailbox
from tickets.inbound.models import InboundMail
from tickets.models import Message

MAILBOX = "soporte@correo.example"


def listening(address: str = MAILBOX) -> None:
    """Switch mail that comes in on."""
    settings.change(dataclasses.replace(settings.load(), mail_in=address), actor_id=0, now=START)


def address_of(number: int, actor: Actor) -> str:
    """Where this person answers about this ticket."""
    return mailbox.reply_address_of(number, db.session.get_one(Person, actor.person_id))


def letter(
    text: str = "Desde las 9.",
    *headers: str,
    to: str,
    sender: str,
    name: str = "<CAF1@mail.example.com>",
) -> bytes:
    """A plain mail."""
    lines = [f"From: {sender}", f"To: {to}", "Subject: Re: Ticket", f"Message-ID: {name}", *headers]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text]
    return "\r\n".join(lines).encode()


def messages(number: int) -> list[Message]:
    """The thread, oldest first."""
    db.session.rollback()
    query = select(Message).where(Message.ticket_number == number).order_by(Message.id)
    return list(db.session.scalars(query.options(selectinload(Message.attachments))))


def last_message(number: int) -> Message:
    return messages(number)[-1]


def rows() -> list[InboundMail]:
    """What came in, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(InboundMail).order_by(InboundMail.id)))


def received_row() -> InboundMail:
    """The one mail that came in."""
    (row,) = rows()
    return row
