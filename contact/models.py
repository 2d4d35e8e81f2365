"""Requests to be called back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class CallRequest(Base):
    """Somebody asks to be called. `token` is the private address of the receipt, and the form
    it was sent with. The part of the day is a wish, never an appointment (R4).
    """

    __tablename__ = "call_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20))
    part_of_day: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    attended_at: Mapped[datetime | None] = mapped_column(Moment)
    attended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(String(500), default="")

    attendant: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[attended_by])
