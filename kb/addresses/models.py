"""Former addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment


class FormerAddress(Base):
    """An address that an article had while it was public. It leads to the article that has it
    now, or, where that was deleted, to the category it stood in.

    Whoever holds an address comes first: a row whose slug an article took again is deleted.
    """

    __tablename__ = "former_addresses"
    __table_args__ = (
        CheckConstraint("article_id IS NOT NULL OR category_id IS NOT NULL", name="leads_on"),
    )

    slug: Mapped[str] = mapped_column(String(200), primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    left_at: Mapped[datetime] = mapped_column(Moment)


class FormerShelf(Base):
    """An address that a category had."""

    __tablename__ = "former_shelves"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    left_at: Mapped[datetime] = mapped_column(Moment)
