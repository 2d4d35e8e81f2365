"""What an instance needs before it can serve: the schema, and the first published texts."""

from __future__ import annotations

import click
from flask import Flask, current_app

import conditions.actions
import kb.engines
import kb.synonyms.actions
import tickets.opening
from core import clock
from core.config import ROOT
from core.db import db
from kb.synonyms.phrases import groups_in

FIRST_CONDITIONS = ROOT / "conditions" / "first.md"
FIRST_SYNONYMS = ROOT / "kb" / "synonyms" / "default.txt"


def register(app: Flask) -> None:
    """Offer `flask db`, when it is a command that starts the application."""
    if click.get_current_context(silent=True) is not None:
        _offer_migrations(app)


def _offer_migrations(app: Flask) -> None:
    # Alembic takes longer to import than the rest of the site: web processes do without it.
    from flask_migrate import Migrate

    if "migrate" not in app.extensions:
        Migrate(
            app,
            db,
            directory=str(ROOT / "migrations"),
            render_as_batch=app.config["SITE"].is_sqlite,
            compare_type=True,
        )


def set_up() -> None:
    """Migrate; publish the first conditions and policy, and install the first synonyms, where
    there are none."""
    from flask_migrate import upgrade

    _offer_migrations(current_app)
    upgrade()
    kb.engines.prepare(current_app.config["SITE"])
    now = clock.now()
    conditions.actions.publish_first(FIRST_CONDITIONS.read_text("utf-8"), now=now)
    tickets.opening.publish_first_policy(now=now)
    kb.synonyms.actions.install_first(groups_in(FIRST_SYNONYMS.read_text("utf-8")), now=now)
