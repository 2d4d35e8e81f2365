"""Who can be called in a note, and the notes that call somebody."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import Actor, may_read_desk
from accounts.sessions import actor_for
from core.db import db
from tickets.mentions import policy
from tickets.mentions.models import Mention
from tickets.mentions.policy import Colleague

SHOWN = 10


def colleagues() -> list[Colleague]:
    """Everybody who reads the desk now, by name."""
    staff = db.session.scalars(
        select(Person)
        .where(Person.company_id.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [Colleague(p.id, p.name, p.email) for p in staff if may_read_desk(actor_for(p, ""))]


def handles(actor: Actor) -> list[str]:
    """A name for each of the others, as it is typed in a note."""
    known = policy.handles(colleagues())
    return sorted(f"@{name}" for person_id, name in known.items() if person_id != actor.person_id)


def of(actor: Actor) -> list[Mention]:
    """Notes that call this person, those not yet opened first, each time the newest first."""
    return list(
        db.session.scalars(
            select(Mention)
            .where(Mention.person_id == actor.person_id)
            .order_by(Mention.seen_at.is_not(None), Mention.message_id.desc())
            .limit(SHOWN)
            .options(
                joinedload(Mention.ticket), joinedload(Mention.by), joinedload(Mention.message)
            )
        )
    )


def unseen_in(actor: Actor, *, number: int) -> int:
    """How many notes of a ticket call this person and were not opened."""
    mine = select(func.count()).where(
        Mention.person_id == actor.person_id,
        Mention.seen_at.is_(None),
        Mention.ticket_number == number,
    )
    return db.session.scalar(mine) or 0
