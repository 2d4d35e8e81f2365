"""The outbox job that tries every question, a handful at a time, so that progress shows."""

from __future__ import annotations

from collections.abc import Sequence

from core import clock, outbox
from core.db import db
from kb.trials import actions, queries, running
from kb.trials.actions import RUN_JOB

AT_A_TIME = 25


@outbox.handles(RUN_JOB)
def run_trials(_payloads: Sequence[outbox.Payload]) -> None:
    """Try what was not tried with the index as it is now."""
    key = running.present_key()
    stale = [trial.id for trial in queries.all_trials() if trial.tested_with != key or not key]
    for start in range(0, len(stale), AT_A_TIME):
        part = set(stale[start : start + AT_A_TIME])
        trials = [trial for trial in queries.all_trials() if trial.id in part]
        places = running.places_of(trials, key)
        db.session.rollback()
        actions.store_places(places=places, key=key, now=clock.now())
