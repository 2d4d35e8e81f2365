"""Where the texts of articles lead."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Moment


class ArticleLink(Base):
    """One link or picture in the text of an article.

    `kind` is one of `kb.links.reading.Kind`; `goal` is the slug of an article or category, the
    key of a picture or the path of a page; `anchor` stands without its #.
    """

    __tablename__ = "article_links"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    goal: Mapped[str] = mapped_column(String(200), index=True)
    anchor: Mapped[str] = mapped_column(String(300))
    target: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(String(200))


class LinkReading(Base):
    """That the links of an article were read, of which revision, and what can be linked in it."""

    __tablename__ = "link_readings"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int]
    anchors: Mapped[list[str]] = mapped_column(Json)
    read_at: Mapped[datetime] = mapped_column(Moment)
