"""Drafts, tickets, their messages, attachments and events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Company, Person
from core.db import Base, Json, Moment
from core.models import Blob
from tickets.lifecycle import State

_QUEUED = text(f"state = '{State.QUEUED.value}'")


class PolicyVersion(Base):
    """One published table of head starts (DESIGN section 2)."""

    __tablename__ = "policy_versions"
    __table_args__ = (Index("uq_policy_versions_published_with", "published_with", unique=True),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table: Mapped[Any] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    #: The form it was published with: pressing «Publicar» twice publishes one version.
    published_with: Mapped[str | None] = mapped_column(String(43))

    publisher: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[published_by])


class Draft(Base):
    """A ticket being written. It is filed at most once: `ticket_number` is set then.

    `owner` names who may touch it: `p:<person id>`, or `v:<visitor secret>` before sign-in.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    affection: Mapped[str] = mapped_column(String(40), default="")
    mark: Mapped[str] = mapped_column(String(10), default="normal")
    shown: Mapped[list[str]] = mapped_column(Json, default=list)
    opened: Mapped[list[str]] = mapped_column(Json, default=list)
    #: What its writer had searched for before, the last first; personal data is masked.
    searched: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    solved_by: Mapped[str | None] = mapped_column(String(200))
    solved_at: Mapped[datetime | None] = mapped_column(Moment)
    ticket_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    #: The ticket out of which it was begun: «es otra cosa». Asked again when it is filed.
    origin_number: Mapped[int | None] = mapped_column(BigInteger)
    #: When its matter reached us by another way, where a technician wrote that down; the ticket
    #: has arrived then (R5).
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The draft whose second problem this one holds (R6); that one may be forgotten first.
    divided_from: Mapped[str | None] = mapped_column(String(43), index=True)

    attachments: Mapped[list[Attachment]] = relationship(
        lazy="raise", primaryjoin="Draft.id == Attachment.draft_id", order_by="Attachment.id"
    )


class Ticket(Base):
    """One matter of one company. Its place in the queue is the stored key (R2, R5, R9)."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "ix_tickets_queue",
            "typology",
            "effective_arrival",
            "number",
            # The rest is only read: counting who is ahead, by reason, never leaves the index.
            "affection",
            "opened_at",
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        Index("ix_tickets_company", "company_id", "number"),
        Index("ix_tickets_author", "author_id", "number"),
        Index("ix_tickets_holder", "holder_id", "state"),
        Index("ix_tickets_changed", "changed_at", "number"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    subject: Mapped[str] = mapped_column(String(200))
    affection: Mapped[str] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(10))
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy_versions.version"))
    typology: Mapped[int] = mapped_column(SmallInteger)
    effective_arrival: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(20))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The form it was taken with: pressing «Tomar siguiente» twice takes one ticket.
    taken_with: Mapped[str | None] = mapped_column(String(43))
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    #: Until then customers see it in attention: the reply that moved it can still be undone.
    settles_at: Mapped[datetime | None] = mapped_column(Moment)
    conditions_version: Mapped[int] = mapped_column(ForeignKey("conditions_versions.version"))
    authorised_at: Mapped[datetime | None] = mapped_column(Moment)
    authorised_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    articles_shown: Mapped[list[str]] = mapped_column(Json, default=list)
    articles_opened: Mapped[list[str]] = mapped_column(Json, default=list)
    searched_before: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    #: The older ticket this one became part of (R8); its messages are read in that thread.
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    merged_at: Mapped[datetime | None] = mapped_column(Moment)

    company: Mapped[Company] = relationship(lazy="raise")
    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    holder: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[holder_id])


class TicketLink(Base):
    """One ticket points to another: `kind` says why. Both pages show it."""

    __tablename__ = "ticket_links"
    __table_args__ = (UniqueConstraint("from_number", "to_number", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    to_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Message(Base):
    """One message of a thread. `internal` ones are for staff only.

    A reply that can still be undone reaches the customer at `released_at`; None: at once.
    """

    __tablename__ = "messages"
    __table_args__ = (
        # Which tickets somebody answered; what customers write is not in it and costs nothing.
        Index(
            "ix_messages_staff",
            "author_id",
            "ticket_number",
            sqlite_where=text("from_staff = 1"),
            postgresql_where=text("from_staff"),
        ),
        Index("ix_messages_author_released", "author_id", "released_at"),
        # The number of a reply that was undone is never given to another message: the job of
        # its mail and the events that name it are still there.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_staff: Mapped[bool]
    internal: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment)
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The form it was sent with and what it said: pressing the button twice makes one message.
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    author: Mapped[Person] = relationship(lazy="raise")
    attachments: Mapped[list[Attachment]] = relationship(
        lazy="raise", order_by="Attachment.id", back_populates="message"
    )


class Attachment(Base):
    """A file of a draft or of a message; its bytes are the blob's."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("drafts.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    name: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    added_at: Mapped[datetime] = mapped_column(Moment)

    message: Mapped[Message | None] = relationship(lazy="raise", back_populates="attachments")
    blob: Mapped[Blob] = relationship(lazy="raise")


class TicketEvent(Base):
    """Something that happened to a ticket, in the order of commits; never changed.

    `hash` is over this event and `previous`, the hash of the ticket's event before it.
    """

    __tablename__ = "ticket_events"
    __table_args__ = (
        Index("ix_ticket_events_ticket", "ticket_number", "seq"),
        Index("ix_ticket_events_at", "at", "kind"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(30))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    data: Mapped[Any] = mapped_column(Json)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    actor: Mapped[Person | None] = relationship(lazy="raise")


class QueueMove(Base):
    """A ticket entered (+1) or left (-1) the queue with this key, by the event `seq`.

    Written with the event: whoever stood behind that key changed their place then.
    """

    __tablename__ = "queue_moves"
    __table_args__ = (Index("ix_queue_moves_ticket", "ticket_number", "seq"),)

    seq: Mapped[int] = mapped_column(
        ForeignKey("ticket_events.seq"), primary_key=True, autoincrement=False
    )
    delta: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    typology: Mapped[int] = mapped_column(SmallInteger)
    effective_arrival: Mapped[datetime] = mapped_column(Moment)
    affection: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(Moment)

    event: Mapped[TicketEvent] = relationship(lazy="raise", viewonly=True)


class TicketReturn(Base):
    """A technician gave a ticket back: others are offered it first from then on."""

    __tablename__ = "ticket_returns"

    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Satisfaction(Base):
    """What the customer said of the solution (R11); the last answer counts."""

    __tablename__ = "satisfactions"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    satisfied: Mapped[bool]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(Moment)
