"""Mails that say the place of a ticket: while it is so, in the reader's language, never a time."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from accounts.models import Person
from core import outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.mail_threads import reference_of
from core.models import Job
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken
from tickets import actions, handling
from tickets.handling import Then
from tickets.models import Message

LATER = START + timedelta(days=1)


def waiting(cast: Cast) -> int:
    """A ticket of Ana that waits for her answer."""
    number = filed(cast.ana)
    assert taken(cast.diego) == number
    answered(number, cast.diego, Then.WAIT)
    return number


def back(number: int, cast: Cast, *, form_id: str = "") -> None:
    actions.reply_as_customer(
        number=number, actor=cast.ana, text="Listo", form_id=form_id or new_token(), now=LATER
    )


def reopened(cast: Cast) -> int:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    actions.reopen(
        number=number, actor=cast.ana, text="Volvió a fallar", form_id=new_token(), now=LATER
    )
    return number


def sent(mails: MemorySender) -> list[str]:
    """The bodies of what is sent now, with single spaces."""
    outbox.drain(LATER, kinds=["tickets.queued"])
    return [" ".join(text_of(m).split()) for m in mails.sent]


def english(cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).locale = "en"


def test_an_answer_brings_the_place_by_mail(app: Flask, cast: Cast, mails: MemorySender) -> None:
    number = waiting(cast)
    for _ in range(2):
        filed(cast.carla, affection="corte-de-red")
    back(number, cast)
    (body,) = sent(mails)
    assert mails.sent[0]["To"] == "ana@example.com"
    assert mails.sent[0]["Subject"] == f"[Ticket {number}] No llegan correos de Gmail"
    assert body.startswith("Su ticket está de nuevo en la cola")
    assert "Su ticket vuelve a su lugar en la cola" in body
    assert "Delante del suyo hay 2 tickets: - 2 incidencias por corte de red" in body
    assert f"http://localhost/tickets/{number}" in body
    assert "Pesquera" not in body


def test_a_reopened_ticket_says_that_its_arrival_stays(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    reopened(cast)
    (body,) = sent(mails)
    assert "Su ticket se reabrió y conserva su primera llegada." in body
    assert "El suyo es el siguiente de la cola." in body


def test_the_place_is_told_in_the_readers_language(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    english(cast)
    filed(cast.carla, affection="corte-de-red")
    filed(cast.ana)
    outbox.drain(LATER, kinds=["tickets.filed"])
    assert "- 1 incident: network outage" in text_of(mails.sent[1])


def test_who_was_taken_meanwhile_is_told_nothing(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = waiting(cast)
    back(number, cast)
    assert taken(cast.dora) == number
    assert sent(mails) == []


def test_who_may_no_longer_see_it_is_told_nothing(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    back(waiting(cast), cast)
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).disabled_at = LATER
    assert sent(mails) == []


def test_a_message_that_moves_nothing_brings_no_mail(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    back(number, cast)
    assert taken(cast.diego) == number
    back(number, cast)
    assert sent(mails) == []


def test_an_answer_sent_twice_brings_one_mail(app: Flask, cast: Cast, mails: MemorySender) -> None:
    number, form_id = waiting(cast), new_token()
    back(number, cast, form_id=form_id)
    back(number, cast, form_id=form_id)
    assert len(sent(mails)) == 1


def test_a_job_that_runs_twice_sends_its_mail_once(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = waiting(cast)
    back(number, cast)
    sent(mails)
    with transaction() as session:
        job = session.scalars(select(Job).where(Job.kind == "tickets.queued")).one()
        job.done_at, job.claimed_until = None, None
    assert len(sent(mails)) == 1
    last = db.session.scalar(select(func.max(Message.id)))
    assert reference_of(mails.sent[0]["Message-ID"]) == f"ticket-{number}-queued-{last}"


def test_the_desks_reopening_says_the_place_too(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    filed(cast.carla, affection="corte-de-red")
    outbox.drain(LATER)
    mails.sent.clear()
    handling.reopen(
        number=number, actor=cast.diego, text="Falta una parte", form_id=new_token(), now=LATER
    )
    outbox.drain(LATER, kinds=["tickets.replied"])
    body = " ".join(text_of(mails.sent[0]).split())
    assert "Falta una parte" in body
    assert "Delante del suyo hay 1 ticket: - 1 incidencia por corte de red" in body
