"""Pieces of every verb that changes an article: its row, its publication, what follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core import audit, outbox
from core.counters import touch_content
from kb.models import Article
from kb.revisions import writing

#: The outbox job that brings these articles' present state into the index.
INDEX_JOB = "kb.index"


class Gone(Exception):
    """The article or category does not exist any more."""


def locked(session: Session, article_id: int) -> Article:
    """The article, which nobody else changes until the transaction ends. Raises Gone."""
    article = session.get(Article, article_id, with_for_update=True)
    if article is None:
        raise Gone
    return article


def make_public(session: Session, article: Article, *, by: int | None, at: datetime) -> None:
    """Publish what was last saved. Whoever publishes a text vouches for it."""
    writing.show_last(session, article, at)
    if article.published_at is None or _is_over(article, at):
        article.published_at = at
    article.first_published_at = article.first_published_at or at
    article.published_by, article.archived_at, article.publish_at = by, None, None
    if _is_over(article, at):
        article.expire_at = None
    article.verified_at, article.verified_by = at, by
    shown = writing.revision_of(session, article.id, article.revision)
    if shown is not None:
        shown.published_at = shown.published_at or at


def archive(article: Article, at: datetime) -> None:
    """Take an article out of sight."""
    article.published_at, article.archived_at = None, at
    article.publish_at = article.expire_at = None
    article.review_asked_at = article.review_asked_by = None


def follow(
    article: Article, action: str, *, actor_id: int | None, now: datetime, **data: object
) -> None:
    """What every change that readers may notice brings with it."""
    note(article, action, actor_id=actor_id, now=now, **data)
    outbox.enqueue(INDEX_JOB, {"article_ids": [article.id]}, now=now)
    touch_content()


def note(
    article: Article, action: str, *, actor_id: int | None, now: datetime, **data: object
) -> None:
    """What a change that no reader notices brings with it: an entry in the audit."""
    audit.record(
        action,
        f"article:{article.id}",
        actor_id=actor_id,
        now=now,
        slug=article.slug,
        revision=article.last_revision,
        **data,
    )


def _is_over(article: Article, at: datetime) -> bool:
    return article.expire_at is not None and article.expire_at <= at
