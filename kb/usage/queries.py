"""Reading what tickets did with articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from kb.usage.models import ArticleUse


def uses_of(ids: Collection[int], *, since: datetime | None = None) -> dict[int, dict[str, int]]:
    """How often each kind of use happened, by article; articles without any are left out.

    One query for all. With `since`, only what happened from then on.
    """
    if not ids:
        return {}
    query = select(ArticleUse.article_id, ArticleUse.kind, func.count()).where(
        ArticleUse.article_id.in_(ids)
    )
    if since is not None:
        query = query.where(ArticleUse.at >= since)
    counts: dict[int, dict[str, int]] = {}
    for article_id, kind, count in db.session.execute(
        query.group_by(ArticleUse.article_id, ArticleUse.kind)
    ):
        counts.setdefault(article_id, {})[kind] = count
    return counts


def recent_uses(
    *, article_id: int | None = None, kinds: Collection[str] = (), limit: int = 20
) -> Sequence[ArticleUse]:
    """The last uses, newest first; of one article or of all."""
    query = select(ArticleUse).order_by(ArticleUse.at.desc(), ArticleUse.id.desc()).limit(limit)
    if article_id is not None:
        query = query.where(ArticleUse.article_id == article_id)
    if kinds:
        query = query.where(ArticleUse.kind.in_(kinds))
    return db.session.scalars(query).all()
