"""Searches that happened, what became of them, and how often articles are opened."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Moment
from core.models import BigKey

MAX_WORDS, MAX_KEY = 200, 200


class Search(Base):
    """One search of one visitor, told once however it was typed; kept for 90 days.

    `words` are masked. `key` are the sorted stems: searches for the same thing share it.
    `visitor` is the hash of a browser's key, `p:<id>` of a person, or `browser`, which is a hash
    that changes every day. `shown` are the ids of the first page, `opened_place` counts from 1.
    """

    __tablename__ = "searches"
    __table_args__ = (
        Index("ix_searches_at", "at"),
        Index("ix_searches_visitor", "visitor", "last_at"),
        Index("ix_searches_key", "key", "at"),
        Index("ix_searches_top", "top_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    visitor: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(2))
    words: Mapped[str] = mapped_column(String(MAX_WORDS))
    key: Mapped[str] = mapped_column(String(MAX_KEY))
    total: Mapped[int]
    complete: Mapped[bool]
    shown: Mapped[list[int]] = mapped_column(Json, default=list)
    #: The first result, for what lands on an article that does not answer it.
    top_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"))
    opened_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="SET NULL"))
    opened_place: Mapped[int | None]
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    reworded_at: Mapped[datetime | None] = mapped_column(Moment)
    ticket_at: Mapped[datetime | None] = mapped_column(Moment)


class SearchSalt(Base):
    """The secret of one day's browser hashes. With it gone, nobody can repeat them."""

    __tablename__ = "search_salts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[str] = mapped_column(String(43))


class SearchMonth(Base):
    """What is left of a month's searches after 90 days: counts by key."""

    __tablename__ = "search_months"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    searches: Mapped[int]
    unanswered: Mapped[int]
    opened: Mapped[int]
    tickets: Mapped[int]


class DismissedSearch(Base):
    """A gap that an editor put aside, with how many visitors it had by then."""

    __tablename__ = "dismissed_searches"

    lang: Mapped[str] = mapped_column(String(2), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    words: Mapped[str] = mapped_column(String(MAX_WORDS))
    visitors: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class ArticleOpening(Base):
    """How often an article was opened on one day; nothing of who did."""

    __tablename__ = "article_openings"
    __table_args__ = (Index("ix_article_openings_day", "day"),)

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int]
