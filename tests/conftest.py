"""The site on both databases, the fixed cast, and clients signed in as each of them."""

from __future__ import annotations

import dataclasses
import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.config import Config
from core.db import db
from core.mail import MemorySender
from tests import databases
from tests.cast import Cast
from tests.row_order import turn_unordered_rows
from tests.server import prepare
from tests.states import States
from tests.world import World

BACKENDS = ("sqlite", "postgresql")

# No deadline: how long an example takes says how busy the machine is. In CI the examples are the
# same each time, so that a red run means a change and can be run again.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")
turn_unordered_rows()
# The site and what the tests keep are many objects that stay: looking them all over for cycles as
# often as Python does by itself takes a tenth of the time.
gc.set_threshold(100_000, 50, 100)

#: Files of few and long tests, or of tests that mostly wait: begun last, they would leave the other
#: processes with nothing to do. `make test` hands files out in this order.
LONG = ("tests/browser/", "tests/test_promises_rendered", "tests/tickets/test_take_next_processes")
LONG += (
    "tests/core/test_migrations",
    "tests/core/test_outbox_processes",
    "tests/contact/test_whats",
)
LONG += (
    "tests/core/test_cli",
    "tests/test_access",
    "tests/test_protection",
    "tests/home/test_demo",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Cluster]:
    """A scratch cluster from the system's binaries; skipped (in CI: failed) without them."""
    yield from databases.scratch_cluster()


@pytest.fixture(scope="session")
def sqlite_backend(tmp_path_factory: pytest.TempPathFactory) -> databases.Backend:
    return databases.SqliteBackend(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_backend(
    tmp_path_factory: pytest.TempPathFactory, postgres: databases.Cluster
) -> databases.Backend:
    return databases.PostgresBackend(tmp_path_factory.mktemp("postgresql"), postgres)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> databases.Backend:
    """A migrated, set-up database that can be put back to that state before each test."""
    found: databases.Backend = request.getfixturevalue(f"{request.param}_backend")
    return found


class Browser(FlaskClient):
    """A client whose requests share nothing with the test's own application context."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


def site_config(backend: databases.Backend) -> Config:
    return Config(
        instance_dir=backend.folder,
        database_url=backend.url,
        search_backend="whoosh",
        secret_key="k" * 64,
        mail_url="memory:",
        mail_from="soporte@netsolution.example",
        ratelimit_storage_uri="database://",
        rate_limits=False,
        trusted_proxies=0,
        public_url="http://localhost",
        development=True,
        testing=True,
        extra={"WTF_CSRF_ENABLED": False},
    )


@pytest.fixture(scope="session")
def started() -> dict[str, Flask]:
    """The sites of this run by database: starting one takes longer than most tests."""
    return {}


@pytest.fixture
def session_app(backend: databases.Backend, started: dict[str, Flask]) -> Flask:
    if backend.url not in started:
        app = create_app(site_config(backend))
        app.test_client_class = Browser
        with app.app_context():
            databases.hasten(db.engine)
        backend.prepare(app)
        started[backend.url] = app
    return started[backend.url]


@pytest.fixture(scope="session")
def states() -> States:
    """What stands in the databases, kept once it was made: making it costs more than most tests."""
    return States()


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    session_app: Flask,
    backend: databases.Backend,
    states: States,
) -> Iterator[Flask]:
    """The site with a migrated database that holds only what `setup` puts there.

    For a test that asks for `cast`, `made` or `indexed` it holds these too.
    """
    states.put_back(session_app, backend, set(request.fixturenames))
    # The site outlives the test: what a test sets in it holds for that test alone.
    kept = dict(session_app.config)
    with session_app.app_context():
        yield session_app
        db.session.remove()
    session_app.config.clear()
    session_app.config.update(kept)


@pytest.fixture
def strict_app(app: Flask, backend: databases.Backend) -> Iterator[Flask]:
    """The same database behind a site with tokens, limits and error pages switched on."""
    config = dataclasses.replace(
        site_config(backend), rate_limits=True, extra={"SHOW_ERROR_PAGES": True}
    )
    strict = create_app(config)
    strict.test_client_class = Browser
    strict.config["PROPAGATE_EXCEPTIONS"] = False
    with strict.app_context():
        databases.hasten(db.engine)
        yield strict
        db.session.remove()
        db.engine.dispose()
    strict.extensions["page_cache"].forget()


@pytest.fixture
def mails(app: Flask) -> MemorySender:
    """What was sent; run the outbox to send."""
    sender: MemorySender = app.extensions["mail_sender"]
    return sender


@pytest.fixture
def cast(app: Flask, states: States, backend: databases.Backend) -> Cast:
    """Ana and Beto of one company, Carla of another, and one person of each staff role."""
    return states.cast(backend)


@pytest.fixture
def made(cast: Cast, states: States, backend: databases.Backend) -> World:
    """One row of everything; `World.opened` gives it the browsers of a site."""
    world: World = states.made(backend)
    return world


@pytest.fixture
def indexed(cast: Cast, states: States, backend: databases.Backend) -> dict[str, int]:
    """The articles of `tests.kb.articles`, published and in the index; ids by slug."""
    return dict(states.made(backend))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


@pytest.fixture(autouse=True)
def no_foreign_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine: a connection elsewhere fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the demonstration; filling one takes longer than copying it."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder


@pytest.fixture
def root() -> Path:
    return Path(__file__).resolve().parent.parent
