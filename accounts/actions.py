"""What happens to people: registering, confirming, passwords, profile, sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import links, queries
from accounts.links import LinkGone, Purpose
from accounts.models import Company, Person, UserSession
from accounts.passwords import hash_password, needs_rehash, verify_password
from accounts.permissions import PRESETS, Actor
from core import audit, outbox
from core.db import transaction


class AddressTaken(Exception):
    """Another person has shown that the address is theirs."""


class WrongPassword(Exception):
    """The present password is not the one that was given."""


def register(
    *, name: str, email: str, company: str, password: str, locale: str, now: datetime
) -> int:
    """A new company and its first member, not confirmed; the id of the person.

    An address that somebody has confirmed is no reason to refuse: refusing would tell who has
    an account. The mail that follows says to its owner what happened (`accounts.confirm`).
    """
    hashed = hash_password(password)
    with transaction() as session:
        owner = Company(name=company, created_at=now)
        session.add(owner)
        session.flush()
        person = _person(name, email, hashed, locale, now)
        person.company_id = owner.id
        person.rights = _plain(PRESETS["administrador"])
        session.add(person)
        session.flush()
        links.ask(session, purpose=Purpose.CONFIRM, email=email, person_id=person.id, now=now)
        _record("account.registered", person, by=person.id, now=now)
        return person.id


def create_person(
    *,
    name: str,
    email: str,
    password: str,
    now: datetime,
    company: str = "",
    rights: frozenset[str] = frozenset(),
    roles: frozenset[str] = frozenset(),
    locale: str = "es",
    actor_id: int | None = None,
) -> int:
    """A confirmed person: staff with `roles`, or a member of `company`; the id of the person.

    The company is the oldest one of that name, made where there is none.
    Raises AddressTaken.
    """
    hashed = hash_password(password)
    try:
        with transaction() as session:
            person = _person(name, email, hashed, locale, now)
            person.confirmed_at = now
            person.company_id = _company_named(session, company, now) if company else None
            person.rights, person.roles = _plain(rights), _plain(roles)
            session.add(person)
            session.flush()
            _record("account.created", person, by=actor_id, now=now)
            return person.id
    except IntegrityError as error:
        raise AddressTaken from error


def sign_in(*, email: str, password: str) -> int | None:
    """The id of the person whose address and password these are; None for any other pair.

    Two hashes are compared whatever the address is, so that time tells nothing: the one of
    its confirmed person, and the one of its newest registration.
    """
    owner, newest = queries.confirmed_person(email), queries.newest_unconfirmed(email)
    if owner is not None and owner.disabled_at is not None:
        owner = None
    found: list[Person] = []
    for person in (owner, newest):
        if verify_password(person.password_hash if person else None, password) and person:
            found.append(person)
    if not found:
        return None
    if needs_rehash(found[0].password_hash):
        _rehash(found[0].id, found[0].password_hash, password)
    return found[0].id


def _rehash(person_id: int, before: str, password: str) -> None:
    hashed = hash_password(password)
    with transaction() as session:
        session.execute(
            update(Person)
            .where(Person.id == person_id, Person.password_hash == before)
            .values(password_hash=hashed)
        )


def is_password_of(*, person_id: int | None, password: str) -> bool:
    """Whether the password is the person's."""
    person = queries.person(person_id or 0)
    return verify_password(person.password_hash if person else None, password)


def ask_confirmation(*, actor: Actor, now: datetime) -> None:
    """Send the link that confirms the actor's address once more."""
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        if person.confirmed_at is None:
            links.ask(
                session,
                purpose=Purpose.CONFIRM,
                email=person.email,
                person_id=person.id,
                now=now,
            )


def confirm(*, token: str, now: datetime) -> int:
    """The address of a link is its person's; the id of the person.

    Raises LinkUnknown, LinkGone, AddressTaken.
    """
    try:
        with transaction() as session:
            link = links.take(session, token, Purpose.CONFIRM, now=now)
            person = session.get_one(Person, link.person_id)
            if person.disabled_at is not None:
                raise LinkGone
            _confirm(session, person, now)
            session.flush()
            return person.id
    except IntegrityError as error:
        raise AddressTaken from error


