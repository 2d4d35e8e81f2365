"""Which links of articles lead nowhere, judged by what is stored now. For editors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from core.db import db
from core.pictures import name_of
from core.text import render_markdown
from kb.addresses.models import FormerAddress
from kb.images.models import ArticleImage
from kb.lifecycle import Audience
from kb.links.models import ArticleLink, LinkReading
from kb.links.reading import Found, Goal, Kind, contents_of, goal_of
from kb.models import Article, Category
from kb.queries import is_published

#: Ids of every page that a text may lead to besides its headings.
PAGE_ANCHORS = frozenset({"contenido"})


class Why(StrEnum):
    """What is wrong with a link."""

    NO_ARTICLE = "no_article"
    HIDDEN = "hidden"
    STAFF = "staff"
    MOVED = "moved"
    NO_ANCHOR = "no_anchor"
    NO_CATEGORY = "no_category"
    NO_IMAGE = "no_image"
    NO_PAGE = "no_page"
    BAD = "bad"


@dataclass(frozen=True)
class Problem:
    """A link that leads nowhere. `article` is None for a text that is not stored."""

    target: str
    words: str
    why: Why
    article: Article | None = None
    #: The present address of what has moved.
    present: str = ""


@dataclass(frozen=True)
class Remarks:
    """What an editor should look at in a text: links, and pictures without words."""

    problems: Sequence[Problem] = ()
    silent: int = 0


@dataclass
class _Stored:
    """What the database holds of the things that some links lead to."""

    #: slug: (public for everybody, at least for staff, its anchors or None where not read yet)
    articles: dict[str, tuple[bool, bool, frozenset[str] | None]] = field(default_factory=dict)
    #: former slug: the present one, of public articles
    moved: dict[str, str] = field(default_factory=dict)
    categories: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)


def own_hosts() -> frozenset[str]:
    """Under which hosts this site answers, as an address writes them."""
    return frozenset({urlsplit(current_app.config["SITE"].public_url).netloc.lower()} - {""})


def remarks_on(source: str, *, internal: bool = False) -> Remarks:
    """What is wrong with the links and pictures of a text in Markdown; `internal` is one that
    staff alone read. Raises ValueError for one that is too long."""
    text = contents_of(str(render_markdown(source).html))
    hosts, own = own_hosts(), frozenset(text.anchors)
    goals = [(found, goal_of(found, hosts)) for found in text.links]
    stored = _stored([goal for _, goal in goals])
    problems = [
        Problem(
            found.target, found.words or found.target, why, None, stored.moved.get(goal.name, "")
        )
        for found, goal in goals
        if (why := _why(goal, stored, own, internal)) is not None
    ]
    return Remarks(problems, sum(_is_silent(found) for found in text.links))


def _is_silent(found: Found) -> bool:
    return found.is_picture and not found.words.strip()


def broken() -> list[Problem]:
    """Every link of a public article that leads nowhere, by article and place in it."""
    target = aliased(Article)
    public = exists().where(
        target.slug == ArticleLink.goal,
        target.published_at.is_not(None),
        target.expire_at.is_(None),
        target.audience == Audience.EVERYBODY.value,
    )
    shelf = exists().where(Category.slug == ArticleLink.goal)
    size = cast(ArticleImage.width, String) + "x" + cast(ArticleImage.height, String)
    picture = exists().where(
        ArticleImage.name == func.substr(ArticleLink.goal, 1, 32),
        ArticleLink.goal == ArticleImage.name + "-" + size,
    )
    suspect = or_(
        and_(_of_kind(Kind.ARTICLE), or_(~public, ArticleLink.anchor != "")),
        and_(_of_kind(Kind.CATEGORY), ~shelf),
        and_(_of_kind(Kind.IMAGE), ~picture),
        _of_kind(Kind.PAGE),
        _of_kind(Kind.ANCHOR),
        _of_kind(Kind.BAD),
    )
    return _judged(is_published(internal=True), suspect)


def broken_counts() -> dict[int, int]:
    """How many broken links each public article has, by its id; those without are left out."""
    counts: dict[int, int] = {}
    for problem in broken():
        if problem.article is not None:
            counts[problem.article.id] = counts.get(problem.article.id, 0) + 1
    return counts


def _of_kind(kind: Kind) -> ColumnElement[bool]:
    return ArticleLink.kind == kind.value


def _judged(*where: ColumnElement[bool]) -> list[Problem]:
    rows = db.session.execute(
        select(ArticleLink, Article, LinkReading.anchors)
        .join(Article, Article.id == ArticleLink.article_id)
        .join(LinkReading, LinkReading.article_id == ArticleLink.article_id)
        .where(*where)
        .order_by(Article.title, Article.id, ArticleLink.position)
    ).all()
    goals = [Goal(Kind(link.kind), link.goal, link.anchor) for link, _, _ in rows]
    stored = _stored(goals)
    return [
        Problem(
            link.target, link.words or link.target, why, article, stored.moved.get(goal.name, "")
        )
        for (link, article, anchors), goal in zip(rows, goals, strict=True)
        if (why := _why(goal, stored, frozenset(anchors), _is_internal(article))) is not None
    ]


def _is_internal(article: Article) -> bool:
    return article.audience == Audience.STAFF.value


def _stored(goals: Iterable[Goal]) -> _Stored:
    names: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for goal in goals:
        names[goal.kind].add(goal.name)
    found = _Stored()
    if names[Kind.ARTICLE]:
        rows = db.session.execute(
            select(
                Article.slug,
                is_published(),
                is_published(internal=True),
                LinkReading.anchors,
            )
            .outerjoin(LinkReading, LinkReading.article_id == Article.id)
            .where(Article.slug.in_(names[Kind.ARTICLE]))
        )
        for slug, public, internal, anchors in rows:
            known = frozenset(anchors) if anchors is not None else None
            found.articles[slug] = (bool(public), bool(internal), known)
        found.moved = _moved(names[Kind.ARTICLE] - found.articles.keys())
    if names[Kind.CATEGORY]:
        shelves = select(Category.slug).where(Category.slug.in_(names[Kind.CATEGORY]))
        found.categories = set(db.session.scalars(shelves))
    if names[Kind.IMAGE]:
        pictures = {name_of(key) for key in names[Kind.IMAGE]}
        images = select(ArticleImage).where(ArticleImage.name.in_(pictures))
        found.images = {image.key for image in db.session.scalars(images)}
    return found


def _moved(slugs: Collection[str]) -> dict[str, str]:
    rows = db.session.execute(
        select(FormerAddress.slug, Article.slug)
        .join(Article, Article.id == FormerAddress.article_id)
        .where(FormerAddress.slug.in_(slugs), is_published(internal=True))
    )
    return dict(rows.all())


def _why(goal: Goal, stored: _Stored, own_anchors: frozenset[str], internal: bool) -> Why | None:
    if goal.kind is Kind.ARTICLE:
        return _why_article(goal, stored, internal)
    if goal.kind is Kind.CATEGORY:
        return None if goal.name in stored.categories else Why.NO_CATEGORY
    if goal.kind is Kind.IMAGE:
        return None if goal.name in stored.images else Why.NO_IMAGE
    if goal.kind is Kind.PAGE:
        return None if _is_page(goal.name) else Why.NO_PAGE
    if goal.kind is Kind.ANCHOR:
        return None if goal.anchor in own_anchors | PAGE_ANCHORS else Why.NO_ANCHOR
    return Why.BAD if goal.kind is Kind.BAD else None


def _why_article(goal: Goal, stored: _Stored, internal: bool) -> Why | None:
    if goal.name not in stored.articles:
        return Why.MOVED if goal.name in stored.moved else Why.NO_ARTICLE
    public, for_staff, anchors = stored.articles[goal.name]
    if not for_staff:
        return Why.HIDDEN
    if not public and not internal:
        return Why.STAFF
    if goal.anchor and anchors is not None and goal.anchor not in anchors | PAGE_ANCHORS:
        return Why.NO_ANCHOR
    return None


def _is_page(path: str) -> bool:
    """Whether a page of the site answers there; whether its row exists only that page knows."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    if endpoint != "static":
        return True
    folder = Path(current_app.static_folder or "").resolve()
    file = (folder / str(values["filename"])).resolve()
    return file.is_relative_to(folder) and file.is_file()


def linking_to(article: Article) -> Sequence[Article]:
    """The articles that link to this one, by title, whatever their state."""
    there = select(ArticleLink.article_id).where(
        _of_kind(Kind.ARTICLE), ArticleLink.goal == article.slug
    )
    query = select(Article).where(Article.id.in_(there), Article.id != article.id)
    return db.session.scalars(query.order_by(Article.title, Article.id)).all()
