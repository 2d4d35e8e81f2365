from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from core import clock
from core.db import db, transaction
from core.models import RateWindow
from core.ratelimit import DatabaseStorage, client_address
from tests import databases

ALLOWED = 30
#: Four web processes of one site: each asks 20 times for a limit of 30 in all.
_PROCESS = """
import dataclasses, pathlib, sys, time
from limits import RateLimitItemPerHour
from limits.strategies import FixedWindowRateLimiter
from app import create_app
from core.config import load
from core.ratelimit import DatabaseStorage
site = load({"INSTANCE_DIR": sys.argv[1], "DATABASE_URL": sys.argv[2], "SECRET_KEY": "k" * 64})
app = create_app(dataclasses.replace(site, testing=True))
limiter = FixedWindowRateLimiter(DatabaseStorage("database://"))
with app.app_context():
    print("ready", flush=True)
    while not pathlib.Path(sys.argv[3]).exists():
        time.sleep(0.005)
    hit = lambda: limiter.hit(RateLimitItemPerHour(30), "proof")
    print(sum(hit() for _ in range(20)))
"""


@pytest.fixture
def storage(app: Flask) -> DatabaseStorage:
    return DatabaseStorage("database://")


def test_four_processes_together_allow_exactly_the_limit(
    app: Flask, backend: databases.Backend, tmp_path: Path, root: Path
) -> None:
    gate = tmp_path / "gate"
    command = [sys.executable, "-c", _PROCESS, str(backend.folder), backend.url, str(gate)]
    runs = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    gate.touch()
    allowed = [int(run.communicate(timeout=60)[0]) for run in runs]
    assert sum(allowed) == ALLOWED
    db.session.rollback()
    assert db.session.scalars(select(RateWindow.hits)).all() == [80]


def test_counts_are_still_there_after_a_restart(storage: DatabaseStorage) -> None:
    assert [storage.incr("proof", 3600) for _ in range(3)] == [1, 2, 3]
    db.session.remove()
    db.engine.dispose()
    again = DatabaseStorage("database://")
    assert again.get("proof") == 3
    assert again.incr("proof", 3600) == 4


def test_window_that_ended_counts_from_one_and_is_swept(storage: DatabaseStorage) -> None:
    storage.incr("proof", 3600, amount=7)
    storage.incr("other", 3600)
    with transaction() as session:
        ended = clock.now() - timedelta(seconds=1)
        session.execute(update(RateWindow).values(ends_at=ended))
    assert storage.get("proof") == 0
    assert storage.incr("proof", 3600) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(RateWindow)) == 1


def test_window_ends_when_it_said_and_hits_do_not_move_it(storage: DatabaseStorage) -> None:
    storage.incr("proof", 60)
    first = storage.get_expiry("proof")
    storage.incr("proof", 3600)
    assert storage.get_expiry("proof") == first
    assert 0 < first - clock.now().timestamp() <= 60


def test_storage_is_cleared_by_key_and_whole(storage: DatabaseStorage) -> None:
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    db.session.rollback()
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.reset() == 1
    assert storage.check()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::2:3:4:5", "2001:db8::/64"),
        ("::1", "::/64"),
        ("fe80::1:2%eth0", "fe80::/64"),
    ],
)
def test_visitor_is_counted_by_network(app: Flask, address: str, network: str) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert client_address() == network


def test_forwarded_addresses_change_nothing_without_a_configured_proxy(app: Flask) -> None:
    headers = {"X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4", "Forwarded": "for=1.2.3.4"}
    with app.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": "9.9.9.9"}):
        assert client_address() == "9.9.9.9"
