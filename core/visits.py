"""What visitors look at, noted without a cookie and written a second later, many at a time.

A page says what was looked at with `note`. The words travel in a header of our own that the
memory of pages keeps with the page, so that an answer from memory counts like any other; here,
in front of everything, the header is taken off. What was noted waits in memory (with the
network it came from, which is never stored) until the listeners write it in one transaction.
A crash loses a second of counts, a flood is cut off, and no page waits for any of it.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, g
from werkzeug.wrappers import Response

from core import clock
from core.ratelimit import network_of

log = logging.getLogger(__name__)
HEADER = "X-Visit"
#: What waits for the next writing; more than this in a second is a flood.
LARGEST_BUFFER = 2000
#: Visits of one network that count in a window; an office of people stays below it.
PER_NETWORK = 60
WINDOW = timedelta(minutes=10)
#: Different visits remembered in a window, so that a page that is loaded anew counts once.
REMEMBERED = 20_000
DELAY_SECONDS = 1.0
_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|archiver|preview|monitor|scan|fetch|curl|wget|python|java/"
    r"|go-http|libwww|okhttp|axios|node",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Visit:
    """One look at a page: what the page said of itself, and where it was asked for from."""

    at: datetime
    facts: dict[str, Any]
    network: str
    browser: str
    host: str
    referer: str


Listener = Callable[[Sequence[Visit]], None]


def note(**facts: Any) -> None:
    """Say what this page shows; it counts when the answer is whole and a person's browser."""
    g.visit = facts


def seen_from(environ: WSGIEnvironment) -> tuple[str, str]:
    """(network, browser) of a request: never stored as they are."""
    return network_of(environ.get("REMOTE_ADDR", "")), environ.get("HTTP_USER_AGENT", "")[:300]


@lru_cache(maxsize=1024)
def is_robot(browser: str) -> bool:
    """Whether a program asks, by the name it gives itself."""
    return not browser or bool(_ROBOT.search(browser))


class VisitLog:
    """WSGI middleware: takes the notes off the answers and hands them to the listeners."""

    def __init__(self, app: Flask, *, waits: bool) -> None:
        self._app = app
        self._inner: WSGIApplication = app.wsgi_app
        self._waits = waits
        self.listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._buffer: list[Visit] = []
        self._timer: threading.Timer | None = None
        self._begin_window()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def listen(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            for place, (name, value) in enumerate(headers):
                if name == HEADER:
                    del headers[place]
                    self._take(environ, value)
                    break
            return start(status, headers, *rest)

        return self._inner(environ, listen)

    def flush(self) -> None:
        """Write what waits; called a second after it came, and by tests."""
        with self._lock:
            visits, self._buffer, self._timer = self._buffer, [], None
        for listener in self.listeners if visits else ():
            try:
                with self._app.app_context():
                    listener(visits)
            except Exception:
                # Counts are worth less than a thread of the site.
                log.exception("visits could not be written")

    def forget(self) -> None:
        """Drop what waits and who was seen; for tests."""
        with self._lock:
            self._buffer, self._timer = [], None
            self._begin_window()

    def _begin_window(self) -> None:
        self._window = clock.now()
        self._seen: set[int] = set()
        self._by_network: dict[str, int] = {}

    def _take(self, environ: WSGIEnvironment, words: str) -> None:
        network, browser = seen_from(environ)
        # A page fetched ahead of a click was not read by anybody.
        ahead = environ.get("HTTP_SEC_PURPOSE", "") + environ.get("HTTP_PURPOSE", "")
        if environ["REQUEST_METHOD"] != "GET" or "prefetch" in ahead or is_robot(browser):
            return
        referer = environ.get("HTTP_REFERER", "")[:2000]
        if not self._counts(network, hash((network, browser, words, referer))):
            return
        host = environ.get("HTTP_HOST", "")
        visit = Visit(clock.now(), json.loads(words), network, browser, host, referer)
        with self._lock:
            self._buffer.append(visit)
            if self._waits and self._timer is None:
                self._timer = threading.Timer(DELAY_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def _counts(self, network: str, key: int) -> bool:
        with self._lock:
            if clock.now() - self._window > WINDOW:
                self._begin_window()
            count = self._by_network.get(network, 0)
            full = len(self._buffer) >= LARGEST_BUFFER or len(self._seen) >= REMEMBERED
            if full or key in self._seen or count >= PER_NETWORK:
                return False
            self._seen.add(key)
            self._by_network[network] = count + 1
            return True


def _carry(response: Response) -> Response:
    facts = g.pop("visit", None)
    if facts is not None and response.status_code == 200:
        response.headers[HEADER] = json.dumps(facts, separators=(",", ":"))
    return response


def register(app: Flask) -> None:
    """Stand in front of the memory of pages; tests write when they say so."""
    visits = VisitLog(app, waits=not app.config["TESTING"])
    app.wsgi_app = visits  # type: ignore[method-assign, assignment]
    app.extensions["visits"] = visits
    app.after_request(_carry)
