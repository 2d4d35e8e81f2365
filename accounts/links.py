"""One-time links: asked for in a request, written by the outbox, taken once.

The secret of a link is made when its mail is written, so it exists in that mail alone; the
table keeps its hash. Lifetimes and the cap per address after ASVS 5.0 6.4.1 and 2.4.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from accounts.models import OneTimeLink
from core import outbox
from core.db import transaction
from core.tokens import new_token, token_hash

MAILS_AN_HOUR = 3
#: How long an ended link is remembered, so that it is said to have ended.
KEPT = timedelta(days=30)


class Purpose(StrEnum):
    """What a link is good for."""

    CONFIRM = "confirm"
    RESET = "reset"
    INVITE = "invite"


LIFE: Mapping[Purpose, timedelta] = {
    Purpose.CONFIRM: timedelta(hours=72),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.INVITE: timedelta(hours=72),
}


class LinkUnknown(Exception):
    """There is no such link for this purpose."""


class LinkGone(Exception):
    """The link was used, was withdrawn or ended."""


def ask(
    session: Session,
    *,
    purpose: Purpose,
    email: str,
    now: datetime,
    person_id: int | None = None,
    company_id: int | None = None,
    rights: frozenset[str] = frozenset(),
) -> OneTimeLink:
    """Add a link, and the job that mails it, to the transaction under way."""
    link = OneTimeLink(
        purpose=purpose,
        email=email,
        person_id=person_id,
        company_id=company_id,
        data={"rights": sorted(rights)},
        created_at=now,
        ends_at=now + LIFE[purpose],
    )
    session.add(link)
    session.flush()
    outbox.enqueue(f"accounts.{purpose}", {"link": link.id, "seed": new_token()}, now=now)
    return link


def write(link_id: int, token: str, *, person_id: int | None, now: datetime) -> OneTimeLink | None:
    """Store the hash of the secret that is about to be mailed; the link's life begins.

    None when nothing is to be mailed: the link was used, or its address has had its mails of
    the hour. Writing the same link again changes nothing but its end.
    """
    with transaction() as session:
        session.execute(delete(OneTimeLink).where(OneTimeLink.ends_at < now - KEPT))
        link = session.get(OneTimeLink, link_id)
        if link is None or link.used_at is not None:
            return None
        if link.token_hash is None and _mailed(session, link) >= MAILS_AN_HOUR:
            return None
        link.token_hash = token_hash(token)
        link.person_id = person_id
        link.ends_at = now + LIFE[Purpose(link.purpose)]
    return link


def _mailed(session: Session, link: OneTimeLink) -> int:
    """How many links like this one were mailed to its address in the hour before it."""
    alike = (
        select(OneTimeLink.token_hash)
        .where(OneTimeLink.email == link.email, OneTimeLink.purpose == link.purpose)
        .where(OneTimeLink.created_at > link.created_at - timedelta(hours=1))
        # Two workers on two machines must not both find room for the last mail.
        .with_for_update()
    )
    return sum(written is not None for written in session.scalars(alike))


def take(session: Session, token: str, purpose: Purpose, *, now: datetime) -> OneTimeLink:
    """Use a link up in the transaction under way. Raises LinkUnknown, LinkGone."""
    hashed = token_hash(token)
    taken = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == hashed, OneTimeLink.purpose == purpose)
        .where(OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now)
        .values(used_at=now)
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is not None:
        return session.get_one(OneTimeLink, taken, populate_existing=True)
    known = select(func.count()).where(
        OneTimeLink.token_hash == hashed, OneTimeLink.purpose == purpose
    )
    raise LinkGone if session.scalar(known) else LinkUnknown


def use_up(session: Session, person_id: int, purpose: Purpose, *, now: datetime) -> None:
    """End every open link of a person for one purpose."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.purpose == purpose)
        .where(OneTimeLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
