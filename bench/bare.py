"""A bare Flask app with the same bytes: what the article page is measured against."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, abort


def create_app() -> Flask:
    """An app that holds every file of BENCH_PAGES in memory and answers with it, by its name."""
    app = Flask("bare")
    pages = {path.name: path.read_bytes() for path in Path(os.environ["BENCH_PAGES"]).iterdir()}

    @app.get("/")
    def alive() -> str:
        return "ok"

    @app.get("/preguntas/<slug>")
    def page(slug: str) -> Response:
        body = pages.get(slug)
        if body is None:
            abort(404)
        return Response(body, content_type="text/html; charset=utf-8")

    @app.get("/stream")
    def stream() -> Response:
        """An open stream of events with nothing to say: what chat by streams would hold."""
        return Response(_beats(), content_type="text/event-stream")

    return app


def _beats() -> Iterator[bytes]:
    while True:
        yield b": still here\n\n"
        time.sleep(15)
