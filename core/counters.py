"""Numbers handed out one by one, and the generation of public content.

A counter's row is locked until the caller's transaction ends, so numbers follow the order of
commits and none is lost (R5).
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update

from core.db import db
from core.models import Counter

_TABLE = cast(Table, Counter.__table__)
_ADVANCE = (
    update(_TABLE)
    .where(_TABLE.c.name == bindparam("which"))
    .values(value=_TABLE.c.value + bindparam("step"))
    .returning(_TABLE.c.value)
)
#: Moves whenever something a visitor can read changes: articles, categories, settings,
#: conditions. Pages kept in memory are valid as long as it stands still.
CONTENT = "content"


def next_value(name: str, *, first: int = 1, step: int = 1) -> int:
    """The next number of `name`; `first` when it was never used.

    With `step` that many numbers are taken at once: the last of them is returned.
    """
    row = db.session.execute(_ADVANCE, {"which": name, "step": step}).scalar()
    if row is not None:
        return int(row)
    db.session.execute(insert(_TABLE).values(name=name, value=first + step - 1))
    return first + step - 1


def last_value(name: str) -> int:
    """The last number of `name` that was handed out; 0 when there was none."""
    return db.session.scalar(select(Counter.value).where(Counter.name == name)) or 0


def touch_content() -> None:
    """Say that public content changes with the transaction under way."""
    next_value(CONTENT)


def content_generation() -> int:
    """The number of the last change of public content; 0 before the first."""
    return last_value(CONTENT)
