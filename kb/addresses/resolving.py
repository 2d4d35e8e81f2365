"""Which article an address means now. For verbs, inside their transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kb.addresses.models import FormerAddress
from kb.models import Article


def articles_at(session: Session, slugs: Sequence[str]) -> dict[str, Article]:
    """The article of each address, whatever its state; a former address means the article that
    has moved, unless that one's present address is asked for as well."""
    rows = session.scalars(select(Article).where(Article.slug.in_(slugs)))
    found = {article.slug: article for article in rows}
    moved = session.execute(
        select(FormerAddress.slug, Article)
        .join(Article, Article.id == FormerAddress.article_id)
        .where(FormerAddress.slug.in_([slug for slug in slugs if slug not in found]))
        .where(Article.slug.not_in(slugs))
    ).all()
    taken: set[int] = set()
    for slug, article in moved:
        if article.id not in taken:
            taken.add(article.id)
            found[slug] = article
    return found


def is_linked(session: Session, article: Article) -> bool:
    """Whether another article says the same in another language."""
    others = select(Article.id).where(
        or_(Article.translation_of == article.id, Article.id == (article.translation_of or 0))
    )
    return session.scalar(others.limit(1)) is not None
