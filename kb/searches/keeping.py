"""How long searches are kept: 90 days with their words, afterwards as counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from core.clock import LIMA
from kb.searches.models import ArticleOpening, DismissedSearch, Search, SearchMonth

KEPT_FOR = timedelta(days=90)
OPENINGS_KEPT_FOR = timedelta(days=400)
DISMISSALS_KEPT_FOR = timedelta(days=400)


def start_of(day: date) -> datetime:
    """The moment a day begins in Lima."""
    return datetime.combine(day, time(), LIMA).astimezone(UTC)


def forget(session: Session, today: date) -> None:
    """Turn searches of more than 90 days ago into counts, in the caller's transaction."""
    before = start_of(today - KEPT_FOR)
    for month_start in _months(session, before):
        _add_up(session, month_start, min(before, _next_month(month_start)))
    session.execute(delete(Search).where(Search.at < before))
    session.execute(delete(ArticleOpening).where(ArticleOpening.day < today - OPENINGS_KEPT_FOR))
    old = start_of(today - DISMISSALS_KEPT_FOR)
    session.execute(delete(DismissedSearch).where(DismissedSearch.at < old))


def _months(session: Session, before: datetime) -> list[datetime]:
    first = session.scalar(select(func.min(Search.at)).where(Search.at < before))
    starts = []
    while first is not None and first < before:
        local = first.astimezone(LIMA)
        starts.append(start_of(local.date().replace(day=1)))
        first = _next_month(starts[-1])
    return starts


def _next_month(start: datetime) -> datetime:
    local = start.astimezone(LIMA).date()
    return start_of((local + timedelta(days=31)).replace(day=1))


def _add_up(session: Session, start: datetime, end: datetime) -> None:
    month = start.astimezone(LIMA).strftime("%Y-%m")
    rows = session.execute(
        select(
            Search.lang,
            Search.key,
            func.count(),
            func.sum(case((Search.total == 0, 1), else_=0)),
            func.count(Search.opened_at),
            func.count(Search.ticket_at),
        )
        .where(Search.at >= start, Search.at < end)
        .group_by(Search.lang, Search.key)
    ).all()
    for lang, key, *counts in rows:
        row = session.get(SearchMonth, (month, lang, key))
        if row is None:
            row = SearchMonth(
                month=month, lang=lang, key=key, searches=0, unanswered=0, opened=0, tickets=0
            )
            session.add(row)
        searches, unanswered, opened, tickets = counts
        row.searches += searches
        row.unanswered += unanswered
        row.opened += opened
        row.tickets += tickets
