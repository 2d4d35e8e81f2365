"""The diary of accesses to a customer's server (R12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment

_INSIDE = text("left_at IS NULL")


class AccessEntry(Base):
    """One time a technician was inside; `left_at` is empty while they are.

    A line is never deleted and says for ever what it said: only the moment of leaving is added,
    once. A mistake is mended by another line, whose `corrects_id` is the wrong one.
    """

    __tablename__ = "access_entries"
    __table_args__ = (
        Index(
            "ix_access_entries_inside",
            "person_id",
            sqlite_where=_INSIDE,
            postgresql_where=_INSIDE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    #: Who was inside, and who wrote the line: a colleague may correct it.
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    server: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    entered_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Who said that they left: a colleague may, for somebody who no longer works here.
    left_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    #: A line is corrected once; a second mistake is mended in the correction.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("access_entries.id"), unique=True)
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    writer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[written_by])
    leaver: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[left_by])
