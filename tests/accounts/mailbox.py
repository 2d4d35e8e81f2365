"""Sending what waits, and reading the mails that went out."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core import clock, outbox
from core.db import Base, db

#: A passphrase that is not the cast's.
NEW_PASSWORD = "lampara ventana tambor 7"


def deliver(app: Flask) -> list[EmailMessage]:
    """Run the outbox; the mails that were sent since the last time."""
    sender = app.extensions["mail_sender"]
    before = len(sender.sent)
    outbox.drain(clock.now() + timedelta(seconds=1))
    sent: list[EmailMessage] = sender.sent[before:]
    return sent


def text_of(message: EmailMessage) -> str:
    """What a mail says to a program that shows plain text."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    """What a mail says to a program that shows HTML."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def news_of(message: EmailMessage) -> str:
    """What happened: the first line of a mail."""
    return text_of(message).partition("\n")[0]


def path_in(message: EmailMessage) -> str:
    """The path of the only link of a mail, beside those of its foot."""
    found = re.findall(r"http://localhost(/\S+)", text_of(message).partition("\n-- \n")[0])
    assert len(found) == 1
    return str(found[0])


def count(model: type[Base]) -> int:
    """How many rows there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def answer_of(response: TestResponse, typed: str = "") -> tuple[object, ...]:
    """What an answer says to whoever compares it with another: all but the time and secrets.

    `typed` is what was typed; the page may show it again.
    """
    hidden = {"Set-Cookie": "…", "Date": "…", "Content-Length": "…"}
    headers = [(name, hidden.get(name, value)) for name, value in response.headers]
    cookies = [
        re.sub(r"=[^;]*", "=…", value, count=1) for value in response.headers.getlist("Set-Cookie")
    ]
    body = re.sub(r'(csrf-token" content|csrf_token" value)="[^"]*"', r'\1="…"', response.text)
    if typed:
        body = body.replace(str(escape(typed)), "…")
    return response.status_code, headers, cookies, body
