"""The queue with many waiting against the queue with a thousand."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select

from accounts.models import Person
from accounts.permissions import Actor
from accounts.sessions import actor_for
from bench.bench import Bench, application
from bench.browser import Browser, customer, signed_in, staff
from bench.content import SEED
from bench.rows import BenchError, Row, latency
from bench.server import Instance, serve_site
from core.db import db, sqlite_module
from core.tokens import new_token
from tickets import handling
from tickets.lifecycle import State
from tickets.policy import DEFAULT_POLICY, Mark, key_for

FEW, MANY, MILLION = 1_000, 100_000, 1_000_000
TAKEN, VISITED = 60, 60
#: Tickets of so many days; the first of the added ones waits longest.
DAYS = 60
#: High enough that every hand-out of the measurement is allowed.
HELD_LIMIT = 10_000
BAR = 1.3


def queue(bench: Bench) -> list[Row]:
    """Head and first desk page with 100,000 (and 1,000,000) waiting against 1,000."""
    base = bench.new_instance("queue")
    few = _filled(bench, base, FEW)
    rows = []
    for waiting in (MANY, MILLION) if bench.options.million else (MANY,):
        many = _filled(bench, base, waiting)
        rows += [_head(few, many, waiting), *_pages(few, many, waiting)]
    return rows


def _technician() -> Actor:
    """A technician of the demonstration, read inside an app context."""
    person = db.session.scalars(select(Person).where(Person.email == staff("technician"))).one()
    return actor_for(person, "")


def _filled(bench: Bench, base: Instance, waiting: int) -> Instance:
    instance = base.copy_to(bench.folder / f"queue-{waiting}", OUTBOX_IN_WEB="off")
    connection = sqlite_module().connect(str(instance.database))
    try:
        connection.execute("PRAGMA synchronous = OFF")
        model = _latest(connection)
        names = list(model)
        statement = (
            f"INSERT INTO tickets ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        )
        owners = connection.execute(
            "SELECT id, company_id FROM people WHERE company_id IS NOT NULL ORDER BY id"
        ).fetchall()
        connection.executemany(statement, _tickets(model, owners, waiting))
        connection.execute(
            "UPDATE counters SET value = (SELECT max(number) FROM tickets) WHERE name = 'ticket'"
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return instance


def _latest(connection: Any) -> dict[str, Any]:
    """A queued ticket of the demonstration, by column: what the added ones are made after."""
    found = connection.execute(
        "SELECT * FROM tickets WHERE state = ? ORDER BY number DESC LIMIT 1",
        (State.QUEUED.value,),
    )
    row = found.fetchone()
    if row is None:
        raise BenchError("the demonstration has no ticket in the queue")
    return dict(zip((column[0] for column in found.description), row, strict=True))


def _tickets(
    model: dict[str, Any], owners: Sequence[tuple[int, int]], count: int
) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(SEED)
    affections, marks = list(DEFAULT_POLICY.affections), list(Mark)
    now, step = datetime.now(UTC), timedelta(days=DAYS) / count
    first = 100_000
    for place in range(count):
        opened = now - timedelta(days=DAYS) + place * step
        affection, mark, number = dice.choice(affections), dice.choice(marks), first + place
        author, company = owners[place % len(owners)]
        key = key_for(
            DEFAULT_POLICY, affection=affection, mark=mark, opened_at=opened, number=number
        )
        changed = {
            "number": number,
            "author_id": author,
            "company_id": company,
            "subject": f"Ticket {number} de la medición de la cola",
            "affection": affection,
            "mark": mark.value,
            "typology": int(key.typology),
            "effective_arrival": _stored(key.effective_arrival),
            "opened_at": _stored(opened),
            "changed_at": _stored(opened),
        }
        yield tuple({**model, **changed}.values())


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _head(few: Instance, many: Instance, waiting: int) -> Row:
    times: dict[int, list[float]] = {FEW: [], waiting: []}
    with ExitStack() as stack:
        apps = {
            FEW: stack.enter_context(application(few)),
            waiting: stack.enter_context(application(many)),
        }
        actor = _technician()
        for turn in range(TAKEN + 5):
            for size, app in apps.items():
                with app.app_context():
                    spent = _take(actor)
                if turn >= 5:
                    times[size].append(spent)
    return Row(
        f"queue_head_{waiting}",
        f"head of the queue at {waiting:,} waiting against 1,000",
        median(times[waiting]) / median(times[FEW]),
        bar=BAR,
        details={**latency("few", times[FEW]), **latency("many", times[waiting])},
    )


def _take(actor: Actor) -> float:
    now = datetime.now(UTC)
    began = time.perf_counter()
    number = handling.take_next(actor=actor, limit=HELD_LIMIT, form_id=new_token(), now=now)
    spent = time.perf_counter() - began
    if number is None:
        raise BenchError("the queue was empty")
    return spent


def _pages(few: Instance, many: Instance, waiting: int) -> list[Row]:
    with ExitStack() as stack:
        ports = {
            FEW: stack.enter_context(serve_site(few)).port,
            waiting: stack.enter_context(serve_site(many)).port,
        }
        instances = {FEW: few, waiting: many}
        desks = {s: signed_in(ports[s], instances[s], staff("technician")) for s in ports}
        owners = {s: signed_in(ports[s], instances[s], customer()) for s in ports}
        desk = _visits(desks, dict.fromkeys(ports, "/mesa"), VISITED)
        last = {size: f"/tickets/{_last_of(instances[size])}" for size in ports}
        thread = _visits(owners, last, 15)
        for browser in (*desks.values(), *owners.values()):
            browser.close()
    shown = f"at {waiting:,} waiting against 1,000"
    return [
        Row(
            f"queue_page_{waiting}",
            f"first desk page {shown}",
            median(desk[waiting]) / median(desk[FEW]),
            bar=BAR,
            details={**latency("few", desk[FEW]), **latency("many", desk[waiting])},
        ),
        Row(
            f"queue_place_{waiting}",
            f"customer's ticket at the end, {shown}",
            median(thread[waiting]) / median(thread[FEW]),
            details={**latency("few", thread[FEW]), **latency("many", thread[waiting])},
        ),
    ]


def _visits(
    browsers: dict[int, Browser], paths: dict[int, str], count: int
) -> dict[int, list[float]]:
    times: dict[int, list[float]] = {size: [] for size in browsers}
    for turn in range(count + 4):
        for size, browser in browsers.items():
            began = time.perf_counter()
            status = browser.get(paths[size]).status
            spent = time.perf_counter() - began
            if status != 200:
                raise BenchError(f"{paths[size]} answered {status}")
            if turn >= 4:
                times[size].append(spent)
    return times


def _last_of(instance: Instance) -> int:
    """The last ticket of the queue that the demonstration's customer may read."""
    connection = sqlite_module().connect(str(instance.database))
    try:
        row = connection.execute(
            "SELECT number FROM tickets WHERE state = ? AND company_id ="
            " (SELECT company_id FROM people WHERE email = ?)"
            " ORDER BY typology DESC, effective_arrival DESC LIMIT 1",
            (State.QUEUED.value, customer()),
        ).fetchone()
    finally:
        connection.close()
    return int(row[0])
