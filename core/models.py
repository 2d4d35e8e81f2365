"""Rows that no feature owns: settings, audit entries, outbox jobs, counters, limits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Moment

#: A key that grows: SQLite wants INTEGER for it, PostgreSQL should not run out of numbers.
BigKey = BigInteger().with_variant(Integer, "sqlite")


class Setting(Base):
    """One setting an administrator has changed; the others keep their default."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Counter(Base):
    """A number handed out one by one, in commit order and without gaps."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class AuditEntry(Base):
    """Who did what, written in the transaction of what it records; never changed."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor_id: Mapped[int | None] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    data: Mapped[Any] = mapped_column(Json)


class Job(Base):
    """Work to be done after the commit: a mail, an article to index."""

    __tablename__ = "outbox_jobs"
    __table_args__ = (
        Index(
            "ix_outbox_jobs_due",
            "run_at",
            "id",
            sqlite_where=text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment)
    run_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None] = mapped_column(Text)


class RateWindow(Base):
    """Hits of one rate limit in one window; shared by all processes."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    hits: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Blob(Base):
    """Bytes of an attachment, stored once however often they are sent."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Mail(Base):
    """One mail to one person, and how far it got. Each step is stored before the next is taken.

    `begun_at` without `handed_at`: the server does not have it. `handed_at` without `sent_at`: it
    was given the whole mail and nobody heard the answer, so it may arrive twice; `doubtful`
    counts how often that happened. What the mail said is not kept.
    """

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("reference", "recipient"),
        Index("ix_mails_thread", "thread", "recipient"),
        Index("ix_mails_created_at", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    reference: Mapped[str] = mapped_column(String(200))
    recipient: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(500))
    thread: Mapped[str | None] = mapped_column(String(200))
    job_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    handed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    attempts: Mapped[int] = mapped_column(default=1)
    doubtful: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    #: A server further on gave it back, and what it said.
    bounced_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    bounce: Mapped[str | None] = mapped_column(String(500))
