"""Every mail of `messages`, handed over as a server does: what becomes of it, to the letter."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from accounts.models import Person
from core import clock, outbox
from core.db import db
from core.mail import MemorySender
from core.text import plain_text, render_message
from tests.cast import Cast
from tests.databases import one_database
from tests.tickets.builders import filed
from tests.tickets.inbound.messages import Case, automatic, broken, encodings, programs, webmail
from tests.tickets.inbound.round import last_message, listening, received_row
from tickets.inbound import actions, mailbox
from tickets.inbound.models import InboundOriginal
from tickets.inbound.policy import EXPLAINED, Outcome
from tickets.inbound.quoting import cut
from tickets.inbound.reading import read

CASES = [
    *webmail.CASES, *programs.CASES, *encodings.CASES, *broken.CASES, *automatic.CASES,
]  # fmt: skip
LANDING = [case for case in CASES if case.outcome == Outcome.LANDED]


def test_there_are_sixty_mails_and_each_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", LANDING, ids=lambda case: case.name)
def test_words_of_a_mail_are_its_authors_exactly(case: Case) -> None:
    letter = read(case.addressed(to="s@e.example", sender="ana@andina.example", ours="<x@y>"))
    found = cut(letter.text)
    assert found.words == case.words
    assert found.was_cut == case.cut


@one_database
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mail_ends_as_it_must(app: Flask, cast: Cast, mails: MemorySender, case: Case) -> None:
    listening()
    number = filed(cast.ana)
    outbox.drain(clock.now())
    ours = mails.sent[-1]["Message-ID"]
    ana = db.session.get_one(Person, cast.ana.person_id)
    to = mailbox.reply_address_of(number, ana)
    before, sent = last_message(number).id, len(mails.sent)
    raw = case.addressed(to=to, sender=cast.ana.email, ours=ours)

    assert actions.receive(raw=raw, now=clock.now()) == case.outcome
    assert actions.receive(raw=raw, now=clock.now()) == case.outcome
    outbox.drain(clock.now())

    row, message = received_row(), last_message(number)
    assert row.outcome == case.outcome.value
    answers = mails.sent[sent:]
    assert len(answers) == (case.outcome in EXPLAINED or bool(case.refused))
    if case.outcome != Outcome.LANDED:
        assert message.id == before
        return
    assert message.id == row.written_id != before
    body, _, _notes = message.body.partition("\n\n*No se guardó")
    wanted = re.sub("^> ", "", case.words, flags=re.MULTILINE)
    assert "".join(plain_text(body).split()) == "".join(wanted.split())
    assert tuple(file.name for file in message.attachments) == case.files
    assert all(name in message.body.replace("\\", "") for name in case.refused)
    assert message.body.count("No se guardó") == len(case.refused)
    whole = db.session.get(InboundOriginal, message.id)
    assert (whole is not None) == case.cut
    html = str(render_message(message.body))
    assert not any(
        bad in html for bad in ("<h1", "<h2", "<pre", "<script", "<img", "<table", "<li")
    )
