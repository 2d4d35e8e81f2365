"""Articles in the order in which they helped."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from kb.models import Article, ArticleVote
from kb.votes.models import ArticleStanding
from kb.votes.policy import lower_bound


def recount(session: Session, article_id: int) -> None:
    """Add up an article's votes again, in the transaction that changed them."""
    session.flush()
    useful, total = session.execute(
        select(func.coalesce(func.sum(case((ArticleVote.useful, 1), else_=0)), 0), func.count())
        .select_from(ArticleVote)
        .where(ArticleVote.article_id == article_id)
    ).one()
    row = session.get(ArticleStanding, article_id)
    if row is None:
        row = ArticleStanding(article_id=article_id)
        session.add(row)
    row.useful, row.useless, row.bound = useful, total - useful, lower_bound(useful, total)


def order() -> tuple[Any, ...]:
    """What surely helped most first, then what nobody complained of; needs the outer join."""
    bound = func.coalesce(ArticleStanding.bound, 0.0)
    return (bound.desc(), func.coalesce(ArticleStanding.useless, 0), Article.title, Article.id)


def helpful_first(query: Select[Article]) -> Select[Article]:
    """The same articles in the order in which they helped."""
    joined = query.outerjoin(ArticleStanding, ArticleStanding.article_id == Article.id)
    return joined.order_by(*order())
