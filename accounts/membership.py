"""The members of a company: invited, given rights, closed and reopened by its managers; leaving."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import links, member_news, sessions
from accounts.actions import AddressTaken
from accounts.links import LinkGone, Purpose
from accounts.models import Company, OneTimeLink, Person, UserSession
from accounts.passwords import hash_password
from accounts.permissions import Actor, Right, may_grant, may_manage_members, may_see_members
from core import audit
from core.db import transaction


class NotAllowed(Exception):
    """The actor may not do this, or there is nobody to do it to."""


class LastManager(Exception):
    """Somebody must be left who can manage the members."""


class OwnAccount(Exception):
    """Nobody closes their own account as if it were another's: one leaves."""


class AlreadyMember(Exception):
    """The address belongs to a member of the actor's own company."""


def invite(*, actor: Actor, email: str, rights: frozenset[str], now: datetime) -> None:
    """Invite an address to the actor's company; an earlier invitation to it is withdrawn.

    Whether the address has an account elsewhere makes no difference here: only the mail
    tells (`accounts.invite`). Raises NotAllowed, AlreadyMember.
    """
    with transaction() as session:
        sender = _manager(session, actor)
        if not may_grant(sender, rights):
            raise NotAllowed
        if session.scalar(
            select(Person.id)
            .where(Person.company_id == sender.company_id, Person.email == email)
            .where(Person.confirmed_at.is_not(None))
        ):
            raise AlreadyMember
        for earlier in _open_invitations(session, sender, now):
            if earlier.email == email:
                earlier.used_at = now
        link = links.ask(
            session,
            purpose=Purpose.INVITE,
            email=email,
            person_id=sender.person_id,
            company_id=sender.company_id,
            rights=rights,
            now=now,
        )
        _record(
            "invitation.sent", sender, f"link:{link.id}", now, email=email, rights=sorted(rights)
        )


def withdraw(*, actor: Actor, link_id: int, now: datetime) -> None:
    """Take back an invitation that nobody has accepted. Raises NotAllowed."""
    with transaction() as session:
        sender = _manager(session, actor)
        link = next((i for i in _open_invitations(session, sender, now) if i.id == link_id), None)
        if link is None:
            raise NotAllowed
        link.used_at = now
        _record("invitation.withdrawn", sender, f"link:{link.id}", now, email=link.email)


def accept(*, token: str, name: str, password: str, locale: str, now: datetime) -> int:
    """Become a member by an invitation; the id of the new, confirmed person.

    An invitation is worth what its sender may give at this moment.
    Raises LinkUnknown, LinkGone, AddressTaken.
    """
    hashed = hash_password(password)
    try:
        with transaction() as session:
            link = links.take(session, token, Purpose.INVITE, now=now)
            rights = frozenset(link.data["rights"])
            if not may_grant(_sender(session, link), rights):
                raise LinkGone
            person = Person(
                name=name,
                email=link.email,
                password_hash=hashed,
                company_id=link.company_id,
                rights=rights,
                roles=frozenset(),
                locale=locale,
                created_at=now,
                confirmed_at=now,
            )
            session.add(person)
            session.flush()
            audit.record(
                "invitation.accepted",
                f"person:{person.id}",
                actor_id=person.id,
                now=now,
                rights=sorted(rights),
            )
            if link.person_id is not None:
                member_news.tell(link.person_id, "joined", by=person.id, now=now)
            return person.id
    except IntegrityError as error:
        raise AddressTaken from error


def change_rights(*, actor: Actor, person_id: int, rights: frozenset[str], now: datetime) -> None:
    """Give a member these of the rights that the actor holds; the others stay as they are.

    Raises NotAllowed, LastManager.
    """
    with transaction() as session:
        manager = _manager(session, actor)
        member = _member(session, manager, person_id)
        if not may_grant(manager, rights - member.rights):
            raise NotAllowed
        after = rights | (member.rights - manager.rights)
        if Right.MANAGE_MEMBERS not in after:
            _check_manager_left(session, member)
        before, member.rights = member.rights, after
        _record(
            "member.rights_changed",
            manager,
            f"person:{member.id}",
            now,
            before=sorted(before),
            after=sorted(after),
        )
        if before != after:
            member_news.tell(member.id, "rights", by=manager.person_id, now=now)


