"""Having somebody told by mail what another did to their account."""

from __future__ import annotations

from datetime import datetime

from core import outbox

JOB = "accounts.member_news"


def tell(person_id: int, what: str, *, by: int, now: datetime) -> None:
    """Within the transaction that did it. what: rights, roles, closed, reopened, joined.

    Nobody is told what they did themselves.
    """
    if person_id == by:
        return
    at = int(now.timestamp() * 1000)
    outbox.enqueue(JOB, {"person_id": person_id, "what": what, "by": by, "at": at}, now=now)
