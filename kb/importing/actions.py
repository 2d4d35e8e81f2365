"""What editors do with a file of articles: show it, confirm it, discard it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from accounts.permissions import Actor
from core import audit, outbox
from core.db import transaction
from kb.importing.models import ArticleImport

#: The outbox job that does a confirmed import.
IMPORT_JOB = "kb.import"
#: A file that nobody confirmed is forgotten after this long.
KEPT_FOR = timedelta(days=1)


class Gone(Exception):
    """The import does not exist, or is not waiting for an answer any more."""


def propose_import(
    *, actor: Actor, name: str, content: bytes, told: dict[str, Any], now: datetime
) -> int:
    """Keep a file with what it would change; its number. Old unconfirmed files are forgotten."""
    with transaction() as session:
        session.execute(
            update(ArticleImport)
            .where(ArticleImport.added_at < now - KEPT_FOR, ArticleImport.confirmed_at.is_(None))
            .where(ArticleImport.discarded_at.is_(None))
            .values(content=None, discarded_at=now)
        )
        row = ArticleImport(
            name=name, content=content, told=told, person_id=actor.person_id, added_at=now
        )
        session.add(row)
        session.flush()
        audit.record(
            "import.proposed", f"import:{row.id}", actor_id=actor.person_id, now=now, name=name
        )
        return row.id


def confirm_import(*, actor: Actor, import_id: int, now: datetime) -> None:
    """Let the worker do it; once is as good as twice. Raises Gone."""
    with transaction() as session:
        row = session.get(ArticleImport, import_id, with_for_update=True)
        if row is None or row.discarded_at is not None:
            raise Gone
        if row.confirmed_at is None:
            row.confirmed_at = now
            outbox.enqueue(IMPORT_JOB, {"import_id": import_id}, now=now)
            audit.record(
                "import.confirmed", f"import:{import_id}", actor_id=actor.person_id, now=now
            )


def discard_import(*, actor: Actor, import_id: int, now: datetime) -> None:
    """Forget a file that was not confirmed; once is as good as twice. Raises Gone."""
    with transaction() as session:
        row = session.get(ArticleImport, import_id, with_for_update=True)
        if row is None or row.confirmed_at is not None:
            raise Gone
        if row.discarded_at is None:
            row.content, row.discarded_at = None, now
            audit.record(
                "import.discarded", f"import:{import_id}", actor_id=actor.person_id, now=now
            )


def finish_import(*, import_id: int, told: dict[str, Any], now: datetime) -> None:
    """Store what an import did, and forget its file."""
    with transaction() as session:
        row = session.get_one(ArticleImport, import_id, with_for_update=True)
        row.told, row.content, row.done_at = told, None, now
