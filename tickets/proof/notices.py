"""The daily audit, and the mail to administrators when something does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from accounts import letters
from accounts.models import Person
from accounts.permissions import Role, may_administer
from accounts.queries import staff_with
from accounts.sessions import actor_for
from core import clock, outbox
from core.db import db, transaction
from core.web import external_url
from tickets.proof import actions
from tickets.proof.models import AuditRun


@outbox.handles("tickets.audit")
def run_audit(_payloads: Sequence[outbox.Payload]) -> None:
    """Audit the log; what does not hold is told to every administrator."""
    now = clock.now()
    run = actions.audit(now=now)
    actions.plan_daily_audit(now=now)
    if run.problem is None:
        return
    with transaction():
        for person in staff_with(Role.ADMINISTRATOR):
            told = {"run": run.id, "person_id": person.id}
            outbox.enqueue("tickets.audit_failed", told, now=now)


@outbox.handles("tickets.audit_failed")
def tell_administrator(payloads: Sequence[outbox.Payload]) -> None:
    """What the audit found, to one administrator: each mail is tried again by itself."""
    for payload in payloads:
        run = db.session.get(AuditRun, payload["run"])
        person = db.session.get(Person, payload["person_id"])
        if run is None or person is None or person.disabled_at is not None:
            continue
        if not may_administer(actor_for(person, "")):
            continue
        letters.send(
            person,
            "audit_failed",
            reference=f"audit-{run.id}-{person.id}",
            run=run,
            url=external_url("proof.index"),
        )
