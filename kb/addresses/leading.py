"""Pieces of the verbs that give, change and free addresses.

A former address names the article, never another address: however often an article moves, each
of its addresses leads to the present one in a single step.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import outbox
from kb.addresses.models import FormerAddress, FormerShelf
from kb.following import INDEX_JOB, Gone
from kb.lifecycle import Audience
from kb.models import Article, Category
from kb.policy import slug_from


class SlugTaken(Exception):
    """Another article has this address; nothing was stored."""


def free_slug(session: Session, wanted: str, title: str, article_id: int | None) -> str:
    """`wanted`, or else one made from the title that nobody has. Raises SlugTaken.

    A proposed address avoids those that still lead somewhere; a typed one takes them over.
    """
    others = select(Article.id).where(Article.id != article_id)
    if wanted:
        if session.scalar(others.where(Article.slug == wanted)) is not None:
            raise SlugTaken
        return wanted
    proposed = slug_from(title)
    former = select(FormerAddress.slug)
    for number in count(1):
        slug = f"{proposed}-{number}" if number > 1 else proposed
        if session.scalar(others.where(Article.slug == slug)) is None and (
            session.scalar(former.where(FormerAddress.slug == slug)) is None
        ):
            return slug
    raise SlugTaken


def settle(session: Session, slug: str) -> None:
    """An article has this address now: it leads nowhere else."""
    session.execute(delete(FormerAddress).where(FormerAddress.slug == slug))


def move(session: Session, article: Article, slug: str, *, now: datetime) -> None:
    """Give an article another address; one that was ever public leads on from the old one."""
    former = article.slug
    settle(session, slug)
    article.slug = slug
    session.flush()
    if article.first_published_at is not None:
        session.add(FormerAddress(slug=former, article_id=article.id, left_at=now))


def hand_over(
    session: Session, article: Article, successor_id: int | None, *, now: datetime
) -> None:
    """Before an article is deleted: its addresses lead to its successor, or to its category.

    One that the public never saw leaves nothing behind. Raises Gone for a successor that is none.
    """
    successor = session.get(Article, successor_id) if successor_id else None
    if successor_id and (successor is None or successor.id == article.id):
        raise Gone
    known = article.first_published_at is not None and article.audience == Audience.EVERYBODY
    mine = FormerAddress.article_id == article.id
    if not known and successor is None:
        session.execute(delete(FormerAddress).where(mine))
        return
    target = (
        {"article_id": successor.id, "category_id": None}
        if successor is not None
        else {"article_id": None, "category_id": article.category_id}
    )
    session.execute(update(FormerAddress).where(mine).values(**target))
    session.merge(FormerAddress(slug=article.slug, left_at=now, **target))
    session.flush()


def move_shelf(session: Session, category: Category, slug: str, *, now: datetime) -> None:
    """Give a category another address; the old one leads on. Its articles are indexed again,
    because the index knows them by it. Raises SlugTaken."""
    if session.scalar(select(Category.id).where(Category.slug == slug)) is not None:
        raise SlugTaken
    former, category.slug = category.slug, slug
    session.execute(delete(FormerShelf).where(FormerShelf.slug == slug))
    session.add(FormerShelf(slug=former, category_id=category.id, left_at=now))
    ids = session.scalars(select(Article.id).where(Article.category_id == category.id)).all()
    if ids:
        outbox.enqueue(INDEX_JOB, {"article_ids": list(ids)}, now=now)
