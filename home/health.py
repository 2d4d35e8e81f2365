"""Whether the site can serve: the checks behind /salud/listo and `flask doctor`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import outbox
from core.config import ROOT
from core.db import db
from home import queries
from kb.actions import INDEX_JOB, REBUILD_JOB
from kb.index import IndexUnavailable
from kb.search import article_index

#: A job that is due for longer says that no worker does them.
LATEST = timedelta(minutes=5)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `detail` is for administrators, in English."""

    name: str
    is_ok: bool
    detail: str


def checks(now: datetime) -> Iterator[Check]:
    """Every check in order; the first that cannot reach the database is the last."""
    looks: tuple[tuple[str, Callable[[datetime], tuple[bool, str]]], ...] = (
        ("database", _database),
        ("migrations", _migrations),
        ("index", _index),
        ("outbox", _outbox),
    )
    for name, look in looks:
        try:
            yield Check(name, *look(now))
        except SQLAlchemyError as error:
            yield Check(name, False, type(error).__name__)
            return


def _database(_now: datetime) -> tuple[bool, str]:
    db.session.execute(text("SELECT 1"))
    is_writable = _writable()
    return is_writable, db.engine.dialect.name + ("" if is_writable else ", cannot be written to")


def _writable() -> bool:
    # Asked without writing: a health check may come every second.
    if db.engine.dialect.name == "postgresql":
        return db.session.scalar(text("SHOW transaction_read_only")) == "off"
    file = db.engine.url.database or ""
    return os.access(file, os.W_OK) and os.access(Path(file).parent, os.W_OK | os.X_OK)


def _migrations(_now: datetime) -> tuple[bool, str]:
    present = db.session.scalars(text("SELECT version_num FROM alembic_version")).all()
    wanted = _newest_migrations()
    if set(present) == wanted:
        return True, ", ".join(sorted(present))
    return False, f"at {', '.join(present) or 'nothing'}, wanted {', '.join(sorted(wanted))}"


@lru_cache(maxsize=1)
def _newest_migrations() -> frozenset[str]:
    # Imported late: web processes ask this rarely and start without it.
    from alembic.script import ScriptDirectory

    return frozenset(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def _index(_now: datetime) -> tuple[bool, str]:
    if article_index().healthy():
        return True, f"healthy, {current_app.config['SITE'].search_backend}"
    # Pages fall back to the database meanwhile, so an index under way is no reason to fail.
    if outbox.pending([INDEX_JOB, REBUILD_JOB]):
        return True, "being built"
    return False, f"{_why_not()}, run: flask kb reindex"


def _why_not() -> str:
    try:
        article_index().generation()
    except IndexUnavailable as error:
        return str(error).partition("\n")[0]
    return "damaged"


def _outbox(now: datetime) -> tuple[bool, str]:
    oldest = queries.oldest_due_job(now)
    detail = f"{outbox.waiting(now)} waiting, {outbox.failed()} given up"
    if oldest is not None and now - oldest > LATEST:
        return False, f"{detail}, the oldest is due since {oldest.isoformat()}"
    return True, detail
