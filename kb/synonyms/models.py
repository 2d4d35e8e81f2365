"""Groups of words that stand for one another in a search."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class SynonymGroup(Base):
    """One group. `phrases` is one word or short phrase a line, as the editor wrote them."""

    __tablename__ = "synonym_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    phrases: Mapped[str] = mapped_column(Text)
    #: The phrases in lower case without accents, in order: the same words are the same group.
    words: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2), default="es")
    #: Whoever looks for the first finds the others, and not the other way round.
    one_way: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    revision: Mapped[int] = mapped_column(default=1)
    #: Nobody wrote the groups that came with the site.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    #: The form it was made with: sending it twice makes one.
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    author: Mapped[Person | None] = relationship(lazy="raise")
