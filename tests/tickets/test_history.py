"""The history of places says what was true at each moment, and nothing about whom."""

from __future__ import annotations

import pytest

from core.db import db
from tests.cast import Cast
from tests.tickets.walk import Walk
from tickets import places
from tickets.history import place_changes
from tickets.models import Ticket


@pytest.mark.parametrize("seed", range(4))
def test_every_change_of_place_is_told_as_it_was(cast: Cast, seed: int) -> None:
    """Watched from outside after every verb, each queued ticket's places are those told later."""
    walk = Walk(cast, seed)
    seen: dict[int, list[int]] = {}
    for _ in walk.steps(120):
        db.session.rollback()
        rows = db.session.query(Ticket).filter_by(state="en_cola").all()
        for number, ahead in places.counts_ahead(rows).items():
            watched = seen.setdefault(number, [])
            if watched[-1:] != [ahead]:
                watched.append(ahead)
    for number, watched in seen.items():
        ticket = db.session.get(Ticket, number)
        assert ticket is not None
        told: list[int] = []
        for change in reversed(place_changes(ticket, limit=1000)):
            if told[-1:] != [change.after]:
                told.append(change.after)
        assert told == watched, number
