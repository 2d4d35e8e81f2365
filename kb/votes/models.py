"""Where an article stands by its votes."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class ArticleStanding(Base):
    """The votes of an article added up, of all its revisions: what lists are ordered by.

    `bound` is `policy.lower_bound` of the useful ones. It follows from `article_votes`.
    """

    __tablename__ = "article_standings"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    useful: Mapped[int]
    useless: Mapped[int]
    bound: Mapped[float]
