"""What customers keep encrypted with a ticket, and who read it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment

_KEPT = text("sealed IS NOT NULL")


class Secret(Base):
    """A password or key, encrypted. It belongs to a draft until that is filed, then to a ticket.

    `sealed` is None once it was wiped: `wiped_why` is then «expired», «removed» or «closed».
    """

    __tablename__ = "secrets"
    __table_args__ = (
        Index("ix_secrets_expiry", "expires_at", sqlite_where=_KEPT, postgresql_where=_KEPT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Its identity, which the encryption is bound to: a ciphertext cannot change places.
    identity: Mapped[str] = mapped_column(String(43), unique=True)
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("drafts.id"), index=True)
    ticket_number: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("tickets.number"), index=True
    )
    #: The N of «[dato cifrado N]» in the texts.
    position: Mapped[int] = mapped_column(SmallInteger)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: Taken out of an internal note: no customer knows of it.
    internal: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(80), default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    days: Mapped[int] = mapped_column(SmallInteger)
    kept_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    wiped_at: Mapped[datetime | None] = mapped_column(Moment)
    wiped_why: Mapped[str | None] = mapped_column(String(10))
    #: The form it came with and what that said: pressing twice keeps one.
    once: Mapped[str] = mapped_column(String(43), unique=True)

    author: Mapped[Person | None] = relationship(lazy="raise")
    readings: Mapped[list[SecretReading]] = relationship(lazy="raise", order_by="SecretReading.id")


class SecretReading(Base):
    """A technician saw the value; never changed."""

    __tablename__ = "secret_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_id: Mapped[int] = mapped_column(ForeignKey("secrets.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise")
