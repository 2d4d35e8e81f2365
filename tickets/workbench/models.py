"""What a technician is writing, and who is looking at a ticket now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class ReplyDraft(Base):
    """What one person was writing in one ticket: the reply (`text`) and the internal note."""

    __tablename__ = "reply_drafts"

    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Presence(Base):
    """Somebody of the desk who had the page of a ticket before them at `seen_at`."""

    __tablename__ = "presences"

    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    writing: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise")
