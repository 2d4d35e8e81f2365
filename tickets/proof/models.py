"""What the audits of the log found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment


class AuditRun(Base):
    """One audit. `digest` covers every event up to `last_seq`: a later audit must find it again.

    `problem` is a code of `tickets.log_records.Finding`, None where everything holds.
    """

    __tablename__ = "audit_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    events: Mapped[int] = mapped_column(BigInteger)
    tickets: Mapped[int] = mapped_column(BigInteger)
    hand_outs: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    problem: Mapped[str | None] = mapped_column(String(30))
    problem_seq: Mapped[int | None] = mapped_column(BigInteger)
    problem_ticket: Mapped[int | None] = mapped_column(BigInteger)
