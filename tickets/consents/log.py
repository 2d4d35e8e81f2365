"""Adding a declaration to the transaction under way, and reading them back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

import conditions.queries
from accounts.permissions import Actor
from core.db import db
from core.tokens import once_key
from tickets.consents.models import Consent
from tickets.consents.policy import Declared, Kind
from tickets.models import Ticket

ADDRESS_LENGTH = 45


def declare(
    session: Session,
    ticket: Ticket,
    kind: Kind,
    *,
    actor: Actor,
    address: str,
    now: datetime,
    form_id: str = "",
) -> bool:
    """Record what `actor` declared about a ticket, under the conditions it was opened with.

    False when this form declared it before; then nothing is added. Raises LookupError when the
    ticket's conditions are not there.
    """
    once = once_key(form_id, ticket.number, actor.person_id, kind) if form_id else None
    if once and session.scalar(select(Consent.id).where(Consent.form_id == once)):
        return False
    agreed = conditions.queries.version(ticket.conditions_version)
    if agreed is None:
        raise LookupError(f"no conditions {ticket.conditions_version}")
    session.add(
        Consent(
            ticket_number=ticket.number,
            kind=kind.value,
            conditions_version=agreed.version,
            text_hash=agreed.sha256,
            person_id=actor.person_id,
            at=now,
            address=address[:ADDRESS_LENGTH],
            form_id=once,
        )
    )
    return True


def consents_of(ticket: Ticket) -> list[Consent]:
    """What was declared about a ticket, oldest first, with who did. The caller holds the door."""
    return list(
        db.session.scalars(
            select(Consent)
            .where(Consent.ticket_number == ticket.number)
            .options(joinedload(Consent.person))
            .order_by(Consent.id)
        )
    )


def declared_about(ticket: Ticket) -> list[Declared]:
    """The same as plain facts for `policy.was_authorised`.

    What the ticket itself says counts too: one that was made from another brings its
    authorisation along.
    """
    rows = db.session.execute(
        select(Consent.kind, Consent.at).where(Consent.ticket_number == ticket.number)
    )
    declared = [Declared(kind, at) for kind, at in rows]
    if ticket.authorised_at is not None:
        declared.append(Declared(Kind.GIVEN, ticket.authorised_at))
    return declared
