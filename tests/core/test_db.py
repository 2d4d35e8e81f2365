from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url

from app import create_app
from core import db as database
from core.counters import next_value
from core.db import (
    Moment,
    NestedTransaction,
    configure_engine,
    db,
    engine_options,
    transaction,
    wal_is_safe,
)
from core.models import AuditEntry, Counter, Setting
from tests.cast import START
from tests.conftest import site_config
from tests.databases import Backend


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 99), True),
        ((3, 45, 0), False),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_safe_only_where_the_reset_race_is_mended(
    version: tuple[int, int, int], safe: bool
) -> None:
    assert wal_is_safe(version) is safe


def test_linked_sqlite_may_run_wal() -> None:
    assert wal_is_safe(database.sqlite_module().sqlite_version_info)


class _OldSqlite:
    """An interpreter's library from before the mend."""

    sqlite_version = "3.40.1"
    sqlite_version_info = (3, 40, 1)


def test_faulty_sqlite_runs_the_rollback_journal_and_says_so(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    engine = create_engine(url, **engine_options(url))
    monkeypatch.setattr(database, "sqlite_module", lambda: _OldSqlite)
    configure_engine(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "delete"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    engine.dispose()
    assert "SQLite 3.40.1 may lose commits in WAL mode" in caplog.text


def test_every_connection_is_durable_and_checked(app: Flask, backend: Backend) -> None:
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW fsync")) in {"on", "off"}
        assert db.session.scalar(text("SHOW synchronous_commit")) == "on"
        return
    # As users run it: the site that the tests share does not wait for the disk.
    with create_app(site_config(backend)).app_context():
        _are_durable(db.engine)
        db.engine.dispose()


def _are_durable(engine: Engine) -> None:
    connections = [engine.connect() for _ in range(4)]
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
        "busy_timeout": 10_000, "mmap_size": 0,
    }  # fmt: skip
    for connection in connections:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted}
        assert found == wanted
        connection.close()


def _store_and_fail() -> None:
    with transaction() as session:
        session.add(Setting(name="title", value="Lost", changed_at=START))
        session.flush()
        raise RuntimeError("afterwards")


def _store_inside_another() -> None:
    with transaction() as session:
        session.add(Setting(name="title", value="Lost", changed_at=START))
        session.flush()
        with transaction():
            pytest.fail("unreachable")


def test_transaction_stores_everything_or_nothing(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="afterwards"):
        _store_and_fail()
    assert db.session.get(Setting, "title") is None
    with transaction() as session:
        session.add(Setting(name="title", value="Kept", changed_at=START))
    db.session.remove()
    assert db.session.get_one(Setting, "title").value == "Kept"


def test_transaction_inside_a_transaction_is_refused_and_undoes_both(app: Flask) -> None:
    with pytest.raises(NestedTransaction):
        _store_inside_another()
    assert db.session.get(Setting, "title") is None
    with transaction():
        pass


def test_transaction_sees_what_others_stored_since_the_request_read(app: Flask) -> None:
    assert db.session.get(Setting, "title") is None

    def store() -> None:
        with app.app_context(), transaction() as session:
            session.add(Setting(name="title", value="New", changed_at=START))

    writer = threading.Thread(target=store)
    writer.start()
    writer.join()
    with transaction() as session:
        assert session.scalars(select(Setting.value)).all() == ["New"]


def test_writers_that_come_together_wait_for_each_other(app: Flask) -> None:
    with transaction():
        next_value("proof")
    refused: list[Exception] = []

    def count() -> None:
        try:
            with app.app_context():
                for _ in range(25):
                    with transaction():
                        next_value("proof")
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            refused.append(error)

    writers = [threading.Thread(target=count) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert refused == []
    db.session.rollback()
    assert db.session.get_one(Counter, "proof").value == 201


def test_moment_comes_back_in_utc_from_any_zone(app: Flask) -> None:
    lima = timezone(timedelta(hours=-5))
    with transaction() as session:
        session.add(
            Setting(name="title", value=1, changed_at=datetime(2026, 3, 1, 22, 30, tzinfo=lima))
        )
    db.session.remove()
    stored = db.session.get_one(Setting, "title").changed_at
    assert stored == datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)


def test_moment_without_a_zone_is_refused() -> None:
    dialect = make_url("sqlite://").get_dialect()()
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 3, 1, 22, 30), dialect)  # noqa: DTZ001
    assert Moment().process_bind_param(None, dialect) is None
    assert Moment().process_result_value(None, dialect) is None


def test_json_is_stored_in_the_same_bytes_on_every_database(app: Flask) -> None:
    with transaction() as session:
        session.add(
            AuditEntry(at=START, action="a", subject="s", data={"z": "ñandú", "a": [1, None, True]})
        )
    raw = db.session.scalar(text("SELECT data FROM audit_entries WHERE action = 'a'"))
    assert raw == '{"a":[1,null,true],"z":"ñandú"}'


def test_foreign_keys_are_held(app: Flask) -> None:
    from sqlalchemy.exc import IntegrityError

    from accounts.models import UserSession

    orphan = UserSession(
        token_hash="0" * 64, person_id=999, created_at=START, seen_at=START, ends_at=START
    )
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(orphan)


def test_counter_gives_numbers_in_order_without_gaps(app: Flask) -> None:
    given = []
    for fail in (False, True, False, False):
        try:
            with transaction():
                number = next_value("tickets-proof", first=1001)
                if fail:
                    raise RuntimeError
                given.append(number)
        except RuntimeError:
            pass
    assert given == [1001, 1002, 1003]
