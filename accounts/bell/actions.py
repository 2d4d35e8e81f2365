"""Ringing, reading and forgetting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from accounts.bell import policy, queries
from accounts.bell.models import Notice
from accounts.permissions import Actor
from core import outbox
from core.db import add_once, transaction

FORGET_JOB = "accounts.forget_notices"


def ring(
    session: Session,
    *,
    person_id: int,
    kind: str,
    reference: str,
    about: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Tell one person, in the transaction under way; whether it was new to them.

    Whoever calls has asked whether the person may know, and that it is not their own doing.
    The same `reference` rings once, however often this is done. Words are no facts: what may be
    read there later is asked again when it is read.
    """
    return add_once(
        session,
        Notice,
        person_id=person_id,
        kind=kind,
        reference=reference,
        about=about,
        facts=dict(facts or {}),
        at=now,
    )


def ring_all(
    session: Session,
    *,
    people: Iterable[int],
    kind: str,
    reference: str,
    about: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Tell several people of one event; to how many it was new."""
    # In one order, so that two events that ring for the same people never wait for each other.
    return sum(
        ring(
            session,
            person_id=person_id,
            kind=kind,
            reference=reference,
            about=about,
            now=now,
            facts=facts,
        )
        for person_id in sorted(set(people))
    )


def ring_staff(
    session: Session,
    *,
    may: Callable[[Actor | None], bool],
    but: Actor | None,
    kind: str,
    reference: str,
    about: str,
    now: datetime,
    told: Collection[int] = (),
) -> int:
    """Tell the staff for whom a predicate of `permissions` holds, except who did it and who is
    told of the same event otherwise (`told`)."""
    people = set(queries.staff_who(may, but=but.person_id if but else None)).difference(told)
    return ring_all(session, people=people, kind=kind, reference=reference, about=about, now=now)


def read_all(*, actor: Actor, upto: int, now: datetime) -> None:
    """Everything up to this notice was read; what came after it stays new."""
    _mark(actor, now, Notice.id <= upto)


def read_about(*, actor: Actor, about: str, upto: int, now: datetime) -> None:
    """What this is about was looked at, up to this notice."""
    _mark(actor, now, Notice.about == about, Notice.id <= upto)


def _mark(actor: Actor, now: datetime, *which: Any) -> None:
    mine = update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    with transaction() as session:
        session.execute(mine.where(*which).values(read_at=now))


def settle_staff(
    session: Session, *, may: Callable[[Actor | None], bool], about: str, now: datetime
) -> None:
    """What this is about asks nothing of the staff any more: for none of them it is new."""
    mine = (Notice.person_id.in_(queries.staff_who(may)), Notice.read_at.is_(None))
    session.execute(update(Notice).where(*mine, Notice.about == about).values(read_at=now))


def open_notice(*, notice_id: int, actor: Actor, now: datetime) -> Notice | None:
    """One of the actor's own notices, read together with earlier ones about the same."""
    notice = queries.own(actor, notice_id)
    if notice is None:
        return None
    read_about(actor=actor, about=notice.about, upto=notice_id, now=now)
    return queries.own(actor, notice_id)


def forget(*, now: datetime) -> int:
    """Delete what is old, and what is more than a person keeps; how many."""
    rank = func.row_number().over(partition_by=Notice.person_id, order_by=Notice.id.desc())
    ranked = select(Notice.id, rank.label("rank")).subquery()
    surplus = select(ranked.c.id).where(ranked.c.rank > policy.MOST_KEPT)
    old = or_(
        Notice.read_at < now - policy.READ_KEPT,
        Notice.at < now - policy.UNREAD_KEPT,
        Notice.id.in_(surplus),
    )
    with transaction() as session:
        return len(session.scalars(delete(Notice).where(old).returning(Notice.id)).all())


def ask_to_forget(*, now: datetime, run_at: datetime | None = None) -> None:
    """Have the worker forget."""
    with transaction():
        outbox.enqueue(FORGET_JOB, {}, now=now, run_at=run_at)
