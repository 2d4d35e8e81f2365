"""Visitors' pages kept in memory while public content stands still.

A page is kept only for requests without a session, under the generation of content that was
read before it was made, and for a minute at most (it may say how long ago something was). What
a visitor reads is therefore never older than the last commit that changed public content.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, current_app, g, request, session
from werkzeug.wrappers import Response

from core import clock
from core.generation import GenerationProbe
from core.web import LANGUAGE_COOKIE

V = TypeVar("V", bound=Callable[..., object])
LONGEST = 60.0
ENTRIES = 1000
LARGEST = 512 * 1024
_MARK = "X-Keep"
#: Set in the environment of a request whose answer may be kept.
_WANTED = "support.page_may_be_kept"
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Kept:
    """A finished answer. `headers` has neither length nor encoding."""

    generation: int
    made_at: float
    headers: tuple[tuple[str, str], ...]
    etag: str
    plain: bytes
    packed: bytes


def cacheable(view: V) -> V:
    """Mark a page that says the same to every visitor."""
    view.cacheable = True  # type: ignore[attr-defined]
    return view


def holds_until(moment: datetime | None) -> None:
    """Say that the page under way is right until `moment`: it is not kept beyond it."""
    g.holds_until = moment


class PageCache:
    """WSGI middleware in front of the application."""

    def __init__(self, app: WSGIApplication, probe: GenerationProbe, cookie: str) -> None:
        self._app = app
        self._probe = probe
        self._session = f"{cookie}="
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self._app(environ, start)
        try:
            generation = self._probe.ask()
        except Exception:  # noqa: BLE001  without the database the application says it in words
            return self._app(environ, start)
        kept = self._kept.get(key)
        if kept and kept.generation == generation and time.monotonic() - kept.made_at < LONGEST:
            return _answer(kept, environ, start)
        return self._make(key, generation, environ, start)

    def forget(self) -> None:
        """Drop everything; for tests that replace the database."""
        with self._lock:
            self._kept.clear()
        self._probe.forget()

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        if environ["REQUEST_METHOD"] != "GET":
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        if self._session in cookies:
            return None
        language = cookies if LANGUAGE_COOKIE in cookies else ""
        return (
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_HOST", ""),
            language[:200],
        )

    def _make(
        self, key: Key, generation: int, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        said: list[Any] = []
        environ[_WANTED] = True

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [status, headers, exc_info]
            return lambda _data: None

        answer = self._app(environ, listen)
        status, headers, exc_info = said
        keep = any(name == _MARK for name, _value in headers)
        if not keep:
            start(status, headers, exc_info)
            return answer
        body = b"".join(answer)
        close = getattr(answer, "close", None)
        if close:
            close()
        kept = _keep(generation, headers, body)
        if len(body) <= LARGEST:
            with self._lock:
                self._kept[key] = kept
                self._kept.move_to_end(key)
                while len(self._kept) > ENTRIES:
                    self._kept.popitem(last=False)
        return _answer(kept, environ, start)


def _keep(generation: int, headers: list[tuple[str, str]], body: bytes) -> Kept:
    left_out = {_MARK, "Content-Length"}
    rest = tuple((name, value) for name, value in headers if name not in left_out)
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    return Kept(generation, time.monotonic(), rest, etag, body, packed)


def _answer(kept: Kept, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    headers = [*kept.headers, ("ETag", kept.etag)]
    if environ.get("HTTP_IF_NONE_MATCH", "") == kept.etag:
        start("304 Not Modified", headers)
        return []
    packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    body = kept.packed if packed else kept.plain
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    start("200 OK", headers)
    return [body]


def _mark_answer(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "cacheable", False):
        return response
    response.vary.add("Accept-Encoding")
    end = getattr(g, "holds_until", None)
    lasts = end is None or end - clock.now() > timedelta(seconds=LONGEST)
    same_for_all = getattr(g, "actor", None) is None and not session.modified
    plain = response.status_code == 200 and "Set-Cookie" not in response.headers
    if same_for_all and plain and lasts and request.environ.get(_WANTED):
        response.headers[_MARK] = "1"
    return response


def register(app: Flask) -> None:
    """Put the cache in front of the application."""
    probe = GenerationProbe(app.config["SITE"].database_url)
    cache = PageCache(app.wsgi_app, probe, app.config["SESSION_COOKIE_NAME"])
    app.wsgi_app = cache  # type: ignore[method-assign, assignment]
    app.extensions["page_cache"] = cache
    app.after_request(_mark_answer)
