"""Mails by name: a template with a subject line, and senders behind one protocol.

Nothing is sent during a request; the outbox calls `deliver`.
"""

from __future__ import annotations

import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale

from core import settings
from core.config import Config
from core.outbox import Undeliverable

SMTP_TIMEOUT = 20
#: Replies from here on say that trying again cannot help (RFC 5321, 4.2.1).
PERMANENT = 500


class Sender(Protocol):
    """Takes one finished message; raises OSError or smtplib.SMTPException when it cannot."""

    def send(self, message: EmailMessage) -> None: ...


class ConsoleSender:
    """Prints the mail: the default until a mail server is named."""

    def send(self, message: EmailMessage) -> None:
        body = message.get_content() if not message.is_multipart() else ""
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


def render(name: str, *, to: str, locale: str, reference: str, **values: object) -> EmailMessage:
    """The mail `templates/mail/<name>.txt`: its first line is the subject.

    `reference` makes the Message-ID, so that a mail sent twice is recognised as one.
    """
    config: Config = current_app.config["SITE"]
    with force_locale(locale):
        # Not render_template: a mail knows no request, so no page's context belongs in it.
        template = current_app.jinja_env.get_template(f"mail/{name}.txt")
        text = template.render(site=settings.load(), **values)
    subject, _, body = text.lstrip().partition("\n")
    message = EmailMessage()
    message["From"] = config.mail_from
    message["To"] = to
    message["Subject"] = header_text(subject)[:200]
    message["Date"] = formatdate()
    host = urlsplit(config.public_url).hostname or "localhost"
    message["Message-ID"] = f"<{reference}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message


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
