"""Conversations, their messages and pictures, who is on duty, and who may start none today."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Company, Person
from core.db import Base, Moment

_WAITING = text("holder_id IS NULL AND closed_at IS NULL")
_HELD = text("closed_at IS NULL")


class Chat(Base):
    """One conversation. `token` is its private address, and the form it was begun with.

    `last_seq` is the number of its last line. `version` moves with everything that one of the
    two sides can see, so that asking whether there is news reads one row.
    """

    __tablename__ = "chats"
    __table_args__ = (
        Index(
            "ix_chats_waiting",
            "arrived_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_chats_held", "holder_id", "id", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_chats_closed_at", "closed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5), default="es")
    #: A keyed hash of the network it came from; forgotten when the conversation ends.
    network: Mapped[str] = mapped_column(String(64), default="")
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The form it was taken with: pressing «Atender la siguiente» twice takes one.
    taken_with: Mapped[str | None] = mapped_column(String(43))
    #: The first moment a technician wrote; without one nothing may be mailed or filed.
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_seq: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    visitor_read: Mapped[int] = mapped_column(default=0)
    staff_read: Mapped[int] = mapped_column(default=0)
    visitor_typed_at: Mapped[datetime | None] = mapped_column(Moment)
    staff_typed_at: Mapped[datetime | None] = mapped_column(Moment)
    visitor_seen_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
    #: The open ticket that it was begun about (R7).
    about_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    #: The ticket that it became, or whose thread holds it; set once.
    ticket_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    #: What a technician offers a visitor to file after signing in, and the draft made of it.
    offered_subject: Mapped[str] = mapped_column(String(200), default="")
    offered_affection: Mapped[str] = mapped_column(String(40), default="")
    draft_id: Mapped[str | None] = mapped_column(String(43))
    #: The private address where it can only be read, and when it was asked for by mail.
    reading_token: Mapped[str | None] = mapped_column(String(43), unique=True)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)

    holder: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[holder_id])
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    company: Mapped[Company | None] = relationship(lazy="raise")


class ChatMessage(Base):
    """One line: of the visitor, of staff, or of the house (`event` says which, `body` of whom)."""

    __tablename__ = "chat_messages"
    __table_args__ = (Unique("chat_id", "seq"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    seq: Mapped[int]
    side: Mapped[str] = mapped_column(String(10))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    event: Mapped[str] = mapped_column(String(20), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(Moment)
    #: The key its writer's page gave it: sent again it is the same message.
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    author: Mapped[Person | None] = relationship(lazy="raise")
    picture: Mapped[ChatPicture | None] = relationship(lazy="raise", back_populates="message")


class ChatPicture(Base):
    """A picture of our own making in place of the image that was sent with a message."""

    __tablename__ = "chat_pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), unique=True
    )
    name: Mapped[str] = mapped_column(String(150))
    width: Mapped[int] = mapped_column(SmallInteger)
    height: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    message: Mapped[ChatMessage] = relationship(lazy="raise", back_populates="picture")


class ChatDuty(Base):
    """A technician is on duty for the chat, in the session in which they said so."""

    __tablename__ = "chat_duties"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    session_hash: Mapped[str] = mapped_column(String(64))
    on_at: Mapped[datetime] = mapped_column(Moment)


class ChatBlock(Base):
    """Nobody without an account starts a conversation from this network before `until`."""

    __tablename__ = "chat_blocks"

    network: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment)
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chats.id", ondelete="SET NULL"))
    by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
