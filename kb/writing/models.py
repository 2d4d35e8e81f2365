"""What editors have typed and not saved, who is at an article, and where an article came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Json, Moment


class ArticleDraft(Base):
    """The form of an article as somebody left it: one a person and article, and one for each
    new article that was begun.

    `place` is what `policy.place_of` says of the article, or the token of the page on which a new
    one was begun. When the article is deleted its drafts stay, as those of new ones. `fields` are
    the form's, by name, but for `text`.
    """

    __tablename__ = "article_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, list[str]]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(Moment, index=True)


class ArticlePresence(Base):
    """Somebody who had the form of an article before them at `seen_at`."""

    __tablename__ = "article_presences"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    writing: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise")


class ArticleSource(Base):
    """What an article was made of, as whoever made it names it: the FAQ knows nothing of it but
    a name, an address for staff and a key that tells whether it was made already."""

    __tablename__ = "article_sources"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime] = mapped_column(Moment)
