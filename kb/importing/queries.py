"""Reading imports, for editors."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from core.db import db
from kb.importing.models import ArticleImport


def latest_imports(limit: int = 10) -> Sequence[ArticleImport]:
    """The last imports with who began them."""
    query = select(ArticleImport).options(joinedload(ArticleImport.person))
    return db.session.scalars(query.order_by(ArticleImport.id.desc()).limit(limit)).all()


def import_by_id(import_id: int, *, content: bool = False) -> ArticleImport | None:
    """An import with its report and who began it; with its file where asked for."""
    query = select(ArticleImport).options(
        joinedload(ArticleImport.person), undefer(ArticleImport.told)
    )
    if content:
        query = query.options(undefer(ArticleImport.content))
    return db.session.scalar(query.where(ArticleImport.id == import_id))
