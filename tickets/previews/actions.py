"""Asking for pictures of what was attached, and storing them."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from core import imaging, outbox
from core.db import db, transaction
from core.models import Blob
from tickets.models import Attachment
from tickets.previews.models import Preview

log = logging.getLogger(__name__)
JOB = "tickets.preview"


def ask_for(session: Session, message_id: int, *, now: datetime) -> None:
    """Have pictures made of a message's images; belongs into the transaction under way."""
    images = select(func.count()).select_from(Attachment)
    images = images.where(Attachment.message_id == message_id)
    if session.scalar(images.where(Attachment.media_type.like("image/%"))):
        outbox.enqueue(JOB, {"message_id": message_id}, now=now)


def ask_for_missing(*, now: datetime) -> int:
    """Ask again for every message whose images have no picture; how many messages."""
    there = select(Preview.sha256)
    with transaction():
        messages = db.session.scalars(
            select(Attachment.message_id)
            .where(Attachment.message_id.is_not(None), Attachment.media_type.like("image/%"))
            .where(Attachment.sha256.not_in(there))
            .distinct()
        ).all()
        for message_id in messages:
            outbox.enqueue(JOB, {"message_id": message_id}, now=now)
        return len(messages)


def make(sha256: str) -> bool:
    """Draw and store the pictures of one image; False for one of which none can be made."""
    blob = db.session.get(Blob, sha256, options=[undefer(Blob.content)])
    content = blob.content if blob else b""
    # Drawing takes a while: nothing of the database is held meanwhile.
    db.session.rollback()
    try:
        pictures = imaging.pictures_of(content)
    except imaging.Broken as reason:
        log.info("no preview of %s: %s", sha256[:12], reason)
        return False
    with transaction() as session:
        drawn = session.scalar(select(Preview.kind).where(Preview.sha256 == sha256).limit(1))
        if drawn is not None or session.get(Blob, sha256) is None:
            return False
        for one in pictures:
            session.add(
                Preview(
                    sha256=sha256,
                    kind=one.kind,
                    width=one.width,
                    height=one.height,
                    content=one.content,
                )
            )
    return True
