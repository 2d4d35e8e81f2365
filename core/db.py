"""The database: engine, column types and `transaction()`, the only commit in the project.

SQLite runs in WAL with `synchronous=FULL` where its library is free of the WAL-reset race
(fixed in 3.51.3, 3.50.7 and 3.44.6); elsewhere the rollback journal is used and said so.
Reads open a deferred transaction; `transaction()` begins with `BEGIN IMMEDIATE`, so a writer
never has to upgrade a stale read snapshot.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, Text, TypeDecorator, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from core.config import ConfigurationError

try:
    from pysqlite3 import dbapi2 as _bundled
except ImportError:
    _bundled = None

log = logging.getLogger(__name__)
BUSY_TIMEOUT_MS = 10_000
#: A server that does not answer is away: a page says so instead of waiting for the network.
CONNECT_SECONDS = 5
#: Advisory lock of PostgreSQL that serialises whatever changes the queue (R3): a hand-out
#: must see every filing that was acknowledged before it. SQLite has one writer anyway.
QUEUE_LOCK = 7_390_054

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model of the product."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must know its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NameSet(TypeDecorator[frozenset[str]]):
    """A small set of names (roles, permissions), stored sorted, between commas."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str:
        return ",".join(sorted(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset(name for name in (value or "").split(",") if name)


class Json(TypeDecorator[Any]):
    """A plain JSON value, stored as text with sorted keys: the same bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def sqlite_module() -> Any:
    """The SQLite to use: the newer of the interpreter's own and the bundled wheel."""
    if _bundled and _bundled.sqlite_version_info > sqlite3.sqlite_version_info:
        return _bundled
    return sqlite3


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset race (SECURITY finding 1)."""
    if version >= (3, 51, 3):
        return True
    return (version[:2] == (3, 50) and version >= (3, 50, 7)) or (
        version[:2] == (3, 44) and version >= (3, 44, 6)
    )


def engine_options(url: str) -> dict[str, Any]:
    """Arguments for `create_engine` that this database needs."""
    if url.startswith("sqlite"):
        return {
            "module": sqlite_module(),
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        }
    return {
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 20,
        "connect_args": {"connect_timeout": CONNECT_SECONDS},
    }


def configure_engine(engine: Engine) -> None:
    """Pragmas for every connection, and transactions that begin as the writer wants."""
    if engine.dialect.name != "sqlite":
        return
    journal = "WAL" if wal_is_safe(sqlite_module().sqlite_version_info) else "DELETE"
    if journal == "DELETE":
        log.warning(
            "SQLite %s may lose commits in WAL mode; using the rollback journal instead",
            sqlite_module().sqlite_version,
        )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class NotSetUp(ConfigurationError):
    """The database has no tables, or cannot be reached: a command says so in one line."""


def is_set_up() -> bool:
    """Whether the database holds our tables, of whatever age. Raises SQLAlchemyError."""
    return inspect(db.engine).has_table("alembic_version")


def require_set_up() -> None:
    """For commands, before they begin. Raises NotSetUp."""
    try:
        if is_set_up():
            return
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise NotSetUp(f"the database cannot be reached: {reason}") from error
    raise NotSetUp("the database is not set up; run: flask setup")


class NestedTransaction(RuntimeError):
    """An action was called inside another action: one verb, one transaction."""


@contextmanager
def transaction(*, queue: bool = False) -> Iterator[Session]:
    """One writing transaction: everything inside is stored, or nothing.

    The read snapshot of the request ends here, so what is read inside is the present state.
    With `queue=True` no other change of the queue can happen at the same time (R3).
    Raises NestedTransaction.
    """
    session = db.session()
    if session.info.get("writing"):
        raise NestedTransaction
    session.rollback()
    session.info["writing"] = True
    try:
        connection = session.connection(execution_options={"writing": True})
        if queue and connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": QUEUE_LOCK})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def add_once(session: Session, model: type[Base], **values: Any) -> bool:
    """Add a row unless one that is unique in the same way is there; whether it was added."""
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).values(**values).on_conflict_do_nothing()
    key = inspect(model).primary_key[0]
    return session.execute(statement.returning(key)).first() is not None


@contextmanager
def snapshot() -> Iterator[Session]:
    """Reads that all see the database as it is now, however long they take."""
    session = db.session()
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        # A transaction of SQLite reads one state anyway.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()
