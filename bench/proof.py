"""The audit of a long log: `flask tickets audit` over a hundred thousand events."""

from __future__ import annotations

import json
import random
import time
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.bench import Bench
from bench.content import SEED
from bench.rows import BenchError, Row
from bench.server import Instance
from core.db import sqlite_module
from tickets.chain import GENESIS, event_hash
from tickets.lifecycle import State
from tickets.policy import DEFAULT_POLICY, Mark, QueueKey, key_for

EVENTS, WAITING, LIMIT = 100_000, 500, 3
BAR_SECONDS = 30.0


def audit(bench: Bench) -> list[Row]:
    """Seconds of one audit, the start of the command included."""
    instance = bench.new_instance("proof")
    _replace_log(instance)
    began = time.perf_counter()
    said = instance.flask("tickets", "audit", seconds=300)
    spent = time.perf_counter() - began
    if f"{EVENTS} events" not in said:
        raise BenchError(f"the audit said: {said}")
    hand_outs = said.split(" tickets hold: ")[1].split(" ")[0]
    details: dict[str, float | int | str] = {"events": EVENTS, "hand_outs": int(hand_outs)}
    return [Row("audit", "audit of 100,000 events", spent, "s", BAR_SECONDS, details=details)]


@dataclass
class _Desk:
    """A desk that always has some waiting: arrivals, hand-outs, questions, answers, ends."""

    people: list[int]
    start: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    queue: list[QueueKey] = field(default_factory=list)
    facts: dict[int, dict[str, Any]] = field(default_factory=dict)
    log: list[tuple[Any, ...]] = field(default_factory=list)
    last: dict[int, str] = field(default_factory=dict)

    def run(self, count: int) -> None:
        number = 100_000
        while len(self.log) < count:
            number += 1
            self._file(number)
            if len(self.queue) > WAITING:
                self._work()
        del self.log[count:]

    def _file(self, number: int) -> None:
        at, mark = self._now(), self.dice.choice(list(Mark))
        affection = self.dice.choice(list(DEFAULT_POLICY.affections))
        key = key_for(DEFAULT_POLICY, affection=affection, mark=mark, opened_at=at, number=number)
        facts = {
            "affection": affection,
            "mark": mark.value,
            "policy": 1,
            "typology": int(key.typology),
            "effective_arrival": key.effective_arrival.isoformat(),
        }
        self.facts[number] = {**facts, "opened_at": at, "key": key}
        self._log(number, "filed", self.people[0], facts)
        insort(self.queue, key)

    def _work(self) -> None:
        key, person = self.queue.pop(0), self.dice.choice(self.people)
        self._log(key.number, "taken", person, {"limit": LIMIT})
        if self.dice.random() < 0.5:
            self._log(key.number, "asked", person, {})
            self._log(key.number, "answered", self.people[0], {})
            insort(self.queue, key)
        else:
            self._log(key.number, "resolved", person, {})

    def _now(self) -> datetime:
        return self.start + timedelta(seconds=10 * len(self.log))

    def _log(self, number: int, kind: str, actor: int, data: dict[str, Any]) -> None:
        seq, before = len(self.log) + 1, self.last.get(number, GENESIS)
        at = self._now()
        self.last[number] = event_hash(
            before, seq=seq, ticket=number, at=at, kind=kind, actor=actor, data=data
        )
        told = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        self.log.append((seq, number, _stored(at), kind, actor, told, before, self.last[number]))


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _replace_log(instance: Instance) -> None:
    connection = sqlite_module().connect(str(instance.database))
    try:
        people = [row[0] for row in connection.execute("SELECT id FROM people ORDER BY id")]
        model = _model(connection)
        desk = _Desk(people, datetime(2026, 1, 5, tzinfo=UTC))
        desk.run(EVENTS)
        for table in ("queue_moves", "ticket_events", "audit_runs"):
            connection.execute(f"DELETE FROM {table}")
        # Only tickets that the log tells of may stand in their table.
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM tickets")
        _insert(connection, "tickets", list(model), _tickets(desk, model))
        columns = ["seq", "ticket_number", "at", "kind", "actor_id", "data", "previous", "hash"]
        _insert(connection, "ticket_events", columns, iter(desk.log))
        connection.execute(
            "UPDATE counters SET value = ? WHERE name = 'ticket_event'", (len(desk.log),)
        )
        connection.commit()
    finally:
        connection.close()


def _model(connection: Any) -> dict[str, Any]:
    found = connection.execute("SELECT * FROM tickets ORDER BY number DESC LIMIT 1")
    row = found.fetchone()
    return dict(zip((column[0] for column in found.description), row, strict=True))


def _insert(
    connection: Any, table: str, columns: list[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _tickets(desk: _Desk, model: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for number, (state, holder) in _states(desk).items():
        facts = desk.facts[number]
        changed = {
            "number": number,
            "affection": facts["affection"],
            "mark": facts["mark"],
            "policy_version": 1,
            "typology": facts["typology"],
            "effective_arrival": _stored(facts["key"].effective_arrival),
            "opened_at": _stored(facts["opened_at"]),
            "state": state.value,
            "holder_id": holder,
        }
        yield tuple({**model, **changed}.values())


def _states(desk: _Desk) -> dict[int, tuple[State, int | None]]:
    states: dict[int, tuple[State, int | None]] = {}
    for _seq, number, _at, kind, actor, *_rest in desk.log:
        if kind in {"filed", "answered"}:
            states[number] = (State.QUEUED, None)
        elif kind in {"taken", "asked"}:
            states[number] = (State.ACTIVE if kind == "taken" else State.WAITING, actor)
        else:
            states[number] = (State.RESOLVED, actor)
    return states
