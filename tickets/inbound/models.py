"""What is remembered of mail that came in: never its words, but where they were cut."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment
from core.models import BigKey


class InboundMail(Base):
    """One mail and what became of it. `fingerprint` is unique: a mail is handled once, however
    often it is handed over. `note` is for administrators: the address a bounce is about, an error.
    """

    __tablename__ = "inbound_mails"
    __table_args__ = (
        Index("ix_inbound_mails_sender", "sender", "received_at"),
        Index("ix_inbound_mails_ticket", "ticket_number", "received_at"),
        Index("ix_inbound_mails_outcome", "outcome", "received_at"),
        Index("ix_inbound_mails_received", "received_at", "id"),
        Index("ix_inbound_mails_answered", "answered_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(43), unique=True)
    message_id: Mapped[str] = mapped_column(String(320), default="")
    sender: Mapped[str] = mapped_column(String(254), default="")
    received_at: Mapped[datetime] = mapped_column(Moment)
    size: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ticket_number: Mapped[int | None] = mapped_column(BigInteger)
    written_id: Mapped[int | None] = mapped_column(Integer)
    #: When an explanation was put on its way to the sender; None: none was.
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person | None] = relationship(lazy="raise")


class InboundOriginal(Base):
    """All the words of a mail of which some are not in its message: staff can read them."""

    __tablename__ = "inbound_originals"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, deferred=True)
    at: Mapped[datetime] = mapped_column(Moment)


class MailboxVisit(Base):
    """The last time the mailbox was read, one row; `error` is '' when it went well."""

    __tablename__ = "mailbox_visits"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    went_well_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(String(500), default="")


class MailboxTry(Base):
    """A mail of the mailbox that was begun to be read: one that ends the process each time is
    put aside. The row is gone when the mail was handled."""

    __tablename__ = "mailbox_tries"

    uid: Mapped[str] = mapped_column(String(120), primary_key=True)
    tries: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
