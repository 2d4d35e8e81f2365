"""What this browser and this person searched for before they wrote."""

from __future__ import annotations

from flask import request

from accounts.access import current_actor
from core import clock
from core.tokens import token_hash
from core.visits import seen_from
from core.web import visitor_key
from kb.searches.queries import browser_name, recent_searches
from kb.searches.visitors import Who
from tickets.outcomes.policy import MOST_SEARCHES, SEARCHED_WITHIN


def searchers() -> list[Who]:
    """The names under which searches of whoever sends this request were written down."""
    actor, key = current_actor(), visitor_key()
    browser = browser_name(*seen_from(request.environ), clock.now())
    names = [f"p:{actor.person_id}"] if actor else []
    names += [token_hash(key)] if key else []
    # Before there is a session the browser of the day alone is known.
    return [Who(name, browser) for name in names or [browser] if name]


def searched_before() -> list[str]:
    """The searches of the last hour, masked, the last first of each name."""
    since = clock.now() - SEARCHED_WITHIN
    found = [
        words
        for who in searchers()
        for words in recent_searches(
            visitor=who.visitor, browser=who.browser, since=since, limit=MOST_SEARCHES
        )
    ]
    return list(dict.fromkeys(found))[:MOST_SEARCHES]
