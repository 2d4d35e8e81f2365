"""Choosing what is to be read after an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from accounts.permissions import Actor, may_edit_articles
from core import audit
from core.counters import touch_content
from core.db import transaction
from kb import following
from kb.models import Article
from kb.related.models import RelatedArticle
from kb.steps import StepNotAllowed

#: As many as an article shows.
MOST = 4


class Itself(Exception):
    """An article does not lead to itself; nothing was stored."""


class Full(Exception):
    """The article has MOST chosen ones already; nothing was stored."""


def choose(*, actor: Actor, article_id: int, related_id: int, now: datetime) -> None:
    """Show `related_id` under `article_id`, after those chosen before; once is as good as twice.

    Raises Gone, StepNotAllowed, Itself, Full.
    """
    if article_id == related_id:
        raise Itself
    with transaction() as session:
        _refuse_others(actor)
        article = following.locked(session, article_id)
        if session.get(Article, related_id) is None:
            raise following.Gone
        if session.get(RelatedArticle, (article_id, related_id)) is not None:
            return
        mine = RelatedArticle.article_id == article_id
        count, last = session.execute(
            select(func.count(), func.coalesce(func.max(RelatedArticle.place), 0)).where(mine)
        ).one()
        if count >= MOST:
            raise Full
        row = RelatedArticle(article_id=article_id, related_id=related_id, place=last + 1)
        session.add(row)
        _record("article.related", article, actor, related_id, now)


def drop(*, actor: Actor, article_id: int, related_id: int, now: datetime) -> None:
    """Take it away; once is as good as twice. Raises Gone, StepNotAllowed."""
    with transaction() as session:
        _refuse_others(actor)
        article = following.locked(session, article_id)
        session.execute(
            delete(RelatedArticle).where(
                RelatedArticle.article_id == article_id, RelatedArticle.related_id == related_id
            )
        )
        _record("article.unrelated", article, actor, related_id, now)


def choose_all(*, chosen: Mapping[int, Sequence[int]], actor: Actor | None, now: datetime) -> int:
    """Show these articles, in this order and no others, under each article of an import; under
    how many that is new. Ids that are gone, the article itself and more than MOST are left out."""
    made = 0
    with transaction() as session:
        named = {*chosen, *(number for numbers in chosen.values() for number in numbers)}
        there = set(session.scalars(select(Article.id).where(Article.id.in_(named))))
        for article_id in sorted(there & chosen.keys()):
            following.locked(session, article_id)
            fitting = (n for n in chosen[article_id] if n in there and n != article_id)
            wanted = list(dict.fromkeys(fitting))[:MOST]
            mine = RelatedArticle.article_id == article_id
            before = select(RelatedArticle.related_id).where(mine).order_by(RelatedArticle.place)
            if session.scalars(before).all() == wanted:
                continue
            session.execute(delete(RelatedArticle).where(mine))
            for place, number in enumerate(wanted, 1):
                session.add(RelatedArticle(article_id=article_id, related_id=number, place=place))
            by = actor.person_id if actor else None
            subject = f"article:{article_id}"
            audit.record("article.related", subject, actor_id=by, now=now, related=wanted)
            made += 1
        if made:
            touch_content()
    return made


def _record(action: str, article: Article, actor: Actor, related_id: int, now: datetime) -> None:
    # The index knows nothing of it; the pages that visitors keep do.
    subject = f"article:{article.id}"
    audit.record(action, subject, actor_id=actor.person_id, now=now, related=related_id)
    touch_content()


def _refuse_others(actor: Actor) -> None:
    if not may_edit_articles(actor):
        raise StepNotAllowed
