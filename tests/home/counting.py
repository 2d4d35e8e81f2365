"""How many statements a page asks the database for."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import event

from core.db import db


def statements(client: FlaskClient, path: str) -> list[str]:
    """The statements of one successful GET, after one that fills what a process keeps."""
    client.get(path)
    seen: list[str] = []
    engine = db.engine

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen
