"""The queue in its order, and the place of a ticket in it (R2, R3, R5; DESIGN section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from accounts.permissions import Actor
from core import clock
from core.db import db
from tickets.lifecycle import State, as_customers_see
from tickets.models import PolicyVersion, Ticket
from tickets.policy import Explanation, Mark, Policy, explain
from tickets.queries import tickets_of

#: Counting stops here: the first desk page must cost the same with a million waiting.
COUNT_AT_MOST = 1000


_KEY = (Ticket.typology, Ticket.effective_arrival, Ticket.number)


@dataclass(frozen=True)
class Ahead:
    """So many tickets ahead for one reason: an older arrival, or what their affection buys."""

    typology: int
    affection: str
    older: bool
    count: int


@dataclass(frozen=True)
class Placed:
    """An open ticket of a customer with how many are ahead (None when it is not queued)."""

    number: int
    subject: str
    state: str
    changed_at: datetime
    ahead: int | None


def current_policy() -> Policy:
    """The policy in force. Raises LookupError before the first one is published."""
    newest = select(PolicyVersion.table).order_by(PolicyVersion.version.desc()).limit(1)
    table = db.session.scalar(newest)
    if table is None:
        raise LookupError("no policy was published")
    return Policy.from_json(table)


def policy_version() -> int:
    """The number of the policy in force; 0 before the first one is published."""
    return db.session.scalar(select(func.max(PolicyVersion.version))) or 0


def policy(version: int) -> Policy:
    """One version of the policy. Raises LookupError when there is no such version."""
    row = db.session.get(PolicyVersion, version)
    if row is None:
        raise LookupError(f"no policy {version}")
    return Policy.from_json(row.table)


def explanation(ticket: Ticket) -> Explanation:
    """What each factor counted for this ticket, under the policy it was keyed with."""
    return explain(policy(ticket.policy_version), ticket.affection, Mark(ticket.mark))


def explanations(rows: list[Ticket]) -> dict[int, Explanation]:
    """What each factor counted, by ticket; each policy is read once."""
    policies = {version: policy(version) for version in {t.policy_version for t in rows}}
    return {t.number: explain(policies[t.policy_version], t.affection, Mark(t.mark)) for t in rows}


def open_tickets_with_place(actor: Actor, limit: int = 5) -> list[Placed]:
    """A customer's open tickets, what waits for them first, with their places."""
    rows, _total = tickets_of(actor, only_open=True, offset=0, limit=limit)
    places = counts_ahead(rows)
    placed = [
        Placed(t.number, t.subject, seen_state(t), t.changed_at, places.get(t.number)) for t in rows
    ]
    return sorted(placed, key=lambda one: one.state != State.WAITING)


def seen_state(ticket: Ticket) -> str:
    """The state as customers see it now (decision 0021)."""
    return as_customers_see(State(ticket.state), ticket.settles_at, clock.now()).value


def queued(ticket: Ticket) -> bool:
    """Whether it stands in the queue."""
    return ticket.state == State.QUEUED


def _before(ticket: Ticket) -> ColumnElement[bool]:
    key = (ticket.typology, ticket.effective_arrival, ticket.number)
    return and_(Ticket.state == State.QUEUED.value, tuple_(*_KEY) < key)


def count_ahead(ticket: Ticket) -> int:
    """How many are ahead of a queued ticket: one range count of the index."""
    return db.session.scalar(select(func.count()).where(_before(ticket))) or 0


def counts_ahead(tickets: Sequence[Ticket]) -> dict[int, int]:
    """How many are ahead of each of these that is queued; one query for all."""
    numbers = [ticket.number for ticket in tickets if queued(ticket)]
    if not numbers:
        return {}
    other = aliased(Ticket)
    theirs = tuple_(other.typology, other.effective_arrival, other.number)
    ahead = (
        select(func.count())
        .where(other.state == State.QUEUED.value, theirs < tuple_(*_KEY))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Ticket.number, ahead.label("ahead")).where(Ticket.number.in_(numbers))
    )
    return {row.number: row.ahead for row in rows}


def ahead_of(ticket: Ticket) -> list[Ahead]:
    """Who is ahead, counted by reason, in the order in which they will be served.

    A ticket of the same typology that arrived earlier is ahead by age; any other is ahead by
    what its typology or affection counts for.
    """
    older = and_(Ticket.typology == ticket.typology, Ticket.opened_at <= ticket.opened_at)
    rows = db.session.execute(
        select(Ticket.typology, Ticket.affection, older.label("older"), func.count())
        .where(_before(ticket))
        .group_by(Ticket.typology, Ticket.affection, "older")
    ).all()
    by_reason: dict[tuple[int, bool, str], int] = {}
    for typology, affection, is_older, count in rows:
        reason = (typology, bool(is_older), "" if is_older else affection)
        by_reason[reason] = by_reason.get(reason, 0) + count
    return [
        Ahead(typology, affection, is_older, count)
        for (typology, is_older, affection), count in sorted(by_reason.items())
    ]


def queue(*, offset: int, limit: int) -> list[Ticket]:
    """A stretch of the queue in its order."""
    return list(
        db.session.scalars(
            select(Ticket)
            .where(Ticket.state == State.QUEUED.value)
            .order_by(*_KEY)
            .options(joinedload(Ticket.company))
            .offset(offset)
            .limit(limit)
        )
    )


def queue_length() -> int:
    """How many wait, counted up to COUNT_AT_MOST + 1."""
    some = select(Ticket.number).where(Ticket.state == State.QUEUED.value)
    some_more = some.limit(COUNT_AT_MOST + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some_more)) or 0
