"""Reads of searches that others build on: what a visitor searched, what is read most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import db
from kb.models import Article
from kb.queries import is_published, most_helpful
from kb.searches.models import Search, SearchSalt
from kb.searches.openings import openings
from kb.searches.visitors import Who, browser_hash, is_of
from kb.translations.queries import once


def recent_searches(
    *, visitor: str, since: datetime, limit: int = 10, browser: str = ""
) -> list[str]:
    """What a visitor searched since then, masked, the newest first; the same words once.

    `visitor` is the hash of the browser's key or `p:<id>`. With `browser` (of `browser_name`)
    also what this browser searched before it had either.
    """
    words = db.session.scalars(
        select(Search.words)
        .where(is_of(Who(visitor, browser)), Search.last_at >= since)
        .order_by(Search.last_at.desc(), Search.id.desc())
        .limit(5 * limit)
    )
    return list(dict.fromkeys(words))[:limit]


def browser_name(network: str, browser: str, now: datetime) -> str:
    """Today's name of a browser that has no session (`core.visits.seen_from`); '' for none."""
    day = clock.in_lima(now).date()
    salt = db.session.scalar(select(SearchSalt.salt).where(SearchSalt.day == day))
    return browser_hash(salt, network, browser) if salt else ""


def most_read(limit: int = 5) -> Sequence[Article]:
    """The published articles opened most in the last thirty days, with their category."""
    read = openings(clock.in_lima(clock.now()).date())
    query = (
        select(Article)
        .options(joinedload(Article.category))
        .join(read, read.c.article_id == Article.id)
        .where(is_published())
        .order_by(read.c.read.desc(), Article.title, Article.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def filled_up(read: Sequence[Article], lang: str, limit: int = 5) -> list[Article]:
    """These articles and then those that helped most, each once; of one in two languages that
    in the language read."""
    more = most_helpful(2 * limit)
    return once(list(dict.fromkeys([*read, *more])), lang)[:limit]
