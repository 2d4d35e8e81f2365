"""Work that follows a commit: jobs are written in the caller's transaction and run after it.

A handler reads the present state and may run twice: a worker that dies between the work and
its mark leaves the job due again. One worker runs at a time: whoever holds the lock file.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from flask import Flask
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from core import clock, mail_log
from core.db import db, transaction
from core.models import Job

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
#: Tells administrators that jobs were given up; its own failures, and those of a test that
#: somebody is looking at, are told to nobody.
FAILURE_JOB = "outbox.failed"
SILENT = frozenset({FAILURE_JOB, "admin.mail_test"})
FAILURES_TOGETHER = timedelta(minutes=5)
#: How long a job waits for another one that is under way.
SHORTEST_WAIT = timedelta(seconds=1)
POLL_SECONDS = 0.3
BATCH = 200
#: A done job is kept this long, to be looked at.
KEPT_FOR = timedelta(days=7)

Payload = dict[str, Any]
Handler = Callable[[Sequence[Payload]], None]


@dataclass(frozen=True)
class Kind:
    """A kind of job: its handler takes up to `batch` payloads at once."""

    name: str
    handler: Handler
    batch: int


_kinds: dict[str, Kind] = {}
_running: ContextVar[int | None] = ContextVar("job", default=None)


class Undeliverable(Exception):
    """Raised by a handler: trying again cannot help. The text is shown to administrators."""


def handles(name: str, *, batch: int = 1) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of the kind `name`."""

    def register(handler: Handler) -> Handler:
        _kinds[name] = Kind(name, handler, batch)
        return handler

    return register


def enqueue(kind: str, payload: Payload, *, now: datetime, run_at: datetime | None = None) -> None:
    """Add a job to the transaction under way; it is not done before `run_at`."""
    db.session.add(Job(kind=kind, payload=payload, created_at=now, run_at=run_at or now))


def running() -> int | None:
    """The job under way in this thread, where it goes alone."""
    return _running.get()


