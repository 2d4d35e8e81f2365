"""The mailbox of the site: the addresses it gives away, and whose mail of ours is answered."""

from __future__ import annotations

import re

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.models import Person
from core import mail_log, settings
from core.config import Config
from core.mail_threads import reference_of
from core.web import external_url
from tickets.inbound.addresses import Token, is_ours, reply_address, token_of
from tickets.inbound.quote_patterns import MARKERS

#: A mail about a ticket; `ticket-<number>` alone proves nothing: every mail of the thread names it.
_ABOUT = re.compile(r"ticket-(\d{1,18})-.+")


def address() -> str:
    """The address of the mailbox; '' where mail is not read."""
    return settings.load().mail_in


def reply_address_of(number: int, person: Person) -> str:
    """Where this person answers a mail about this ticket; '' where that is not read."""
    if person.company_id is None:
        # Staff answer at the desk, where a reply can be undone and a promise is noticed.
        return ""
    return reply_address(address(), Token(number, person.id), key=_key())


def answer_line(person: Person) -> str:
    """The line above a mail's text that says where to write; '' where answers are not read."""
    if person.company_id is None or not address():
        return ""
    return f"--- {MARKERS.get(person.locale, MARKERS['es'])} ---"


def token_in(recipients: tuple[str, ...]) -> Token | None:
    """What the first address that this site signed says."""
    mailbox, key = address(), _key()
    tokens = (token_of(recipient, mailbox, key=key) for recipient in recipients)
    return next((token for token in tokens if token), None)


def answered(identifiers: tuple[str, ...]) -> tuple[int, frozenset[str]] | None:
    """(ticket, addresses) of the first mail of ours among these: whom it was sent to."""
    for identifier in identifiers[:60]:
        reference = reference_of(identifier) or ""
        found = _ABOUT.fullmatch(reference)
        recipients = mail_log.recipients_of(reference) if found else frozenset()
        if found and recipients:
            return int(found[1]), recipients
    return None


def ticket_named(identifier: str) -> int | None:
    """The ticket that a mail of ours was about, whoever got it."""
    found = re.match(r"ticket-(\d{1,18})(?:-|$)", reference_of(identifier) or "")
    return int(found[1]) if found else None


def is_own(message_id: str, sender: str) -> bool:
    """Whether this mail is one of ours that came back."""
    site: Config = current_app.config["SITE"]
    written = site.mail_from.rpartition("<")[2].rstrip(">").strip().lower()
    if sender and (sender == written or is_ours(sender, address())):
        return True
    return bool(message_id) and reference_of(message_id) is not None


def trusted_server() -> str:
    """The server that must vouch for senders; '' where none must."""
    site: Config = current_app.config["SITE"]
    return site.mail_in_trusts


def refusal_words(lines: list[str], locale: str) -> list[str]:
    """Lines under a message that say what of the mail was not kept."""
    with force_locale(locale):
        return [str(_("No se guardó: %(why)s", why=line)) for line in lines]


def ticket_url(number: int) -> str:
    return external_url("tickets.show", number=number)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
