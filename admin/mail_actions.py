"""What administrators do about mails: a test, and trying again what was given up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from accounts.permissions import Actor
from core import audit, mail_log, outbox
from core.db import db, transaction
from core.models import Job, Mail

TEST_JOB = "admin.mail_test"


def ask_for_test(*, actor: Actor, now: datetime) -> bool:
    """Have a test mail sent to the actor's own address; False while one is on its way."""
    if outbox.pending([TEST_JOB]):
        return False
    with transaction():
        payload = {"person_id": actor.person_id, "at": int(now.timestamp() * 1000)}
        outbox.enqueue(TEST_JOB, payload, now=now)
        audit.record("mail.test_asked", "site", actor_id=actor.person_id, now=now)
    return True


def retry_mail(mail_id: int, *, actor: Actor, now: datetime) -> int:
    """Have one mail tried again that was given up; how many were, 0 when it waits already.

    Raises LookupError.
    """
    with transaction() as session:
        if session.get(Mail, mail_id) is None:
            raise LookupError(mail_id)
        return _again(Mail.id == mail_id, actor=actor, now=now)


def retry_all_mails(*, actor: Actor, now: datetime) -> int:
    """Have every mail tried again that was given up; how many."""
    with transaction():
        return _again(Mail.id > 0, actor=actor, now=now)


def _again(which: ColumnElement[bool], *, actor: Actor, now: datetime) -> int:
    given_up = (
        select(Mail.job_id)
        .join(Job, Job.id == Mail.job_id)
        .where(which, Mail.sent_at.is_(None), Mail.failed_at.is_not(None))
        .where(Job.failed_at.is_not(None))
    )
    revived = db.session.scalars(
        update(Job)
        .where(Job.id.in_(given_up))
        .values(failed_at=None, attempts=0, run_at=now, claimed_until=None)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).all()
    if revived:
        mail_log.try_again(list(revived))
        audit.record("mail.retried", "site", actor_id=actor.person_id, now=now, count=len(revived))
    return len(revived)
