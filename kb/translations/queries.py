"""The languages of one answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from core.db import db
from kb.models import Article, ArticleRevision
from kb.queries import is_published, patterns

FOUND_AT_MOST = 10


def other_language(article: Article) -> Article | None:
    """The article that says the same in the other language, whatever its state. For editors."""
    return db.session.scalar(_others(article))


def published_other(article: Article, *, internal: bool = False) -> Article | None:
    """The same where it may be read."""
    return db.session.scalar(_others(article).where(is_published(internal=internal)))


def original_id(article: Article) -> int:
    """What an article and its translation have in common."""
    return article.translation_of or article.id


def once(articles: Sequence[Article], lang: str) -> list[Article]:
    """The articles without those that another of them says in the language read."""
    said = {original_id(article) for article in articles if article.lang == lang}
    return [one for one in articles if one.lang == lang or original_id(one) not in said]


def is_behind(article: Article, other: Article | None) -> bool:
    """Whether `article` is a translation, and `other`, its original, says something else by now
    than when the two were compared. Tags and categories say nothing."""
    if other is None or article.translation_of != other.id:
        return False
    if other.revision <= (article.translated_revision or 0):
        return False
    asked = select(Article.id).where(Article.id == article.id, behind())
    return db.session.scalar(asked) is not None


def behind() -> ColumnElement[bool]:
    """`is_behind` as a condition on translations. One that follows no revision that is stored,
    as `translated_revision` 0 does, is behind."""
    original = aliased(Article)
    followed = func.coalesce(Article.translated_revision, 0)
    says_the_same = (
        select(ArticleRevision.number)
        .where(
            ArticleRevision.article_id == original.id,
            ArticleRevision.number == followed,
            ArticleRevision.title == original.title,
            ArticleRevision.summary == original.summary,
            ArticleRevision.body == original.body,
        )
        .correlate(original, Article)
        .exists()
    )
    newer = select(original.id).where(
        original.id == Article.translation_of, original.revision > followed, ~says_the_same
    )
    return newer.correlate(Article).exists()


def ids_behind(ids: Collection[int] | None = None) -> set[int]:
    """The translations that are behind, among these articles or of all."""
    query = select(Article.id).where(behind())
    if ids is not None:
        query = query.where(Article.id.in_(ids))
    return set(db.session.scalars(query))


def twin_slugs(ids: Collection[int] | None = None) -> dict[int, str]:
    """The address that each of these articles, or of all, has in the other language."""
    other = aliased(Article)
    query = select(Article.id, Article.slug, other.id, other.slug)
    query = query.join(other, other.id == Article.translation_of)
    if ids is not None:
        query = query.where(or_(Article.id.in_(ids), other.id.in_(ids)))
    found: dict[int, str] = {}
    for number, slug, other_number, other_slug in db.session.execute(query):
        found[number], found[other_number] = other_slug, slug
    return found


def candidates(article: Article, text: str) -> Sequence[Article]:
    """Articles in another language that could be linked, by words of their title or an address."""
    words = [Article.title.ilike(f"%{pattern}%") for pattern in patterns(text)]
    named = Article.slug == text.rsplit("/", 1)[-1].strip()
    matches = or_(named, *([and_(*words)] if words else []))
    query = select(Article).options(joinedload(Article.category))
    query = query.where(Article.lang != article.lang, matches)
    return db.session.scalars(query.order_by(Article.title, Article.id).limit(FOUND_AT_MOST)).all()


def _others(article: Article) -> Select[Article]:
    linked = or_(Article.translation_of == article.id, Article.id == (article.translation_of or 0))
    return select(Article).where(linked).order_by(Article.id).limit(1)
