"""Hidden words as the index takes them, and as an editor sees them: how many, never who."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from kb.learning import policy
from kb.learning.models import ArticleLearning, HiddenWord, WordNote
from kb.learning.policy import Source, Standing, Voice


@dataclass(frozen=True)
class ShownWord:
    """A hidden word with its support. `sources` counts people by where they were helped."""

    stem: str
    word: str
    by_hand: bool
    added_at: datetime
    removed_at: datetime | None
    people: int
    sources: Mapping[str, int]


@dataclass(frozen=True)
class WordsOfArticle:
    """`waiting` words were used by people who were helped, not by enough of them yet."""

    hidden: Sequence[ShownWord]
    removed: Sequence[ShownWord]
    waiting: int


def hidden_words(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The hidden words of these articles, in a fixed order."""
    rows = db.session.execute(
        select(HiddenWord.article_id, HiddenWord.word)
        .where(HiddenWord.article_id.in_(ids), HiddenWord.removed_at.is_(None))
        .order_by(HiddenWord.article_id, HiddenWord.stem)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, word in rows:
        found[article_id].append(word)
    return {article_id: tuple(words) for article_id, words in found.items()}


def generations() -> dict[int, int]:
    """How often the hidden words of each article changed; those of whom they never did are
    left out."""
    return dict(
        db.session.execute(select(ArticleLearning.article_id, ArticleLearning.generation)).all()
    )


def voices_of(article_id: int) -> dict[str, list[WordNote]]:
    """Who used which word, by its stem."""
    rows = db.session.scalars(
        select(WordNote).where(WordNote.article_id == article_id).order_by(WordNote.at)
    )
    found: defaultdict[str, list[WordNote]] = defaultdict(list)
    for note in rows:
        found[note.stem].append(note)
    return dict(found)


def voice_of(note: WordNote) -> Voice:
    """A stored note as the policy takes it."""
    return Voice(
        standing=Standing(note.standing),
        side=note.side,
        helped=note.helped,
        vouched=note.source == Source.REPLY,
        at=note.at,
    )


def words_of_article(article_id: int, *, now: datetime) -> WordsOfArticle:
    """What the page of an article's words shows."""
    voices = voices_of(article_id)
    rows = db.session.scalars(
        select(HiddenWord).where(HiddenWord.article_id == article_id).order_by(HiddenWord.word)
    ).all()
    shown = [_shown(row, voices.get(row.stem, ()), now) for row in rows]
    known = {row.stem for row in rows}
    return WordsOfArticle(
        hidden=[word for word in shown if word.removed_at is None],
        removed=[word for word in shown if word.removed_at is not None],
        waiting=sum(
            stem not in known and any(note.helped for note in notes)
            for stem, notes in voices.items()
        ),
    )


def _shown(row: HiddenWord, notes: Iterable[WordNote], now: datetime) -> ShownWord:
    fresh = [n for n in notes if n.helped and now - n.at < policy.KEPT_FOR]
    return ShownWord(
        stem=row.stem,
        word=row.word,
        by_hand=row.by_hand,
        added_at=row.added_at,
        removed_at=row.removed_at,
        people=len(fresh),
        sources=Counter(note.source for note in fresh),
    )


def holders_of(stems: Iterable[str], *, besides: int) -> dict[str, int]:
    """How many other articles have each of these words hidden."""
    rows = db.session.execute(
        select(HiddenWord.stem, func.count())
        .where(HiddenWord.stem.in_(list(stems)), HiddenWord.removed_at.is_(None))
        .where(HiddenWord.article_id != besides)
        .group_by(HiddenWord.stem)
    )
    return dict(rows.all())
