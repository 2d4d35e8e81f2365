"""Reading pictures of articles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from core.db import db
from core.pictures import name_of
from kb.images.models import ArticleImage


def image_by_key(key: str, *, content: bool = False) -> ArticleImage | None:
    """The picture that stands under `key` in an address; None where nothing does."""
    query = select(ArticleImage).options(joinedload(ArticleImage.uploader))
    if content:
        query = query.options(undefer(ArticleImage.content))
    image = db.session.scalar(query.where(ArticleImage.name == name_of(key)))
    return image if image is not None and image.key == key else None


def images(*, page: int, size: int) -> tuple[Sequence[ArticleImage], int]:
    """One page of all pictures, the last added first, and how many there are. For editors."""
    total = db.session.scalar(select(func.count()).select_from(ArticleImage)) or 0
    query = select(ArticleImage).options(joinedload(ArticleImage.uploader))
    query = query.order_by(ArticleImage.added_at.desc(), ArticleImage.name)
    return db.session.scalars(query.offset((page - 1) * size).limit(size)).all(), total
