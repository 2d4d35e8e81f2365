"""The worker as it really runs: killed at the worst moment, alone, and taken over from."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from core import clock, outbox
from core.db import db, transaction
from core.mail_threads import reference_of
from core.models import Job
from kb.actions import ArticleText, save_article
from kb.categories import put_category
from kb.search import article_index
from tests import databases
from tests.cast import Cast
from tests.core.worker import Mailbox, mail_server, until, worker
from tests.tickets.builders import filed


def mail_job() -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Job).where(Job.kind == "tickets.filed")).one()


def waiting() -> int:
    db.session.rollback()
    # The audit of tomorrow is planned for tomorrow.
    return outbox.waiting(clock.now())


def publish(cast: Cast) -> None:
    now = clock.now()
    shelf = put_category(actor=None, slug="correo", name="Correo", description="", now=now)
    text = ArticleText(
        title="Zarigüeya en el buzón", slug="zarigueya", category_id=shelf, summary="", tags=(),
        lang="es", body="Así se saca la zarigüeya.",
    )  # fmt: skip
    save_article(actor=cast.elena, text=text, publish=True, now=now)


def killed_while_sending(backend: databases.Backend, box: Mailbox, port: int, log: Path) -> None:
    """Start a worker and end it with SIGKILL while the mail server holds its mail."""
    box.hold = True
    with worker(backend, port, log) as process:
        until(box.arrived.is_set, log)
        process.send_signal(signal.SIGKILL)
        process.wait()
    box.hold = False


def test_worker_killed_between_claim_and_mark_loses_nothing(
    app: Flask, cast: Cast, backend: databases.Backend, tmp_path: Path
) -> None:
    number = filed(cast.ana, now=clock.now())
    publish(cast)
    log = tmp_path / "log"
    with mail_server() as (box, port):
        killed_while_sending(backend, box, port, log)
        job = mail_job()
        assert (job.done_at, job.failed_at, job.attempts) == (None, None, 1)
        assert job.claimed_until is not None
        with transaction() as session:
            ended = clock.now() - timedelta(seconds=1)
            session.execute(update(Job).where(Job.id == job.id).values(claimed_until=ended))
        with worker(backend, port, log):
            until(lambda: mail_job().done_at, log)
            until(lambda: not waiting(), log)
    assert [reference_of(mail["Message-ID"]) for mail in box.mails] == [f"ticket-{number}"]
    assert mail_job().attempts == 2


def test_index_catches_up_at_the_start_after_a_kill(
    app: Flask, cast: Cast, backend: databases.Backend, tmp_path: Path
) -> None:
    filed(cast.ana, now=clock.now())
    publish(cast)
    log = tmp_path / "log"
    with mail_server() as (box, port):
        killed_while_sending(backend, box, port, log)
        with transaction() as session:
            lost = clock.now() + timedelta(days=1)
            session.execute(update(Job).values(claimed_until=lost))
        with worker(backend, port, log):
            until(lambda: article_index().healthy(), log)
            page = app.test_client().get("/preguntas/buscar?q=zarig%C3%BCeya").text
    assert "/preguntas/zarigueya" in page


def test_second_worker_takes_over_when_the_first_is_killed(
    app: Flask, cast: Cast, backend: databases.Backend, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with mail_server() as (box, port), worker(backend, port, log) as first:
        filed(cast.ana, now=clock.now())
        until(lambda: len(box.envelopes) == 1, log)
        with worker(backend, port, log) as second:
            for _ in range(3):
                filed(cast.ana, now=clock.now())
            until(lambda: len(box.envelopes) == 4 and not waiting(), log)
            first.kill()
            first.wait()
            filed(cast.ana, now=clock.now())
            until(lambda: len(box.envelopes) == 5, log)
            until(lambda: not waiting(), log)
            os.kill(second.pid, signal.SIGTERM)
            assert second.wait(timeout=20) == 0
        identifiers = [mail["Message-ID"] for mail in box.mails]
    assert len(set(identifiers)) == 5
