"""People, companies, sessions and one-time links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, Moment, NameSet


class Company(Base):
    """A customer: tickets belong to it, people are its members."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    ruc: Mapped[str | None] = mapped_column(String(11))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Person(Base):
    """Somebody who can sign in: a member of a company, or staff with roles.

    An address belongs to one confirmed person. Registrations that were never confirmed may
    share it: they prove nothing, and refusing them would tell who has an account.
    """

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "uq_people_confirmed_email",
            "email",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index("ix_people_email", "email", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    rights: Mapped[frozenset[str]] = mapped_column(NameSet)
    roles: Mapped[frozenset[str]] = mapped_column(NameSet)
    locale: Mapped[str] = mapped_column(String(5), default="es")
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)

    company: Mapped[Company | None] = relationship(lazy="raise")


class UserSession(Base):
    """A signed-in browser. Only the hash of its secret is stored; deleting the row ends it."""

    __tablename__ = "user_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    browser: Mapped[str] = mapped_column(String(200), default="")


class OneTimeLink(Base):
    """A link sent to `email`, good for one purpose and one use.

    Asked for in a request, written by the outbox: until the mail is written nobody, not even
    the database, knows the secret; afterwards only its hash is here.
    """

    __tablename__ = "one_time_links"
    __table_args__ = (Index("ix_one_time_links_email", "email", "purpose", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    data: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class MailStop(Base):
    """A kind of mail that a person wants no longer (`accounts/mail_choices.py`)."""

    __tablename__ = "mail_stops"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(Moment)
