"""Uses of articles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment
from kb.usage.policy import MAX_KEY


class ArticleUse(Base):
    """One thing that a draft or a ticket did with an article, see `policy.Use`.

    `revision` is the article's at that moment. `key` names the draft or ticket.
    """

    __tablename__ = "article_uses"
    __table_args__ = (
        UniqueConstraint("article_id", "kind", "key"),
        Index("ix_article_uses_key", "key", "kind"),
        Index("ix_article_uses_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(MAX_KEY))
    at: Mapped[datetime] = mapped_column(Moment)
