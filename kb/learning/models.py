"""What readers' words taught: who used a word, and the words an article has hidden."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment


class WordNote(Base):
    """One person used a word and was helped by an article, or was not. The last time counts.

    `person` is `p:<person id>` or the hash of a browser; it tells people apart and is shown to
    nobody. Everything else of the text the word stood in is not kept.
    """

    __tablename__ = "word_notes"
    __table_args__ = (
        Index("ix_word_notes_person_at", "person", "at"),
        Index("ix_word_notes_at", "at"),
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    stem: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    word: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(10))
    standing: Mapped[str] = mapped_column(String(10))
    side: Mapped[str] = mapped_column(String(24))
    helped: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)


class HiddenWord(Base):
    """A word an article is found by and does not say: learned, or added by an editor.

    One that an editor removed stays, with the moment, so that it is not learned again.
    """

    __tablename__ = "hidden_words"
    __table_args__ = (Index("ix_hidden_words_stem", "stem"),)

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    stem: Mapped[str] = mapped_column(String(32), primary_key=True)
    word: Mapped[str] = mapped_column(String(32))
    by_hand: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class ArticleLearning(Base):
    """How often the hidden words of an article changed: the index knows it by that number."""

    __tablename__ = "article_learning"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    generation: Mapped[int]
