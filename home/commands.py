"""`flask setup`, `flask demo`, `flask work` and `flask doctor`."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import kb.notices
from core import clock, outbox
from core.config import Config
from core.db import db, require_set_up, sqlite_module, wal_is_safe
from home import demo, health, worker
from home.health import Check
from home.setup import set_up

PRIVATE = 0o077


@click.command("setup")
def setup() -> None:
    """Migrate the database; publish the first conditions and policy where there are none."""
    with _plainly("the database cannot be set up"):
        set_up()


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    """What the database refuses is said in one line."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise click.ClickException(f"{what}: {reason}") from error


@click.command("demo")
def load_demo() -> None:
    """Fill an empty instance with demonstration content; print its sign-ins."""
    kept = _instance() / "demo_password"
    with _plainly("the demonstration cannot be loaded; run `flask setup` first"):
        loaded = demo.load(demo.FOLDER, kept, now=clock.now())
    if not loaded:
        click.echo("This instance has people of its own: no demonstration content was added.")
        return
    with outbox.worker_lock(_instance() / "outbox.lock") as alone:
        if alone:
            # The first page that is opened can be a search.
            kb.notices.catch_up()
    people = demo.sign_ins(demo.FOLDER)
    width = max((len(one.email) for one in people), default=0)
    click.echo("Demonstration sign-ins:\n")
    for one in people:
        click.echo(f"  {one.email:<{width}}  {one.name} ({one.what})")
    click.echo(f"\n  password of all of them: {demo.password_from(kept)}   (kept in {kept})\n")


@click.command("work")
def work() -> None:
    """Run the outbox worker alone, until it is interrupted."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    require_set_up()
    click.echo("The outbox worker runs; Ctrl+C ends it.")
    worker.run(current_app._get_current_object(), stop)  # type: ignore[attr-defined]


@click.command("doctor")
def doctor() -> None:
    """Look at everything the site needs; exit status 1 when something is wrong."""
    found = [*_local_checks(), *health.checks(clock.now())]
    for check in found:
        click.echo(f"{'ok  ' if check.is_ok else 'FAIL'}  {check.name}: {check.detail}")
    if not all(check.is_ok for check in found):
        sys.exit(1)


def _local_checks() -> list[Check]:
    site: Config = current_app.config["SITE"]
    return [*([_sqlite()] if site.is_sqlite else []), _secret_key(site)]


def _sqlite() -> Check:
    version = sqlite_module().sqlite_version_info
    try:
        journal = db.session.scalar(text("PRAGMA journal_mode"))
    except SQLAlchemyError as error:
        return Check("sqlite", False, type(error).__name__)
    # Rollback journal on an old library is slower, not wrong; WAL on one may lose commits.
    is_ok = wal_is_safe(version) or journal != "wal"
    return Check("sqlite", is_ok, f"{'.'.join(map(str, version))}, journal {journal}")


def _secret_key(site: Config) -> Check:
    path = site.instance_dir / "secret_key"
    if not path.exists():
        return Check("secret key", True, "from the environment")
    mode = path.stat().st_mode & 0o777
    is_private = not mode & PRIVATE
    return Check(
        "secret key", is_private, f"{path}, mode {mode:03o}{'' if is_private else ', wanted 600'}"
    )


def _instance() -> Path:
    site: Config = current_app.config["SITE"]
    return site.instance_dir


def register(app: Flask) -> None:
    """Add the commands."""
    for command in (setup, load_demo, work, doctor):
        app.cli.add_command(command)
