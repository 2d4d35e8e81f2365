"""What feeds and site maps say of the articles that everybody may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, undefer

from core.db import db
from kb.models import Article, Category
from kb.queries import is_published


@dataclass(frozen=True)
class Place:
    """An article or category in a site map."""

    number: int
    slug: str
    changed_at: datetime


def newest(limit: int, category_id: int | None = None) -> Sequence[Article]:
    """The articles that were written or changed last, with body and category."""
    query = select(Article).options(joinedload(Article.category), undefer(Article.body))
    if category_id is not None:
        query = query.where(Article.category_id == category_id)
    query = query.where(is_published()).order_by(Article.updated_at.desc(), Article.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def article_count() -> int:
    """How many articles everybody may read."""
    return db.session.scalar(select(func.count()).select_from(Article).where(is_published())) or 0


def article_places(*, offset: int, limit: int) -> list[Place]:
    """Articles for a site map, in an order that new ones do not change."""
    rows = db.session.execute(
        select(Article.id, Article.slug, Article.updated_at)
        .where(is_published())
        .order_by(Article.id)
        .offset(offset)
        .limit(limit)
    )
    return [Place(*row) for row in rows]


def category_places() -> list[Place]:
    """Categories that hold something, each with the last change of what it holds."""
    rows = db.session.execute(
        select(Category.id, Category.slug, func.max(Article.updated_at))
        .join(Article, Article.category_id == Category.id)
        .where(is_published())
        .group_by(Category.id, Category.slug, Category.position)
        .order_by(Category.position, Category.id)
    )
    return [Place(*row) for row in rows]


def alternates(numbers: Sequence[int]) -> Mapping[int, Sequence[tuple[str, str]]]:
    """(language, address) of every version of these articles, their own included, by number;
    only of those that have more than one."""
    other = aliased(Article)
    rows = db.session.execute(
        select(Article.id, Article.lang, Article.slug, other.id, other.lang, other.slug)
        .join(other, other.id == Article.translation_of)
        .where(is_published())
    )
    wanted = set(numbers)
    public = public_numbers()
    found: dict[int, Sequence[tuple[str, str]]] = {}
    for number, lang, slug, other_number, other_lang, other_slug in rows:
        if other_number in public:
            versions = [(other_lang, other_slug), (lang, slug)]
            found |= {one: versions for one in (number, other_number) if one in wanted}
    return found


def public_numbers() -> set[int]:
    """The articles that everybody may read and that others translate."""
    translated = select(Article.translation_of).where(Article.translation_of.is_not(None))
    query = select(Article.id).where(is_published(), Article.id.in_(translated))
    return set(db.session.scalars(query))
