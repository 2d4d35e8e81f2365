"""Being seen at an article, and beginning one with what somebody else wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Actor
from core.db import db, transaction
from kb.actions import Gone
from kb.models import Article
from kb.writing.models import ArticlePresence, ArticleSource
from kb.writing.policy import is_news


def be_seen(*, article_id: int, actor: Actor, writing: bool, now: datetime) -> None:
    """Say that the form of the article is before somebody. Raises Gone."""
    known = db.session.get(ArticlePresence, (article_id, actor.person_id))
    if known is not None and not is_news(known.seen_at, known.writing, writing=writing, now=now):
        return
    try:
        _store(article_id, actor, writing, now)
    except IntegrityError:
        _store(article_id, actor, writing, now)


def _store(article_id: int, actor: Actor, writing: bool, now: datetime) -> None:
    with transaction() as session:
        if session.get(Article, article_id) is None:
            raise Gone
        row = session.get(ArticlePresence, (article_id, actor.person_id))
        if row is None:
            row = ArticlePresence(article_id=article_id, person_id=actor.person_id)
            session.add(row)
        row.seen_at, row.writing = now, writing


def leave(*, article_id: int, actor: Actor) -> None:
    """The page was closed."""
    with transaction() as session:
        own = (
            ArticlePresence.article_id == article_id,
            ArticlePresence.person_id == actor.person_id,
        )
        session.execute(delete(ArticlePresence).where(*own))


def name_source(*, article_id: int, key: str, name: str, path: str, now: datetime) -> None:
    """Remember what an article was made of; the first word stands. `path` leads staff to it."""
    with transaction() as session:
        if session.get(ArticleSource, article_id) is None:
            source = ArticleSource(
                article_id=article_id, key=key, name=name, path=path, added_at=now
            )
            session.add(source)
