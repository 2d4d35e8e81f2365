"""Who was called by name in an internal note."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment
from tickets.models import Message, Ticket


class Mention(Base):
    """A note calls a person of the desk by name; `seen_at` once they have opened it."""

    __tablename__ = "mentions"
    __table_args__ = (
        Index("ix_mentions_person", "person_id", "seen_at", "message_id"),
        Index("ix_mentions_ticket", "ticket_number"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)

    message: Mapped[Message] = relationship(lazy="raise")
    ticket: Mapped[Ticket] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])
