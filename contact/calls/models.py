"""Requests to be called back: what was asked, what was added, who tried, and which tickets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment
from tickets.models import Ticket


class CallRequest(Base):
    """Somebody asks to be called. `token` is the private address of the receipt, and the form
    it was sent with. The part of the day is a wish, never an appointment (R4).
    """

    __tablename__ = "call_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    part_of_day: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    attended_at: Mapped[datetime | None] = mapped_column(Moment)
    attended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(String(500), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Whose request this is while it waits: a second one of the same finds it. None afterwards.
    waiting_for: Mapped[str | None] = mapped_column(String(40), unique=True)
    #: Who is about to call, so that nobody else does meanwhile; it lapses by itself.
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    attendant: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[attended_by])
    claimer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[claimed_by])
    additions: Mapped[list[CallAddition]] = relationship(
        lazy="raise", order_by="CallAddition.id", back_populates="call"
    )
    attempts: Mapped[list[CallAttempt]] = relationship(lazy="raise", order_by="CallAttempt.id")
    joined: Mapped[list[CallTicket]] = relationship(lazy="raise", order_by="CallTicket.id")

    @property
    def waits(self) -> bool:
        """Whether somebody still has to call."""
        return self.attended_at is None and self.withdrawn_at is None


class CallAddition(Base):
    """A second request that found the first. `is_own`: of whoever asked first; else somebody
    who typed the same number, of whom nothing is known. `token` is the address of its receipt.
    """

    __tablename__ = "call_additions"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call_requests.id"), index=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    is_own: Mapped[bool]
    name: Mapped[str] = mapped_column(String(120))
    part_of_day: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    call: Mapped[CallRequest] = relationship(lazy="raise", back_populates="additions")


class CallAttempt(Base):
    """A technician called; `result` is one of `policy.RESULTS`. The note is for staff."""

    __tablename__ = "call_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call_requests.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    result: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    #: The form it was noted with: pressing the button twice notes one.
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    person: Mapped[Person] = relationship(lazy="raise")


class CallTicket(Base):
    """A ticket in whose thread the request stands, and the message that says so."""

    __tablename__ = "call_tickets"
    __table_args__ = (
        UniqueConstraint("call_id", "ticket_number"),
        Index("ix_call_tickets_ticket_number", "ticket_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call_requests.id"))
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    ticket: Mapped[Ticket] = relationship(lazy="raise")
