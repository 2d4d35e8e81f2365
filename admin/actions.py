"""What administrators do to people and to jobs that were given up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts import member_news
from accounts.models import Person, UserSession
from accounts.permissions import Actor, Role
from core import audit, mail_log
from core.db import transaction
from core.models import Job
from tickets.turns import return_tickets_of


class LastAdministratorError(Exception):
    """Nobody could administer the site afterwards."""


class NotStaffError(Exception):
    """Roles are for people who belong to no customer's company."""


def close_person(person_id: int, *, actor: Actor, now: datetime) -> None:
    """Close an account: its sessions end at once, what it wrote stays, and the tickets it had in
    attention go back to their place in the queue.

    Raises LookupError, LastAdministratorError.
    """
    with transaction(queue=True) as session:
        person = _person(session, person_id)
        if person.disabled_at is not None:
            return
        _keep_an_administrator(session, person)
        person.disabled_at = now
        session.execute(delete(UserSession).where(UserSession.person_id == person_id))
        returned = return_tickets_of(session, person_id, actor=actor, now=now)
        _record("person.closed", person, actor, now, tickets_returned=returned)
        member_news.tell(person.id, "closed", by=actor.person_id, now=now)


def open_person(person_id: int, *, actor: Actor, now: datetime) -> None:
    """Open a closed account again, with what it could do before. Raises LookupError."""
    with transaction() as session:
        person = _person(session, person_id)
        if person.disabled_at is not None:
            person.disabled_at = None
            _record("person.opened", person, actor, now)
            member_news.tell(person.id, "reopened", by=actor.person_id, now=now)


def change_roles(person_id: int, roles: frozenset[Role], *, actor: Actor, now: datetime) -> None:
    """Give a member of staff exactly these roles, at least one; who is no technician any more
    keeps no ticket in attention.

    Raises LookupError, NotStaffError, LastAdministratorError, ValueError without roles.
    """
    if not roles:
        raise ValueError("a member of staff has a role")
    with transaction(queue=True) as session:
        person = _person(session, person_id)
        if person.company_id is not None:
            raise NotStaffError
        if Role.ADMINISTRATOR not in roles:
            _keep_an_administrator(session, person)
        before, after = sorted(person.roles), sorted(role.value for role in roles)
        if before != after:
            person.roles = frozenset(after)
            if Role.TECHNICIAN not in roles:
                return_tickets_of(session, person_id, actor=actor, now=now)
            _record("person.roles_changed", person, actor, now, before=before, after=after)
            member_news.tell(person.id, "roles", by=actor.person_id, now=now)


def retry_job(job_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the worker try a job again that was given up. Raises LookupError."""
    with transaction() as session:
        kind = session.scalar(
            update(Job)
            .where(Job.id == job_id, Job.failed_at.is_not(None))
            .values(failed_at=None, attempts=0, run_at=now, claimed_until=None)
            .returning(Job.kind)
        )
        if kind is None:
            raise LookupError(job_id)
        mail_log.try_again([job_id])
        audit.record("job.retried", f"job:{job_id}", actor_id=actor.person_id, now=now, kind=kind)


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise LookupError(person_id)
    return person


def _keep_an_administrator(session: Session, leaving: Person) -> None:
    if Role.ADMINISTRATOR not in leaving.roles or leaving.disabled_at is not None:
        return
    # Locked, so that two administrators cannot close each other at the same moment.
    staff = session.scalars(
        select(Person)
        .where(Person.roles != frozenset(), Person.disabled_at.is_(None))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if not any(p.id != leaving.id and Role.ADMINISTRATOR in p.roles for p in staff):
        raise LastAdministratorError


def _record(action: str, person: Person, actor: Actor, now: datetime, **data: object) -> None:
    audit.record(action, f"person:{person.id}", actor_id=actor.person_id, now=now, **data)
