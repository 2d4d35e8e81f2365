"""Who asks or sends without end is answered 429, before anything is read (SECURITY H07).

A page asks fifty times in a minute; an office has many pages behind one address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from accounts.access import current_actor
from contact.chat.policy import ASKED_OF_NETWORK, ASKED_OF_ONE, SENT_IN_ONE
from core import clock
from core.pace import Pace
from core.ratelimit import client_address

P = ParamSpec("P")
Answer = Callable[P, ResponseReturnValue]
#: Seconds; the page's script waits as long after any trouble.
WAIT = "5"


def paced(view: Answer[P]) -> Answer[P]:
    """A view that a page's script calls by itself."""

    @wraps(view)
    def slowed(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if may_ask():
            return view(*args, **kwargs)
        return "", 429, {"Retry-After": WAIT, "Cache-Control": "no-store"}

    return slowed


def may_ask() -> bool:
    """Whether this conversation, or this technician's page, and this network may ask again."""
    actor = current_actor()
    one = (request.path, actor.person_id if actor else 0)
    return _allows("one", one) and _allows("network", client_address())


def may_send() -> bool:
    """Whether one more message to this address is looked at: an image has a price by then."""
    return _allows("send", request.path)


def _allows(name: str, key: object) -> bool:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return True
    paces: dict[str, Pace] = current_app.extensions["chat_paces"]
    return paces[name].allows(key, clock.now())


def register(app: Flask) -> None:
    """Begin to count, in this process."""
    app.extensions["chat_paces"] = {
        "one": Pace(ASKED_OF_ONE),
        "network": Pace(ASKED_OF_NETWORK),
        "send": Pace(SENT_IN_ONE),
    }
