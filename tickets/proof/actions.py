"""Auditing the log: replay it whole, compare the tables with it, keep what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from core import outbox
from core.counters import last_value
from core.db import db, snapshot, transaction
from tickets.fairness import Replay
from tickets.log_records import Finding, Logged, Stored
from tickets.models import PolicyVersion, Ticket, TicketEvent, TicketReturn
from tickets.policy import Policy
from tickets.proof.models import AuditRun

_FETCH = 5_000
EVERY = timedelta(days=1)


def audit(*, now: datetime) -> AuditRun:
    """Replay every event, keep the result as a row, and return it.

    Reads one snapshot while the site works on; nothing but the new row is written.
    """
    replay, finding = _judge()
    run = AuditRun(
        at=now,
        events=replay.seq,
        tickets=replay.seen,
        hand_outs=replay.hand_outs,
        last_seq=replay.seq,
        digest=replay.digest,
        problem=finding.code if finding else None,
        problem_seq=finding.seq if finding else None,
        problem_ticket=finding.ticket if finding else None,
    )
    with transaction() as session:
        session.add(run)
    return run


def ask_for_audit(*, now: datetime) -> None:
    """Have the worker audit the log as soon as it can."""
    with transaction():
        outbox.enqueue("tickets.audit", {}, now=now)


def plan_daily_audit(*, now: datetime) -> None:
    """Have the next audit run a day from now, unless one is due already."""
    if outbox.pending(["tickets.audit"]) > 1:
        # The job under way counts until it is done.
        return
    with transaction():
        outbox.enqueue("tickets.audit", {}, now=now, run_at=now + EVERY)


def _judge() -> tuple[Replay, Finding | None]:
    with snapshot() as session:
        tables = session.scalars(select(PolicyVersion.table))
        policies = {policy.version: policy for policy in map(Policy.from_json, tables)}
        anchors = _anchors()
        replay = Replay(policies)
        finding = _replayed(replay, anchors)
        if finding is not None:
            return replay, finding
        if replay.seq < max(last_value("ticket_event"), *anchors, 0):
            return replay, Finding("truncated", replay.seq + 1, None)
        for stored in _stored():
            finding = replay.compare(stored)
            if finding is not None:
                return replay, finding
        return replay, replay.left_over()


def _replayed(replay: Replay, anchors: Mapping[int, str]) -> Finding | None:
    try:
        for event in _events():
            finding = replay.apply(event)
            if finding is None and anchors.get(event.seq, replay.digest) != replay.digest:
                finding = Finding("rewritten", event.seq, event.ticket)
            if finding is not None:
                return finding
    except (ValueError, TypeError, LookupError):
        # What cannot even be read was not written by the site.
        return Finding("altered", replay.seq + 1, None)
    return None


def _anchors() -> dict[int, str]:
    """What earlier audits that found nothing wrong saw: the digest by the last number."""
    rows = db.session.execute(
        select(AuditRun.last_seq, AuditRun.digest)
        .where(AuditRun.problem.is_(None), AuditRun.last_seq > 0)
        .order_by(AuditRun.id)
    )
    return {row.last_seq: row.digest for row in rows}


def _events() -> Iterator[Logged]:
    columns = (
        TicketEvent.seq,
        TicketEvent.ticket_number,
        TicketEvent.at,
        TicketEvent.kind,
        TicketEvent.actor_id,
        TicketEvent.data,
        TicketEvent.previous,
        TicketEvent.hash,
    )
    rows = db.session.execute(
        select(*columns).order_by(TicketEvent.seq), execution_options={"yield_per": _FETCH}
    )
    for row in rows:
        yield Logged(*row)


def _stored() -> Iterator[Stored]:
    columns = (
        Ticket.number,
        Ticket.state,
        Ticket.holder_id,
        Ticket.affection,
        Ticket.mark,
        Ticket.policy_version,
        Ticket.typology,
        Ticket.effective_arrival,
        Ticket.opened_at,
        Ticket.merged_into,
    )
    returns: dict[int, set[int]] = {}
    for number, person in db.session.execute(
        select(TicketReturn.ticket_number, TicketReturn.person_id)
    ):
        returns.setdefault(number, set()).add(person)
    rows = db.session.execute(
        select(*columns).order_by(Ticket.number), execution_options={"yield_per": _FETCH}
    )
    for row in rows:
        yield replace(Stored(*row), given_back_by=frozenset(returns.get(row.number, ())))
