"""For whom an outage rings: whoever has a ticket in it is told with the mails of that ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.bell import actions as bell
from accounts.permissions import Actor, may_read_desk
from tickets.outages.models import Outage


def declared(session: Session, outage: Outage, *, actor: Actor, now: datetime) -> None:
    """The rest of the desk is told at once: tickets about it are about to come."""
    bell.ring_staff(
        session,
        may=may_read_desk,
        but=actor,
        kind="outage_declared",
        reference=f"outage-{outage.number}",
        about=f"outage:{outage.number}",
        now=now,
    )
