"""Mails by name: a template with a subject line, and senders behind one protocol.

Nothing is sent during a request; the outbox calls `deliver`.
"""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale, lazy_gettext

from core import colours, settings
from core.config import Config
from core.mail_threads import message_id
from core.outbox import Undeliverable

SMTP_TIMEOUT = 20
#: Replies from here on say that trying again cannot help (RFC 5321, 4.2.1).
PERMANENT = 500
LONGEST_SUBJECT = 200
#: The accent of static/css/tokens.css, for a company that chose none.
ACCENT = "#0a5e70"
#: Goes through every server as it is, with short lines.
ENCODING = "quoted-printable"
USUAL_REASON = lazy_gettext("Recibe este correo porque alguien usó esta dirección en el sitio.")


class _Whole(UnstructuredHeader):
    """A header of ours that stays on its line: folded, an address in it would be encoded."""

    def fold(self, *, policy: policy.Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_registry = HeaderRegistry()
for _name in ("In-Reply-To", "References", "List-Unsubscribe"):
    _registry.map_to_type(_name, _Whole)  # type: ignore[arg-type]  # mixed in by the registry
POLICY = policy.EmailPolicy(header_factory=_registry)


class Sender(Protocol):
    """Takes one finished message; raises OSError or smtplib.SMTPException when it cannot."""

    def send(self, message: EmailMessage) -> None: ...


class ConsoleSender:
    """Prints the mail: the default until a mail server is named."""

    def send(self, message: EmailMessage) -> None:
        part = message.get_body(("plain",))
        body = part.get_content() if part is not None else ""
        sys.stdout.write(
            f"\n--- correo a {message['To']} · {message['Subject']}\n{body}\n--- fin del correo\n"
        )
        sys.stdout.flush()


class MemorySender:
    """Keeps what was sent, for tests."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


class SmtpSender:
    """Speaks SMTP: `smtps://` from the first byte, `smtp://` with STARTTLS where offered.

    With a sign-in in the address TLS is required: a password never travels in the clear.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.tls else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        with self._connect(context) as server:
            if not self.tls and (self.user or server.has_extn("starttls")):
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _connect(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self.tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SMTP_TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=SMTP_TIMEOUT)
        server.ehlo_or_helo_if_needed()
        return server


def sender_for(url: str) -> Sender:
    """The sender a MAIL_URL asks for."""
    scheme = urlsplit(url).scheme
    if scheme == "memory":
        return MemorySender()
    if scheme == "console":
        return ConsoleSender()
    return SmtpSender(url)


def header_text(value: str) -> str:
    """Text that stays text in a header.

    Line breaks go, and `=?` is broken up: the standard library would decode an encoded word
    inside user text into real line breaks (CVE-2024-6923).
    """
    return " ".join(value.split()).replace("=?", "= ?")


@dataclass(frozen=True)
class FootLine:
    """A line under a mail: words, and an address that they speak of."""

    words: object
    url: str = ""


@dataclass(frozen=True)
class Headers:
    """What stands around a mail, beside its subject.

    `reference` makes the Message-ID, so that a mail sent twice is recognised as one; `thread` is
    the reference of the mail that it follows. `unsubscribe` is the address of RFC 8058.
    """

    to: str
    reference: str
    thread: str | None = None
    reply_to: str = ""
    unsubscribe: str = ""


def render(
    name: str,
    *,
    to: str,
    locale: str,
    reference: str,
    thread: str | None = None,
    reply_to: str = "",
    unsubscribe: str = "",
    foot: Sequence[FootLine] = (),
    **values: object,
) -> EmailMessage:
    """The mail `templates/mail/<name>`: its `.txt`, whose first line is the subject, and `.html`.

    `foot` says why somebody gets it; words that are lazy are said in the language of the mail.
    """
    subject, text, html = _written(name, locale, tuple(foot) or (FootLine(USUAL_REASON),), values)
    message = EmailMessage(policy=POLICY)
    _head(message, subject, Headers(to, reference, thread, reply_to, unsubscribe))
    message.set_content(text, cte=ENCODING)
    message.add_alternative(html, subtype="html", cte=ENCODING)
    return message


def _written(
    name: str, locale: str, foot: Sequence[FootLine], values: dict[str, object]
) -> tuple[str, str, str]:
    """(subject, text, HTML) in this language."""
    site = settings.load()
    accent = site.accent or ACCENT
    look = {"day": colours.light_shade(accent), "night": colours.dark_shade(accent)}
    # Not render_template: a mail knows no request, so no page's context belongs in it.
    find = current_app.jinja_env.get_template
    with force_locale(locale):
        words = {"site": site, "foot": foot, "locale": locale, **values}
        subject, _, text = find(f"mail/{name}.txt").render(words).lstrip().partition("\n")
        below = find("mail/_foot.txt").render(words)
        subject = header_text(subject)[:LONGEST_SUBJECT]
        html = find(f"mail/{name}.html").render(words, subject=subject, look=look)
    return subject, f"{text.strip()}\n\n{below.strip()}\n", html


def _head(message: EmailMessage, subject: str, given: Headers) -> None:
    config: Config = current_app.config["SITE"]
    message["From"] = config.mail_from
    message["To"] = given.to
    if given.reply_to:
        message["Reply-To"] = given.reply_to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = message_id(given.reference)
    if given.thread and given.thread != given.reference:
        root = message_id(given.thread)
        message["In-Reply-To"] = root
        message["References"] = root
    message["Auto-Submitted"] = "auto-generated"
    if given.unsubscribe:
        message["List-Unsubscribe"] = f"<{given.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def deliver(message: EmailMessage) -> None:
    """Hand a message to the configured sender.

    Raises Undeliverable when the server refuses every address for good: asking again is noise.
    """
    sender: Sender = current_app.extensions["mail_sender"]
    try:
        sender.send(message)
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= PERMANENT for code, _words in error.recipients.values()):
            raise Undeliverable(f"refused for good: {error.recipients}") from error
        raise
