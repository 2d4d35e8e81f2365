"""The generation of public content, asked without a transaction and in some microseconds.

Every visitor's page asks it before it may be served from memory, so it has a connection of its
own for each thread, outside the pool.
"""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import make_url, select

from core.counters import CONTENT
from core.db import BUSY_TIMEOUT_MS, sqlite_module
from core.models import Counter

_SQL = str(
    select(Counter.value)
    .where(Counter.name == CONTENT)
    .compile(compile_kwargs={"literal_binds": True})
)


class GenerationProbe:
    """Asks one database for the generation; `ask` raises what the driver raises."""

    def __init__(self, database_url: str) -> None:
        self._url = make_url(database_url)
        self._local = threading.local()
        self._epoch = 0

    def ask(self) -> int:
        """The generation as of now."""
        connection = getattr(self._local, "connection", None)
        if connection is None or self._local.epoch != self._epoch:
            connection = self._local.connection = self._connect()
            self._local.epoch = self._epoch
        try:
            row = connection.execute(_SQL).fetchone()
        except Exception:
            self._local.connection = None
            raise
        return int(row[0]) if row else 0

    def forget(self) -> None:
        """Use new connections from now on; for tests that replace the database."""
        self._epoch += 1
        # At once: a file that is replaced under an open connection is damaged when it closes.
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            connection.close()

    def _connect(self) -> Any:
        if self._url.get_backend_name() == "sqlite":
            return sqlite_module().connect(
                self._url.database,
                timeout=BUSY_TIMEOUT_MS / 1000,
                isolation_level=None,
                check_same_thread=False,
            )
        import psycopg

        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True, connect_timeout=5)
