"""Canned answers: texts that technicians begin a reply with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment

#: The affection of an answer that suits every ticket.
EVERY = ""


class CannedAnswer(Base):
    """One text, in Markdown with placeholders. It is archived, never deleted.

    `words` is title and body in lower case without accents, to look through.
    """

    __tablename__ = "canned_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    affection: Mapped[str] = mapped_column(String(40), default=EVERY)
    lang: Mapped[str] = mapped_column(String(2), default="es")
    words: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The form it was made with: sending it twice makes one.
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    author: Mapped[Person] = relationship(lazy="raise")
