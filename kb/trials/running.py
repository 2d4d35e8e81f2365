"""Trying questions: each is asked as a visitor asks it, through the same search.

What was found is remembered as long as index and content stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import current_app
from flask_babel import force_locale

from core.counters import content_generation
from core.tokens import once_key
from kb.index import IndexUnavailable
from kb.search import article_index, search_page, suggest_articles
from kb.trials.models import Trial
from kb.trials.policy import LOOKED_AT, Kind

#: Where what was found is remembered, among the extensions of the app: (key, places).
_MEMORY = "trial_places"


def present_key() -> str:
    """A name for the index and the content as they are; '' where no index can answer."""
    try:
        generation = article_index().generation()
    except IndexUnavailable:
        return ""
    return once_key(generation, content_generation())


def found_for(kind: Kind, question: str, lang: str) -> list[tuple[int, str, str]]:
    """(id, slug, title) of what a visitor finds, the first one first."""
    with force_locale(lang):
        if kind is Kind.TICKET:
            return [(s.article_id, s.slug, s.title) for s in suggest_articles("", question)]
        items = search_page(question).items[:LOOKED_AT]
    return [(item.article.id, item.article.slug, item.article.title) for item in items]


def place_of(trial: Trial) -> int | None:
    """The best place of an expected article, from 1; None where none is found."""
    expected = {article.id for article in trial.articles}
    found = found_for(Kind(trial.kind), trial.question, trial.lang)
    return next((n for n, (key, _, _) in enumerate(found, 1) if key in expected), None)


def places_of(trials: Iterable[Trial], key: str) -> dict[int, int | None]:
    """The places of these questions now, by id; from memory where nothing changed since."""
    extensions = current_app.extensions
    known, places = extensions.get(_MEMORY, ("", {}))
    if known != key or not key:
        places = {}
    now: dict[int, int | None] = {}
    for trial in trials:
        asked = (trial.kind, trial.question, trial.lang, _expected(trial.articles))
        if asked not in places:
            places[asked] = place_of(trial)
        now[trial.id] = places[asked]
    extensions[_MEMORY] = (key, places)
    return now


def _expected(articles: Sequence[object]) -> tuple[int, ...]:
    return tuple(sorted(getattr(article, "id", 0) for article in articles))
