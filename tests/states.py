"""States of the databases that many tests begin with: made once, and put back for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from core.db import db
from core.mail import MemorySender
from tests.cast import Cast, make_cast
from tests.databases import START, Backend
from tests.kb.articles import index_everything, make_articles
from tests.world import make_rows


def _indexed(app: Flask, cast: Cast) -> dict[str, int]:
    ids = make_articles(cast.elena)
    index_everything(app)
    return ids


#: By the fixture that gives what was made. The cast is in each; the first that a test asks for
#: is put back.
STATES: Mapping[str, Callable[[Flask, Cast], Any]] = {
    "made": lambda _app, cast: make_rows(cast),
    "indexed": _indexed,
    "cast": lambda _app, cast: cast,
}


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
        self._made: dict[tuple[str, str], tuple[Cast, Any]] = {}
        self._put_back: dict[str, tuple[Cast, Any]] = {}

    def cast(self, backend: Backend) -> Cast:
        """The people of the state that was put back."""
        return self._put_back[backend.url][0]

    def made(self, backend: Backend) -> Any:
        """What its function in `STATES` gave."""
        return self._put_back[backend.url][1]

    def put_back(self, app: Flask, backend: Backend, asked: set[str]) -> None:
        """Bring the database and the index to what the fixtures of a test build upon."""
        forget(app)
        name = next((name for name in STATES if name in asked), START)
        if not self._reset(app, backend, name) and name != START:
            self._make(app, backend, name)
        if name != START:
            self._put_back[backend.url] = self._made[backend.url, name]

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

    def _make(self, app: Flask, backend: Backend, name: str) -> None:
        with app.app_context():
            cast = make_cast()
            self._made[backend.url, name] = (cast, STATES[name](app, cast))
        forget(app)
        backend.keep(name)
        kept = _kept_index(backend, name)
        shutil.rmtree(kept, ignore_errors=True)
        if (backend.folder / "index").is_dir():
            shutil.copytree(backend.folder / "index", kept)


def _kept_index(backend: Backend, name: str) -> Path:
    return backend.folder / f"index-{name}"
