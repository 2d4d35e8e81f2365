"""The job that forgets old notices, a day after the last time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from accounts.bell import actions
from core import clock, outbox

EVERY = timedelta(days=1)


@outbox.handles(actions.FORGET_JOB)
def forget(_payloads: Sequence[outbox.Payload]) -> None:
    """Forget, and plan the next time unless one is planned."""
    now = clock.now()
    actions.forget(now=now)
    # The job under way counts until it is done.
    if outbox.pending([actions.FORGET_JOB]) <= 1:
        actions.ask_to_forget(now=now, run_at=now + EVERY)


def catch_up() -> None:
    """Begin the days, where none is planned."""
    if not outbox.pending([actions.FORGET_JOB]):
        actions.ask_to_forget(now=clock.now())
