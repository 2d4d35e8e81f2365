"""States of the databases that many tests begin with: made once, and put back for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask

from core.db import db
from core.mail import MemorySender
from tests.cast import Cast, make_cast
from tests.databases import START, Backend
from tests.world import World, make_rows

CAST, WORLD = "cast", "world"


def forget(app: Flask) -> None:
    """Nothing in the memory of a site is left of the database it had."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["page_cache"].forget()
    app.extensions["visits"].forget()
    app.extensions["mail_sender"] = MemorySender()
    app.extensions["forget"]()


class States:
    """What was made in each database, by its address."""

    def __init__(self) -> None:
        self._casts: dict[str, Cast] = {}
        self._worlds: dict[str, World] = {}

    def cast(self, backend: Backend) -> Cast:
        return self._casts[backend.url]

    def world(self, backend: Backend) -> World:
        return self._worlds[backend.url]

    def put_back(self, app: Flask, backend: Backend, asked: set[str]) -> None:
        """Bring the database and the index to what the fixtures of a test build upon."""
        forget(app)
        if not asked & {"cast", "made"}:
            self._reset(app, backend, START)
        elif not self._reset(app, backend, WORLD if "made" in asked else CAST):
            self._make(app, backend, asked)

    def _reset(self, app: Flask, backend: Backend, name: str) -> bool:
        """Whether the state was there; else it is the start."""
        backend.reset(name if name in backend.kept else START)
        found = name in backend.kept
        index = backend.folder / "index"
        shutil.rmtree(index, ignore_errors=True)
        if found and (kept := _kept_index(backend, name)).is_dir():
            shutil.copytree(kept, index)
        app.extensions["forget"]()
        return found

    def _make(self, app: Flask, backend: Backend, asked: set[str]) -> None:
        with app.app_context():
            cast = self._casts[backend.url] = make_cast()
            if "made" in asked:
                self._worlds[backend.url] = make_rows(cast)
        forget(app)
        name = WORLD if "made" in asked else CAST
        backend.keep(name)
        kept = _kept_index(backend, name)
        shutil.rmtree(kept, ignore_errors=True)
        if (backend.folder / "index").is_dir():
            shutil.copytree(backend.folder / "index", kept)


def _kept_index(backend: Backend, name: str) -> Path:
    return backend.folder / f"index-{name}"
