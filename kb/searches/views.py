"""What the pages of the FAQ say of themselves, to be counted. See `core.visits`."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, request

from accounts.access import current_actor
from core import clock, visits
from core.tokens import token_hash
from core.web import current_locale, visitor_key
from kb.searches import actions, queries


def note_search(text: str, *, total: int, complete: bool, shown: Sequence[int]) -> None:
    """This page shows the first results for `text`. Staff's own searches are not counted."""
    if not _is_staff():
        visits.note(
            k="search",
            q=text,
            n=total,
            c=complete,
            s=list(shown),
            l=current_locale(),
            v=visitor_name(),
        )


def note_reading(article_id: int) -> None:
    """This page is an article."""
    if not _is_staff():
        visits.note(k="article", a=article_id, v=visitor_name())


def visitor_name() -> str:
    """The name of a visitor who has a session, as votes know it; '' before that."""
    actor = current_actor()
    if actor is not None:
        return f"p:{actor.person_id}"
    key = visitor_key()
    return token_hash(key) if key else ""


def this_browser() -> str:
    """Today's name of this browser, under which it searched before it had a session."""
    return queries.browser_name(*visits.seen_from(request.environ), clock.now())


def _is_staff() -> bool:
    actor = current_actor()
    return actor is not None and not actor.is_customer


def register(app: Flask) -> None:
    """Write what was looked at."""
    app.extensions["visits"].listeners.append(actions.record)
