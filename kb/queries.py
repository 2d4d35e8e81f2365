"""Reads of the FAQ. Visitors' functions see what is published for everybody; with `internal` they
also see what is published for staff alone. The editor's functions say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, joinedload, undefer

from core import clock
from core.db import db
from core.text import Rendered, render_markdown
from kb.analysis import fold, is_stop, tokens
from kb.index import Hit, Results
from kb.lifecycle import Audience
from kb.models import Article, ArticleVote, Category
from kb.searches.openings import openings
from kb.votes import standing
from kb.votes.models import ArticleStanding

MAX_FALLBACK_WORDS = 12
Attribute = InstrumentedAttribute[str]
_SURE = frozenset("bcdfghjklmpqrstvwxyz0123456789")


@dataclass(frozen=True)
class Shelf:
    """A category with how many published articles it has and the first of them."""

    category: Category
    count: int
    articles: Sequence[Article] = ()


def is_published(*, internal: bool = False) -> ColumnElement[bool]:
    """The one condition of visibility. An article whose time is over is hidden at that moment,
    whether or not the worker has come by."""
    in_time = or_(Article.expire_at.is_(None), Article.expire_at > clock.now())
    shown = and_(Article.published_at.is_not(None), in_time)
    return shown if internal else and_(shown, Article.audience == Audience.EVERYBODY.value)


@lru_cache(maxsize=256)
def rendered(body: str) -> Rendered:
    """The HTML of an article's body, made once per process for each text."""
    return render_markdown(body)


def shelves(*, first: int = 0, internal: bool = False) -> list[Shelf]:
    """Categories with published articles, in their order, with the `first` articles of each:
    the most read, then those that helped most people, then by title."""
    counts = dict(
        db.session.execute(
            select(Article.category_id, func.count())
            .where(is_published(internal=internal))
            .group_by(Article.category_id)
        ).all()
    )
    categories = db.session.scalars(
        select(Category).where(Category.id.in_(counts)).order_by(Category.position, Category.name)
    )
    top: dict[int, list[Article]] = {}
    for article in _first_of_each(first, internal) if first else ():
        top.setdefault(article.category_id, []).append(article)
    return [Shelf(c, counts[c.id], top.get(c.id, [])) for c in categories]


def filled_categories(slugs: Iterable[str], *, internal: bool = False) -> dict[str, Category]:
    """Those of these categories that have published articles, by their addresses. Nothing is
    counted: a search knows its own counts."""
    here = select(Article.id).where(Article.category_id == Category.id)
    filled = here.where(is_published(internal=internal)).exists()
    rows = db.session.scalars(select(Category).where(Category.slug.in_(set(slugs)), filled))
    return {category.slug: category for category in rows}


def _first_of_each(first: int, internal: bool) -> Iterable[Article]:
    read = openings(clock.in_lima(clock.now()).date())
    most = (func.coalesce(read.c.read, 0).desc(), *standing.order())
    place = func.row_number().over(partition_by=Article.category_id, order_by=most)
    ranked = (
        select(Article.id, place.label("place"))
        .outerjoin(read, read.c.article_id == Article.id)
        .outerjoin(ArticleStanding, ArticleStanding.article_id == Article.id)
        .where(is_published(internal=internal))
        .subquery()
    )
    return db.session.scalars(
        select(Article)
        .join(ranked, ranked.c.id == Article.id)
        .where(ranked.c.place <= first)
        .order_by(ranked.c.place)
    )


def most_helpful(limit: int = 5) -> Sequence[Article]:
    """The published articles that helped most people."""
    query = select(Article).options(joinedload(Article.category)).where(is_published())
    return db.session.scalars(standing.helpful_first(query).limit(limit)).all()


def category_by_slug(slug: str) -> Category | None:
    """Any category. For editors."""
    return db.session.scalar(select(Category).where(Category.slug == slug))


def is_told(*, internal: bool = False) -> ColumnElement[bool]:
    """Which categories a reader may know of: for visitors not those in which something stands
    for staff and nothing for everybody. An empty one is no secret."""
    if internal:
        return true()
    here = select(Article.id).where(Article.category_id == Category.id)
    closed = here.where(Article.audience == Audience.STAFF.value)
    return or_(here.where(is_published()).exists(), not_(closed.exists()))


def category_to_show(slug: str, *, internal: bool = False) -> Category | None:
    """A category this reader may know of; None for hidden and missing alike."""
    query = select(Category).where(Category.slug == slug, is_told(internal=internal))
    return db.session.scalar(query)


