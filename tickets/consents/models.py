"""What a customer agreed to, as a record (R12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class Consent(Base):
    """One declaration about one ticket; rows are only ever added.

    `text_hash` is the SHA-256 of the conditions as they were shown. `address` is where the
    request came from, '' where nobody knows.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    conditions_version: Mapped[int] = mapped_column(ForeignKey("conditions_versions.version"))
    text_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(45), default="")
    #: The form it was sent with: an old press that arrives again must not undo a later one.
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)

    person: Mapped[Person] = relationship(lazy="raise")
