"""The words of tickets, so that they can be found (decision 0019). Derived: losing them costs
a catch-up of the worker, never a ticket."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

#: As long as `kb.analysis` lets a word be.
LONGEST_TERM = 64


class TicketTerm(Base):
    """A ticket holds a word. `internal` ones stand in a note, which customers must not find."""

    __tablename__ = "ticket_terms"
    __table_args__ = (
        Index("ix_ticket_terms_ticket", "ticket_number"),
        # The key is the whole row: without a second copy of it the table is half as large.
        {"sqlite_with_rowid": False},
    )

    term: Mapped[str] = mapped_column(String(LONGEST_TERM), primary_key=True)
    # No foreign key: its check of every word would cost more than all the rest of the indexing.
    ticket_number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    internal: Mapped[bool] = mapped_column(primary_key=True, default=False)


class IndexedTicket(Base):
    """How far the words of a ticket are known: up to which message, by which analysis."""

    __tablename__ = "indexed_tickets"

    ticket_number: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("tickets.number"), primary_key=True, autoincrement=False
    )
    message_id: Mapped[int] = mapped_column(Integer)
    analysis: Mapped[int] = mapped_column(SmallInteger)
