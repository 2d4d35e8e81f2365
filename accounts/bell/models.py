"""What is new for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Moment
from core.models import BigKey


class Notice(Base):
    """One thing that happened, for one person; `read_at` once they looked at what it is about.

    It keeps no words: `kind` and `facts` become words when it is read, and `about`
    («ticket:123») leads to what stands there now, if the person may still see it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "reference"),
        Index("ix_notices_unread", "person_id", "read_at", "about", "id"),
        Index("ix_notices_latest", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    #: What happened, named once: the same event rings once.
    reference: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
