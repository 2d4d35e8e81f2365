"""Administrators learn by mail that jobs were given up, at most once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from core import clock, outbox
from core.db import transaction
from core.mail import MemorySender
from tests.accounts.mailbox import text_of
from tests.cast import Cast
from tests.databases import one_database

pytestmark = one_database


def fail(now: datetime) -> None:
    with transaction():
        outbox.enqueue("nobody.handles", {}, now=now)
    outbox.drain(now)


def told(mails: MemorySender, until: datetime) -> list[str]:
    mails.sent.clear()
    for _ in range(3):
        outbox.drain(until)
    return [str(mail["To"]) for mail in mails.sent]


def test_failures_are_told_together_and_once_a_day(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    now = clock.now()
    for _ in range(3):
        fail(now)
    assert told(mails, now + outbox.FAILURES_TOGETHER) == ["gloria@example.com"]
    assert "3 trabajos" in text_of(mails.sent[0])
    assert mails.sent[0]["List-Unsubscribe"] is not None
    fail(now)
    assert told(mails, now + outbox.FAILURES_TOGETHER) == []
    # What failed later waits for the next day: it is not forgotten.
    assert outbox.pending([outbox.FAILURE_JOB]) == 1


def test_what_was_mended_meanwhile_is_not_told(app: Flask, cast: Cast, mails: MemorySender) -> None:
    from sqlalchemy import delete

    from core.models import Job

    now = clock.now()
    fail(now)
    with transaction() as session:
        session.execute(delete(Job).where(Job.kind == "nobody.handles"))
    assert told(mails, now + timedelta(hours=1)) == []


def test_failure_of_the_mail_about_failures_is_told_to_nobody(app: Flask, cast: Cast) -> None:
    with transaction():
        outbox.enqueue(outbox.FAILURE_JOB, {"person_id": 1}, now=clock.now())
    now = clock.now()
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.drain(now)
        now += outbox.LONGEST_PAUSE
    assert outbox.failed() == 1
    assert outbox.pending([outbox.FAILURE_JOB]) == 0
