"""Eight processes take a thousand tickets: each once, and always the head (R3)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from core.db import db
from tests.cast import START, Cast
from tests.databases import Backend
from tests.tickets.builders import filed
from tickets.models import Ticket, TicketEvent
from tickets.proof.actions import audit

PROCESSES = 8
#: The default database takes the whole thousand; the other one shows the same with fewer.
TICKETS = {"sqlite": 1000, "postgresql": 120}
AFFECTIONS = ("corte-de-red", "servidor-parado", "otra-consulta", "rendimiento-degradado")
MARKS = ("baja", "normal", "alta", "urgente")

TAKER = """
import dataclasses, json, sys
from app import create_app
from core import clock
from tests.conftest import site_config
from tickets import handling
from accounts.permissions import Actor
from sqlalchemy.exc import OperationalError

class Stored:
    folder, url = None, sys.argv[2]

from pathlib import Path
Stored.folder = Path(sys.argv[1])
app = create_app(dataclasses.replace(site_config(Stored), worker_in_process=False))
me = Actor(person_id=int(sys.argv[3]), name="T", email="t", roles=frozenset({"technician"}))
print("ready", flush=True)
sys.stdin.readline()
with app.app_context():
    def take():
        # Whoever waits longer for SQLite than `BUSY_TIMEOUT_MS`, which on a busy machine one of
        # eight without a pause between may, is asked to press again.
        while True:
            try:
                return handling.take_next(actor=me, limit=10_000, form_id="", now=clock.now())
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
    taken = list(iter(take, None))
print(json.dumps(taken))
"""


def test_each_ticket_is_handed_out_once_and_in_order(
    app: Flask, cast: Cast, backend: Backend, root: Path
) -> None:
    count = TICKETS[db.engine.dialect.name]
    expected = [
        filed(
            cast.ana,
            affection=AFFECTIONS[n % 4],
            mark=MARKS[(n // 4) % 4],
            now=START + timedelta(minutes=(n * 37) % 600),
        )
        for n in range(count)
    ]
    order = list(
        db.session.scalars(
            select(Ticket.number).order_by(Ticket.typology, Ticket.effective_arrival, Ticket.number)
        )
    )
    db.session.remove()
    people = [cast.diego.person_id, cast.dora.person_id]
    arguments = [sys.executable, "-c", TAKER, str(backend.folder), backend.url]
    takers = [
        subprocess.Popen(
            [*arguments, str(people[n % 2])],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(PROCESSES)
    ]
    for taker in takers:
        assert taker.stdout is not None
        assert taker.stdout.readline() == "ready\n"
    # All of them are told before the first is waited for, or they would take one after another.
    for taker in takers:
        assert taker.stdin is not None
        taker.stdin.write("go\n")
        taker.stdin.flush()
    taken = [json.loads(taker.communicate(timeout=100)[0]) for taker in takers]

    assert len([numbers for numbers in taken if numbers]) > 1
    handed_out = [number for numbers in taken for number in numbers]
    assert sorted(handed_out) == sorted(expected)
    events = select(TicketEvent.ticket_number).where(TicketEvent.kind == "taken")
    assert list(db.session.scalars(events.order_by(TicketEvent.seq))) == order
    run = audit(now=START)
    assert (run.problem, run.hand_outs) == (None, count)
