"""Addresses that imported articles had before: they lead on here too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.counters import touch_content
from core.db import transaction
from kb.addresses.models import FormerAddress
from kb.importing.entries import Entry
from kb.models import Article


def take_former(entries: Sequence[Entry], *, now: datetime) -> int:
    """Let the former addresses of articles lead to them, where nothing else has them; how many."""
    told = {former: entry.slug for entry in entries for former in entry.former}
    if not told:
        return 0
    made = 0
    with transaction() as session:
        taken = set(session.scalars(select(Article.slug).where(Article.slug.in_(told))))
        former_ones = select(FormerAddress.slug).where(FormerAddress.slug.in_(told))
        taken |= set(session.scalars(former_ones))
        rows = session.execute(
            select(Article.slug, Article.id).where(Article.slug.in_(told.values()))
        )
        numbers = {row.slug: row.id for row in rows}
        for former, slug in told.items():
            if former not in taken and slug in numbers:
                session.add(FormerAddress(slug=former, article_id=numbers[slug], left_at=now))
                made += 1
        if made:
            touch_content()
    return made
