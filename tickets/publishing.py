"""Publishing the table of head starts: the only way an order changes without a ticket changing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_administer
from core import audit
from core.db import transaction
from core.moments import minutes_before
from core.tokens import once_key
from tickets import events
from tickets.events import Happened
from tickets.lifecycle import OPEN_STATES
from tickets.models import PolicyVersion, Ticket
from tickets.policy import Policy, QueueKey
from tickets.policy_changes import Standing, differences, rekeyed, same_order, same_typologies
from tickets.policy_queries import open_standings
from tickets.refusals import NotAllowed

_MINUTE = timedelta(minutes=1)
_OPEN = [state.value for state in OPEN_STATES]


class Outdated(Exception):
    """Another version was published after the one this table was written from."""


class NothingChanged(Exception):
    """The table is the one in force."""


class TypologyChanged(Exception):
    """A table may not say what is an incidencia: R1 does, and R2 hangs on it."""


def seal(proposed: Policy) -> str:
    """What a preview was made of: the table and the version that it would be."""
    return once_key("policy", json.dumps(proposed.to_json(), sort_keys=True))


def publish(*, proposed: Policy, reason: str, actor: Actor, form_id: str, now: datetime) -> int:
    """Put a table in force and give every open ticket the key that follows from it; its version.

    `proposed.version` is one more than the version it was written from. The same form gives
    the same version again. Raises NotAllowed, Outdated, NothingChanged, TypologyChanged.
    """
    if not may_administer(actor):
        raise NotAllowed("policy")
    once = once_key(form_id, actor.person_id, seal(proposed), reason) if form_id else None
    with transaction(queue=True) as session:
        again = select(PolicyVersion.version).where(PolicyVersion.published_with == once)
        published = session.scalar(again) if once else None
        if published is not None:
            return published
        in_force = _in_force(session)
        _check(in_force, proposed)
        session.add(
            PolicyVersion(
                version=proposed.version,
                table=proposed.to_json(),
                published_at=now,
                published_by=actor.person_id,
                reason=reason,
                published_with=once,
            )
        )
        session.flush()
        count = _rekey(session, proposed, actor=actor, now=now)
        _record(in_force, proposed, actor=actor, now=now, reason=reason, rekeyed=count)
        return proposed.version


def _in_force(session: Session) -> Policy:
    newest = select(PolicyVersion.table).order_by(PolicyVersion.version.desc()).limit(1)
    return Policy.from_json(session.scalars(newest).one())


def _check(in_force: Policy, proposed: Policy) -> None:
    if proposed.version != in_force.version + 1:
        raise Outdated
    if not same_typologies(in_force, proposed):
        raise TypologyChanged
    if same_order(in_force, proposed):
        raise NothingChanged


def _rekey(session: Session, policy: Policy, *, actor: Actor, now: datetime) -> int:
    """Give the open tickets their keys; how many got another one. Reads first: an event says
    what changed, and a statement for all changes it.
    """
    tickets = open_standings(session)
    keys = {row.key.number: rekeyed(policy, row) for row in tickets}
    changed = [row for row in tickets if keys[row.key.number] != row.key]
    typologies = {code: int(one.typology) for code, one in policy.affections.items()}
    session.execute(
        update(Ticket)
        .where(Ticket.state.in_(_OPEN))
        .values(
            policy_version=policy.version,
            typology=case(typologies, value=Ticket.affection),
            effective_arrival=minutes_before(Ticket.opened_at, _minutes(policy)),
        ),
        execution_options={"synchronize_session": False},
    )
    happened = [
        (row.key.number, _rekeyed_event(policy, row, keys[row.key.number])) for row in changed
    ]
    events.record_many(happened, actor_id=actor.person_id, now=now)
    return len(changed)


def _minutes(policy: Policy) -> ColumnElement[int]:
    """The head starts of a ticket together, as a column."""
    affections = {code: one.head_start // _MINUTE for code, one in policy.affections.items()}
    marks = {mark.value: start // _MINUTE for mark, start in policy.marks.items()}
    return case(affections, value=Ticket.affection) + case(marks, value=Ticket.mark)


def _rekeyed_event(policy: Policy, ticket: Standing, key: QueueKey) -> Happened:
    facts = {
        "policy": policy.version,
        "affection": ticket.affection,
        "mark": ticket.mark.value,
        "typology": int(key.typology),
        "effective_arrival": key.effective_arrival.isoformat(),
    }
    moves = (_move(ticket, ticket.key, -1), _move(ticket, key, +1)) if ticket.queued else ()
    return Happened("rekeyed", facts, moves)


def _move(ticket: Standing, key: QueueKey, delta: int) -> events.Move:
    return events.Move(
        delta, int(key.typology), key.effective_arrival, ticket.affection, ticket.opened_at
    )


def _record(
    before: Policy, after: Policy, *, actor: Actor, now: datetime, reason: str, rekeyed: int
) -> None:
    changes = {
        name: [old // _MINUTE, new // _MINUTE]
        for name, (old, new) in differences(before, after).items()
    }
    audit.record(
        "policy.published",
        f"policy:{after.version}",
        actor_id=actor.person_id,
        now=now,
        reason=reason,
        minutes=changes,
        rekeyed=rekeyed,
    )
