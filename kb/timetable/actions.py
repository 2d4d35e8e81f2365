"""Planned moments of an article, and «sigue siendo correcto»."""

from __future__ import annotations

from datetime import datetime

from accounts.permissions import Actor, may_edit_articles
from core import outbox
from core.db import transaction
from kb import following
from kb.lifecycle import State, state_of
from kb.models import Article
from kb.steps import StepNotAllowed

#: The outbox job that comes by at a planned moment.
TIMETABLE_JOB = "kb.timetable"


class InThePast(Exception):
    """A moment that is over cannot be planned; `name` is the column. Nothing was stored."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Crossed(Exception):
    """The article would expire before it is published; nothing was stored."""


def plan(
    *,
    actor: Actor,
    article_id: int,
    publish_at: datetime | None,
    expire_at: datetime | None,
    review_at: datetime | None,
    now: datetime,
) -> None:
    """Set the moments of an article, or take them away with None. A moment that stays as it is
    may be over. What has nothing to publish has no moment for it.

    Raises Gone, StepNotAllowed, InThePast, Crossed.
    """
    wanted = {"publish_at": publish_at, "expire_at": expire_at, "review_at": review_at}
    with transaction() as session:
        article = following.locked(session, article_id)
        if not may_edit_articles(actor):
            raise StepNotAllowed
        if not may_plan_publication(article, now):
            wanted["publish_at"] = None
        changed = {name: at for name, at in wanted.items() if getattr(article, name) != at}
        for name, at in changed.items():
            if at is not None and at <= now:
                raise InThePast(name)
        planned, end = wanted["publish_at"], wanted["expire_at"]
        if planned and end and end <= planned:
            raise Crossed
        for name, at in changed.items():
            setattr(article, name, at)
            if at is not None and name != "review_at":
                come_by(article, at, now)
        if changed:
            said = {name: at.isoformat() if at else None for name, at in changed.items()}
            following.follow(article, "article.planned", actor_id=actor.person_id, now=now, **said)


def come_by(article: Article, at: datetime, now: datetime) -> None:
    """Ask the worker to come by at a planned moment. It does what is still planned for it then."""
    payload = {"article_id": article.id, "at": at.isoformat()}
    outbox.enqueue(TIMETABLE_JOB, payload, now=now, run_at=at)


def may_plan_publication(article: Article, now: datetime) -> bool:
    """Whether there is something that a moment could publish."""
    return state_of(article, now) is not State.PUBLISHED or article.has_waiting_changes


def keep_time(*, article_id: int, at: datetime, now: datetime) -> None:
    """Do what is planned for `at`: for the worker. A moment that was moved or taken away since
    means nothing any more, and nor does doing it twice."""
    with transaction() as session:
        article = session.get(Article, article_id, with_for_update=True)
        if article is None:
            return
        if article.publish_at == at:
            following.make_public(session, article, by=None, at=at)
            following.follow(article, "article.published", actor_id=None, now=now)
        if article.expire_at == at:
            if article.published_at is not None:
                following.archive(article, at)
                following.follow(article, "article.archived", actor_id=None, now=now)
            article.expire_at = None


def confirm(*, actor: Actor, article_id: int, now: datetime) -> None:
    """«Sigue siendo correcto»: somebody read the article again. A day that was set for it is over.

    Raises Gone, StepNotAllowed.
    """
    with transaction() as session:
        article = following.locked(session, article_id)
        if not may_edit_articles(actor):
            raise StepNotAllowed
        article.verified_at, article.verified_by = now, actor.person_id
        if article.review_at is not None and article.review_at <= now:
            article.review_at = None
        following.follow(article, "article.verified", actor_id=actor.person_id, now=now)
