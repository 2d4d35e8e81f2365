"""Mails to administrators: the test, which says at once how it ended, and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from accounts import letters
from accounts.models import Person
from accounts.permissions import Role, may_administer
from accounts.queries import staff_with
from accounts.sessions import actor_for
from admin import mail_queries
from admin.mail_actions import TEST_JOB
from core import clock, outbox
from core.db import db, transaction
from core.outbox import Undeliverable
from core.web import external_url


@outbox.handles(TEST_JOB)
def send_test(payloads: Sequence[outbox.Payload]) -> None:
    """«Los correos salen», to the administrator who asked."""
    for payload in payloads:
        person = db.session.get(Person, payload["person_id"])
        if person is None or not may_administer(actor_for(person, "")):
            continue
        reference = f"test-{person.id}-{payload['at']}"
        try:
            letters.send(
                person, "mail_test", reference=reference, url=external_url("mail_admin.server")
            )
        except Undeliverable:
            raise
        except Exception as error:
            raise Undeliverable(f"{type(error).__name__}: {error}") from error


@outbox.handles(outbox.FAILURE_JOB)
def tell_of_failures(payloads: Sequence[outbox.Payload]) -> None:
    """«Hay trabajos que no se pudieron hacer», to each administrator, at most once a day: where
    today's mail is out, what fails later is told tomorrow."""
    now = clock.now()
    for payload in payloads:
        if "person_id" in payload:
            _tell_one(payload["person_id"], payload["day"])
            continue
        day = clock.in_lima(now).date()
        if mail_queries.was_written("jobs_failed", since=_morning(day)):
            with transaction():
                outbox.enqueue(outbox.FAILURE_JOB, {}, now=now, run_at=_morning(day, later=1))
            continue
        with transaction():
            for person in staff_with(Role.ADMINISTRATOR):
                told = {"person_id": person.id, "day": day.isoformat()}
                outbox.enqueue(outbox.FAILURE_JOB, told, now=now)


def _tell_one(person_id: int, day: str) -> None:
    person, failed = db.session.get(Person, person_id), outbox.failed()
    if person is None or not failed or person.disabled_at is not None:
        return
    if may_administer(actor_for(person, "")):
        url = external_url("admin.jobs")
        reference = f"failures-{day}-{person.id}"
        letters.send(person, "jobs_failed", reference=reference, failed=failed, url=url)


def _morning(day: date, *, later: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(0), tzinfo=clock.LIMA)
