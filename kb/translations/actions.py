"""Linking the languages of one answer.

The article in Spanish is the original (the site is Spanish first); the other one follows it, and
remembers which of its revisions it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_edit_articles
from core.db import transaction
from kb import following
from kb.models import Article
from kb.policy import LANGUAGES
from kb.steps import StepNotAllowed
from kb.translations.queries import is_behind


class SameLanguage(Exception):
    """Two articles in one language are no translation of each other; nothing was stored."""


class NotLinked(Exception):
    """The article has no version in another language."""


def link(*, actor: Actor, article_id: int, other_id: int, now: datetime) -> None:
    """Say that two articles are one answer in two languages. Former links of either end.

    The translation counts as up to date. Raises Gone, StepNotAllowed, SameLanguage.
    """
    with transaction() as session:
        _refuse_others(actor)
        # In one order whoever asks, so that two links at once never wait for each other.
        rows = {key: following.locked(session, key) for key in sorted({article_id, other_id})}
        _join(session, rows[article_id], rows[other_id])
        for row in rows.values():
            following.follow(row, "article.linked", actor_id=actor.person_id, now=now)


def unlink(*, actor: Actor, article_id: int, now: datetime) -> None:
    """End the link of an article with its other language; once is as good as twice.

    Raises Gone, StepNotAllowed.
    """
    with transaction() as session:
        _refuse_others(actor)
        article = following.locked(session, article_id)
        _part(session, article)
        following.follow(article, "article.unlinked", actor_id=actor.person_id, now=now)


def confirm_translation(*, actor: Actor, article_id: int, now: datetime) -> None:
    """«La traducción está al día»: it says what the original says now.

    Raises Gone, StepNotAllowed, NotLinked.
    """
    with transaction() as session:
        _refuse_others(actor)
        article = following.locked(session, article_id)
        if article.translation_of is None:
            raise NotLinked
        original = following.locked(session, article.translation_of)
        article.translated_revision = original.revision
        following.follow(article, "article.translated", actor_id=actor.person_id, now=now)


def link_translations(*, pairs: Sequence[tuple[int, int]], now: datetime) -> int:
    """Link articles of an import, by id; how many links are new. Pairs that are linked already,
    that are gone, or in one language, are passed over."""
    made = 0
    with transaction() as session:
        for first, second in pairs:
            one, two = session.get(Article, first), session.get(Article, second)
            if one is None or two is None or one.lang == two.lang:
                continue
            if one.id in {two.translation_of, two.id} or two.id == one.translation_of:
                continue
            _join(session, one, two)
            made += 1
            for row in (one, two):
                following.follow(row, "article.linked", actor_id=None, now=now)
    return made


def mark_translations(*, behind: Mapping[int, bool], now: datetime) -> int:
    """Say of translations of an import, by id, whether they are behind; of how many it changed.
    What is no translation is passed over."""
    made = 0
    with transaction() as session:
        for article_id, is_late in sorted(behind.items()):
            article = session.get(Article, article_id, with_for_update=True)
            original = article and session.get(Article, article.translation_of or 0)
            if article is None or original is None:
                continue
            if is_behind(article, original) is is_late:
                continue
            # Revisions are counted from one: it follows none of them.
            article.translated_revision = 0 if is_late else original.revision
            made += 1
            following.follow(article, "article.translated", actor_id=None, now=now)
    return made


def _refuse_others(actor: Actor) -> None:
    if not may_edit_articles(actor):
        raise StepNotAllowed


def _join(session: Session, one: Article, two: Article) -> None:
    if one.lang == two.lang:
        raise SameLanguage
    original, other = sorted((one, two), key=lambda article: LANGUAGES.index(article.lang))
    for article in (original, other):
        _part(session, article)
    other.translation_of, other.translated_revision = original.id, original.revision
    session.flush()


def _part(session: Session, article: Article) -> None:
    linked = or_(Article.translation_of == article.id, Article.id == article.id)
    values = {"translation_of": None, "translated_revision": None}
    session.execute(update(Article).where(linked).values(**values))
