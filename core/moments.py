"""Arithmetic with stored moments inside a statement, to the microsecond on both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from core.db import Moment


class minutes_before(GenericFunction[datetime]):  # noqa: N801  named as SQL names its functions
    """`minutes_before(moment, minutes)`: a stored moment so many whole minutes earlier."""

    type = Moment()
    inherit_cache = True

    def __init__(
        self, moment: InstrumentedAttribute[datetime], minutes: ColumnElement[int] | int
    ) -> None:
        whole = literal(minutes, Integer) if isinstance(minutes, int) else minutes
        super().__init__(moment, whole)


@compiles(minutes_before, "sqlite")
def _on_sqlite(element: minutes_before, compiler: SQLCompiler, **keywords: Any) -> str:
    moment, minutes = (compiler.process(part, **keywords) for part in element.clauses)
    # SQLite's own dates know milliseconds: the fraction of the second is carried over as text.
    seconds = (
        f"strftime('%Y-%m-%d %H:%M:%S', substr({moment}, 1, 19), (-({minutes})) || ' minutes')"
    )
    return f"({seconds} || substr({moment}, 20))"


@compiles(minutes_before, "postgresql")
def _on_postgresql(element: minutes_before, compiler: SQLCompiler, **keywords: Any) -> str:
    moment, minutes = (compiler.process(part, **keywords) for part in element.clauses)
    return f"({moment} - make_interval(mins => CAST({minutes} AS integer)))"