def waiting(now: datetime) -> int:
    """How many jobs are due and not done."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at <= now
            )
        )
        or 0
    )


def pending(kinds: Sequence[str] | None = None) -> int:
    """How many jobs still wait, due or not."""
    query = select(func.count()).where(Job.done_at.is_(None), Job.failed_at.is_(None))
    if kinds is not None:
        query = query.where(Job.kind.in_(kinds))
    return db.session.scalar(query) or 0


def failed() -> int:
    """How many jobs were given up."""
    return db.session.scalar(select(func.count()).where(Job.failed_at.is_not(None))) or 0


def run_due(now: datetime, *, kinds: Sequence[str] | None = None) -> int:
    """Do one batch of what is due; the number of jobs done or tried, 0 when nothing is due."""
    jobs = _claim(now, kinds)
    if not jobs:
        return 0
    kind = _kinds.get(jobs[0].kind)
    ids = [job.id for job in jobs]
    token = _running.set(ids[0] if len(ids) == 1 else None)
    try:
        if kind is None:
            raise Undeliverable(f"nobody handles {jobs[0].kind}")
        if jobs[0].attempts >= MAX_ATTEMPTS:
            # Whoever claimed it never came back to say why: the work itself ends the process.
            raise Undeliverable("the worker ended each time it did this")
        kind.handler([job.payload for job in jobs])
    except mail_log.Waits as error:
        _put_off(ids, max(error.until, now + SHORTEST_WAIT))
    except Undeliverable as error:
        _fail(ids, str(error), now)
    except Exception:
        log.exception("outbox job %s failed", jobs[0].kind)
        _retry(jobs, traceback.format_exc(limit=4), now)
    else:
        _finish(ids, now)
    finally:
        _running.reset(token)
        db.session.remove()
    return len(jobs)


def drain(now: datetime, *, kinds: Sequence[str] | None = None) -> int:
    """Do everything that is due at `now`; for commands and tests."""
    total = 0
    while done := run_due(now, kinds=kinds):
        total += done
    return total


def purge(now: datetime) -> int:
    """Forget jobs that were done more than KEPT_FOR ago; how many. Failed ones stay."""
    with transaction() as session:
        old = delete(Job).where(Job.done_at < now - KEPT_FOR).returning(Job.id)
        return len(session.scalars(old).all())


@dataclass(frozen=True)
class _Claimed:
    id: int
    kind: str
    payload: Payload
    attempts: int


def _claim(now: datetime, kinds: Sequence[str] | None) -> list[_Claimed]:
    due = (
        select(Job.id, Job.kind, Job.payload, Job.attempts)
        .where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at <= now)
        .where(or_(Job.claimed_until.is_(None), Job.claimed_until < now))
        .order_by(Job.run_at, Job.id)
        .limit(BATCH)
    )
    if kinds is not None:
        due = due.where(Job.kind.in_(kinds))
    if db.session.execute(due.limit(1)).first() is None:
        db.session.remove()
        return []
    with transaction() as session:
        locking = due.with_for_update(skip_locked=True)
        rows = [_Claimed(*row) for row in session.execute(locking)]
        if not rows:
            return []
        kind = _kinds.get(rows[0].kind)
        # A job that failed once goes alone, so that a poisoned one cannot hold its batch back.
        width = kind.batch if kind and rows[0].attempts == 0 else 1
        same = [row for row in rows if row.kind == rows[0].kind and row.attempts == 0]
        chosen = (same if rows[0].attempts == 0 else rows[:1])[:width]
        session.execute(
            update(Job)
            .where(Job.id.in_([row.id for row in chosen]))
            .values(claimed_until=now + LEASE, attempts=Job.attempts + 1)
        )
    return chosen


def _finish(ids: list[int], now: datetime) -> None:
    with transaction() as session:
        session.execute(update(Job).where(Job.id.in_(ids)).values(done_at=now, last_error=None))


def _fail(ids: list[int], reason: str, now: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Job).where(Job.id.in_(ids)).values(failed_at=now, last_error=reason[:2000])
        )
        mail_log.gave_up(ids, now)
        _tell_of_failure(ids, now)


def _tell_of_failure(ids: list[int], now: datetime) -> None:
    """Have administrators told, once for all that fails together; not of what tells them."""
    kinds = set(db.session.scalars(select(Job.kind).where(Job.id.in_(ids))))
    if kinds <= SILENT or FAILURE_JOB not in _kinds or pending([FAILURE_JOB]):
        return
    enqueue(FAILURE_JOB, {}, now=now, run_at=now + FAILURES_TOGETHER)


def _put_off(ids: list[int], until: datetime) -> None:
    """Not tried at all: it waits for another job."""
    with transaction() as session:
        session.execute(
            update(Job)
            .where(Job.id.in_(ids))
            .values(run_at=until, claimed_until=None, attempts=Job.attempts - 1)
        )


def _retry(jobs: list[_Claimed], reason: str, now: datetime) -> None:
    gone: list[int] = []
    with transaction() as session:
        for job in jobs:
            attempts = job.attempts + 1
            values: dict[str, Any] = {"claimed_until": None, "last_error": reason[-2000:]}
            if attempts >= MAX_ATTEMPTS:
                values["failed_at"] = now
                gone.append(job.id)
            elif len(jobs) == 1:
                values["run_at"] = now + pause_after(attempts)
            session.execute(update(Job).where(Job.id == job.id).values(**values))
        if gone:
            mail_log.gave_up(gone, now)
            _tell_of_failure(gone, now)


def pause_after(attempts: int) -> timedelta:
    """The growing pause before the next try: 30 s, 1 min, 2 min … at most 2 h."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


@contextmanager
def worker_lock(path: Path) -> Any:
    """Hold the one worker's place; yields False where somebody else has it."""
    handle: IO[str] = path.open("a")
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        handle.close()


def work(app: Flask, stop: threading.Event, *, on_start: Callable[[], None]) -> None:
    """Run jobs until `stop` is set, whenever this process holds the lock.

    `on_start` runs each time the lock is gained: the place to catch up after a crash.
    """
    lock = Path(app.config["SITE"].instance_dir) / "outbox.lock"
    while not stop.is_set():
        with worker_lock(lock) as mine:
            if mine:
                _run_until(app, stop, on_start)
        stop.wait(POLL_SECONDS)


def _run_until(app: Flask, stop: threading.Event, on_start: Callable[[], None]) -> None:
    with app.app_context():
        on_start()
    while not stop.is_set():
        try:
            with app.app_context():
                done = run_due(clock.now())
        except SQLAlchemyError:
            # The database is away or full: the jobs are safe in it, so wait and ask again.
            log.exception("the outbox cannot reach the database")
            done = 0
            stop.wait(2)
        if not done:
            stop.wait(POLL_SECONDS)
