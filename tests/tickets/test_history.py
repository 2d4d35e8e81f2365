"""The history of places says what was true at each moment, and nothing about whom."""

from __future__ import annotations

import pytest
from flask import Flask

from core.db import db
from tests.cast import Cast
from tests.tickets.builders import filed, taken
from tests.tickets.walk import Walk
from tickets import places
from tickets.history import place_changes
from tickets.models import Ticket

LEAVING = {"taken", "closed", "merged", "resolved_with_outage"}


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
            if change.after is None:
                assert change.own
                assert change.cause in LEAVING
            elif told[-1:] != [change.after]:
                told.append(change.after)
        assert told == watched, number


def test_its_customer_reads_that_it_left_the_queue(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}/puestos").text
    assert "el siguiente, y salió de la cola" in page
    assert "Lo tomó un técnico" in page
