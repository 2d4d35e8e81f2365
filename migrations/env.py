"""Alembic's entry: runs migrations on the application's own engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import accounts.bell.models
import accounts.models
import conditions.models
import contact.calls.models
import contact.chat.models
import core.models
import kb.importing.models
import kb.addresses.models
import kb.images.models
import kb.links.models
import kb.models
import kb.related.models
import kb.searches.models
import kb.usage.models
import kb.writing.models
import kb.learning.models
import kb.trials.models
import kb.votes.models
import kb.synonyms.models
import quotes.models
import quotes.pricing.models
import tickets.canned.models
import tickets.consents.models
import tickets.diary.models
import tickets.finding.models
import tickets.inbound.models
import tickets.mentions.models
import tickets.models
import tickets.outages.models
import tickets.outcomes.models
import tickets.participants.models
import tickets.previews.models
import tickets.proof.models
import tickets.vault.models
import tickets.workbench.models  # noqa: F401
from core.db import Base, db


def run_migrations() -> None:
    """Apply migrations in one transaction: a failed upgrade leaves the schema as it was."""
    arguments = current_app.extensions["migrate"].configure_args
    connectable = db.engine.execution_options(writing=True)
    with connectable.connect() as connection, _tables_may_be_made_anew(connection):
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()
            _check_references(connection)


@contextmanager
def _tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    # SQLite changes some things of a table only by copying it. Dropping the old one would break
    # what refers to it, and the checks can only be switched outside of a transaction.
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows refer to rows that do not exist: {broken[:5]}")


run_migrations()
