"""How often articles are opened, for lists that are ordered by it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Subquery, func, select

from kb.searches.models import ArticleOpening

#: Days whose openings say what is read most.
READ_IN_DAYS = 30


def openings(today: date) -> Subquery:
    """`article_id` and `read`: how often each article was opened in the last thirty days."""
    return (
        select(ArticleOpening.article_id, func.sum(ArticleOpening.count).label("read"))
        .where(ArticleOpening.day > today - timedelta(days=READ_IN_DAYS))
        .group_by(ArticleOpening.article_id)
        .subquery()
    )
