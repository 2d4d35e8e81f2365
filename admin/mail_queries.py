"""What administrators read of mails: how far each got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.db import db
from core.models import Job, Mail

#: The filters of the log, in their order on the page.
FILTERS = ("espera", "enviados", "dudosos", "rebotados", "fallidos")


@dataclass(frozen=True)
class Logged:
    """A mail and whether it can be tried again."""

    mail: Mail
    can_retry: bool

    @property
    def state(self) -> str:
        """One of espera, enviados, rebotados, fallidos; a doubt is said beside it."""
        if self.mail.bounced_at is not None:
            return "rebotados"
        if self.mail.sent_at is not None:
            return "enviados"
        return "fallidos" if self.mail.failed_at is not None else "espera"

    @property
    def in_doubt(self) -> bool:
        """It may have arrived although nobody said so, or may have arrived twice."""
        return self.mail.doubtful > 0 or (
            self.mail.handed_at is not None and self.mail.sent_at is None
        )


def logged(state: str, *, offset: int, limit: int) -> tuple[Sequence[Logged], int]:
    """Mails of a filter ("" for all), the last one first, and how many there are."""
    found = _filter(state)
    rows = db.session.execute(
        select(Mail, Job.failed_at.is_not(None))
        .outerjoin(Job, Job.id == Mail.job_id)
        .where(*found)
        .order_by(Mail.created_at.desc(), Mail.id.desc())
        .offset(offset)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).select_from(Mail).where(*found)) or 0
    return [_logged(mail, bool(failed)) for mail, failed in rows], total


def failed_mails() -> int:
    """How many mails were given up and not sent."""
    found = _filter("fallidos")
    return db.session.scalar(select(func.count()).select_from(Mail).where(*found)) or 0


def was_written(name: str, *, since: datetime) -> bool:
    """Whether a mail of this name was begun since then."""
    found = select(Mail.id).where(Mail.name == name, Mail.created_at >= since).limit(1)
    return db.session.scalar(found) is not None


def last_test(recipient: str) -> Logged | None:
    """The last test mail to this address."""
    mail = db.session.scalar(
        select(Mail)
        .where(Mail.name == "mail_test", Mail.recipient == recipient)
        .order_by(Mail.id.desc())
        .limit(1)
    )
    return _logged(mail, False) if mail else None


def _logged(mail: Mail, job_failed: bool) -> Logged:
    retry = job_failed and mail.sent_at is None and mail.failed_at is not None
    return Logged(mail, retry)


def _filter(state: str) -> list[ColumnElement[bool]]:
    unsent = Mail.sent_at.is_(None)
    known: dict[str, list[ColumnElement[bool]]] = {
        "espera": [unsent, Mail.failed_at.is_(None), Mail.bounced_at.is_(None)],
        "enviados": [Mail.sent_at.is_not(None), Mail.bounced_at.is_(None)],
        "dudosos": [or_(Mail.doubtful > 0, and_(unsent, Mail.handed_at.is_not(None)))],
        "rebotados": [Mail.bounced_at.is_not(None)],
        "fallidos": [unsent, Mail.failed_at.is_not(None)],
    }
    return known.get(state, [])
