from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, outbox
from core.db import db, transaction
from core.mail import ConsoleSender, MemorySender, SmtpSender, header_text, sender_for
from core.mail_smtp import Account, account_of
from core.mail_threads import reference_of
from core.models import Job
from tests.accounts.mailbox import html_of, text_of
from tests.cast import Cast
from tests.core.worker import free_port, mail_server
from tests.tickets.builders import filed

HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "Content-Type", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post",
]  # fmt: skip
#: E07, V102, finding 2 of SECURITY: what has become headers and bodies elsewhere.
INJECTIONS = [
    "=?UTF-8?Q?hi=0D=0ABcc:_evil@x.y?=",
    "=?UTF-8?Q?hi=0D=0ABcc:_evil@x.y=0D=0A=0D=0ABODY?=",
    "=?utf-8?b?aGkNCkJjYzogZXZpbEB4Lnk=?=",
    "=?UTF-8?Q?a?= =?UTF-8?Q?=0D=0ABcc:_evil@x.y?=",
    "hola\r\nBcc: evil@x.y",
    "hola\nBcc: evil@x.y\n\nBODY",
    "hola\rBcc: evil@x.y",
    "hola\u2028Bcc: evil@x.y",
    "hola\u2029Bcc: evil@x.y",
    "hola\x0bBcc: evil@x.y",
    "hola\x0cBcc: evil@x.y",
    "hola\x85Bcc: evil@x.y",
    "Bcc: evil@x.y",
    "漢字 مريم \U0001f469\u200d\U0001f4bb",
    "x" * 200,
]


def message(subject: str = "Prueba", to: str = "ana@example.com") -> EmailMessage:
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = "soporte@netsolution.example", to, subject
    one.set_content("Hola, señora.\n")
    return one


@pytest.mark.parametrize(
    ("url", "kind"),
    [("console:", ConsoleSender), ("memory:", MemorySender), ("smtp://h:25", SmtpSender)],
)
def test_sender_is_the_one_of_the_address(url: str, kind: type) -> None:
    assert isinstance(sender_for(url), kind)


@pytest.mark.parametrize(
    ("url", "settled"),
    [
        ("smtp://mail.example", Account("mail.example", 25, "offered")),
        ("smtp://mail.example:587", Account("mail.example", 587, "offered")),
        ("smtp://u:p@mail.example", Account("mail.example", 25, "starttls", "u", "p")),
        ("smtps://mail.example", Account("mail.example", 465, "tls")),
        ("smtps://u%40x:p%3A%2F@mail.example", Account("mail.example", 465, "tls", "u@x", "p:/")),
    ],
)
def test_smtp_address_is_read_with_its_parts(url: str, settled: Account) -> None:
    assert account_of(url) == settled


def test_smtp_sender_reaches_a_mail_server() -> None:
    with mail_server() as (box, port):
        sender_for(f"smtp://127.0.0.1:{port}").send(message(), handed=int)
    (got,) = box.mails
    assert (got["Subject"], text_of(got)) == ("Prueba", "Hola, señora.\r\n")
    (envelope,) = box.envelopes
    assert envelope.rcpt_tos == ["ana@example.com"]


def test_password_is_not_sent_where_there_is_no_tls() -> None:
    with mail_server() as (box, port):
        with pytest.raises(smtplib.SMTPNotSupportedError):
            sender_for(f"smtp://user:secret@127.0.0.1:{port}").send(message(), handed=int)
        assert box.envelopes == []


def test_console_prints_the_mail(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleSender().send(message(), handed=int)
    printed = capsys.readouterr().out
    assert "correo a ana@example.com · Prueba" in printed
    assert "Hola, señora." in printed


@pytest.mark.parametrize("text", INJECTIONS)
def test_header_text_has_one_line_and_no_encoded_word(text: str) -> None:
    cleaned = header_text(text)
    assert len(cleaned.splitlines()) == 1
    assert "=?" not in cleaned


def test_subject_of_a_customer_stays_a_subject_on_the_wire(app: Flask, cast: Cast) -> None:
    with mail_server() as (box, port):
        app.extensions["mail_sender"] = sender_for(f"smtp://127.0.0.1:{port}")
        for subject in INJECTIONS:
            filed(cast.ana, subject=subject, now=clock.now())
        outbox.drain(clock.now())
    assert outbox.failed() == 0
    assert len(box.mails) == len(INJECTIONS)
    for got, envelope in zip(box.mails, box.envelopes, strict=True):
        assert sorted(got.keys()) == sorted(HEADERS)
        assert envelope.rcpt_tos == ["ana@example.com"]
        assert len(str(got["Subject"]).splitlines()) == 1
        assert [part.get_content_type() for part in got.iter_parts()] == [
            "text/plain",
            "text/html",
        ]
        assert "Hola, Ana Quispe:" in text_of(got)
        assert "Hola, Ana Quispe:" in html_of(got)


def test_name_of_a_customer_adds_no_header(app: Flask, cast: Cast) -> None:
    from accounts.models import Person

    for name in INJECTIONS:
        with transaction() as session:
            session.get_one(Person, cast.ana.person_id).name = name[:120]
        filed(cast.ana, now=clock.now())
        outbox.drain(clock.now())
    sent: list[EmailMessage] = app.extensions["mail_sender"].sent
    assert len(sent) == len(INJECTIONS)
    assert {tuple(sorted(one.keys())) for one in sent} == {tuple(sorted(HEADERS))}


def test_mail_says_that_a_machine_wrote_it_and_keeps_its_identifier(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, now=clock.now())
    outbox.drain(clock.now())
    (sent,) = app.extensions["mail_sender"].sent
    assert sent["Auto-Submitted"] == "auto-generated"
    assert reference_of(sent["Message-ID"]) == f"ticket-{number}"


def test_mail_waits_while_the_server_is_away_and_leaves_when_it_is_back(
    app: Flask, cast: Cast
) -> None:
    port = free_port()
    app.extensions["mail_sender"] = sender_for(f"smtp://127.0.0.1:{port}")
    now = clock.now()
    filed(cast.ana, now=now)
    outbox.drain(now)
    db.session.rollback()
    job = db.session.scalars(select(Job).where(Job.kind == "tickets.filed")).one()
    assert (job.attempts, job.done_at, job.run_at) == (1, None, now + timedelta(seconds=30))
    assert "Refused" in (job.last_error or "")
    with mail_server(port) as (box, _port):
        outbox.drain(now + timedelta(seconds=30))
        assert len(box.mails) == 1


def test_mail_that_the_server_refuses_for_now_is_tried_again(app: Flask, cast: Cast) -> None:
    now = clock.now()
    filed(cast.ana, now=now)
    with mail_server() as (box, port):
        app.extensions["mail_sender"] = sender_for(f"smtp://127.0.0.1:{port}")
        box.refusal = "451 try again later"
        outbox.drain(now)
        assert (box.mails, outbox.failed()) == ([], 0)
        box.refusal = ""
        outbox.drain(now + timedelta(seconds=30))
        assert [got["To"] for got in box.mails] == ["ana@example.com"]


@pytest.mark.parametrize(("answer", "failed"), [("550 nobody here", 1), ("451 later", 0)])
def test_a_refusal_for_good_is_not_tried_again(
    app: Flask, cast: Cast, answer: str, failed: int
) -> None:
    filed(cast.ana, now=clock.now())
    with mail_server() as (box, port):
        app.extensions["mail_sender"] = sender_for(f"smtp://127.0.0.1:{port}")
        box.refusal = answer
        outbox.drain(clock.now())
        assert (box.mails, outbox.failed()) == ([], failed)
