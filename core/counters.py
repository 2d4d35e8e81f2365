"""Numbers handed out one by one, and the generation of public content.

A counter's row is locked until the caller's transaction ends, so numbers follow the order of
commits and none is lost (R5).
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from core.db import db
from core.models import Counter

#: Moves whenever something a visitor can read changes: articles, categories, settings,
#: conditions. Pages kept in memory are valid as long as it stands still.
CONTENT = "content"


def next_value(name: str, *, first: int = 1) -> int:
    """The next number of `name`; `first` when it was never used."""
    row = db.session.execute(
        update(Counter)
        .where(Counter.name == name)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    ).scalar()
    if row is not None:
        return row
    db.session.execute(insert(Counter).values(name=name, value=first))
    return first


def touch_content() -> None:
    """Say that public content changes with the transaction under way."""
    next_value(CONTENT)


def content_generation() -> int:
    """The number of the last change of public content; 0 before the first."""
    return db.session.scalar(select(Counter.value).where(Counter.name == CONTENT)) or 0
