"""Articles by the numbers that their source knows them by: a title may change there, and with it
the address, and it is the same article here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from sqlalchemy import select

from core.db import db, transaction
from kb.importing.models import SourceNumber
from kb.models import Article

#: A number there, and the language of the text.
Key: TypeAlias = tuple[str, str]


def known_slugs(source: str, keys: Collection[Key]) -> dict[Key, str]:
    """The present address of each article that is here in the language it has there."""
    rows = db.session.execute(
        select(SourceNumber.number, SourceNumber.lang, Article.slug)
        .join(Article, Article.id == SourceNumber.article_id)
        .where(SourceNumber.source == source, SourceNumber.lang == Article.lang)
        .where(SourceNumber.number.in_({number for number, _ in keys}))
    )
    return {(number, lang): slug for number, lang, slug in rows if (number, lang) in keys}


def numbers_of(source: str, ids: Collection[int]) -> dict[int, set[Key]]:
    """The numbers that a source had for these articles."""
    found: dict[int, set[Key]] = {}
    rows = db.session.scalars(
        select(SourceNumber).where(SourceNumber.source == source, SourceNumber.article_id.in_(ids))
    )
    for row in rows:
        found.setdefault(row.article_id, set()).add((row.number, row.lang))
    return found


def remember(*, source: str, slugs: Mapping[Key, str]) -> int:
    """Keep which article, by its address, has which number; how many were not known so. It may
    run twice. What is not here is passed over."""
    known = known_slugs(source, slugs.keys())
    fresh = {key: slug for key, slug in slugs.items() if known.get(key) != slug}
    if not fresh:
        return 0
    made = 0
    with transaction() as session:
        rows = session.execute(
            select(Article.slug, Article.id)
            .where(Article.slug.in_(set(fresh.values())))
            .with_for_update(key_share=True)
        )
        ids: dict[str, int] = dict(rows.all())
        for (number, lang), slug in sorted(fresh.items()):
            if slug not in ids:
                continue
            row = session.get(SourceNumber, (source, number, lang))
            if row is None:
                row = SourceNumber(source=source, number=number, lang=lang)
                session.add(row)
            row.article_id = ids[slug]
            made += 1
    return made
