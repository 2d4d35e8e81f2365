"""Senders behind one protocol: a mail server, the console, memory."""

from __future__ import annotations

import sys
from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

from core.mail_smtp import SmtpSender, account_of


class Sender(Protocol):
    """Takes one finished message, and calls `handed` just before it can no longer be taken back.

    Raises Refused or Unwritable of core/mail_smtp.py, or whatever kept it from an answer.
    """

    def send(self, message: EmailMessage, *, handed: Callable[[], None]) -> None: ...


class ConsoleSender:
    """Prints the mail: the default until a mail server is named."""

    def send(self, message: EmailMessage, *, handed: Callable[[], None]) -> None:
        part = message.get_body(("plain",))
        body = part.get_content() if part is not None else ""
        handed()
        sys.stdout.write(
            f"\n--- correo a {message['To']} · {message['Subject']}\n{body}\n--- fin del correo\n"
        )
        sys.stdout.flush()


class MemorySender:
    """Keeps what was sent, for tests."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage, *, handed: Callable[[], None]) -> None:
        handed()
        self.sent.append(message)


def sender_for(url: str) -> Sender:
    """The sender a MAIL_URL asks for."""
    scheme = urlsplit(url).scheme
    if scheme == "memory":
        return MemorySender()
    if scheme == "console":
        return ConsoleSender()
    return SmtpSender(account_of(url))
