"""Reads of what an editor chose to be read after an article."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import db
from kb.models import Article
from kb.related.models import RelatedArticle


def chosen_ids(article_id: int) -> list[int]:
    """Ids of the articles chosen for this one, in their order, whatever their state."""
    query = select(RelatedArticle.related_id).where(RelatedArticle.article_id == article_id)
    return list(db.session.scalars(query.order_by(RelatedArticle.place)))


def chosen_articles(article_id: int) -> Sequence[Article]:
    """The articles chosen for this one, in their order, whatever their state. For editors."""
    query = select(Article).options(joinedload(Article.category))
    query = query.join(RelatedArticle, RelatedArticle.related_id == Article.id)
    query = query.where(RelatedArticle.article_id == article_id)
    return db.session.scalars(query.order_by(RelatedArticle.place)).all()


def chosen_slugs(ids: Collection[int] | None = None) -> dict[int, list[str]]:
    """The addresses of the articles chosen for each of these, or for all, in their order."""
    query = select(RelatedArticle.article_id, Article.slug)
    query = query.join(Article, Article.id == RelatedArticle.related_id)
    if ids is not None:
        query = query.where(RelatedArticle.article_id.in_(ids))
    query = query.order_by(RelatedArticle.article_id, RelatedArticle.place, Article.slug)
    found: dict[int, list[str]] = {}
    for number, slug in db.session.execute(query):
        found.setdefault(number, []).append(slug)
    return found
