"""Taking a list out of the house leaves a trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.permissions import Actor, may_read_desk
from core import audit
from core.db import transaction
from tickets.refusals import NotAllowed


def record_export(*, actor: Actor, count: int, asked: Mapping[str, object], now: datetime) -> None:
    """Note who exported how many tickets, and by which filters. Raises NotAllowed."""
    if not may_read_desk(actor):
        raise NotAllowed("desk")
    with transaction():
        audit.record(
            "tickets.exported",
            "tickets",
            actor_id=actor.person_id,
            now=now,
            count=count,
            asked=dict(asked),
        )
