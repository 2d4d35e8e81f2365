"""Signed-in browsers: a table of our own, because a signed cookie cannot be revoked.

Limits after ASVS 5.0 V7.3: staff 2 h idle and 12 h in all, customers 7 days idle and 30 days
in all. The id is new at every sign-in; only its SHA-256 is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from accounts.models import Company, Person, UserSession
from accounts.permissions import Actor, Role
from core.db import db, transaction
from core.tokens import new_token, token_hash

STAFF_IDLE, STAFF_LIFE = timedelta(hours=2), timedelta(hours=12)
CUSTOMER_IDLE, CUSTOMER_LIFE = timedelta(days=7), timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
AT_MOST = 10


def start(person_id: int, *, browser: str, now: datetime) -> str:
    """Open a session and return its secret. The eleventh ends the oldest."""
    token = new_token()
    with transaction() as session:
        person = session.get_one(Person, person_id)
        life = STAFF_LIFE if person.roles else CUSTOMER_LIFE
        session.execute(delete(UserSession).where(UserSession.ends_at <= now))
        oldest = (
            select(UserSession.token_hash)
            .where(UserSession.person_id == person_id)
            .order_by(UserSession.seen_at.desc())
            .offset(AT_MOST - 1)
        )
        surplus = list(session.scalars(oldest))
        session.execute(delete(UserSession).where(UserSession.token_hash.in_(surplus)))
        session.add(
            UserSession(
                token_hash=token_hash(token),
                person_id=person_id,
                created_at=now,
                seen_at=now,
                ends_at=now + life,
                browser=browser[:200],
            )
        )
    return token


def actor_of(token: str, *, now: datetime, used: bool = True) -> Actor | None:
    """Who holds this secret; None when the session ended or the person was disabled.

    Without `used` the session ends as if it had not been asked for.
    """
    row = db.session.execute(
        select(UserSession.seen_at, Person, Company.name)
        .join(Person, Person.id == UserSession.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .where(UserSession.token_hash == token_hash(token), UserSession.ends_at > now)
        .where(Person.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    seen_at, person, company = row
    actor = actor_for(person, company or "")
    if now - seen_at > (STAFF_IDLE if actor.is_staff else CUSTOMER_IDLE):
        return None
    if used and now - seen_at > SEEN_EVERY:
        _seen(token, now)
    return actor


def actor_for(person: Person, company_name: str) -> Actor:
    """The actor a person is."""
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        company_id=person.company_id,
        company_name=company_name,
        rights=person.rights,
        roles=person.roles,
        is_confirmed=person.confirmed_at is not None,
        locale=person.locale,
    )


def end(token: str) -> None:
    """End one session."""
    with transaction() as session:
        session.execute(delete(UserSession).where(UserSession.token_hash == token_hash(token)))


def _seen(token: str, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(UserSession)
            .where(UserSession.token_hash == token_hash(token))
            .values(seen_at=now)
        )


def active_staff(role: Role, *, since: datetime) -> list[int]:
    """The people with this role who used the site since then, by id; SEEN_EVERY is how exact."""
    rows = db.session.execute(
        select(Person.id, Person.roles)
        .join(UserSession, UserSession.person_id == Person.id)
        .where(UserSession.seen_at >= since, Person.disabled_at.is_(None))
        .where(Person.company_id.is_(None))
        .distinct()
    )
    return sorted(row.id for row in rows if role in row.roles)


def open_sessions(person_id: int, *, now: datetime) -> Sequence[UserSession]:
    """Where a person is signed in, last used first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.person_id == person_id, UserSession.ends_at > now)
        .order_by(UserSession.seen_at.desc(), UserSession.token_hash)
    ).all()


#: What a browser says of itself, the telling word first: Edge also says Chrome, Chrome Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """«Chrome · Windows»: the browser in words a person recognises; '' for an unknown one."""
    names = (
        next((name for word, name in known if word in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(name for name in names if name)
