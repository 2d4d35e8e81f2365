"""The list of articles that need work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import db
from kb.models import Article
from kb.needs.causes import CAUSES, Finder
from kb.needs.policy import Cause, Kind, ranked
from kb.queries import is_published


@dataclass(frozen=True)
class Pending:
    """A published article and why it needs work, the heaviest cause first."""

    article: Article
    causes: Sequence[Cause]


def pending(
    *,
    now: datetime,
    kind: Kind | None = None,
    page: int = 1,
    size: int = 30,
    finders: Sequence[Finder] = CAUSES,
) -> tuple[list[Pending], int]:
    """One page of the published articles that need work (for `kind` alone if given), those in
    greatest need first, and how many there are."""
    published = set(db.session.scalars(select(Article.id).where(is_published(internal=True))))
    needs = [
        need
        for need in ranked(find(now) for find in finders)
        if need.article_id in published
        and (kind is None or any(cause.kind is kind for cause in need.causes))
    ]
    shown = needs[(page - 1) * size : page * size]
    rows = db.session.scalars(
        select(Article)
        .options(joinedload(Article.category))
        .where(Article.id.in_([need.article_id for need in shown]))
    )
    articles = {article.id: article for article in rows}
    return [Pending(articles[n.article_id], n.causes) for n in shown], len(needs)
