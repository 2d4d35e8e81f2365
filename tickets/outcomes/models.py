"""Episodes of suggestions, without a word of what was written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment


class Episode(Base):
    """A draft to which articles were shown, kept when the draft is forgotten.

    `draft` is the hash of its id, `owner` whose it is (as `Draft.owner`; '' once forgotten).
    `returned_ticket` is another ticket than the draft's own, where that one took the «sí» back.
    """

    __tablename__ = "suggestion_episodes"
    __table_args__ = (
        Index("ix_suggestion_episodes_owner", "owner", "solved_at"),
        Index("ix_suggestion_episodes_company", "company_id", "solved_at"),
        Index("ix_suggestion_episodes_began", "began_at"),
        Index("ix_suggestion_episodes_ticket", "ticket_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(80))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    began_at: Mapped[datetime] = mapped_column(Moment)
    solved_at: Mapped[datetime | None] = mapped_column(Moment)
    solved_article: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id", ondelete="SET NULL")
    )
    filed_at: Mapped[datetime | None] = mapped_column(Moment)
    ticket_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    returned_at: Mapped[datetime | None] = mapped_column(Moment)
    returned_ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))


class ShownArticle(Base):
    """An article shown in an episode: first at which place, when, and when it was opened."""

    __tablename__ = "shown_articles"

    episode_id: Mapped[int] = mapped_column(
        ForeignKey("suggestion_episodes.id", ondelete="CASCADE"), primary_key=True
    )
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    revision: Mapped[int]
    place: Mapped[int] = mapped_column(SmallInteger)
    shown_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
