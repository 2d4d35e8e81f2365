"""Changing the address of an article: the old one leads on for ever. That of a category
changes with its words, see `kb.categories`."""

from __future__ import annotations

from datetime import datetime

from accounts.permissions import Actor, may_edit_articles
from core.db import transaction
from kb import following
from kb.addresses import leading
from kb.policy import is_slug
from kb.steps import StepNotAllowed


def change_address(*, actor: Actor, article_id: int, slug: str, now: datetime) -> None:
    """Give an article another address, at once; the one it has is as good as none asked for.

    Raises Gone, StepNotAllowed, SlugTaken, and ValueError for a slug that is none.
    """
    if not is_slug(slug):
        raise ValueError(slug)
    with transaction() as session:
        article = following.locked(session, article_id)
        if not may_edit_articles(actor):
            raise StepNotAllowed
        if article.slug != slug:
            former = article.slug
            leading.free_slug(session, slug, "", article_id)
            leading.move(session, article, slug, now=now)
            following.follow(
                article, "article.moved", actor_id=actor.person_id, now=now, former=former
            )
