"""Whose searches belong together: by session where there is one, else by a hash of the day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.tokens import new_token
from kb.searches.models import Search, SearchSalt


@dataclass(frozen=True)
class Who:
    """`visitor` is the best name there is; `browser` the hash of the day, '' where unknown."""

    visitor: str
    browser: str = ""


def browser_hash(salt: str, network: str, browser: str) -> str:
    """The name of a browser for one day. Without the salt, which is deleted with the day,
    neither the network nor the browser can be found from it."""
    told = "\0".join((salt, network, browser)).encode(errors="replace")
    return hashlib.sha256(told).hexdigest()[:40]


def salt_of(session: Session, day: date) -> tuple[str, bool]:
    """The salt of a day, and whether it was made now; those of former days are deleted."""
    asked = select(SearchSalt.salt).where(SearchSalt.day == day)
    salt = session.scalar(asked)
    if salt is not None:
        return salt, False
    session.execute(delete(SearchSalt).where(SearchSalt.day < day))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Another process may make it at the same moment: the first one's holds.
    adding = dialect.insert(SearchSalt).values(day=day, salt=new_token()).on_conflict_do_nothing()
    made = session.scalar(adding.returning(SearchSalt.salt))
    return made or session.scalars(asked).one(), made is not None


def is_of(who: Who) -> ColumnElement[bool]:
    """The searches of a visitor; those of the browser too, as long as they are nobody else's."""
    mine = Search.visitor == who.visitor
    if not who.browser:
        return mine
    return or_(mine, and_(Search.visitor == who.browser, Search.browser == who.browser))
