from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import outbox
from core.db import db, transaction
from core.models import Job
from core.outbox import LEASE, MAX_ATTEMPTS, Undeliverable, drain, enqueue, pause_after, run_due
from tests.cast import START

done: list[list[int]] = []
broken: set[int] = set()


@pytest.fixture(autouse=True)
def proof_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three kinds of job that write down what they did."""
    monkeypatch.setattr(outbox, "_kinds", dict(outbox._kinds))
    done.clear()
    broken.clear()

    @outbox.handles("proof.single")
    def single(payloads: Sequence[outbox.Payload]) -> None:
        _work(payloads)

    @outbox.handles("proof.batch", batch=10)
    def batch(payloads: Sequence[outbox.Payload]) -> None:
        _work(payloads)

    @outbox.handles("proof.refused")
    def refused(payloads: Sequence[outbox.Payload]) -> None:
        raise Undeliverable("the address does not exist")


def _work(payloads: Sequence[outbox.Payload]) -> None:
    numbers = [payload["n"] for payload in payloads]
    if broken.intersection(numbers):
        raise ValueError(f"cannot do {numbers}")
    done.append(numbers)


def put(kind: str, *numbers: int, now: datetime = START) -> None:
    with transaction():
        for n in numbers:
            enqueue(kind, {"n": n}, now=now)


def jobs() -> list[Job]:
    db.session.rollback()
    db.session.expire_all()
    query = select(Job).where(Job.kind.like("proof.%")).order_by(Job.id)
    return list(db.session.scalars(query))


def _put_and_fail() -> None:
    with transaction():
        enqueue("proof.single", {"n": 1}, now=START)
        raise RuntimeError


def test_job_of_a_transaction_that_failed_does_not_exist(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        _put_and_fail()
    assert jobs() == []
    assert drain(START) == 0


def test_jobs_are_done_in_their_order_and_once(app: Flask) -> None:
    put("proof.single", 1, 2, 3)
    put("proof.single", 4, now=START - timedelta(minutes=1))
    assert drain(START) == 4
    assert drain(START + timedelta(days=1)) == 0
    assert done == [[4], [1], [2], [3]]
    assert [(job.done_at, job.attempts, job.last_error) for job in jobs()] == [(START, 1, None)] * 4


def test_job_of_later_waits_until_then(app: Flask) -> None:
    put("proof.single", 1, now=START + timedelta(hours=1))
    assert drain(START) == 0
    assert outbox.pending(["proof.single"]) == 1
    assert drain(START + timedelta(hours=1)) == 1


def test_batch_takes_jobs_of_its_kind_alone(app: Flask) -> None:
    put("proof.batch", *range(1, 13))
    put("proof.single", 100)
    assert drain(START, kinds=["proof.batch"]) == 12
    assert done == [list(range(1, 11)), [11, 12]]
    assert outbox.pending(["proof.single"]) == 1


def test_pauses_grow_from_half_a_minute_to_two_hours() -> None:
    minutes = [pause_after(n).total_seconds() / 60 for n in range(1, MAX_ATTEMPTS)]
    assert minutes == [0.5, 1, 2, 4, 8, 16, 32, 64, 120]


def test_failing_job_is_tried_again_later_and_given_up_visibly(app: Flask) -> None:
    broken.add(1)
    put("proof.single", 1)
    now = START
    for attempt in range(1, MAX_ATTEMPTS):
        assert drain(now) == 1
        (job,) = jobs()
        assert (job.attempts, job.run_at, job.claimed_until) == (
            attempt, now + pause_after(attempt), None,
        )  # fmt: skip
        assert "cannot do [1]" in (job.last_error or "")
        assert drain(job.run_at - timedelta(seconds=1)) == 0
        now = job.run_at
    assert drain(now) == 1
    (job,) = jobs()
    assert (job.attempts, job.failed_at, job.done_at) == (MAX_ATTEMPTS, now, None)
    assert (outbox.failed(), outbox.pending(["proof.single"])) == (1, 0)
    assert drain(now + timedelta(days=365), kinds=["proof.single"]) == 0
    assert done == []


def test_job_that_recovers_is_done_and_its_error_forgotten(app: Flask) -> None:
    broken.add(1)
    put("proof.single", 1)
    drain(START)
    broken.clear()
    assert drain(START + timedelta(seconds=30)) == 1
    (job,) = jobs()
    assert (job.attempts, job.last_error, job.failed_at) == (2, None, None)


def test_poisoned_job_of_a_batch_stands_alone_and_the_others_are_done(app: Flask) -> None:
    broken.add(3)
    put("proof.batch", 1, 2, 3, 4, 5)
    drain(START)
    assert sorted(done) == [[1], [2], [4], [5]]
    failing = [job for job in jobs() if job.done_at is None]
    assert [job.payload for job in failing] == [{"n": 3}]
    put("proof.batch", 6, 7, now=START + timedelta(hours=1))
    drain(START + timedelta(hours=1))
    assert [6, 7] in done


def test_poisoned_job_does_not_stop_the_next_one(app: Flask) -> None:
    broken.add(1)
    put("proof.single", 1, 2)
    assert drain(START) == 2
    assert done == [[2]]


def test_undeliverable_job_is_given_up_at_once_with_its_reason(app: Flask) -> None:
    put("proof.refused", 1)
    assert drain(START) == 1
    (job,) = jobs()
    assert (job.failed_at, job.last_error) == (START, "the address does not exist")


def test_job_that_nobody_handles_is_given_up_and_named(app: Flask) -> None:
    put("proof.unknown", 1)
    assert drain(START) == 1
    (job,) = jobs()
    assert (job.failed_at, job.last_error) == (START, "nobody handles proof.unknown")


def test_claim_of_a_dead_worker_ends_with_its_lease(app: Flask) -> None:
    put("proof.single", 1)
    with app.app_context():
        assert [job.payload for job in outbox._claim(START, None)] == [{"n": 1}]
    assert run_due(START + LEASE - timedelta(seconds=1)) == 0
    assert done == []
    assert run_due(START + LEASE + timedelta(seconds=1)) == 1
    assert done == [[1]]
    assert [(job.attempts, job.done_at is not None) for job in jobs()] == [(2, True)]


def test_job_that_ends_its_worker_every_time_is_given_up(app: Flask) -> None:
    put("proof.single", 1)
    now = START
    for _ in range(MAX_ATTEMPTS):
        with app.app_context():
            assert len(outbox._claim(now, None)) == 1
        now += LEASE + timedelta(seconds=1)
    assert drain(now) == 1
    (job,) = jobs()
    assert (job.failed_at, done) == (now, [])
    assert job.last_error == "the worker ended each time it did this"


def test_two_workers_never_claim_the_same_job(app: Flask) -> None:
    put("proof.single", *range(40))

    def work() -> None:
        with app.app_context():
            drain(START)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(n for numbers in done for n in numbers) == list(range(40))
    assert {job.attempts for job in jobs()} == {1}


def test_worker_place_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "outbox.lock"
    with outbox.worker_lock(path) as first, outbox.worker_lock(path) as second:
        assert (first, second) == (True, False)
    with outbox.worker_lock(path) as third:
        assert third
