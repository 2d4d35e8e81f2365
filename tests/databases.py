"""Real databases for the tests: a SQLite file, and a PostgreSQL cluster of our own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event

from core.db import sqlite_module
from home.setup import set_up
from tests.postgres_rows import Rows

#: For what many requests say that does not depend on the database.
one_database = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Backend(Protocol):
    """A database that `prepare` migrates once and `reset` puts back to a state that was kept.

    The states are `START`, what `prepare` made, and those somebody kept since; one that is not
    kept any more is the start.
    """

    folder: Path
    kept: set[str]

    @property
    def url(self) -> str: ...
    def prepare(self, app: Flask) -> None: ...
    def keep(self, name: str) -> None: ...
    def reset(self, name: str) -> None: ...


START = "start"


class SqliteBackend:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "support.db"
        self.kept: set[str] = set()

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    def prepare(self, app: Flask) -> None:
        _migrate(app)
        self.keep(START)

    def keep(self, name: str) -> None:
        connection = sqlite_module().connect(self.file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.file, self.folder / f"{name}.db")
        self.kept.add(name)

    def reset(self, name: str) -> None:
        for suffix in ("-wal", "-shm", "-journal"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.folder / f"{name}.db", self.file)


def hasten(engine: Engine) -> None:
    """Let SQLite go on before the disk has it, as the scratch cluster does with `fsync=off`.

    What a killed process wrote is still there; only what a power failure leaves is not tested so.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragma(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")


@dataclass
class Cluster:
    """A running server; `admin` is its maintenance address."""

    port: int

    @property
    def admin(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"


class PostgresBackend:
    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder = folder
        self.cluster = cluster
        self.kept: set[str] = set()
        self.rows = Rows(f"postgresql://postgres@127.0.0.1:{cluster.port}/support")
        self._run("CREATE DATABASE support")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.cluster.port}/support"

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.cluster.admin, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def prepare(self, app: Flask) -> None:
        _migrate(app)
        self.keep(START)
        self.rows.close()
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'support'",
            "CREATE DATABASE template_support TEMPLATE support",
        )

    def keep(self, name: str) -> None:
        self.rows.keep(name)
        self.kept.add(name)

    def reset(self, name: str) -> None:
        if not self.rows.fits():
            self._make_anew()
        self.rows.put_back(name if name in self.kept else START)

    def _make_anew(self) -> None:
        """A test changed the tables: of the states only the first is left."""
        self.rows.close()
        self.kept = {START}
        self._run(
            "DROP DATABASE IF EXISTS support WITH (FORCE)",
            "CREATE DATABASE support TEMPLATE template_support",
        )


@contextmanager
def scratch_engine(cluster: Cluster) -> Iterator[Engine]:
    """An empty database of its own for one test, dropped afterwards."""
    name = f"scratch_{secrets.token_hex(6)}"
    with psycopg.connect(cluster.admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    engine = create_engine(f"postgresql+psycopg://postgres@127.0.0.1:{cluster.port}/{name}")
    try:
        yield engine
    finally:
        engine.dispose()
        with psycopg.connect(cluster.admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def _migrate(app: Flask) -> None:
    from core.db import db

    with app.app_context():
        set_up()
        db.session.remove()
        db.engine.dispose()


def _binaries() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    debian = next((f for f in folders if (f / "initdb").exists()), None)
    found = shutil.which("initdb")
    return debian or (Path(found).parent if found else None)


def scratch_cluster() -> Iterator[Cluster]:
    """Start a cluster on a free loopback port, in a folder of its own; end it afterwards."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's programs are missing")
        pytest.skip("PostgreSQL's programs are not installed")
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        yield from _run_cluster(binaries, Path(name))


def _run_cluster(binaries: Path, folder: Path) -> Iterator[Cluster]:
    user = _as_postgres(folder)
    data = folder / "data"
    initdb = [*user, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    _call([*initdb, "-E", "UTF8", "--locale=C", "--no-sync"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    control = [*user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _call([*control, "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield Cluster(port)
    finally:
        _call([*control, "-m", "immediate", "stop"])


def _as_postgres(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: become its own user there."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, cwd="/", text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[-1]}: {done.stderr}")
