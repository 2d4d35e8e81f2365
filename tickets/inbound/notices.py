"""Mails that explain what became of a mail, and the job that reads the mailbox now and then.

An explanation says nothing of what was written to us: the address it came from may be forged.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock, mail, outbox, settings
from core.config import Config
from core.db import db, transaction
from core.identifiers import normalise_phone
from core.web import external_url
from tickets.inbound import actions, fetching, mailbox
from tickets.inbound.imap import MailboxAway
from tickets.inbound.landing import LANDED_JOB
from tickets.inbound.models import InboundMail
from tickets.inbound.policy import Outcome

log = logging.getLogger(__name__)
WHY = _l("Recibe este correo porque desde esta dirección se escribió a la nuestra.")
#: What may be said again in a header of ours.
_IDENTIFIER = re.compile(r"<[!-;=?-~]{1,250}>")
VISIT_JOB = "tickets.mailbox_visit"
EVERY, AFTER_FAILURE = timedelta(minutes=1), timedelta(minutes=5)
#: A visit by the worker is short: mails that go out wait meanwhile.
WORKERS_MOST, WORKERS_SECONDS = 20, 20


@outbox.handles(actions.EXPLAIN_JOB)
def send_explanation(payloads: Sequence[outbox.Payload]) -> None:
    """Why a mail did not become a message, and what to do instead."""
    for payload in payloads:
        row = _mail(payload["mail_id"])
        if row is not None and row.sender:
            _send(row, "mail_explained", outcome=row.outcome)


@outbox.handles(LANDED_JOB)
def send_remarks(payloads: Sequence[outbox.Payload]) -> None:
    """What of a mail was not kept, and that its ticket stays resolved."""
    for payload in payloads:
        row = _mail(payload["mail_id"])
        if row is not None and row.sender:
            _send(row, "mail_landed", resolved=payload["resolved"])


def _send(row: InboundMail, name: str, **facts: Any) -> None:
    person, number = row.person, row.ticket_number
    if person is not None and (person.disabled_at or person.confirmed_at is None):
        return
    letter = mail.render(
        name,
        to=row.sender,
        locale=person.locale if person else "es",
        reference=f"mail-in-{row.id}",
        foot=(mail.FootLine(WHY),),
        reader=person.name if person else "",
        number=number if person else None,
        phone=normalise_phone(settings.load().phone).display,
        refused=row.note.split("\n") if person and row.note else [],
        url=_where_to_write(row),
        also=None if person else _in_english(row.outcome),
        **facts,
    )
    # RFC 3834: whoever answers this answers a program.
    letter.replace_header("Auto-Submitted", "auto-replied")
    if _IDENTIFIER.fullmatch(row.message_id):
        letter["In-Reply-To"] = letter["References"] = row.message_id
    try:
        mail.deliver(letter)
    except outbox.Undeliverable:
        # An address that does not exist was made up; nobody here can mend it.
        log.info("an explanation could not be delivered")


def _in_english(outcome: str) -> dict[str, str]:
    """The same once more for whoever we do not know: their language is not known either."""
    said = current_app.jinja_env.get_template("mail/_mail_explained.txt").module
    with force_locale("en"):
        return {
            name: str(getattr(said, name)(*given)).strip()
            for name, given in (
                ("title", (outcome, None)),
                ("why", (outcome,)),
                ("what", (outcome,)),
            )
        }


def _where_to_write(row: InboundMail) -> str:
    if row.person is not None and row.ticket_number is not None:
        return mailbox.ticket_url(row.ticket_number)
    staff = row.outcome == Outcome.STAFF.value
    return external_url("desk.index" if staff else "tickets.new")


def _mail(mail_id: int) -> InboundMail | None:
    query = select(InboundMail).where(InboundMail.id == mail_id)
    return db.session.scalar(query.options(joinedload(InboundMail.person)))


@outbox.handles(VISIT_JOB)
def visit_mailbox(_payloads: Sequence[outbox.Payload]) -> None:
    """Read the mailbox, and plan the next visit."""
    site: Config = current_app.config["SITE"]
    if not site.mail_in_url or not settings.load().mail_in:
        return
    pause = EVERY
    try:
        fetching.visit(
            site.mail_in_url,
            site.instance_dir,
            now=clock.now,
            most=WORKERS_MOST,
            seconds=WORKERS_SECONDS,
        )
    except fetching.Busy:
        pass
    except MailboxAway as error:
        # Said on the administrators' page; the next visit may go well.
        log.warning("the mailbox cannot be read: %s", error)
        pause = AFTER_FAILURE
    _plan(after=pause, among=1)


def _plan(*, after: timedelta, among: int) -> None:
    """One visit more, unless others than the `among` under way are planned."""
    if outbox.pending([VISIT_JOB]) <= among:
        now = clock.now()
        with transaction():
            outbox.enqueue(VISIT_JOB, {}, now=now, run_at=now + after)


def catch_up() -> None:
    """Begin the visits, where a mailbox is configured; forget what came in long ago."""
    actions.purge(now=clock.now())
    site: Config = current_app.config["SITE"]
    if site.mail_in_url:
        _plan(after=timedelta(), among=0)
