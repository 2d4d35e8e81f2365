"""Short words for the tests of learning: note, learn, look."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from accounts.permissions import Actor
from core import clock
from core.db import db, transaction
from kb.learning import actions, promotion, queries
from kb.learning.policy import Source
from kb.search import article_index
from tests.cast import START
from tests.kb.articles import index_everything, make_articles

#: The cast's accounts are old enough to count then.
LATER = START + timedelta(days=30)
SPAM = "correo-en-spam"


def note(
    article_id: int,
    text: str,
    *people: Actor | str,
    source: Source = Source.VOTE,
    now: datetime = LATER,
) -> int:
    """Note a text for each of these people; how many notes were stored."""
    stored = 0
    for who in people:
        person = who if isinstance(who, str) else f"p:{who.person_id}"
        with transaction() as session:
            stored += actions.note_words(
                session, article_id=article_id, text=text, person=person, source=source, now=now
            )
    return stored


def learned(article_id: int, *, now: datetime = LATER) -> tuple[str, ...]:
    """Decide, and say which words the article has hidden then."""
    promotion.learn(article_id=article_id, titles=promotion.title_words(), now=now)
    db.session.rollback()
    return queries.hidden_words([article_id]).get(article_id, ())


def found(app: Flask, text: str) -> list[str]:
    """The addresses a search finds, after the jobs of the index."""
    index_everything(app)
    return [hit.slug for hit in article_index().search(text, limit=5).hits]


def articles(editor: Actor) -> dict[str, int]:
    return make_articles(editor)


def years_from_now() -> datetime:
    return clock.now() + timedelta(days=800)
