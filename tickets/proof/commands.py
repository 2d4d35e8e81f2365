"""`flask tickets audit`: the proof of the queue, from the command line."""

from __future__ import annotations

import click
from flask import Flask

from core import clock
from core.cli import Group
from tickets.proof.actions import audit
from tickets.proof.models import AuditRun

tickets = Group("tickets", help="The queue and its log.")

#: What a finding means, by its code (`tickets.log_records.Finding`).
MEANINGS = {
    "missing": "is missing or out of its order",
    "altered": "was altered: its hash does not match what it says",
    "chain": "does not follow the one before it of its ticket",
    "step": "is a step that does not exist from the ticket's state",
    "key": "gives the ticket another place than its policy does",
    "unknown_policy": "names a policy that was never published",
    "order": "handed out a ticket that was not the head of the queue",
    "passed": "passed over a ticket without a reason",
    "limit": "gave a technician more than the limit",
    "holder": "was done by somebody who did not hold the ticket",
    "state": "is not what its table says",
    "unlogged": "stands in its table but not in the log",
    "rewritten": "is not what an earlier audit saw",
    "truncated": "should be there: the log ends before it",
}


@tickets.command("audit")
def audit_command() -> None:
    """Replay the log: every hand-out was the head of the queue, nothing was altered."""
    run = audit(now=clock.now())
    if run.problem:
        click.echo(f"{_subject(run)} {MEANINGS[run.problem]}", err=True)
        raise SystemExit(1)
    click.echo(
        f"{run.events} events of {run.tickets} tickets hold: "
        f"{run.hand_outs} hand-outs, each the head of the queue; digest {run.digest}"
    )


def _subject(run: AuditRun) -> str:
    if run.problem_seq is None:
        return f"ticket {run.problem_ticket}"
    of = f" of ticket {run.problem_ticket}" if run.problem_ticket else ""
    return f"event {run.problem_seq}{of}"


def register(app: Flask) -> None:
    """Add `flask tickets`."""
    app.cli.add_command(tickets)
