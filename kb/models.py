"""Categories, articles, their revisions and readers' votes."""

from __future__ import annotations

from datetime import datetime

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
    """An answer. It is published while `published_at` is set.

    `withdrawn_at` is the moment of the last withdrawal: an article that has neither moment was
    never public, and only then its address may still change.
    """

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("slug"),
        Index("ix_articles_category_published", "category_id", "published_at"),
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
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    category: Mapped[Category] = relationship(lazy="raise")


class ArticleRevision(Base):
    """The text of an article as it was after one save."""

    __tablename__ = "article_revisions"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(600))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment)


class ArticleVote(Base):
    """«¿Le resultó útil?»: once per visitor and revision."""

    __tablename__ = "article_votes"
    __table_args__ = (UniqueConstraint("article_id", "revision", "visitor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    revision: Mapped[int]
    visitor: Mapped[str] = mapped_column(String(64))
    useful: Mapped[bool]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(Moment)