def ask_reset(*, email: str, now: datetime) -> None:
    """Mail a link that sets a new password, if somebody has this address.

    The same rows are written for an unknown address: who it belongs to is asked when the mail
    is written (`accounts.reset`).
    """
    with transaction() as session:
        links.ask(session, purpose=Purpose.RESET, email=email, now=now)


def reset_password(*, token: str, password: str, now: datetime) -> int:
    """Set a password with a mailed link; every session ends. The id of the person.

    The link shows that the mailbox is the person's, so it confirms the address as well.
    Raises LinkUnknown, LinkGone, AddressTaken.
    """
    hashed = hash_password(password)
    try:
        with transaction() as session:
            link = links.take(session, token, Purpose.RESET, now=now)
            person = session.get_one(Person, link.person_id)
            if person.disabled_at is not None:
                raise LinkGone
            if person.confirmed_at is None:
                _confirm(session, person, now)
            _set_password(session, person, hashed, now)
            session.flush()
            return person.id
    except IntegrityError as error:
        raise AddressTaken from error


def change_password(*, actor: Actor, current: str, password: str, now: datetime) -> None:
    """Set another password; every session ends, this one too. Raises WrongPassword."""
    known = queries.person(actor.person_id)
    before = known.password_hash if known else None
    if not verify_password(before, current):
        raise WrongPassword
    hashed = hash_password(password)
    with transaction() as session:
        person = session.get_one(Person, actor.person_id, with_for_update=True)
        if person.password_hash != before:
            raise WrongPassword
        _set_password(session, person, hashed, now)


def change_profile(*, actor: Actor, name: str, locale: str, now: datetime) -> None:
    """Change the actor's own name and language."""
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        before = {"name": person.name, "locale": person.locale}
        person.name, person.locale = name, locale
        after = {"name": name, "locale": locale}
        if before != after:
            _record("profile.changed", person, by=person.id, now=now, before=before, after=after)


def end_session(*, actor: Actor, key: str) -> bool:
    """End the one of the actor's own sessions whose hash is `key`; whether there was one."""
    with transaction() as session:
        ended = session.execute(
            delete(UserSession)
            .where(UserSession.person_id == actor.person_id, UserSession.token_hash == key)
            .returning(UserSession.token_hash)
        ).all()
        return bool(ended)


def end_other_sessions(*, actor: Actor, kept: str) -> None:
    """End the actor's sessions but the one whose hash is `kept`."""
    with transaction() as session:
        session.execute(
            delete(UserSession)
            .where(UserSession.person_id == actor.person_id)
            .where(UserSession.token_hash != kept)
        )


def _person(name: str, email: str, hashed: str, locale: str, now: datetime) -> Person:
    return Person(
        name=name,
        email=email,
        password_hash=hashed,
        rights=frozenset(),
        roles=frozenset(),
        locale=locale,
        created_at=now,
    )


def _company_named(session: Session, name: str, now: datetime) -> int:
    known = session.scalars(
        select(Company).where(Company.name == name).order_by(Company.id).limit(1)
    ).first()
    if known is None:
        known = Company(name=name, created_at=now)
        session.add(known)
        session.flush()
    return known.id


def _confirm(session: Session, person: Person, now: datetime) -> None:
    if person.confirmed_at is None:
        person.confirmed_at = now
        _record("account.confirmed", person, by=person.id, now=now)
    links.use_up(session, person.id, Purpose.CONFIRM, now=now)


def _set_password(session: Session, person: Person, hashed: str, now: datetime) -> None:
    """Old links and sessions end with the old password."""
    person.password_hash = hashed
    links.use_up(session, person.id, Purpose.RESET, now=now)
    session.execute(delete(UserSession).where(UserSession.person_id == person.id))
    _record("password.changed", person, by=person.id, now=now)
    if person.confirmed_at is not None:
        payload = {"person": person.id, "at": now.isoformat()}
        outbox.enqueue("accounts.password_changed", payload, now=now)


def _record(action: str, person: Person, *, by: int | None, now: datetime, **data: object) -> None:
    audit.record(action, f"person:{person.id}", actor_id=by, now=now, **data)


def _plain(names: frozenset[str]) -> frozenset[str]:
    return frozenset(str(name) for name in names)
