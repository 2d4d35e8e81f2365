"""Categories, articles, their revisions and readers' votes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, Moment


class Category(Base):
    """A shelf of the FAQ."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(default=0)


class Article(Base):
    """An answer. Its texts are what readers see; `revision` is their number.

    While an article is published, saved changes may wait unpublished: they are the revision
    `last_revision`, which is then greater. Which state the moments mean, and who may see an
    article, say `kb.lifecycle` and `kb.queries.is_published`.
    """

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("translation_of", "lang"),
        Index("ix_articles_category_published", "category_id", "published_at"),
        Index("ix_articles_saved_at", "saved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(200))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    lang: Mapped[str] = mapped_column(String(5), default="es")
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(600), default="")
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    body: Mapped[str] = mapped_column(Text, deferred=True)
    #: The body without markup, kept because every result row cuts its passage from it.
    plain: Mapped[str] = mapped_column(Text, deferred=True)
    revision: Mapped[int] = mapped_column(default=1)
    last_revision: Mapped[int] = mapped_column(default=1)
    #: `everybody` or `staff`, see `kb.lifecycle.Audience`.
    audience: Mapped[str] = mapped_column(
        String(10), default="everybody", server_default="everybody"
    )
    created_at: Mapped[datetime] = mapped_column(Moment)
    #: When the text that readers see was written, and when anything was last saved.
    updated_at: Mapped[datetime] = mapped_column(Moment)
    saved_at: Mapped[datetime] = mapped_column(Moment, default=lambda c: _same(c, "updated_at"))
    review_asked_at: Mapped[datetime | None] = mapped_column(Moment)
    review_asked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: An address that was ever public leads on when it changes; another one is just changed.
    first_published_at: Mapped[datetime | None] = mapped_column(
        Moment, default=lambda c: _same(c, "published_at")
    )
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Planned moments; see `kb.timetable`.
    publish_at: Mapped[datetime | None] = mapped_column(Moment)
    expire_at: Mapped[datetime | None] = mapped_column(Moment)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: When somebody should look again; empty: so long after `verified_at` as the settings say.
    review_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The article this one says in another language, and the revision of it that it follows.
    translation_of: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    translated_revision: Mapped[int | None]

    category: Mapped[Category] = relationship(lazy="raise")

    @property
    def has_waiting_changes(self) -> bool:
        """Whether the last saved text is not the one readers see."""
        return self.last_revision > self.revision


def _same(context: Any, name: str) -> Any:
    return context.get_current_parameters().get(name)


class ArticleRevision(Base):
    """What an article said after one save: everything that is needed to bring it back."""

    __tablename__ = "article_revisions"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(600))
    body: Mapped[str] = mapped_column(Text, deferred=True)
    tags: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    lang: Mapped[str] = mapped_column(String(5), default="es", server_default="es")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment)
    #: When readers first got it; never, for changes that were replaced before.
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    restored_from: Mapped[int | None]
    #: Against the revision before: words added and taken away, and which parts differ. Empty
    #: for revisions older than these columns.
    words_added: Mapped[int | None]
    words_removed: Mapped[int | None]
    changed: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")


class ArticleVote(Base):
    """«¿Le resultó útil?»: once per visitor and revision. `reason` is a `kb.votes.policy.Reason`,
    '' where none was given."""

    __tablename__ = "article_votes"
    __table_args__ = (UniqueConstraint("article_id", "revision", "visitor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    revision: Mapped[int]
    visitor: Mapped[str] = mapped_column(String(64))
    useful: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(20), default="", server_default="")
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(Moment)
