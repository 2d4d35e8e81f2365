"""The world of one run: a folder under the system's temporary one, a filled instance, samples."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask

from app import create_app
from bench import content
from bench.rows import BenchError
from bench.server import Instance, Server, serve_site
from core import config

#: Articles of a run without the corpus: demonstration ones, repeated with variations.
REPEATED = 2_000
LARGE = 10_000


@dataclass(frozen=True)
class Options:
    """What the command line asked for; `corpus` is None where there is none."""

    corpus: Path | None
    million: bool = False
    large: bool = False


class Bench:
    """Filled when something is first asked for; `close` ends every server that was started."""

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder = folder
        self.options = options
        self._servers = ExitStack()
        self._server: Server | None = None
        self.filling = ""

    @cached_property
    def instance(self) -> Instance:
        """An instance with the demonstration and the imported articles."""
        made = self.new_instance("site")
        source = self.options.corpus
        if source is None:
            source = self.folder / "variations"
            content.variations(content.DEMO_ARTICLES, source, REPEATED)
        made.flask("kb", "import", str(source), seconds=240)
        count = len(content.articles(made.database))
        what = "the corpus" if self.options.corpus else "demonstration articles with variations"
        self.filling = f"{count} articles: {what}, and the demonstration"
        return made

    @cached_property
    def samples(self) -> content.Samples:
        return content.samples(content.articles(self.instance.database))

    def new_instance(self, name: str) -> Instance:
        """An instance with the demonstration alone."""
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        made = Instance(folder)
        made.flask("setup")
        made.flask("demo")
        return made

    def server(self) -> Server:
        """The one server of the filled instance, started when it is first needed."""
        if self._server is None:
            self._server = self._servers.enter_context(serve_site(self.instance))
            # The worker that holds the outbox looks the index over when it starts.
            time.sleep(2)
        return self._server

    def stop_server(self) -> None:
        """End the server, so that what follows has the machine for itself."""
        self._server = None
        self._servers.close()

    close = stop_server


@contextmanager
def application(instance: Instance) -> Iterator[Flask]:
    """The site on this instance inside this process, in an app context."""
    site = config.load(instance.environment(OUTBOX_IN_WEB="off"))
    if not site.is_sqlite:
        raise BenchError("the measurements are made on SQLite")
    app = create_app(site)
    with app.app_context():
        yield app
