"""Articles that say the same in two languages: linked as their sources name one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kb.editor_queries import stored_articles
from kb.importing.entries import Entry
from kb.translations.actions import link_translations

AT_A_TIME = 200


def link(entries: Sequence[Entry], *, now: datetime) -> None:
    """Link the articles whose `translation` is an article of another language, under the address
    it has in its source or under the one it was given here."""
    told = [entry for entry in entries if entry.translation]
    for start in range(0, len(told), AT_A_TIME):
        part = told[start : start + AT_A_TIME]
        slugs = {name for e in part for name in (*_names(e.slug, e.lang), *_twins(e))}
        stored = stored_articles(sorted(slugs))
        pairs: list[tuple[int, int]] = []
        for entry in part:
            own = (stored.get(name) for name in _names(entry.slug, entry.lang))
            one = next((a for a in own if a is not None and a.lang == entry.lang), None)
            twins = (stored.get(name) for name in _twins(entry))
            two = next((a for a in twins if a is not None and a.lang != entry.lang), None)
            if one is not None and two is not None:
                pairs.append((one.id, two.id))
        if pairs:
            link_translations(pairs=pairs, now=now)


def _names(slug: str, lang: str) -> tuple[str, str]:
    """The addresses that an article of a source may have here, the likelier first."""
    return f"{slug}-{lang}", slug


def _twins(entry: Entry) -> tuple[str, str]:
    return _names(entry.translation, "es" if entry.lang == "en" else "en")
