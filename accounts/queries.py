"""Reading people, companies, sessions and one-time links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.links import LinkGone, LinkUnknown, Purpose
from accounts.models import Company, OneTimeLink, Person
from accounts.permissions import Actor, Role, may_manage_members, may_see_members
from core.db import db
from core.tokens import token_hash


@dataclass(frozen=True)
class Invitation:
    """An invitation as the invited person sees it."""

    email: str
    company: str
    sender: str
    rights: frozenset[str]


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def company_name(company_id: int | None) -> str:
    """The company's name; '' for staff."""
    if company_id is None:
        return ""
    return db.session.scalar(select(Company.name).where(Company.id == company_id)) or ""


def confirmed_person(email: str) -> Person | None:
    """The one person who has shown that the address is theirs, disabled or not."""
    return db.session.scalars(
        select(Person).where(Person.email == email, Person.confirmed_at.is_not(None))
    ).first()


def newest_unconfirmed(email: str) -> Person | None:
    """The last registration with an address that was never confirmed and is not disabled."""
    return db.session.scalars(
        select(Person)
        .where(Person.email == email, Person.confirmed_at.is_(None))
        .where(Person.disabled_at.is_(None))
        .order_by(Person.id.desc())
        .limit(1)
    ).first()


def person_to_reset(email: str) -> Person | None:
    """Whose password a link sent to this address may set."""
    owner = confirmed_person(email)
    if owner is not None:
        return owner if owner.disabled_at is None else None
    return newest_unconfirmed(email)


def words_about(person_id: int | None) -> tuple[str, ...]:
    """Name, address and company of a person: what a guesser of the password would try."""
    known = person(person_id or 0)
    return (known.name, known.email, company_name(known.company_id)) if known else ()


def link(link_id: int) -> OneTimeLink | None:
    return db.session.get(OneTimeLink, link_id)


def open_link(token: str, purpose: Purpose, *, now: datetime) -> OneTimeLink:
    """The link of a secret, while it is good. Raises LinkUnknown, LinkGone."""
    found = db.session.scalars(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == purpose
        )
    ).first()
    if found is None:
        raise LinkUnknown
    if found.used_at is not None or found.ends_at <= now:
        raise LinkGone
    return found


def invitation(token: str, *, now: datetime) -> Invitation:
    """What an open invitation offers. Raises LinkUnknown, LinkGone."""
    found = open_link(token, Purpose.INVITE, now=now)
    sender = person(found.person_id or 0)
    return Invitation(
        email=found.email,
        company=company_name(found.company_id),
        sender=sender.name if sender else "",
        rights=frozenset(found.data["rights"]),
    )


def members_of(actor: Actor) -> Sequence[Person]:
    """The people of the actor's company, those who may sign in first."""
    if not may_see_members(actor):
        return []
    return db.session.scalars(
        select(Person)
        .where(Person.company_id == actor.company_id)
        .order_by(Person.disabled_at.is_not(None), Person.name, Person.id)
    ).all()


def staff_with(role: Role) -> list[Person]:
    """The people of the house with this role who may sign in, by name."""
    rows = db.session.scalars(
        select(Person)
        .where(Person.company_id.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [person for person in rows if role in person.roles]


def member_for(actor: Actor, person_id: int) -> Person | None:
    """A colleague whose rights the actor may change; None for anybody else."""
    if not may_manage_members(actor):
        return None
    return db.session.scalars(
        select(Person).where(Person.id == person_id, Person.company_id == actor.company_id)
    ).first()


def open_invitations(actor: Actor, *, now: datetime) -> Sequence[OneTimeLink]:
    """Invitations of the actor's company that wait for an answer, newest first."""
    if not may_manage_members(actor):
        return []
    return db.session.scalars(
        select(OneTimeLink)
        .where(OneTimeLink.purpose == Purpose.INVITE)
        .where(OneTimeLink.company_id == actor.company_id)
        .where(OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now)
        .order_by(OneTimeLink.id.desc())
    ).all()
