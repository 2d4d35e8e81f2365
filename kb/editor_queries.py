"""Reads of the FAQ for its editors: every state, and what waits unpublished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from accounts.models import Person
from core.db import db
from kb.addresses.resolving import articles_at
from kb.lifecycle import Audience, State, due_since
from kb.models import Article
from kb.queries import patterns
from kb.revisions.policy import ArticleText
from kb.revisions.writing import revision_of, text_of, text_shown
from kb.translations.queries import behind


@dataclass(frozen=True)
class Wanted:
    """What an editor filters the list by; empty means all. `months` is the setting after which
    an article should be looked at again, 0 for never."""

    text: str = ""
    state: State | None = None
    audience: Audience | None = None
    lang: str = ""
    category_id: int | None = None
    only: str = ""
    months: int = 0


def editor_list(
    wanted: Wanted, *, page: int, size: int, now: datetime
) -> tuple[Sequence[Article], int]:
    """One page of all articles, the last saved first, and how many match."""
    where = _conditions(wanted, now)
    total = db.session.scalar(select(func.count()).select_from(Article).where(*where)) or 0
    query = select(Article).options(joinedload(Article.category)).where(*where)
    query = query.order_by(Article.saved_at.desc(), Article.id.desc())
    return db.session.scalars(query.offset((page - 1) * size).limit(size)).all(), total


def counts_by_state(now: datetime) -> Mapping[State, int]:
    """How many articles are in each state."""
    sums = [func.coalesce(func.sum(case((_is_in(state, now), 1), else_=0)), 0) for state in State]
    return dict(zip(State, db.session.execute(select(*sums)).one(), strict=True))


def is_due(now: datetime, months: int) -> ColumnElement[bool]:
    """Published articles that somebody should look at again: on the day an editor set, else
    `months` after they were verified."""
    asked = Article.review_at <= now
    if months:
        old = Article.verified_at <= due_since(now, months)
        asked = or_(asked, and_(Article.review_at.is_(None), old))
    return and_(_is_in(State.PUBLISHED, now), asked)


def due_among(ids: Sequence[int], now: datetime, months: int) -> set[int]:
    """Which of these articles somebody should look at again."""
    where = (Article.id.in_(ids), is_due(now, months))
    return set(db.session.scalars(select(Article.id).where(*where)))


def names_of(article: Article) -> dict[int, str]:
    """Who did what is recorded on an article, by number."""
    ids = {article.review_asked_by, article.published_by, article.verified_by} - {None}
    if not ids:
        return {}
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def working_text(article: Article) -> ArticleText:
    """What an editor goes on writing: the last saved text, whether or not readers see it."""
    if article.has_waiting_changes:
        last = revision_of(db.session(), article.id, article.last_revision)
        if last is not None:
            return text_of(article, last)
    return text_shown(article)


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Article.title.ilike(f"%{pattern}%") for pattern in patterns(wanted.text)
    ]
    if wanted.state:
        found.append(_is_in(wanted.state, now))
    if wanted.audience:
        found.append(Article.audience == wanted.audience.value)
    if wanted.lang:
        found.append(Article.lang == wanted.lang)
    if wanted.category_id is not None:
        found.append(Article.category_id == wanted.category_id)
    if wanted.only:
        found.append(_only(wanted, now))
    return found


def _only(wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    """`por-revisar`, `con-cambios` (unpublished ones), `traduccion-atrasada` or `programados`
    (with a date ahead)."""
    if wanted.only == "por-revisar":
        return is_due(now, wanted.months)
    if wanted.only == "con-cambios":
        return Article.last_revision > Article.revision
    if wanted.only == "traduccion-atrasada":
        return behind()
    return or_(Article.publish_at.is_not(None), Article.expire_at > now)


def _is_in(state: State, now: datetime) -> ColumnElement[bool]:
    """`kb.lifecycle.state_of` as a condition."""
    set_public = Article.published_at.is_not(None)
    over = and_(set_public, Article.expire_at.is_not(None), Article.expire_at <= now)
    put_away = and_(~set_public, Article.archived_at.is_not(None))
    if state is State.PUBLISHED:
        return and_(set_public, or_(Article.expire_at.is_(None), Article.expire_at > now))
    if state is State.ARCHIVED:
        return or_(over, put_away)
    asked = Article.review_asked_at.is_not(None)
    rest = and_(~set_public, Article.archived_at.is_(None))
    return and_(rest, asked if state is State.REVIEW else ~asked)


def articles_per_category() -> dict[int, int]:
    """How many articles each category holds, whatever their state."""
    rows = db.session.execute(
        select(Article.category_id, func.count()).group_by(Article.category_id)
    )
    return dict(rows.all())


def stored_articles(slugs: Sequence[str]) -> dict[str, Article]:
    """Articles by address in any state, with body and category, to compare with a folder's. A
    former address means the article that has moved."""
    known = {slug: article.id for slug, article in articles_at(db.session(), slugs).items()}
    query = select(Article).options(joinedload(Article.category), undefer(Article.body))
    query = query.execution_options(populate_existing=True)
    rows = {row.id: row for row in db.session.scalars(query.where(Article.id.in_(known.values())))}
    return {slug: rows[article_id] for slug, article_id in known.items()}