def articles_in(
    category_id: int, *, page: int, size: int, internal: bool = False
) -> tuple[Sequence[Article], int]:
    """One page of a category's published articles, and how many there are."""
    here = (Article.category_id == category_id, is_published(internal=internal))
    total = db.session.scalar(select(func.count()).where(*here)) or 0
    query = standing.helpful_first(select(Article).where(*here))
    return db.session.scalars(query.offset((page - 1) * size).limit(size)).all(), total


def published_article(slug: str, *, internal: bool = False) -> Article | None:
    """A published article with its body and category; None for hidden and missing alike."""
    return db.session.scalar(
        select(Article)
        .options(joinedload(Article.category), undefer(Article.body))
        .where(Article.slug == slug, is_published(internal=internal))
    )


def published_by_ids(
    ids: Sequence[int], *, plain: bool = False, body: bool = False, internal: bool = False
) -> dict[int, Article]:
    """Which of these articles may be seen, with their category; texts where asked for."""
    if not ids:
        return {}
    query = select(Article).options(joinedload(Article.category))
    if plain:
        query = query.options(undefer(Article.plain))
    if body:
        query = query.options(undefer(Article.body))
    rows = db.session.scalars(query.where(Article.id.in_(ids), is_published(internal=internal)))
    return {article.id: article for article in rows}


def useful_votes(article_id: int) -> int:
    """How many visitors said that the article helped them."""
    query = select(func.count()).where(ArticleVote.article_id == article_id, ArticleVote.useful)
    return db.session.scalar(query) or 0


def most_helpful_beside(article: Article, limit: int, *, internal: bool = False) -> list[int]:
    """Ids of the other published articles of the same category, the most helpful first."""
    query = select(Article).where(
        Article.category_id == article.category_id,
        Article.id != article.id,
        is_published(internal=internal),
    )
    return [row.id for row in db.session.scalars(standing.helpful_first(query).limit(limit))]


def search_database(
    text: str,
    category: str | None = None,
    *,
    offset: int = 0,
    limit: int,
    internal: bool = False,
) -> Results:
    """`ArticleIndex.search` without an index: every word in title or text; where no article
    has them all, those with some of the words."""
    complete, found = True, _matches(text, all_words=True)
    counts = _counts(found, internal)
    if not counts:
        complete, found = False, _matches(text, all_words=False)
        counts = _counts(found, internal)
    if not counts:
        return Results()
    query = select(Article.id, Article.slug).join(Category)
    query = query.where(is_published(internal=internal), found)
    if category is not None:
        query = query.where(Category.slug == category)
    in_title = _matches(text, all_words=False, columns=(Article.title,))
    query = query.order_by(in_title.desc(), Article.title, Article.id)
    rows = db.session.execute(query.offset(offset).limit(limit))
    total = counts.get(category, 0) if category is not None else sum(counts.values())
    hits = [Hit(key, slug, 0.0) for key, slug in rows]
    return Results(hits, total, counts, complete, total if complete else 0)


def _counts(found: ColumnElement[bool], internal: bool) -> dict[str, int]:
    rows = db.session.execute(
        select(Category.slug, func.count())
        .join(Article, Article.category_id == Category.id)
        .where(is_published(internal=internal), found)
        .group_by(Category.slug)
    )
    return dict(rows.all())


def _matches(
    text: str, *, all_words: bool, columns: Sequence[Attribute] = (Article.title, Article.plain)
) -> ColumnElement[bool]:
    conditions = [or_(*(c.ilike(f"%{p}%") for c in columns)) for p in patterns(text)]
    if not conditions:
        return false()
    return and_(*conditions) if all_words else or_(*conditions)


def patterns(text: str) -> list[str]:
    """The words of a query for LIKE. An accent may stand on any vowel, and a database compares
    accented letters as different ones: a vowel stands for any character."""
    words = (token.word for token in tokens(fold(text)) if not is_stop(token.word))
    patterns = ["".join(c if c in _SURE else "_" for c in word) for word in words]
    telling = [pattern for pattern in patterns if len(pattern.replace("_", "")) > 1]
    return list(dict.fromkeys(telling))[:MAX_FALLBACK_WORDS]


def article_to_edit(article_id: int) -> Article | None:
    """Any article with its body and category. For editors."""
    return db.session.scalar(
        select(Article)
        .options(joinedload(Article.category), undefer(Article.body))
        .where(Article.id == article_id)
    )


def categories() -> Sequence[Category]:
    """Every category in its order, empty ones too. For editors."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.name)).all()
