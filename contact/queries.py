"""Reading requests to be called."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Actor, may_answer_calls
from contact.models import CallRequest
from core.db import db


def by_token(token: str) -> CallRequest | None:
    """The request whose receipt has this private address."""
    return db.session.scalar(select(CallRequest).where(CallRequest.token == token))


def call_for(actor: Actor | None, call_id: int) -> CallRequest | None:
    """One request as the desk reads it; None when it is missing, and for anybody else."""
    if not may_answer_calls(actor):
        return None
    return db.session.scalar(
        select(CallRequest)
        .where(CallRequest.id == call_id)
        .options(joinedload(CallRequest.attendant))
    )


def calls(*, offset: int, limit: int) -> tuple[Sequence[CallRequest], int]:
    """Requests in order of arrival, those nobody attended first, and how many there are."""
    rows = (
        select(CallRequest)
        .order_by(CallRequest.attended_at.is_not(None), CallRequest.received_at, CallRequest.id)
        .options(joinedload(CallRequest.attendant))
        .offset(offset)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).select_from(CallRequest)) or 0
    return db.session.scalars(rows).all(), total
