"""Uses of articles are recorded in the transaction of what they are part of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db import add_once
from kb.models import Article
from kb.usage.models import ArticleUse
from kb.usage.policy import MAX_KEY, Use


def record_use(session: Session, *, article_id: int, kind: str, key: str, now: datetime) -> bool:
    """Record that a draft or ticket (`key`) did `kind` with the article, in its present revision.

    Once for each article, kind and key: recording it again changes nothing. Whether it is new;
    False, too, where there is no such article. Belongs into a transaction.
    Raises ValueError for another kind than those of `policy.Use`, and for a key that is too long.
    """
    use = Use(kind)
    if not key or len(key) > MAX_KEY:
        raise ValueError("a use is named by a short key")
    revision = session.scalar(select(Article.revision).where(Article.id == article_id))
    if revision is None:
        return False
    values = {"revision": revision, "kind": use.value, "key": key, "at": now}
    return add_once(session, ArticleUse, article_id=article_id, **values)


def withdraw_uses(session: Session, *, key: str, kinds: Collection[str]) -> None:
    """Take back what turned out not to be so: a reply that was undone, a ticket reopened."""
    session.execute(delete(ArticleUse).where(ArticleUse.key == key, ArticleUse.kind.in_(kinds)))
