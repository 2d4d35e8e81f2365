"""The outbox job that reads the words of tickets."""

from __future__ import annotations

from collections.abc import Sequence

from core import clock, outbox
from tickets.finding import indexing

#: Jobs that are done together: a thread that grows quickly is read once.
JOBS_AT_ONCE = 50


@outbox.handles(indexing.INDEX_JOB, batch=JOBS_AT_ONCE)
def index_tickets(payloads: Sequence[outbox.Payload]) -> None:
    """Bring the words of the named tickets to the present state, and go on catching up."""
    fresh = {int(payload["number"]) for payload in payloads if "number" in payload}
    old = {int(n) for payload in payloads for n in payload.get("numbers", ())}
    indexing.index(fresh | old)
    if old:
        indexing.plan_what_is_behind(now=clock.now(), below=min(old))
