"""Visitors of the tests: each with a network and a browser of their own, on a clock of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db
from kb.searches.models import Search

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=clock.UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Watch:
    """The clock of a test: it stands until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class Visitor:
    """A browser on some network that searches and opens what it finds."""

    def __init__(
        self, app: Flask, *, network: str = "203.0.113.7", browser: str = FIREFOX,
        client: FlaskClient | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self.client = client or app.test_client()
        self._from: dict[str, Any] = {
            "environ_base": {"REMOTE_ADDR": network, "HTTP_USER_AGENT": browser}
        }

    def search(self, words: str, *, write: bool = True, **headers: str) -> str:
        page = self.client.get(
            f"/preguntas/buscar?q={quote_plus(words)}", headers=headers, **self._from
        )
        assert page.status_code == 200
        if write:
            write_down(self._app)
        return page.text

    def open(self, slug: str, *, after: str = "") -> None:
        """Open an article, from the results for `after` or from anywhere."""
        referer = f"http://localhost/preguntas/buscar?q={quote_plus(after)}" if after else ""
        headers = {"Referer": referer} if referer else {}
        self.client.get(f"/preguntas/{slug}", headers=headers, **self._from)
        write_down(self._app)


def write_down(app: Flask) -> None:
    """Write what was looked at, as the site does a second later."""
    app.extensions["visits"].flush()
    db.session.rollback()


def told() -> list[Search]:
    """The searches that were kept, the first one first."""
    db.session.rollback()
    return list(db.session.scalars(select(Search).order_by(Search.id)))
