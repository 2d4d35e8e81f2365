"""The company's conditions of support, version by version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment


class ConditionsVersion(Base):
    """One published text. It is never changed: each ticket links the one it was opened under."""

    __tablename__ = "conditions_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
