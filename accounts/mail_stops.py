"""Stopping a kind of mail and taking it back: by its owner, or by the link that a mail carries."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, select

from accounts.mail_choices import MailKind
from accounts.models import MailStop, Person
from core import audit
from core.db import add_once, db, transaction

_SIGNATURE_CHARS = 32


def stopped(person_id: int) -> frozenset[str]:
    """The kinds that this person does not want."""
    found = select(MailStop.kind).where(MailStop.person_id == person_id)
    return frozenset(db.session.scalars(found))


def choose(
    *, person_id: int, offered: Iterable[MailKind], wanted: Iterable[str], now: datetime
) -> None:
    """Of the offered kinds, get exactly the wanted ones. Others stay as they are."""
    with transaction():
        before = stopped(person_id)
        for kind in offered:
            _set(person_id, kind, is_wanted=kind.value in set(wanted), now=now)
        after = stopped(person_id)
        if before != after:
            _record(person_id, person_id, now, before=sorted(before), after=sorted(after))


def set_one(*, person_id: int, kind: MailKind, is_wanted: bool, now: datetime) -> None:
    """Stop one kind or take it back, by the link of a mail: nobody is signed in."""
    with transaction():
        if (kind.value in stopped(person_id)) == is_wanted:
            _set(person_id, kind, is_wanted=is_wanted, now=now)
            _record(person_id, None, now, kind=kind.value, wanted=is_wanted)


def token_for(person_id: int, kind: MailKind) -> str:
    """What the link of a mail names: it stops this kind for this person, and nothing else."""
    return f"{person_id}-{kind.value}-{_signature(person_id, kind)}"


def read_token(token: str) -> tuple[int, MailKind]:
    """Whom and which kind a link names. Raises LookupError for one that this site did not make,
    or whose person is gone."""
    person, _, rest = token.partition("-")
    name = rest.partition("-")[0]
    if not (token.isascii() and person.isdigit() and len(person) < 10):
        raise LookupError(token)
    if name not in set(MailKind):
        raise LookupError(token)
    person_id, kind = int(person), MailKind(name)
    if not hmac.compare_digest(token, token_for(person_id, kind)):
        raise LookupError(token)
    if db.session.get(Person, person_id) is None:
        raise LookupError(token)
    return person_id, kind


def _set(person_id: int, kind: MailKind, *, is_wanted: bool, now: datetime) -> None:
    if is_wanted:
        mine = delete(MailStop).where(MailStop.person_id == person_id)
        db.session.execute(mine.where(MailStop.kind == kind.value))
    else:
        add_once(db.session(), MailStop, person_id=person_id, kind=kind.value, stopped_at=now)


def _record(person_id: int, actor_id: int | None, now: datetime, **data: object) -> None:
    audit.record("mail.choices", f"person:{person_id}", actor_id=actor_id, now=now, **data)


def _signature(person_id: int, kind: MailKind) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    signed = hmac.new(key, f"mail-stop:{person_id}:{kind.value}".encode(), "sha256")
    return signed.hexdigest()[:_SIGNATURE_CHARS]
