"""`flask mail receive` and `flask mail fetch`."""

from __future__ import annotations

import logging
import os
import sys
from typing import BinaryIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.config import Config
from core.db import NotSetUp, require_set_up
from tickets.inbound import actions, fetching, mailbox
from tickets.inbound.headers import addresses_in
from tickets.inbound.imap import MailboxAway
from tickets.inbound.reading import MOST_BYTES

#: sysexits.h: the mail server keeps the mail and hands it over again later.
TEMPORARY = os.EX_TEMPFAIL
CHUNK = 1024 * 1024
log = logging.getLogger(__name__)
mail = AppGroup("mail", help="Mail that comes in.")


@mail.command("receive")
@click.option("--recipient", default="", help="Whom the mail server says it is for.")
def receive_command(recipient: str) -> None:
    """Take in one mail from standard input; for a mail server's pipe.

    Exit status 0: handled, or ended quietly. 75: try again later.
    """
    raw = _whole(sys.stdin.buffer)
    if not raw.strip():
        click.echo("there is no mail on standard input", err=True)
        raise SystemExit(2)
    try:
        require_set_up()
        _require_address()
        recipients = tuple(addresses_in(recipient))
        outcome = actions.receive(raw=raw, recipients=recipients, now=clock.now())
    except (NotSetUp, SQLAlchemyError) as error:
        click.echo(f"the database does not answer: {type(error).__name__}", err=True)
        raise SystemExit(TEMPORARY) from error
    except Exception as error:
        # The mail server keeps it: nothing is lost, and it is read again after an upgrade.
        log.exception("a mail could not be taken in")
        raise SystemExit(TEMPORARY) from error
    click.echo(outcome.value)


def _whole(stream: BinaryIO) -> bytes:
    """What is read of a mail; the rest is taken and dropped, so that the pipe is not broken."""
    raw = stream.read(MOST_BYTES)
    while stream.read(CHUNK):
        pass
    return raw


class NoAddress(Exception):
    """Mail comes in and no address is set: it waits with the mail server until one is."""


def _require_address() -> None:
    if not mailbox.address():
        click.echo("no address for incoming mail is set: /admin/ajustes", err=True)
        raise NoAddress


@mail.command("fetch")
def fetch_command() -> None:
    """Take in what stands in the mailbox of MAIL_IN_URL, once."""
    require_set_up()
    site: Config = current_app.config["SITE"]
    if not site.mail_in_url:
        raise click.UsageError("MAIL_IN_URL names no mailbox")
    if not mailbox.address():
        raise click.UsageError("no address for incoming mail is set: /admin/ajustes")
    try:
        done = fetching.visit(site.mail_in_url, site.instance_dir, now=clock.now)
    except fetching.Busy:
        raise click.ClickException("another process reads the mailbox") from None
    except MailboxAway as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{done.handled} mails taken in, {done.aside} put aside")


def register(app: Flask) -> None:
    """Add `flask mail`."""
    app.cli.add_command(mail)
