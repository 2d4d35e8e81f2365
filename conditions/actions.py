"""Publishing the conditions: a new version each time, and never a change to an old one."""

from __future__ import annotations

import hashlib
from datetime import datetime

from accounts.permissions import Actor
from conditions import queries
from conditions.models import ConditionsVersion
from core import audit
from core.counters import touch_content
from core.db import transaction
from core.text import clean_line, clean_text

TITLE_LENGTH = 200


class NothingChangedError(Exception):
    """The text is the one already in force."""


class OutdatedError(Exception):
    """Somebody published another version while this one was being written."""


def publish(*, title: str, body: str, after: int, actor: Actor, now: datetime) -> int:
    """Put a new version in force and return its number; the earlier ones stay as they are.

    `body` is Markdown; `after` is the version it was written from, 0 for none. Raises
    NothingChangedError when title and text are those in force, else OutdatedError when
    `after` is not.
    """
    with transaction() as session:
        # First, because its row locks out whoever publishes at the same moment.
        touch_content()
        before = queries.current()
        version = _version(title, body, after=before, actor_id=actor.person_id, now=now)
        if before and (before.title, before.sha256) == (version.title, version.sha256):
            raise NothingChangedError
        if after != (before.version if before else 0):
            raise OutdatedError
        session.add(version)
        audit.record(
            "conditions.published",
            f"conditions:{version.version}",
            actor_id=actor.person_id,
            now=now,
            sha256=version.sha256,
        )
        return version.version


def publish_first(text: str, *, now: datetime) -> None:
    """Publish version 1 from `text` (front matter with a title, then Markdown).

    Does nothing when any version exists. Raises ValueError when the title is missing.
    """
    if queries.current() is not None:
        return
    title, body = split_front_matter(text)
    with transaction() as session:
        if queries.current() is not None:
            return
        session.add(_version(title, body, after=None, actor_id=None, now=now))
        touch_content()
        audit.record("conditions.published", "conditions:1", actor_id=None, now=now)


def split_front_matter(text: str) -> tuple[str, str]:
    """Title and body of `---`, `title: …`, `---`, Markdown. Raises ValueError."""
    opening, _, rest = text.lstrip("\ufeff").partition("\n")
    head, closing, body = rest.partition("\n---")
    if opening.strip() != "---" or not closing:
        raise ValueError("the conditions begin with a front matter between two lines of ---")
    for line in head.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "title" and value.strip():
            return value.strip().strip("\"'"), body.lstrip("-").strip()
    raise ValueError("the front matter of the conditions has no title")


def _version(
    title: str, body: str, *, after: ConditionsVersion | None, actor_id: int | None, now: datetime
) -> ConditionsVersion:
    kept = clean_text(body).strip() + "\n"
    return ConditionsVersion(
        version=after.version + 1 if after else 1,
        title=clean_line(title, TITLE_LENGTH),
        body=kept,
        sha256=hashlib.sha256(kept.encode()).hexdigest(),
        published_at=now,
        published_by=actor_id,
    )
