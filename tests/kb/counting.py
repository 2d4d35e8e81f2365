"""How many statements a page costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.db import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SELECT, INSERT, UPDATE and DELETE sent inside; needs an app context."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
