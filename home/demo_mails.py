"""Mails of the demonstration: those that came in, and those that never leave."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update

from accounts.models import Person
from core import settings
from core.db import db, transaction
from core.models import Job
from home.demo_quotes import QUOTE_MAILS
from tickets.inbound import mailbox
from tickets.inbound.actions import EXPLAIN_JOB, receive
from tickets.models import Ticket

MAILBOX = "soporte@netsolution.example"
_MAILS = (
    "tickets.filed",
    "tickets.replied",
    "tickets.queued",
    "tickets.reclassified",
    "tickets.merged",
    "tickets.handed_over",
    "tickets.replied_copy",
    "tickets.participant_added",
    "tickets.mentioned",
    "contact.call_received",
    EXPLAIN_JOB,
    *QUOTE_MAILS,
)


def send_no_mail(now: datetime) -> None:
    """The demonstration's people have no mailboxes."""
    with transaction() as session:
        session.execute(
            update(Job).where(Job.kind.in_(_MAILS), Job.done_at.is_(None)).values(done_at=now)
        )


def load_mails(folder: Path, *, now: datetime) -> None:
    """Take in the mails that `folder` tells of; what came in already does so once."""
    if not mailbox.address():
        known = settings.load()
        settings.change(dataclasses.replace(known, mail_in=MAILBOX), actor_id=None, now=now)
    for told in yaml.safe_load((folder / "mail_in.yaml").read_text("utf-8")):
        at = now - timedelta(minutes=told["minutes_ago"])
        receive(raw=_mail(told).as_bytes(), now=at)


def _mail(told: Any) -> EmailMessage:
    about = select(Ticket).where(Ticket.subject == told.get("about", ""))
    ticket = db.session.scalar(about)
    mail = EmailMessage()
    mail["From"] = told["from"]
    mail["To"] = _address(ticket) if ticket else MAILBOX
    mail["Subject"] = (
        f"Re: [Ticket {ticket.number}] {ticket.subject}" if ticket else told["subject"]
    )
    mail["Message-ID"] = f"<demo-{told['key']}@mail.example>"
    if "headers" in told:
        name, _, value = told["headers"].partition(": ")
        mail[name] = value
    mail.set_content(told["text"])
    return mail


def _address(ticket: Ticket) -> str:
    """Where whoever opened the ticket answers a mail about it."""
    return mailbox.reply_address_of(ticket.number, db.session.get_one(Person, ticket.author_id))
