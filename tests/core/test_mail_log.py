"""A mail is sent once, whatever ends in between; where that cannot be known, the log says so."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock, mail, mail_log, outbox
from core.config import ROOT
from core.db import db, transaction
from core.mail_senders import MemorySender
from core.mail_smtp import Account, Refused, SmtpSender
from core.mail_threads import reference_of
from core.models import Job, Mail
from tests import databases
from tests.cast import Cast
from tests.core.killed_worker import STEPS
from tests.core.test_mail import message
from tests.core.worker import Mailbox, free_port, mail_server
from tests.tickets.builders import answered, filed, taken
from tickets.handling import Then

#: step → (mails that arrived at the kill, doubts in the end)
AFTER_A_KILL = {
    "before claim": (0, 0),
    "after claim": (0, 0),
    "after begun": (0, 0),
    "before handed": (0, 0),
    "after handed": (0, 1),
    "after answer": (1, 1),
    "after sent": (1, 0),
    "before done": (1, 0),
}


def rows() -> list[Mail]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def through(app: Flask, port: int, **limits: float) -> None:
    account = Account("127.0.0.1", port, "none")
    app.extensions["mail_sender"] = SmtpSender(account, **limits)  # type: ignore[arg-type]


def run_again() -> None:
    """As after a lease that ended: every job that is not done is due."""
    with transaction() as session:
        session.execute(
            update(Job).where(Job.done_at.is_(None)).values(claimed_until=None, run_at=clock.now())
        )
    outbox.drain(clock.now() + timedelta(seconds=1))


def killed(backend: databases.Backend, port: int, step: str) -> None:
    environ = {
        **os.environ,
        "INSTANCE_DIR": str(backend.folder),
        "DATABASE_URL": backend.url,
        "SECRET_KEY": "k" * 64,
        "MAIL_URL": f"smtp://127.0.0.1:{port}",
        "PUBLIC_URL": "http://localhost",
    }
    command = [sys.executable, "-m", "tests.core.killed_worker", step]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("step", STEPS)
def test_worker_killed_at_any_step_sends_once_or_says_that_it_cannot_know(
    app: Flask, cast: Cast, backend: databases.Backend, step: str
) -> None:
    app.config["SECRET_KEY"] = "k" * 64
    arrived, doubts = AFTER_A_KILL[step]
    number = filed(cast.ana, now=clock.now())
    with mail_server() as (box, port):
        killed(backend, port, step)
        assert len(box.mails) == arrived
        through(app, port)
        run_again()
    (row,) = rows()
    assert (row.sent_at is not None, row.doubtful) == (True, doubts)
    assert len(box.mails) in {1, 1 + row.doubtful}
    assert {reference_of(m["Message-ID"]) for m in box.mails} == {f"ticket-{number}"}
    attempts = row.attempts
    run_again()
    assert rows()[0].attempts == attempts


class Moody(Mailbox):
    """Ends the conversation in ways of its own, once; afterwards it works."""

    def __init__(self, mood: str) -> None:
        super().__init__()
        self.mood = mood

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mood, self.mood = self.mood, ""
        if mood == "takes it and hangs up":
            self.envelopes.append(envelope)
        if mood in {"takes it and hangs up", "hangs up"}:
            server.transport.abort()
            return "250 nobody hears this"
        if mood == "hangs":
            await asyncio.sleep(5)
            return "451 too late"
        if mood:
            return mood
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def moody_server(mood: str) -> Iterator[tuple[Moody, int]]:
    from aiosmtpd.controller import Controller

    box = Moody(mood)
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


@pytest.mark.parametrize(
    ("mood", "doubts", "arrived"),
    [
        ("451 later", 0, 1),
        ("421 going away", 0, 1),
        ("250-half\r\n250 OK", 0, 0),
        ("299 what?", 1, 1),
        ("takes it and hangs up", 1, 2),
        ("hangs up", 1, 1),
        ("hangs", 1, 1),
    ],
)
def test_answer_clears_the_doubt_and_silence_keeps_it(
    app: Flask, cast: Cast, mood: str, doubts: int, arrived: int
) -> None:
    filed(cast.ana, now=clock.now())
    with moody_server(mood) as (box, port):
        through(app, port, answer_timeout=0.5)
        outbox.drain(clock.now())
        first = rows()[0]
        assert (first.handed_at is not None) == (bool(doubts) or first.sent_at is not None)
        run_again()
        assert len(box.envelopes) == arrived
    (row,) = rows()
    assert (row.doubtful, row.sent_at is not None, row.last_error) == (doubts, True, None)
    assert outbox.failed() == 0


def test_refusal_for_good_ends_a_mail_with_the_words_of_the_server(app: Flask, cast: Cast) -> None:
    filed(cast.ana, now=clock.now())
    with moody_server("554 5.7.1 Mensaje rechazado") as (_box, port):
        through(app, port)
        outbox.drain(clock.now())
    (row,) = rows()
    assert (row.sent_at, row.failed_at is not None, row.handed_at) == (None, True, None)
    assert row.last_error == "554 5.7.1 Mensaje rechazado"
    assert outbox.failed() == 1


@pytest.mark.parametrize("talks", [True, False])
def test_server_that_goes_on_for_ever_does_not_hold_the_worker(app: Flask, talks: bool) -> None:
    """V111: one byte after the other, or nothing at all."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _address = listener.accept()
        while talks and not over.wait(0.02):
            try:
                connection.sendall(b"2")
            except OSError:
                return
        over.wait()
        connection.close()

    thread = threading.Thread(target=drip)
    thread.start()
    sender = SmtpSender(
        Account("127.0.0.1", listener.getsockname()[1], "none"),
        answer_timeout=30,
        whole_timeout=0.5,
    )
    began = time.monotonic()
    with pytest.raises((OSError, Refused)):
        sender.send(message(), handed=int)
    over.set()
    thread.join()
    listener.close()
    assert time.monotonic() - began < 10


