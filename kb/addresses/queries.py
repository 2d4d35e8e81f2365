"""Where former addresses lead."""

from __future__ import annotations

from sqlalchemy import select

from core.db import db
from kb.addresses.models import FormerAddress, FormerShelf
from kb.models import Article, Category
from kb.queries import is_published, is_told


def moved_article(slug: str, *, internal: bool = False) -> str | None:
    """The present address of the article that had this one, if it may be seen."""
    return db.session.scalar(
        select(Article.slug)
        .join(FormerAddress, FormerAddress.article_id == Article.id)
        .where(FormerAddress.slug == slug, is_published(internal=internal))
    )


def shelf_instead(slug: str, *, internal: bool = False) -> str | None:
    """The address of the category in which the deleted article of this address stood."""
    return db.session.scalar(
        select(Category.slug)
        .join(FormerAddress, FormerAddress.category_id == Category.id)
        .where(FormerAddress.slug == slug, is_told(internal=internal))
    )


def moved_shelf(slug: str, *, internal: bool = False) -> str | None:
    """The present address of the category that had this one, if it may be known."""
    return db.session.scalar(
        select(Category.slug)
        .join(FormerShelf, FormerShelf.category_id == Category.id)
        .where(FormerShelf.slug == slug, is_told(internal=internal))
    )


def former_shelves() -> dict[str, str]:
    """The present address of every category that had another, by the former one."""
    query = select(FormerShelf.slug, Category.slug)
    rows = db.session.execute(query.join(Category, Category.id == FormerShelf.category_id))
    return dict(rows.all())


def former_of(article_id: int) -> list[str]:
    """The addresses an article had, the last first."""
    query = select(FormerAddress.slug).where(FormerAddress.article_id == article_id)
    return list(db.session.scalars(query.order_by(FormerAddress.left_at.desc())))


def article_at(slug: str) -> Article | None:
    """The article an editor means by an address, whatever its state."""
    found = db.session.scalar(select(Article).where(Article.slug == slug))
    if found is None:
        former = select(Article).join(FormerAddress, FormerAddress.article_id == Article.id)
        found = db.session.scalar(former.where(FormerAddress.slug == slug))
    return found
