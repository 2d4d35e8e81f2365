"""Reading the mailbox: each mail once, one reader at a time, and none that holds up the rest."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from core.db import db
from core.outbox import worker_lock
from tickets.inbound import actions
from tickets.inbound.imap import Mailbox, MailboxAway, opened
from tickets.inbound.policy import TRIES
from tickets.inbound.reading import MOST_BYTES

log = logging.getLogger(__name__)
#: Of one visit. The worker has other work: it makes short ones.
AT_MOST, LONGEST_SECONDS = 200, 300
LOCK = "mail-fetch.lock"


class Busy(Exception):
    """Somebody else is reading the mailbox."""


@dataclass
class Visit:
    """How many mails were taken in, and how many were put aside."""

    handled: int = 0
    aside: int = 0


def visit(
    url: str,
    folder: Path,
    *,
    now: Callable[[], datetime],
    most: int = AT_MOST,
    seconds: float = LONGEST_SECONDS,
) -> Visit:
    """Take in what stands in the mailbox. `folder` is where the lock is.

    Raises Busy, MailboxAway, and SQLAlchemyError when the database is away: what was not
    handled is left where it is.
    """
    with worker_lock(folder / LOCK) as mine:
        if not mine:
            raise Busy
        done = Visit()
        until = time.monotonic() + seconds
        try:
            with opened(url) as mailbox:
                for uid in mailbox.uids(most):
                    if time.monotonic() > until:
                        break
                    _take_in(mailbox, uid, done, now())
        except MailboxAway as error:
            actions.note_visit(error=str(error), now=now())
            raise
        actions.note_visit(error="", now=now())
        return done


def _take_in(mailbox: Mailbox, uid: str, done: Visit, now: datetime) -> None:
    key = f"imap:{mailbox.validity}:{uid}"
    if actions.begin_try(uid=key, now=now) > TRIES:
        actions.put_aside_unread(uid=key, why="it ended the process that reads mail", now=now)
        is_well = False
    else:
        raw = mailbox.fetch(uid, MOST_BYTES)
        is_well = raw is None or _received(raw, now)
        if raw is None:
            actions.end_try(uid=key)
            return
    mailbox.move(uid, mailbox.done if is_well else mailbox.aside)
    actions.end_try(uid=key)
    done.handled += is_well
    done.aside += not is_well


def _received(raw: bytes, now: datetime) -> bool:
    """Whether it could be taken in; else it is noted for administrators."""
    try:
        actions.receive(raw=raw, now=now)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.exception("a mail of the mailbox could not be taken in")
        db.session.rollback()
        actions.put_aside(raw=raw, why=f"{type(error).__name__}: {error}", now=now)
        return False
    return True
