"""Alembic's entry: runs migrations on the application's own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

import accounts.models
import conditions.models
import contact.models
import core.models
import kb.models
import quotes.models
import tickets.canned.models
import tickets.consents.models
import tickets.diary.models
import tickets.finding.models
import tickets.mentions.models
import tickets.models
import tickets.outages.models
import tickets.participants.models
import tickets.previews.models
import tickets.proof.models
import tickets.vault.models  # noqa: F401
from core.db import Base, db


def run_migrations() -> None:
    """Apply migrations in one transaction: a failed upgrade leaves the schema as it was."""
    arguments = current_app.extensions["migrate"].configure_args
    connectable = db.engine.execution_options(writing=True)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
