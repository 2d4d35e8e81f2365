"""The life of an article as files tell it: its state, the moments that make it, its readers.

The same table serves import and export, so that what is written is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kb.importing.entries import Entry, State
from kb.lifecycle import Audience
from kb.models import Article

#: A moment's name in a file, and the attribute that holds it.
MOMENTS: Mapping[str, str] = {
    "created": "created_at",
    "review-asked": "review_asked_at",
    "published": "published_at",
    "first-published": "first_published_at",
    "archived": "archived_at",
    "publish": "publish_at",
    "expire": "expire_at",
    "verified": "verified_at",
    "review": "review_at",
}
#: The moment that makes a state, by its name in a file; a draft has none.
_MADE_BY = {
    State.PUBLISHED: "published",
    State.REVIEW: "review-asked",
    State.ARCHIVED: "archived",
}


def settle(article: Article, entry: Entry, now: datetime) -> None:
    """Give a new article the life its source tells, inside the caller's transaction.

    An article that was here keeps its own: the editors of this site decide it.
    """
    state = entry.state or State.PUBLISHED
    for name, attribute in MOMENTS.items():
        if name != "created" or name in entry.moments:
            setattr(article, attribute, entry.moments.get(name))
    if state is not State.PUBLISHED:
        article.published_at = None
    making = MOMENTS.get(_MADE_BY.get(state, ""), "")
    if making and getattr(article, making) is None:
        setattr(article, making, now)
    if state is State.PUBLISHED and not set(entry.moments) - {"created"}:
        # A source that tells nothing of a life: it was public, and right, when it was written.
        told = {"first-published": now, "verified": entry.updated_at or now}
        for name, moment in told.items():
            setattr(article, MOMENTS[name], moment)
    if entry.audience in tuple(Audience):
        article.audience = Audience(entry.audience)


def state_of(article: Article) -> State:
    """The state as files name it. A time that is over is told by `expire`, not by the state."""
    found = (state for state, name in _MADE_BY.items() if moments_of(article).get(name))
    order = [State.PUBLISHED, State.ARCHIVED, State.REVIEW]
    return min(found, key=order.index, default=State.DRAFT)


def moments_of(article: Article) -> dict[str, datetime]:
    """The moments of an article by their names in a file."""
    pairs = ((name, getattr(article, attribute)) for name, attribute in MOMENTS.items())
    return {name: moment for name, moment in pairs if moment is not None}


def audience_of(article: Article) -> str:
    """Who may read an article, as files say it; '' where that is everybody."""
    return "" if article.audience == Audience.EVERYBODY else str(article.audience)
