"""What technicians say of an outage. Every word is public: each verb moves the content on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_work_desk
from core import audit
from core.counters import next_value, touch_content
from core.db import transaction
from core.tokens import once_key
from tickets.news.actions import tell_outage
from tickets.news.policy import What
from tickets.outages import rings
from tickets.outages.models import Outage, OutageUpdate
from tickets.refusals import NotAllowed


class Resolved(Exception):
    """The outage was resolved already."""


@dataclass(frozen=True)
class Told:
    """An outage as a form tells it; `affection` is one of the policy's."""

    title: str
    body: str
    affection: str
    services: tuple[str, ...] = ()
    title_en: str = ""
    body_en: str = ""


def declare(*, actor: Actor, told: Told, form_id: str, now: datetime) -> int:
    """Make an outage known to everybody; its number. The same form declares one.

    Raises NotAllowed.
    """
    if not may_work_desk(actor):
        raise NotAllowed("desk")
    once = once_key("outage", form_id, actor.person_id)
    with transaction() as session:
        # First, because its row locks out the same form sent at the same moment.
        touch_content()
        known = session.scalar(select(Outage.number).where(Outage.form_id == once))
        if known is not None:
            return known
        outage = Outage(
            number=next_value("outage"),
            declared_at=now,
            declared_by=actor.person_id,
            form_id=once,
        )
        _tell(outage, told)
        session.add(outage)
        session.flush()
        rings.declared(session, outage, actor=actor, now=now)
        _record("outages.declared", outage, actor, now)
        return outage.number


def _tell(outage: Outage, told: Told) -> None:
    outage.title, outage.body = told.title, told.body
    outage.title_en, outage.body_en = told.title_en, told.body_en
    outage.affection, outage.services = told.affection, list(told.services)


def _record(verb: str, outage: Outage, actor: Actor, now: datetime, **facts: object) -> None:
    said = {"title": outage.title, "affection": outage.affection, **facts}
    audit.record(verb, f"outage:{outage.number}", actor_id=actor.person_id, now=now, **said)


def locked_outage(session: Session, number: int, actor: Actor) -> Outage:
    """The outage for a technician who changes it. Raises NotAllowed("desk" | "outage")."""
    if not may_work_desk(actor):
        raise NotAllowed("desk")
    outage = session.scalar(select(Outage).where(Outage.number == number).with_for_update())
    if outage is None:
        raise NotAllowed("outage")
    return outage


def edit(*, number: int, actor: Actor, told: Told, now: datetime) -> None:
    """Other words for an outage. Tickets that joined keep theirs, and their places.

    Raises NotAllowed.
    """
    with transaction() as session:
        outage = locked_outage(session, number, actor)
        was = {"title": outage.title, "body": outage.body, "affection": outage.affection}
        touch_content()
        _tell(outage, told)
        _record("outages.edited", outage, actor, now, before=was)


def add_update(
    *, number: int, actor: Actor, body: str, body_en: str = "", form_id: str, now: datetime
) -> None:
    """A dated line for everybody to read. The same form adds one. Raises NotAllowed, Resolved."""
    with transaction() as session:
        outage = locked_outage(session, number, actor)
        if outage.resolved_at is not None:
            raise Resolved
        if write_update(session, outage, actor, body, body_en, form_id, now):
            _record("outages.updated", outage, actor, now)
            tell_outage(number, What.OUTAGE_UPDATED, by=actor.person_id, now=now)


def write_update(
    session: Session,
    outage: Outage,
    actor: Actor,
    body: str,
    body_en: str,
    form_id: str,
    now: datetime,
) -> bool:
    """Add the line to the transaction under way; False when this form was sent before."""
    once = once_key("update", form_id, outage.number, actor.person_id, body, body_en)
    if session.scalar(select(OutageUpdate.id).where(OutageUpdate.form_id == once)) is not None:
        return False
    touch_content()
    session.add(
        OutageUpdate(
            outage_number=outage.number,
            body=body,
            body_en=body_en,
            at=now,
            by=actor.person_id,
            form_id=once,
        )
    )
    return True