def close(*, actor: Actor, person_id: int, now: datetime) -> None:
    """Close a member's account: their sessions end at once, their tickets stay.

    Raises NotAllowed, OwnAccount, LastManager.
    """
    with transaction() as session:
        manager = _manager(session, actor)
        member = _member(session, manager, person_id)
        if member.disabled_at is not None:
            return
        _check_manager_left(session, member)
        if member.id == manager.person_id:
            raise OwnAccount
        member.disabled_at = now
        session.execute(delete(UserSession).where(UserSession.person_id == member.id))
        _record("member.closed", manager, f"person:{member.id}", now)
        member_news.tell(member.id, "closed", by=manager.person_id, now=now)


def leave(*, actor: Actor, now: datetime) -> None:
    """Close one's own account in the company: every session ends at once, the tickets stay.

    Raises NotAllowed, LastManager.
    """
    if not may_see_members(actor):
        raise NotAllowed
    with transaction() as session:
        session.get_one(Company, actor.company_id, with_for_update=True)
        member = session.get_one(Person, actor.person_id, populate_existing=True)
        if member.disabled_at is not None:
            return
        _check_manager_left(session, member)
        member.disabled_at = now
        session.execute(delete(UserSession).where(UserSession.person_id == member.id))
        _record("member.left", actor, f"person:{member.id}", now)


def reopen(*, actor: Actor, person_id: int, now: datetime) -> None:
    """Open a closed account again, with the rights it had.

    Raises NotAllowed, also when those are more than the actor may give.
    """
    with transaction() as session:
        manager = _manager(session, actor)
        member = _member(session, manager, person_id)
        if not may_grant(manager, member.rights):
            raise NotAllowed
        if member.disabled_at is not None:
            member.disabled_at = None
            _record("member.reopened", manager, f"person:{member.id}", now)
            member_news.tell(member.id, "reopened", by=manager.person_id, now=now)


def _manager(session: Session, actor: Actor) -> Actor:
    """The actor as of now. The company is locked: two managers change it one after the other."""
    if not may_manage_members(actor):
        raise NotAllowed
    session.get_one(Company, actor.company_id, with_for_update=True)
    person = session.get_one(Person, actor.person_id, populate_existing=True)
    present = sessions.actor_for(person, actor.company_name)
    if person.disabled_at is not None or not may_manage_members(present):
        raise NotAllowed
    return present


def _member(session: Session, manager: Actor, person_id: int) -> Person:
    member = session.get(Person, person_id, populate_existing=True)
    if member is None or member.company_id != manager.company_id:
        raise NotAllowed
    return member


def _check_manager_left(session: Session, leaving: Person) -> None:
    if Right.MANAGE_MEMBERS not in leaving.rights or leaving.disabled_at is not None:
        return
    others = session.scalars(
        select(Person)
        .where(Person.company_id == leaving.company_id, Person.id != leaving.id)
        .where(Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
    )
    if not any(Right.MANAGE_MEMBERS in other.rights for other in others):
        raise LastManager


def _open_invitations(session: Session, sender: Actor, now: datetime) -> list[OneTimeLink]:
    return list(
        session.scalars(
            select(OneTimeLink)
            .where(OneTimeLink.purpose == Purpose.INVITE)
            .where(OneTimeLink.company_id == sender.company_id)
            .where(OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now)
        )
    )


def _sender(session: Session, link: OneTimeLink) -> Actor | None:
    person = session.get(Person, link.person_id)
    if person is None or person.disabled_at is not None or person.company_id != link.company_id:
        return None
    return sessions.actor_for(person, "")


def _record(action: str, by: Actor, subject: str, now: datetime, **data: object) -> None:
    audit.record(action, subject, actor_id=by.person_id, now=now, **data)
