"""What editors do with an article as a whole: the steps of `kb.lifecycle`, who may read it,
and saying that it is still right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from accounts.permissions import Actor, may_edit_articles
from core.db import transaction
from kb import following
from kb.addresses import leading
from kb.lifecycle import Audience, State, Step, allowed, state_of
from kb.models import Article, ArticleRevision, ArticleVote


class StepNotAllowed(Exception):
    """The article is in a state that this step does not start from, or the person may not take
    it; nothing was stored."""


class StillPublished(StepNotAllowed):
    """A published article is archived before it is deleted; nothing was stored."""


def ask_review(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Ask the other editors to read a draft; once is as good as twice.

    Raises Gone, StepNotAllowed.
    """
    with transaction() as session:
        article = following.locked(session, article_id)
        if state_of(article, now) is not State.REVIEW:
            _require(actor, article, Step.ASK_REVIEW, now)
            article.review_asked_at, article.review_asked_by = now, actor.person_id
            following.note(article, "article.review_asked", actor_id=actor.person_id, now=now)


def return_to_draft(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Take an article back to be written on; once is as good as twice.

    Raises Gone, StepNotAllowed.
    """
    with transaction() as session:
        article = following.locked(session, article_id)
        if state_of(article, now) is not State.DRAFT:
            _require(actor, article, Step.RETURN, now)
            # A time that ran out without the worker leaves a moment of publication behind.
            following.archive(article, now)
            article.archived_at = None
            following.follow(article, "article.returned", actor_id=actor.person_id, now=now)


def publish_article(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Make public what was last saved; once is as good as twice. Raises Gone, StepNotAllowed."""
    with transaction() as session:
        article = following.locked(session, article_id)
        _require(actor, article, Step.PUBLISH, now)
        if state_of(article, now) is not State.PUBLISHED or article.has_waiting_changes:
            following.make_public(session, article, by=actor.person_id, at=now)
            following.follow(article, "article.published", actor_id=actor.person_id, now=now)


def archive_article(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Take an article out of sight; once is as good as twice. Raises Gone, StepNotAllowed."""
    with transaction() as session:
        article = following.locked(session, article_id)
        if state_of(article, now) is not State.ARCHIVED:
            _require(actor, article, Step.ARCHIVE, now)
            following.archive(article, now)
            following.follow(article, "article.archived", actor_id=actor.person_id, now=now)


def delete_article(
    *, actor: Actor, article_id: int, successor_id: int | None = None, now: datetime
) -> None:
    """Remove an article with its revisions and votes. Its addresses lead to `successor_id`, or
    else to its category.

    Raises Gone (also for a successor that is none), StillPublished, StepNotAllowed.
    """
    with transaction() as session:
        article = following.locked(session, article_id)
        if state_of(article, now) is State.PUBLISHED:
            raise StillPublished
        _require(actor, article, Step.DELETE, now)
        leading.hand_over(session, article, successor_id, now=now)
        for belonging in (ArticleVote, ArticleRevision):
            session.execute(delete(belonging).where(belonging.article_id == article_id))
        translations = update(Article).where(Article.translation_of == article_id)
        session.execute(translations.values(translation_of=None, translated_revision=None))
        following.follow(article, "article.deleted", actor_id=actor.person_id, now=now)
        session.delete(article)


def set_audience(*, actor: Actor, article_id: int, audience: Audience, now: datetime) -> None:
    """Say who may read an article, from now on. Raises Gone, StepNotAllowed."""
    with transaction() as session:
        article = following.locked(session, article_id)
        if not may_edit_articles(actor):
            raise StepNotAllowed
        if article.audience != audience:
            article.audience = audience.value
            following.follow(
                article,
                "article.audience_changed",
                actor_id=actor.person_id,
                now=now,
                audience=audience.value,
            )


def _require(actor: Actor, article: Article, step: Step, now: datetime) -> None:
    if step not in allowed(actor, state_of(article, now)):
        raise StepNotAllowed
