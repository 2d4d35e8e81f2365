"""Reading what is kept encrypted: everything about it but the value."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts.permissions import Actor, may_read_desk
from core.db import db
from tickets.models import Ticket
from tickets.queries import thread_numbers
from tickets.vault.models import Secret, SecretReading


def secrets_of(actor: Actor, ticket: Ticket) -> Sequence[Secret]:
    """What this reader may know of, in the order of their numbers, with author and readings."""
    query = (
        select(Secret)
        .where(Secret.ticket_number.in_(thread_numbers(ticket)))
        .options(
            joinedload(Secret.author),
            selectinload(Secret.readings).joinedload(SecretReading.person),
        )
        .order_by(Secret.position, Secret.id)
    )
    if not may_read_desk(actor):
        query = query.where(Secret.internal.is_(False))
    return db.session.scalars(query).all()


def secret_of(actor: Actor, ticket: Ticket, secret_id: int) -> Secret | None:
    """One of those; None for anything else."""
    return next((s for s in secrets_of(actor, ticket) if s.id == secret_id), None)


def positions_of_draft(draft_id: str) -> Sequence[int]:
    """The numbers of what was taken out of a draft."""
    return db.session.scalars(
        select(Secret.position).where(Secret.draft_id == draft_id).order_by(Secret.position)
    ).all()
