"""The revisions of an article. For editors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from accounts.models import Person
from core.db import db
from kb.models import Article, ArticleRevision, Category
from kb.revisions import writing
from kb.revisions.differences import Comparison, Pieces, compare, compare_line
from kb.revisions.policy import ArticleText


@dataclass(frozen=True)
class Listed:
    """A revision and who saved it; nobody for what was imported."""

    revision: ArticleRevision
    author: str | None


@dataclass(frozen=True)
class Part:
    """A short part of the text on both sides."""

    name: str
    old: Pieces
    new: Pieces


@dataclass(frozen=True)
class Sides:
    """Two revisions beside each other."""

    old: ArticleRevision
    new: ArticleRevision
    parts: Sequence[Part]
    body: Comparison


def revisions(article_id: int, *, page: int, size: int) -> tuple[Sequence[Listed], int]:
    """One page of an article's revisions without their texts, the last first."""
    mine = ArticleRevision.article_id == article_id
    total = db.session.scalar(select(func.count()).select_from(ArticleRevision).where(mine)) or 0
    query = (
        select(ArticleRevision, Person.name)
        .outerjoin(Person, Person.id == ArticleRevision.author_id)
        .where(mine)
        .order_by(ArticleRevision.number.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return [Listed(row, name) for row, name in db.session.execute(query)], total


def sides(article: Article, old: int, new: int) -> Sides | None:
    """What differs between two revisions; None where one of them is missing."""
    one = writing.revision_of(db.session(), article.id, old)
    two = writing.revision_of(db.session(), article.id, new)
    if one is None or two is None:
        return None
    shelves = dict(db.session.execute(select(Category.id, Category.name)).all())
    before = _short_parts(writing.text_of(article, one), shelves)
    after = _short_parts(writing.text_of(article, two), shelves)
    parts = [
        Part(name, *compare_line(before[name], after[name]))
        for name in before
        if before[name] != after[name]
    ]
    return Sides(one, two, parts, compare(one.body, two.body))


def _short_parts(text: ArticleText, shelves: dict[int, str]) -> dict[str, str]:
    return {
        "title": text.title,
        "summary": text.summary,
        "tags": ", ".join(text.tags),
        "category_id": shelves.get(text.category_id, ""),
        "lang": text.lang,
    }
