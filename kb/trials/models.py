"""Questions that editors try, with what is expected, what was found last, and what was accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Moment
from kb.models import Article


class Trial(Base):
    """One question. `place` is the best place of an expected article when it was last tried.

    `tested_with` names the index and the content of that moment; '' where it never was.
    `accepted_place` is the place that later runs are compared with.
    """

    __tablename__ = "trials"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    question: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(5), default="es")
    changed_at: Mapped[datetime] = mapped_column(Moment)
    tested_with: Mapped[str] = mapped_column(String(43), default="")
    tested_at: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[int | None]
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_place: Mapped[int | None]

    articles: Mapped[list[Article]] = relationship(
        secondary="trial_articles", order_by=Article.title, lazy="raise"
    )


class TrialArticle(Base):
    """An article that answers a question."""

    __tablename__ = "trial_articles"

    trial_id: Mapped[int] = mapped_column(
        ForeignKey("trials.id", ondelete="CASCADE"), primary_key=True
    )
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True
    )
