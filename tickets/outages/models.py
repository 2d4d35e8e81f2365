"""Outages, the dated log of each, and the tickets that joined them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Json, Moment
from tickets.models import Ticket


class Outage(Base):
    """One known outage. Its words are Spanish; the English ones may be empty."""

    __tablename__ = "outages"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(String(120), default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    affection: Mapped[str] = mapped_column(String(40))
    services: Mapped[list[str]] = mapped_column(Json, default=list)
    declared_at: Mapped[datetime] = mapped_column(Moment)
    declared_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: The form it was declared with: pressing the button twice declares one.
    form_id: Mapped[str] = mapped_column(String(43), unique=True)

    updates: Mapped[list[OutageUpdate]] = relationship(
        lazy="raise", order_by="OutageUpdate.id.desc()"
    )
    declarer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[declared_by])


class OutageUpdate(Base):
    """A dated line of an outage's log, which everybody reads; never changed."""

    __tablename__ = "outage_updates"

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_number: Mapped[int] = mapped_column(ForeignKey("outages.number"), index=True)
    body: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form_id: Mapped[str] = mapped_column(String(43), unique=True)


class OutageTicket(Base):
    """A ticket that an outage explains; at most one outage a ticket."""

    __tablename__ = "outage_tickets"
    __table_args__ = (Index("ix_outage_tickets_outage", "outage_number", "ticket_number"),)

    ticket_number: Mapped[int] = mapped_column(
        ForeignKey("tickets.number"), primary_key=True, autoincrement=False
    )
    outage_number: Mapped[int] = mapped_column(ForeignKey("outages.number"))
    joined_at: Mapped[datetime] = mapped_column(Moment)
    joined_by: Mapped[int] = mapped_column(ForeignKey("people.id"))

    outage: Mapped[Outage] = relationship(lazy="raise")
    ticket: Mapped[Ticket] = relationship(lazy="raise")
