"""Imports that editors begin in the browser, and what their articles are called outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Json, Moment


class SourceNumber(Base):
    """The article that a source outside knows by a number, in one language: `zendesk`, `36001`.
    One article may have several: what was deleted there and written again has another."""

    __tablename__ = "source_numbers"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    lang: Mapped[str] = mapped_column(String(5), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), index=True
    )


class ArticleImport(Base):
    """A file somebody sent, what it would change, and what it changed.

    `content` is kept until it was done or discarded. `told` is a report as
    `kb.importing.running.Report.plain` says it: of the dry run, later of the import itself.
    """

    __tablename__ = "article_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    told: Mapped[Any] = mapped_column(Json, deferred=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    #: When it was given up by its editor, or forgotten because nobody confirmed it.
    discarded_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise")
