"""Storing pictures for articles, and forgetting those that nothing shows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit, imaging
from core.db import db, transaction
from core.pictures import FOLDER, key_of, names_in
from kb.images.models import ArticleImage
from kb.models import Article, ArticleRevision
from kb.writing.models import ArticleDraft

#: Longest side of a stored picture, in pixels.
LONGEST_SIDE = 1600
#: A picture that no text shows is kept this long: its text may not have been saved yet.
KEPT_UNUSED = timedelta(days=30)
TEXTS_AT_A_TIME = 200


def store_image(
    *,
    actor: Actor | None,
    content: bytes,
    alt: str = "",
    drawn: bool = False,
    now: datetime,
) -> str:
    """Draw a picture anew and store it; its address. Storing it twice is as good as once.

    `content` is what somebody sent, checked by `core.files`; `drawn` of a picture that was drawn
    here or on another site of ours keeps its bytes. Raises `core.imaging.Broken`.
    """
    # Drawing takes a while: nothing of the database is held meanwhile.
    db.session.rollback()
    picture = imaging.pictures_of(content, {"article": LONGEST_SIDE})[0]
    if drawn:
        # A picture of ours that comes back: drawn again it would be another one.
        picture = replace(picture, content=content)
    name = hashlib.sha256(picture.content).hexdigest()[:32]
    person_id = actor.person_id if actor else None
    with transaction() as session:
        insert = postgresql_insert if _is_postgresql(session) else sqlite_insert
        row = {
            "name": name,
            "width": picture.width,
            "height": picture.height,
            "size": len(picture.content),
            "content": picture.content,
            "alt": alt[:300],
            "uploader_id": person_id,
            "added_at": now,
        }
        # Who sends it again wants it again: the time in which it may wait for a text begins anew.
        renewed = {"added_at": now, **({"alt": alt[:300]} if alt else {})}
        statement = insert(ArticleImage).values(row)
        session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=renewed))
        audit.record("image.stored", f"image:{name}", actor_id=person_id, now=now)
    return f"{FOLDER}{key_of(name, picture.width, picture.height)}.webp"


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def purge(*, now: datetime) -> int:
    """Forget pictures that were stored long ago and stand in no article, no revision of one and
    nothing that somebody is writing; how many."""
    with transaction() as session:
        old = set(
            session.scalars(
                select(ArticleImage.name).where(ArticleImage.added_at < now - KEPT_UNUSED)
            )
        )
        unused = old - _shown(session) if old else old
        for name in sorted(unused):
            session.execute(delete(ArticleImage).where(ArticleImage.name == name))
            audit.record("image.forgotten", f"image:{name}", actor_id=None, now=now)
        return len(unused)


def _shown(session: Session) -> set[str]:
    shown: set[str] = set()
    for text in (Article.body, ArticleRevision.body, ArticleDraft.text):
        rows = session.scalars(
            select(text).where(text.contains(FOLDER)),
            execution_options={"yield_per": TEXTS_AT_A_TIME},
        )
        for body in rows:
            shown |= names_in(body)
    return shown
