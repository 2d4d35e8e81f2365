"""The whole round against real servers: our mail, a mailbox, an answer, the ticket."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from core import clock, outbox
from core.mail import sender_for
from core.text import plain_text
from tests.cast import Cast
from tests.databases import Backend, one_database
from tests.tickets.builders import filed
from tests.tickets.inbound.pictures import PDF
from tests.tickets.inbound.round import address_of, letter, listening, messages, rows
from tests.tickets.inbound.servers import ROOT, Servers, running, wait_for
from tickets.inbound import actions, fetching, notices, queries
from tickets.inbound.imap import Mailbox, MailboxAway
from tickets.inbound.policy import Outcome

pytestmark = one_database


def environment(backend: Backend) -> dict[str, str]:
    return {
        "INSTANCE_DIR": str(backend.folder),
        "DATABASE_URL": backend.url,
        "SECRET_KEY": "k" * 64,
        "PUBLIC_URL": "http://localhost",
    }


@pytest.fixture(scope="module")
def servers_of(sqlite_backend: Backend) -> Iterator[Servers]:
    with running(environment(sqlite_backend)) as found:
        yield found


@pytest.fixture
def servers(servers_of: Servers, monkeypatch: pytest.MonkeyPatch) -> Servers:
    monkeypatch.setenv("SSL_CERT_FILE", servers_of.certificate)
    for name in ("soporte", "soporte/.Procesados", "soporte/.Apartados", "people"):
        for path in servers_of.box(name):
            path.unlink()
    return servers_of


def command(backend: Backend, *words: str, given: bytes = b"", **more: str) -> tuple[int, str]:
    """`flask mail …` as a process of its own: (status, what it said)."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "mail", *words],
        cwd=ROOT, env={**os.environ, **environment(backend), **more}, input=given,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).decode()


def reply_to(raw: bytes, words: str) -> EmailMessage:
    """What a mail program makes of «Responder»."""
    got = message_from_bytes(raw, policy=policy.default)
    answer = EmailMessage()
    answer["From"] = got["To"]
    answer["To"] = got["Reply-To"]
    answer["Subject"] = f"Re: {got['Subject']}"
    answer["Message-ID"] = "<respuesta-1@example.com>"
    answer["In-Reply-To"] = got["Message-ID"]
    answer["References"] = got["Message-ID"]
    quoted = got.get_body(("plain",)).get_content().replace("\n", "\n> ")  # type: ignore[union-attr]
    said = "El vie, 27 nov 2026 a las 10:03, Centro de soporte (<s@example.com>) escribió:"
    answer.set_content(f"{words}\n\n{said}\n\n> {quoted}\n")
    answer.add_attachment(PDF, maintype="application", subtype="pdf", filename="año.pdf")
    return answer


def posted(servers: Servers, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=20) as server:
        server.send_message(message)


def our_mail(app: Flask, servers: Servers, mailbox: str, actor: object) -> tuple[int, bytes]:
    """File a ticket and let its receipt go through the real server; (number, the mail)."""
    listening(mailbox)
    number = filed(actor)  # type: ignore[arg-type]
    app.extensions["mail_sender"] = sender_for(f"smtp://127.0.0.1:{servers.smtp_port}")
    outbox.drain(clock.now())
    wait_for(lambda: servers.box("people"), "our mail", servers.folder)
    return number, servers.box("people")[0].read_bytes()


def test_answer_goes_round_through_smtp_and_the_pipe(
    app: Flask, cast: Cast, servers: Servers
) -> None:
    number, got = our_mail(app, servers, "soporte@correo.example", cast.ana)
    posted(servers, reply_to(got, "Desde las 9, señor.\nGracias."))
    wait_for(rows, "the answer", servers.folder)
    (row,) = rows()
    assert (row.outcome, row.ticket_number) == (Outcome.LANDED, number)
    message = messages(number)[-1]
    assert plain_text(message.body) == "Desde las 9, señor.\nGracias."
    assert [file.name for file in message.attachments] == ["año.pdf"]


def test_answer_goes_round_through_smtp_and_imap(
    app: Flask, cast: Cast, servers: Servers, backend: Backend
) -> None:
    number, got = our_mail(app, servers, "soporte@buzon.example", cast.ana)
    posted(servers, reply_to(got, "Desde las 9."))
    wait_for(lambda: servers.box("soporte"), "the answer", servers.folder)
    url = {"MAIL_IN_URL": servers.url, "SSL_CERT_FILE": servers.certificate}
    assert command(backend, "fetch", **url) == (0, "1 mails taken in, 0 put aside\n")
    assert [plain_text(m.body) for m in messages(number)][1:] == ["Desde las 9."]
    assert (len(servers.box("soporte")), len(servers.box("soporte", ".Procesados"))) == (0, 1)
    assert _visit(servers, backend.folder).handled == 0
    with pytest.raises(MailboxAway, match="refuses the sign-in"):
        _visit(servers, backend.folder, servers.url.replace("secreto", "otro"))


