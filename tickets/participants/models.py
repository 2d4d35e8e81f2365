"""Colleagues of the author who take part in one ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class Participant(Base):
    """A colleague sees one ticket and writes in it, while `removed_at` is not set.

    The row is the present state; who added and took out whom, and when, are events.
    """

    __tablename__ = "participants"
    __table_args__ = (Index("ix_participants_person", "person_id", "ticket_number"),)

    ticket_number: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("tickets.number"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
