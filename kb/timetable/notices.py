"""The worker comes by at the planned moments of articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import clock, outbox
from kb.timetable import actions


@outbox.handles(actions.TIMETABLE_JOB)
def keep_time(payloads: Sequence[outbox.Payload]) -> None:
    """Publish or archive what is planned for this moment."""
    for payload in payloads:
        at = datetime.fromisoformat(payload["at"])
        actions.keep_time(article_id=int(payload["article_id"]), at=at, now=clock.now())
