"""Searches that did not help, grouped by what was meant. For editors.

A search did not help when nothing was found, nothing was opened, it was put in other words, or a
ticket followed. Groups are ranked by distinct visitors: one person who insists counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, or_, select, tuple_

from core.db import db
from kb.index import IndexUnavailable
from kb.search import article_index
from kb.searches.masking import without_marks
from kb.searches.models import DismissedSearch, Search
from kb.synonyms.queries import trying, vocabulary

#: A dismissed group comes back with this many new visitors, and at least as many as it had.
GROWN = 3
FORMS_SHOWN = 4


class Ending(StrEnum):
    """How the search would end today."""

    OPENED = "opened"
    FOUND = "found"
    PARTIAL = "partial"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Gap:
    """One group. The counts are distinct visitors, but `searches`. `dismissed_at` where it was
    put aside."""

    lang: str
    key: str
    visitors: int
    searches: int
    unfound: int
    partial: int
    unopened: int
    reworded: int
    tickets: int
    last_at: datetime
    dismissed_at: datetime | None
    forms: Sequence[str] = ()
    ending: Ending = Ending.UNKNOWN

    @property
    def words(self) -> str:
        """The most used form, without what was masked: a title, or words to search again."""
        return without_marks(self.forms[0]) if self.forms else self.key


NOTHING = Search.total == 0
REWORDED, TICKET = Search.reworded_at.is_not(None), Search.ticket_at.is_not(None)
UNOPENED = and_(Search.total > 0, Search.opened_at.is_(None))


def failed() -> ColumnElement[bool]:
    """Searches that did not help."""
    return or_(NOTHING, UNOPENED, REWORDED, TICKET)


def gaps(*, since: datetime, dismissed: bool = False, page: int = 1, size: int = 20) -> list[Gap]:
    """One page of the groups since then, the most visitors first; see `counts`."""
    grouped = _grouped(since, dismissed)
    order = (func.count(distinct(Search.visitor)).desc(), func.max(Search.last_at).desc())
    rows = db.session.execute(
        grouped.order_by(*order, Search.key).offset((page - 1) * size).limit(size)
    ).all()
    keys = [(row.lang, row.key) for row in rows]
    forms, helped = _forms(keys, since), _last_helped(keys)
    found = []
    # The synonyms are looked up once for the whole page.
    with trying(vocabulary()):
        for row in rows:
            gap = Gap(**row._mapping, forms=forms.get((row.lang, row.key), []))
            last = helped.get((gap.lang, gap.key))
            ending = Ending.OPENED if last and last > gap.last_at else _ending_now(gap)
            found.append(replace(gap, ending=ending))
    return found


def counts(*, since: datetime) -> tuple[int, int]:
    """How many groups are shown, and how many are put aside."""
    groups = _in_groups(select(case((_is_aside(), 1), else_=0).label("aside")), since).subquery()
    total, aside = db.session.execute(select(func.count(), func.sum(groups.c.aside))).one()
    return total - (aside or 0), aside or 0


def gap_of(lang: str, key: str, *, since: datetime) -> tuple[str, int] | None:
    """The most used form of a group and its distinct visitors; None where there is none."""
    visitors = db.session.scalar(
        select(func.count(distinct(Search.visitor))).where(
            Search.lang == lang, Search.key == key, Search.at >= since, failed()
        )
    )
    forms = _forms([(lang, key)], since).get((lang, key))
    return (forms[0], visitors) if forms and visitors else None


def _visitors(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(distinct(case((condition, Search.visitor))))


def _is_aside() -> ColumnElement[bool]:
    """Whether a group was put aside and has not grown clearly since."""
    new = _visitors(Search.at > DismissedSearch.at)
    had = case((DismissedSearch.visitors > GROWN, DismissedSearch.visitors), else_=GROWN)
    return and_(DismissedSearch.at.is_not(None), new < had)


def _in_groups(query: Select[*tuple[Any, ...]], since: datetime) -> Select[*tuple[Any, ...]]:
    same = and_(DismissedSearch.lang == Search.lang, DismissedSearch.key == Search.key)
    return (
        query.select_from(Search)
        .outerjoin(DismissedSearch, same)
        .where(Search.at >= since, failed())
        .group_by(Search.lang, Search.key, DismissedSearch.at, DismissedSearch.visitors)
    )


def _grouped(since: datetime, dismissed: bool) -> Select[*tuple[Any, ...]]:
    columns = select(
        Search.lang,
        Search.key,
        func.count(distinct(Search.visitor)).label("visitors"),
        func.count().label("searches"),
        _visitors(NOTHING).label("unfound"),
        _visitors(and_(Search.total > 0, ~Search.complete)).label("partial"),
        _visitors(UNOPENED).label("unopened"),
        _visitors(REWORDED).label("reworded"),
        _visitors(TICKET).label("tickets"),
        func.max(Search.last_at).label("last_at"),
        DismissedSearch.at.label("dismissed_at"),
    )
    aside = _is_aside()
    shown = aside if dismissed else or_(~aside, DismissedSearch.at.is_(None))
    return _in_groups(columns, since).having(shown)


def _forms(keys: Sequence[tuple[str, str]], since: datetime) -> dict[tuple[str, str], list[str]]:
    """The written forms of each group, the most used first, at most four."""
    if not keys:
        return {}
    place = func.row_number().over(
        partition_by=(Search.lang, Search.key), order_by=(func.count().desc(), Search.words)
    )
    counted = (
        select(Search.lang, Search.key, Search.words, place.label("place"))
        .where(tuple_(Search.lang, Search.key).in_(keys), Search.at >= since, failed())
        .group_by(Search.lang, Search.key, Search.words)
        .subquery()
    )
    rows = db.session.execute(
        select(counted.c.lang, counted.c.key, counted.c.words)
        .where(counted.c.place <= FORMS_SHOWN)
        .order_by(counted.c.place)
    )
    forms: dict[tuple[str, str], list[str]] = {}
    for lang, key, words in rows:
        forms.setdefault((lang, key), []).append(words)
    return forms


def _last_helped(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """When a search of each group helped for the last time."""
    if not keys:
        return {}
    rows = db.session.execute(
        select(Search.lang, Search.key, func.max(Search.last_at))
        .where(tuple_(Search.lang, Search.key).in_(keys), ~failed())
        .group_by(Search.lang, Search.key)
    )
    return {(lang, key): at for lang, key, at in rows}


def _ending_now(gap: Gap) -> Ending:
    """What the same words find at this moment."""
    if not gap.words:
        return Ending.NOTHING
    try:
        results = article_index().search(gap.words, limit=1, lang=gap.lang)
    except IndexUnavailable:
        return Ending.UNKNOWN
    if not results.hits:
        return Ending.NOTHING
    return Ending.FOUND if results.whole else Ending.PARTIAL
