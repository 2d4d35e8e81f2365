"""PostgreSQL gives the rows of a table in any order, mostly in that of their writing.

Whoever relies on it fails seldom, and elsewhere. In the tests a SELECT without an order gives its
rows the other way round, so that it fails at once.
"""

from __future__ import annotations

from typing import Any

import psycopg


def turn_unordered_rows() -> None:
    """From now on, for every cursor of this process."""
    fetch = psycopg.Cursor.fetchall

    def fetchall(cursor: psycopg.Cursor[Any]) -> list[Any]:
        rows = fetch(cursor)
        return rows if _is_ordered(cursor) else rows[::-1]

    psycopg.Cursor.fetchall = fetchall  # type: ignore[method-assign]


def _is_ordered(cursor: psycopg.Cursor[Any]) -> bool:
    # The driver keeps the last statement there (psycopg 3, `Cursor._query`).
    statement = cursor._query.query.lstrip().upper() if cursor._query else b""
    return not statement.startswith((b"SELECT", b"WITH")) or b"ORDER BY" in statement
