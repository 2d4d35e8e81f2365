"""The daily audit, and the mail to administrators when something does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.permissions import Role
from accounts.queries import staff_with
from core import clock, mail, outbox
from core.web import external_url
from tickets.proof import actions


@outbox.handles("tickets.audit")
def run_audit(_payloads: Sequence[outbox.Payload]) -> None:
    """Audit the log; what does not hold is told to every administrator."""
    now = clock.now()
    run = actions.audit(now=now)
    actions.plan_daily_audit(now=now)
    if run.problem is None:
        return
    for person in staff_with(Role.ADMINISTRATOR):
        letter = mail.render(
            "audit_failed",
            to=person.email,
            locale=person.locale,
            reference=f"audit-{run.id}-{person.id}",
            person=person,
            run=run,
            url=external_url("proof.index"),
        )
        mail.deliver(letter)
