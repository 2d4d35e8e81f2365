"""Append-only entries about what people did, written with what they record."""

from __future__ import annotations

from datetime import datetime

from core.db import db
from core.models import AuditEntry


def record(
    action: str, subject: str, *, actor_id: int | None, now: datetime, **data: object
) -> None:
    """Add one entry to the transaction under way; `data` must be plain JSON values."""
    db.session.add(AuditEntry(at=now, actor_id=actor_id, action=action, subject=subject, data=data))
