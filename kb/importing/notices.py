"""The outbox job that does a confirmed import. Running it twice changes nothing more."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.sessions import actor_for
from core import clock, outbox
from core.db import db
from kb.importing import actions, queries
from kb.importing.entries import Refused
from kb.importing.running import bring_in
from kb.importing.sources import read_bytes


@outbox.handles(actions.IMPORT_JOB)
def do_import(payloads: Sequence[outbox.Payload]) -> None:
    """Bring the articles in, a hundred at a time, and store the report."""
    import_id = int(payloads[0]["import_id"])
    row = queries.import_by_id(import_id, content=True)
    if row is None or row.content is None:
        return
    try:
        bundle = read_bytes(row.name, row.content)
    except Refused as error:
        raise outbox.Undeliverable(error.reason) from error
    actor = actor_for(row.person, "")
    db.session.rollback()
    report = bring_in(bundle, now=clock.now(), progress=lambda _done, _all: None, actor=actor)
    actions.finish_import(import_id=import_id, told=report.plain(), now=clock.now())
