"""Nothing is kept longer than was said: values are wiped when they expire or the ticket closes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from core import clock, outbox
from core.db import transaction
from tickets.lifecycle import State
from tickets.models import Ticket
from tickets.vault.models import Secret


def when(expires_at: datetime, *, now: datetime) -> None:
    """Have the worker wipe it then; belongs into the transaction under way."""
    outbox.enqueue("tickets.wipe_secrets", {}, now=now, run_at=expires_at)


def wipe(secret: Secret, why: str, now: datetime) -> None:
    """Forget the value; the rest stays, for the history."""
    secret.sealed, secret.wiped_at, secret.wiped_why = None, now, why


def with_ticket(session: Session, number: int, *, now: datetime) -> None:
    """A ticket was closed: nobody needs its secrets any more. Inside the closing."""
    session.execute(
        update(Secret)
        .where(Secret.ticket_number == number, Secret.sealed.is_not(None))
        .values(sealed=None, wiped_at=now, wiped_why="closed")
    )


def with_drafts(session: Session, which: Select[str]) -> None:
    """Drafts are forgotten, and what they kept. Inside the forgetting."""
    session.execute(delete(Secret).where(Secret.draft_id.in_(which)))


def wipe_due(*, now: datetime) -> int:
    """Wipe what expired, and what closed tickets left behind; how many values."""
    closed = select(Ticket.number).where(Ticket.state == State.CLOSED.value)
    with transaction() as session:
        gone = 0
        for why, which in (
            ("expired", Secret.expires_at <= now),
            ("closed", Secret.ticket_number.in_(closed)),
        ):
            wiped = session.scalars(
                update(Secret)
                .where(Secret.sealed.is_not(None), which)
                .values(sealed=None, wiped_at=now, wiped_why=why)
                .returning(Secret.id)
            )
            gone += len(wiped.all())
        return gone


@outbox.handles("tickets.wipe_secrets", batch=50)
def wipe_what_expired(_payloads: Sequence[outbox.Payload]) -> None:
    """Each secret has a job at the end of its days; one run does all that are due."""
    wipe_due(now=clock.now())
