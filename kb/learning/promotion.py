"""From notes to hidden words: decided anew whenever an article has new notes, and as they age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from core import audit, outbox
from core.db import db, transaction
from kb.actions import INDEX_JOB
from kb.learning import policy, queries
from kb.learning.actions import LEARN_JOB
from kb.learning.models import ArticleLearning, HiddenWord, WordNote
from kb.learning.words import stems_of
from kb.models import Article

#: The outbox job that forgets old notes, once a day.
FORGET_JOB = "kb.forget_words"
Titles = Mapping[int, frozenset[str]]


def title_words() -> dict[int, frozenset[str]]:
    """The stems of the titles of published articles, by article."""
    rows = db.session.execute(
        select(Article.id, Article.title, Article.lang).where(Article.published_at.is_not(None))
    )
    return {key: stems_of([title], lang) for key, title, lang in rows}


def learn(*, article_id: int, titles: Titles, now: datetime) -> bool:
    """Give an article the words it has earned and take those it has not; whether any changed.

    `titles` as `title_words` gives them. What an editor added or removed stays as it is.
    """
    with transaction() as session:
        article = session.scalar(
            select(Article)
            .options(undefer(Article.plain))
            .where(Article.id == article_id)
            .with_for_update()
        )
        if article is None:
            return False
        notes = queries.voices_of(article_id)
        rows = list(session.scalars(select(HiddenWord).where(HiddenWord.article_id == article_id)))
        earned = _earned(article, notes, rows, titles, now)
        gained, lost = _exchange(session, article_id, notes, rows, earned, now)
        if gained or lost:
            audit.record(
                "article.words_learned",
                f"article:{article_id}",
                actor_id=None,
                now=now,
                gained=gained,
                lost=lost,
            )
            follow(session, article_id, now=now)
        return bool(gained or lost)


def _earned(
    article: Article,
    notes: Mapping[str, Sequence[WordNote]],
    rows: Sequence[HiddenWord],
    titles: Titles,
    now: datetime,
) -> list[str]:
    fixed = {row.stem for row in rows if row.by_hand or row.removed_at is not None}
    texts = (article.title, article.summary, *article.tags, article.plain)
    said = stems_of(texts, article.lang) if notes else frozenset()
    voices = {
        root: [queries.voice_of(note) for note in own]
        for root, own in notes.items()
        if root not in fixed and root not in said
    }
    by_hand = sum(row.by_hand and row.removed_at is None for row in rows)
    others = frozenset().union(*(words for key, words in titles.items() if key != article.id))
    return policy.chosen_words(
        voices,
        guarded=others & voices.keys(),
        holders=queries.holders_of(voices, besides=article.id),
        room=policy.MOST_WORDS - by_hand,
        now=now,
    )


def _exchange(
    session: Session,
    article_id: int,
    notes: Mapping[str, Sequence[WordNote]],
    rows: Sequence[HiddenWord],
    earned: Sequence[str],
    now: datetime,
) -> tuple[list[str], list[str]]:
    """Add and take out learned words; which."""
    learned = {row.stem: row for row in rows if not row.by_hand and row.removed_at is None}
    lost = [row for root, row in learned.items() if root not in earned]
    for row in lost:
        session.delete(row)
    gained = []
    for root in earned:
        if root not in learned:
            written = Counter(note.word for note in notes[root] if note.helped)
            word = min(written, key=lambda form: (-written[form], form))
            gained.append(word)
            session.add(
                HiddenWord(article_id=article_id, stem=root, word=word, by_hand=False, added_at=now)
            )
    return sorted(gained), sorted(row.word for row in lost)


def follow(session: Session, article_id: int, *, now: datetime) -> None:
    """What every change of hidden words brings with it: the index learns of it."""
    state = session.get(ArticleLearning, article_id)
    if state is None:
        session.add(ArticleLearning(article_id=article_id, generation=1))
    else:
        state.generation += 1
    outbox.enqueue(INDEX_JOB, {"article_ids": [article_id]}, now=now)


def forget_old(*, now: datetime) -> int:
    """Forget notes that are too old, and decide anew about their articles; how many articles.

    Comes back by itself a day later.
    """
    with transaction() as session:
        old = WordNote.at < now - policy.KEPT_FOR
        ids = sorted(session.scalars(select(WordNote.article_id).where(old).distinct()))
        session.execute(delete(WordNote).where(old))
        for article_id in ids:
            outbox.enqueue(LEARN_JOB, {"article_id": article_id}, now=now)
        outbox.enqueue(FORGET_JOB, {}, now=now, run_at=now + timedelta(days=1))
        return len(ids)


def ask_to_forget(*, now: datetime) -> None:
    """Begin the daily forgetting, where it does not wait already."""
    if not outbox.pending([FORGET_JOB]):
        with transaction():
            outbox.enqueue(FORGET_JOB, {}, now=now)
