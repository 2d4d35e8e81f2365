"""How far each mail got: begun, handed to the server, answered. One row per mail and recipient.

Every step is a transaction of its own, stored before the next is taken, so that a worker that
comes back knows what it may do: what was answered is never sent again; what was not handed
over is sent; what was handed over and not answered is sent again with the same Message-ID and
stays marked for ever, since nobody can know (decision 0031).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from core.db import db, transaction
from core.models import Job, Mail

#: A mail that was sent or given up is remembered this long.
KEPT_FOR = timedelta(days=90)


class Superseded(Exception):
    """Another worker took this mail over meanwhile: whoever sees this sends nothing."""


class Waits(Exception):
    """An earlier mail of the same thread to the same person has not left; not before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("an earlier mail of this thread has not left yet")
        self.until = until


@dataclass(frozen=True)
class Entry:
    """What the log says of a mail beside its steps."""

    reference: str
    recipient: str
    name: str
    subject: str
    message_id: str
    thread: str | None
    job_id: int | None


@dataclass(frozen=True)
class Attempt:
    """One attempt to send: a later one makes it void."""

    mail_id: int
    number: int


def begin(entry: Entry, *, now: datetime) -> Attempt | None:
    """Begin to send; None for what was sent already. Raises Waits."""
    with transaction() as session:
        row = session.scalar(
            select(Mail)
            .where(Mail.reference == entry.reference, Mail.recipient == entry.recipient)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is not None and row.sent_at is not None:
            return None
        if entry.thread and (until := _held_by(entry, row)):
            raise Waits(until)
        if row is None:
            row = Mail(**vars(entry), created_at=now, begun_at=now, attempts=1, doubtful=0)
            session.add(row)
        else:
            _begin_again(row, entry, now)
        session.flush()
        return Attempt(row.id, row.attempts)


def handed(attempt: Attempt, *, now: datetime) -> None:
    """The next byte ends the mail: from here on the server may have it. Raises Superseded."""
    _note(attempt, handed_at=now)


def sent(attempt: Attempt, *, now: datetime) -> None:
    """The server said that it has the mail."""
    _note(attempt, sent_at=now, failed_at=None, last_error=None)


def refused(attempt: Attempt, words: str, *, now: datetime, for_good: bool) -> None:
    """The server answered that it does not take the mail: it does not have it."""
    _note(attempt, handed_at=None, last_error=words, failed_at=now if for_good else None)


def broke(attempt: Attempt, words: str) -> None:
    """Something ended the attempt without an answer; whether it was handed over stays."""
    _note(attempt, last_error=words)


def gave_up(job_ids: list[int], now: datetime) -> None:
    """Within the transaction that gives jobs up: their mails that were not sent failed too."""
    db.session.execute(
        update(Mail)
        .where(Mail.job_id.in_(job_ids), Mail.sent_at.is_(None), Mail.failed_at.is_(None))
        .values(failed_at=now)
    )


def recipients_of(reference: str) -> frozenset[str]:
    """To which addresses the mail of this reference went, as far as it is remembered."""
    went = select(Mail.recipient).where(Mail.reference == reference, Mail.handed_at.is_not(None))
    return frozenset(db.session.scalars(went))


def bounced(reference: str, recipient: str, words: str, *, now: datetime) -> bool:
    """A server further on gave the mail of this reference back; whether it is in the log.

    `recipient` is whom the server names: where an address was rewritten on the way, the only
    mail of the reference is meant.
    """
    with transaction() as session:
        rows = session.scalars(
            select(Mail).where(Mail.reference == reference, Mail.handed_at.is_not(None)).limit(50)
        ).all()
        named = [row for row in rows if row.recipient == recipient.lower()]
        found = named or (rows if len(rows) == 1 else [])
        for row in found:
            if row.bounced_at is None:
                row.bounced_at, row.bounce = now, words[:500]
        return bool(found)


def purge(now: datetime) -> int:
    """Forget old mails that nothing will be done about; how many."""
    with transaction() as session:
        old = (
            delete(Mail)
            .where(Mail.created_at < now - KEPT_FOR)
            .where(or_(Mail.sent_at.is_not(None), Mail.failed_at.is_not(None)))
        )
        return len(session.scalars(old.returning(Mail.id)).all())


def _begin_again(row: Mail, entry: Entry, now: datetime) -> None:
    if row.handed_at is not None:
        row.doubtful += 1
    row.handed_at, row.failed_at = None, None
    row.begun_at, row.attempts = now, row.attempts + 1
    row.job_id, row.subject = entry.job_id, entry.subject


def _held_by(entry: Entry, row: Mail | None) -> datetime | None:
    """When the job is due of an earlier mail of the thread that still waits to be sent."""
    earlier = (
        select(Job.run_at)
        .join(Mail, Mail.job_id == Job.id)
        .where(Mail.thread == entry.thread, Mail.recipient == entry.recipient)
        .where(Mail.sent_at.is_(None), Mail.failed_at.is_(None))
        .where(Job.done_at.is_(None), Job.failed_at.is_(None))
        .order_by(Job.run_at.desc())
        .limit(1)
    )
    if row is not None:
        earlier = earlier.where(Mail.id < row.id)
    return db.session.scalar(earlier)


def _note(attempt: Attempt, **values: object) -> None:
    with transaction() as session:
        mine = (
            update(Mail)
            .where(Mail.id == attempt.mail_id, Mail.attempts == attempt.number)
            .where(Mail.sent_at.is_(None))
            .values(**values)
            .returning(Mail.id)
        )
        if session.scalar(mine) is None:
            raise Superseded


def try_again(job_ids: list[int]) -> None:
    """Within the transaction that has jobs tried again: their mails have not failed any more."""
    db.session.execute(
        update(Mail)
        .where(Mail.job_id.in_(job_ids), Mail.sent_at.is_(None))
        .values(failed_at=None, last_error=None)
    )
