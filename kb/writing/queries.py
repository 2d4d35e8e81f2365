"""What the form of an article shows beside the article itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import Actor
from core.db import db
from kb.models import Article, ArticleRevision
from kb.queries import article_to_edit
from kb.revisions import writing
from kb.writing.models import ArticleDraft, ArticlePresence, ArticleSource
from kb.writing.policy import MOST_NEW_DRAFTS, PRESENT_FOR, place_of


def draft_of(actor: Actor, article: Article) -> ArticleDraft | None:
    """What this person typed into an article and did not save."""
    return db.session.get(ArticleDraft, (actor.person_id, place_of(article.id, article.created_at)))


def new_draft(actor: Actor, place: str) -> ArticleDraft | None:
    """One new article that this person began."""
    draft = db.session.get(ArticleDraft, (actor.person_id, place))
    return draft if draft is not None and draft.article_id is None else None


def new_drafts(actor: Actor) -> Sequence[ArticleDraft]:
    """The new articles that this person began and did not save, the last first."""
    return db.session.scalars(
        select(ArticleDraft)
        .where(ArticleDraft.person_id == actor.person_id, ArticleDraft.article_id.is_(None))
        .order_by(ArticleDraft.updated_at.desc(), ArticleDraft.place)
        .limit(MOST_NEW_DRAFTS)
    ).all()


def others_here(actor: Actor, article_id: int, *, now: datetime) -> Sequence[ArticlePresence]:
    """Who else has the form of the article before them; who writes comes first."""
    return db.session.scalars(
        select(ArticlePresence)
        .where(ArticlePresence.article_id == article_id)
        .where(ArticlePresence.person_id != actor.person_id)
        .where(ArticlePresence.seen_at > now - PRESENT_FOR)
        .options(joinedload(ArticlePresence.person))
        .order_by(ArticlePresence.writing.desc(), ArticlePresence.seen_at.desc())
        .limit(10)
    ).all()


def revision_of(article_id: int, number: int | None) -> ArticleRevision | None:
    """One stored revision with its text."""
    if number is None:
        return None
    return writing.revision_of(db.session(), article_id, number)


def last_writer(article: Article) -> str:
    """The name of whoever saved what is stored; '' where nobody signed in did."""
    saved = select(Person.name).join(ArticleRevision, ArticleRevision.author_id == Person.id)
    here = (
        ArticleRevision.article_id == article.id,
        ArticleRevision.number == article.last_revision,
    )
    return db.session.scalar(saved.where(*here)) or ""


def source_of(article_id: int) -> ArticleSource | None:
    """What the article was made of."""
    return db.session.get(ArticleSource, article_id)


def made_of(key: str) -> int | None:
    """The article that was made of this before."""
    return db.session.scalar(select(ArticleSource.article_id).where(ArticleSource.key == key))


def with_body(article_id: int) -> Article | None:
    """Any article with its body and category, as it is stored now."""
    db.session.rollback()
    return article_to_edit(article_id)
