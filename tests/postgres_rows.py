"""The rows of a PostgreSQL database, kept under a name and put back: faster than a new database.

A copy of every table with rows lies beside it in a schema of its own, with a function that brings
the tables back to it. Where a test changed the tables themselves, `fits` says so.
"""

from __future__ import annotations

import psycopg

_OURS = (
    "nspname NOT LIKE 'pg\\_%' AND nspname NOT LIKE 'kept\\_%' AND nspname <> 'information_schema'"
)
#: Tables, columns, indexes, triggers, checks and functions, as one line.
_SHAPE = f"""
WITH ours AS (SELECT oid FROM pg_namespace WHERE {_OURS}), said AS (
  SELECT concat_ws(' ', c.oid, c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
   WHERE c.relnamespace IN (SELECT oid FROM ours)
  UNION ALL SELECT concat_ws(' ', tgrelid, tgname, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat_ws(' ', conrelid, conname) FROM pg_constraint
  UNION ALL SELECT concat_ws(' ', oid, md5(prosrc)) FROM pg_proc
             WHERE pronamespace IN (SELECT oid FROM ours))
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM said
"""
_TABLES = f"""
SELECT format('%I.%I', nspname, relname),
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
         WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE relkind = 'r' AND {_OURS} ORDER BY 1
"""
_SEQUENCES = f"""
SELECT format('%I.%I', nspname, relname) FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'S' AND {_OURS} ORDER BY 1
"""
_LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Rows:
    """The kept rows of one database."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open: psycopg.Connection | None = None
        self._shape = ""

    @property
    def connection(self) -> psycopg.Connection:
        if self._open is None or self._open.closed:
            self._open = psycopg.connect(self._address, autocommit=True)
            # Rows come and go without the triggers that forbid it.
            self._open.execute("SET session_replication_role = replica")
        return self._open

    def close(self) -> None:
        """Leave the database, so that it can be dropped."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def fits(self) -> bool:
        """Whether the tables are those whose rows were kept; whoever is connected is sent away."""
        self.connection.execute(_LEAVE)
        return self._present_shape() == self._shape

    def keep(self, name: str) -> None:
        """Keep every row under a name."""
        self._shape = self._present_shape()
        tables = self.connection.execute(_TABLES).fetchall()
        self.connection.execute(f"CREATE SCHEMA kept_{name}")  # type: ignore[call-overload]
        lines = [line for table, columns in tables for line in self._kept(name, table, columns)]
        lines += [self._sequence(row[0]) for row in self.connection.execute(_SEQUENCES).fetchall()]
        body = "\n".join(lines)
        self.connection.execute(  # type: ignore[call-overload]
            f"CREATE FUNCTION kept_{name}.put_back() RETURNS void LANGUAGE plpgsql AS"
            f" $put_back$ BEGIN\n{body}\nEND $put_back$"
        )

    def put_back(self, name: str) -> None:
        """Bring every table and sequence back to what was kept."""
        self.connection.execute(f"SELECT kept_{name}.put_back()")  # type: ignore[call-overload]

    def _present_shape(self) -> str:
        row = self.connection.execute(_SHAPE).fetchone()
        return str(row[0]) if row else ""

    def _kept(self, name: str, table: str, columns: str) -> list[str]:
        lines = [f"IF EXISTS (SELECT FROM {table}) THEN DELETE FROM {table}; END IF;"]
        copy = f"kept_{name}.{table.replace('.', '_').replace(chr(34), '')}"
        filled = self.connection.execute(f"SELECT EXISTS (SELECT FROM {table})")  # type: ignore[call-overload]
        if filled.fetchone()[0]:
            self.connection.execute(f"CREATE TABLE {copy} AS SELECT {columns} FROM {table}")  # type: ignore[call-overload]
            lines.append(
                f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT * FROM {copy};"
            )
        return lines

    def _sequence(self, sequence: str) -> str:
        query = f"SELECT last_value, is_called FROM {sequence}"
        value, called = self.connection.execute(query).fetchone()  # type: ignore[call-overload]
        return f"PERFORM setval('{sequence}', {value}, {str(called).lower()});"