def _deliver(servers: Servers, *raws: bytes) -> None:
    for n, raw in enumerate(raws):
        # A name is never used twice: Dovecot remembers them.
        name = f"{time.time_ns()}.{n}.test"
        path = servers.folder / "mail" / "soporte" / "new" / name
        path.write_bytes(raw)
        path.chmod(0o666)


def _visit(servers: Servers, folder: Path, url: str = "") -> fetching.Visit:
    return fetching.visit(url or servers.url, folder, now=clock.now)


def test_mail_is_taken_in_once_when_the_reader_is_killed_before_it_is_moved(
    app: Flask, cast: Cast, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening()
    number = filed(cast.ana)
    to = address_of(number, cast.ana)
    _deliver(servers, *(letter(f"{n}", to=to, sender=cast.ana.email) for n in range(3)))

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "move", dies)
        with pytest.raises(KeyboardInterrupt):
            _visit(servers, tmp_path)
    assert (_visit(servers, tmp_path).handled, len(messages(number))) == (3, 4)
    assert _visit(servers, tmp_path).handled == 0


def test_mail_that_cannot_be_taken_in_is_put_aside_and_the_next_goes_on(
    app: Flask, cast: Cast, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening()
    number = filed(cast.ana)
    to = address_of(number, cast.ana)
    _deliver(servers, *(letter(f"texto {n}", to=to, sender=cast.ana.email) for n in range(3)))
    takes_in = actions.receive

    def chokes(*, raw: bytes, **more: object) -> Outcome:
        if b"texto 1" in raw:
            raise ValueError("venenoso")
        return takes_in(raw=raw, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "receive", chokes)
    done = _visit(servers, tmp_path)
    assert (done.handled, done.aside, len(messages(number))) == (2, 1, 3)
    assert len(servers.box("soporte", ".Apartados")) == 1
    assert [row.note for row in rows() if row.outcome == "failed"] == ["ValueError: venenoso"]


def test_mail_that_ends_its_reader_each_time_is_put_aside_unread(
    app: Flask, cast: Cast, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening()
    number = filed(cast.ana)
    _deliver(servers, letter(to=address_of(number, cast.ana), sender=cast.ana.email))

    def dies(**_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "receive", dies)
    for _time in range(3):
        with pytest.raises(KeyboardInterrupt):
            _visit(servers, tmp_path)
    assert _visit(servers, tmp_path).aside == 1
    assert len(servers.box("soporte", ".Apartados")) == 1


def test_mailbox_is_read_by_one_at_a_time_and_only_over_tls(
    app: Flask, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear = servers.url.replace("imaps:", "imap:").replace(
        str(servers.imaps_port), str(servers.imap_port)
    )
    assert _visit(servers, tmp_path, clear).handled == 0
    with outbox.worker_lock(tmp_path / fetching.LOCK), pytest.raises(fetching.Busy):
        _visit(servers, tmp_path)
    monkeypatch.delenv("SSL_CERT_FILE")
    for url in (clear, servers.url):
        with pytest.raises(MailboxAway):
            _visit(servers, tmp_path, url)
    visit = queries.last_visit()
    assert visit is not None
    assert "CERTIFICATE_VERIFY_FAILED" in visit.error


@pytest.mark.parametrize("password", ["Errada-77", "se%C3%B1a"])
def test_mailbox_that_refuses_the_sign_in_is_said_without_the_password(
    app: Flask, cast: Cast, servers: Servers, tmp_path: Path, password: str
) -> None:
    with pytest.raises(MailboxAway):
        _visit(servers, tmp_path, servers.url.replace("secreto", password))
    page = cast.sign_in(app, cast.gloria).get("/admin/correo-entrante").text
    assert "El buzón no aceptó el usuario o la clave" in page
    assert password not in page
    assert "seña" not in page


def test_worker_reads_the_mailbox_and_plans_one_next_visit(
    app: Flask, cast: Cast, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    site = dataclasses.replace(app.config["SITE"], mail_in_url=servers.url)
    monkeypatch.setitem(app.config, "SITE", site)
    listening()
    number = filed(cast.ana)
    _deliver(servers, letter(to=address_of(number, cast.ana), sender=cast.ana.email))
    for _start in range(3):
        notices.catch_up()
    outbox.drain(clock.now())
    assert len(messages(number)) == 2
    assert outbox.pending([notices.VISIT_JOB]) == 1


def test_pipe_says_when_the_mail_must_wait(app: Flask, cast: Cast, backend: Backend) -> None:
    number, runner = filed(cast.ana), app.test_cli_runner()

    def status(raw: bytes, *words: str) -> int:
        return runner.invoke(args=["mail", "receive", *words], input=raw).exit_code

    assert status(letter(to="soporte@correo.example", sender=cast.ana.email)) == 75
    listening()
    raw = letter(to=address_of(number, cast.ana), sender=cast.ana.email)
    assert (status(raw, "--nada"), status(b"")) == (2, 2)
    assert status(bytes(range(256)) * 9) == 0
    away = {"DATABASE_URL": "postgresql://127.0.0.1:1/nada"}
    assert command(backend, "receive", given=raw, **away)[0] == 75
    assert command(backend, "receive", given=raw) == (0, "landed\n")
