"""Reading previews: through the same door as the attachments they show."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import undefer

from accounts.permissions import Actor
from core.db import db
from tickets.models import Attachment, Message
from tickets.previews.models import Preview
from tickets.queries import readable_attachment


def preview_for(actor: Actor | None, number: int, attachment_id: int, kind: str) -> Preview | None:
    """The picture of a file that `actor` may read, with its bytes."""
    readable = readable_attachment(actor, number, attachment_id)
    if readable is None:
        return None
    shown = readable.with_only_columns(Attachment.sha256).scalar_subquery()
    return db.session.scalar(
        select(Preview)
        .where(Preview.sha256 == shown, Preview.kind == kind)
        .options(undefer(Preview.content))
    )


def pictures_of(messages: Sequence[Message]) -> dict[str, Preview]:
    """The small pictures of the files of a thread by the files' SHA-256, without their bytes."""
    files = {file.sha256 for message in messages for file in message.attachments}
    if not files:
        return {}
    found = select(Preview).where(Preview.sha256.in_(files), Preview.kind == "small")
    return {preview.sha256: preview for preview in db.session.scalars(found)}


def without_pictures(message_id: int) -> list[str]:
    """The SHA-256 of the images of a message that have no picture yet."""
    there = select(Preview.sha256)
    return list(
        db.session.scalars(
            select(Attachment.sha256)
            .where(Attachment.message_id == message_id, Attachment.media_type.like("image/%"))
            .where(Attachment.sha256.not_in(there))
            .distinct()
        )
    )