def test_worker_that_was_overtaken_does_not_hand_over(app: Flask, cast: Cast) -> None:
    """Frozen, and awake again when another worker has the mail."""
    filed(cast.ana, now=clock.now())

    class Slow(MemorySender):
        def send(self, message: Any, *, handed: Any) -> None:
            with transaction() as session:
                session.execute(update(Mail).values(attempts=Mail.attempts + 1))
            super().send(message, handed=handed)

    app.extensions["mail_sender"] = slow = Slow()
    outbox.drain(clock.now())
    assert slow.sent == []
    assert rows()[0].sent_at is None


def test_mails_of_a_ticket_wait_for_the_one_before(app: Flask, cast: Cast) -> None:
    now = clock.now()
    number = filed(cast.ana, now=now)
    filed(cast.beto, now=now)
    with mail_server() as (box, port):
        through(app, port)
        box.refusal = "451 later"
        outbox.drain(now)
        box.refusal = ""
        taken(cast.diego)
        answered(number, cast.diego, Then.WAIT)
        # Everything but the first, which waits for its second try.
        outbox.drain(now + timedelta(seconds=20))
        assert box.mails == []
        outbox.drain(now + timedelta(seconds=31))
        outbox.drain(now + timedelta(seconds=33))
        ana = [reference_of(m["Message-ID"]) for m in box.mails if m["To"] == "ana@example.com"]
    assert len(ana) == 2
    assert ana[0] == f"ticket-{number}"
    waited = db.session.scalars(select(Job).where(Job.kind == "tickets.replied")).one()
    assert (waited.attempts, waited.last_error) == (1, None)


def test_mail_that_was_given_up_lets_the_next_of_its_ticket_go(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana, now=clock.now())
    with moody_server("550 no") as (_box, port):
        through(app, port)
        outbox.drain(clock.now())
    app.extensions["mail_sender"] = mails
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    outbox.drain(clock.now())
    assert [str(m["In-Reply-To"]).split(".")[0] for m in mails.sent] == [f"<ticket-{number}"]


def test_poison_is_given_up_at_once_and_the_next_goes_out(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mail.Letter.as_bytes

    def poison(self: mail.Letter, *args: Any, **kwargs: Any) -> bytes:
        if self["To"] == "ana@example.com":
            raise UnicodeEncodeError("ascii", "ñ", 0, 1, "poison")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mail.Letter, "as_bytes", poison)
    filed(cast.ana, now=clock.now())
    filed(cast.carla, now=clock.now())
    with mail_server() as (box, port):
        through(app, port)
        outbox.drain(clock.now())
    assert [m["To"] for m in box.mails] == ["carla@example.com"]
    assert outbox.failed() == 1
    assert [bool(row.failed_at) for row in rows()] == [True, False]
    assert "poison" in str(rows()[0].last_error)


def test_two_workers_send_each_mail_once(
    app: Flask, cast: Cast, backend: databases.Backend
) -> None:
    for _ in range(6):
        filed(cast.ana, now=clock.now())
    with mail_server() as (box, port):
        through(app, port)

        def work() -> None:
            with app.app_context():
                outbox.drain(clock.now())

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        run_again()
    assert len(box.mails) == len({m["Message-ID"] for m in box.mails}) == 6
    assert [(row.attempts, row.doubtful) for row in rows()] == [(1, 0)] * 6


def test_transaction_that_is_rolled_back_sends_nothing(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    def file_and_fail() -> None:
        with transaction():
            outbox.enqueue("tickets.filed", {"number": 1}, now=clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        file_and_fail()
    outbox.drain(clock.now())
    assert (mails.sent, rows()) == ([], [])


def test_job_given_up_after_ten_tries_marks_its_mail(app: Flask, cast: Cast) -> None:
    now = clock.now()
    filed(cast.ana, now=now)
    through(app, free_port())
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.drain(now)
        now += outbox.LONGEST_PAUSE
    (row,) = rows()
    assert (row.failed_at is not None, row.attempts) == (True, outbox.MAX_ATTEMPTS)
    assert "Refused" in str(row.last_error)


def test_log_forgets_what_is_old_and_over(app: Flask, cast: Cast, mails: MemorySender) -> None:
    filed(cast.ana, now=clock.now())
    outbox.drain(clock.now())
    later = clock.now() + mail_log.KEPT_FOR
    assert mail_log.purge(later - timedelta(days=1)) == 0
    with transaction() as session:
        session.execute(update(Mail).values(sent_at=None))
    assert mail_log.purge(later + timedelta(days=1)) == 0
    with transaction() as session:
        session.execute(update(Mail).values(failed_at=clock.now()))
    assert mail_log.purge(later + timedelta(days=1)) == 1


def test_refused_is_an_error_with_the_answer() -> None:
    assert str(Refused("550 no", for_good=True)) == "550 no"
