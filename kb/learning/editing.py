"""What an editor does to the hidden words of an article. What they decide, learning keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from accounts.permissions import Actor
from core import audit
from core.db import transaction
from kb.learning.models import HiddenWord
from kb.learning.policy import MOST_WORDS
from kb.learning.promotion import follow
from kb.learning.words import stems_of
from kb.models import Article


class Gone(Exception):
    """There is no such article or word."""


class TooMany(Exception):
    """The article has as many hidden words as it may have; nothing was stored."""


def add_words(
    *, actor: Actor, article_id: int, words: Mapping[str, str], now: datetime
) -> list[str]:
    """Hide words in an article, by their stems; those that were added.

    Words that it says already are passed over; one that was removed comes back.
    Raises Gone, TooMany.
    """
    with transaction() as session:
        article = _locked(session, article_id)
        texts = (article.title, article.summary, *article.tags, article.plain)
        said = stems_of(texts, article.lang)
        added = [word for root, word in words.items() if root not in said]
        for root, word in words.items():
            if root not in said:
                _put(session, article_id, root, word, now)
        session.flush()
        if _count(session, article_id) > MOST_WORDS:
            raise TooMany
        if added:
            _tell(session, "article.words_added", article_id, actor, now, words=added)
        return added


def remove_word(*, actor: Actor, article_id: int, stem: str, now: datetime) -> str:
    """Take a hidden word out, for good; the word. Once is as good as twice. Raises Gone."""
    with transaction() as session:
        _locked(session, article_id)
        row = _word(session, article_id, stem)
        if row.removed_at is None:
            row.removed_at = now
            _tell(session, "article.word_removed", article_id, actor, now, word=row.word)
        return row.word


def restore_word(*, actor: Actor, article_id: int, stem: str, now: datetime) -> str:
    """Hide a word again that was taken out; the word. Once is as good as twice.

    It stays, however many people use it. Raises Gone, TooMany.
    """
    with transaction() as session:
        _locked(session, article_id)
        row = _word(session, article_id, stem)
        if row.removed_at is not None:
            if _count(session, article_id) >= MOST_WORDS:
                raise TooMany
            row.removed_at, row.by_hand = None, True
            _tell(session, "article.word_restored", article_id, actor, now, word=row.word)
        return row.word


def _locked(session: Session, article_id: int) -> Article:
    article = session.scalar(
        select(Article)
        .options(undefer(Article.plain))
        .where(Article.id == article_id)
        .with_for_update()
    )
    if article is None:
        raise Gone
    return article


def _word(session: Session, article_id: int, stem: str) -> HiddenWord:
    row = session.get(HiddenWord, (article_id, stem))
    if row is None:
        raise Gone
    return row


def _put(session: Session, article_id: int, stem: str, word: str, now: datetime) -> None:
    row = session.get(HiddenWord, (article_id, stem))
    if row is None:
        row = HiddenWord(article_id=article_id, stem=stem, added_at=now)
        session.add(row)
    row.word, row.by_hand, row.removed_at = word, True, None


def _count(session: Session, article_id: int) -> int:
    shown = (HiddenWord.article_id == article_id, HiddenWord.removed_at.is_(None))
    return session.scalar(select(func.count()).select_from(HiddenWord).where(*shown)) or 0


def _tell(
    session: Session, verb: str, article_id: int, actor: Actor, now: datetime, **told: object
) -> None:
    audit.record(verb, f"article:{article_id}", actor_id=actor.person_id, now=now, **told)
    follow(session, article_id, now=now)
