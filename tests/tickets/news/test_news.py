"""One event, one mail for each person whom it concerns, and none for who did it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from accounts.models import MailStop, Person
from core import clock, outbox
from core.db import transaction
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import html_of, news_of, text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken
from tests.tickets.outages.builders import outaged
from tickets import actions, joining
from tickets.handling import Then
from tickets.models import Message
from tickets.outages.actions import add_update
from tickets.outages.joining import attach
from tickets.outages.resolving import resolve
from tickets.participants import actions as participants

HOSTILE = '"><img src=x onerror=MARK>'


@pytest.fixture
def number(app: Flask, cast: Cast, mails: MemorySender) -> int:
    """Ana's ticket, in which Beto takes part and which Diego holds; all mails are out."""
    made = filed(cast.ana)
    participants.add(number=made, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    assert taken(cast.diego) == made
    left(mails)
    return made


def left(mails: MemorySender) -> list[tuple[str, str]]:
    """(to, what happened) of what leaves now, by address."""
    mails.sent.clear()
    outbox.drain(clock.now())
    outbox.drain(clock.now())
    assert outbox.failed() == 0
    return sorted((str(m["To"]).partition("@")[0], news_of(m)) for m in mails.sent)


def say(number: int, cast: Cast, *, by: str = "ana", text: str = "Un dato más") -> None:
    actor = getattr(cast, by)
    actions.reply_as_customer(
        number=number, actor=actor, text=text, form_id=new_token(), now=clock.now()
    )


def test_what_a_customer_writes_reaches_holder_and_colleagues(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    say(number, cast, text=f"Un dato {HOSTILE}")
    words = "Ana Quispe escribió en el ticket"
    assert left(mails) == [("beto", words), ("diego", words)]
    to_diego = next(m for m in mails.sent if m["To"] == "diego@example.com")
    assert f"http://localhost/mesa/tickets/{number}" in text_of(to_diego)
    assert HOSTILE in text_of(to_diego)
    assert "<img" not in html_of(to_diego)
    say(number, cast, by="beto")
    words = "Beto Ramos escribió en el ticket"
    assert left(mails) == [("ana", words), ("diego", words)]


def test_author_whose_ticket_goes_back_to_the_queue_gets_one_mail(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    answered(number, cast.diego, Then.WAIT)
    left(mails)
    say(number, cast, by="beto")
    assert left(mails) == [("ana", "Su ticket está de nuevo en la cola")]
    answered_by = taken(cast.dora)
    assert answered_by == number


def test_reopening_and_closing_reach_who_takes_part(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    answered(number, cast.diego, Then.RESOLVE)
    left(mails)
    actions.reopen(
        number=number, actor=cast.ana, text="Otra vez", form_id=new_token(), now=clock.now()
    )
    assert left(mails) == [
        ("ana", "Su ticket se reabrió"),
        ("beto", "Ana Quispe reabrió el ticket"),
    ]
    for _ in range(2):
        actions.close(number=number, actor=cast.ana, now=clock.now())
    assert left(mails) == [("beto", "Ana Quispe cerró el ticket")]


def test_access_is_told_to_the_holder(cast: Cast, mails: MemorySender, number: int) -> None:
    for _ in range(2):
        actions.withdraw_authorisation(number=number, actor=cast.ana, now=clock.now())
    assert left(mails) == [("diego", "Ana Quispe retiró la autorización de acceso")]
    assert "nadie debe entrar al servidor" in text_of(mails.sent[0])
    actions.authorise(number=number, actor=cast.ana, now=clock.now())
    assert left(mails) == [("diego", "Ana Quispe autorizó el acceso")]


def test_merging_and_undoing_it_reach_everybody_once(
    cast: Cast, mails: MemorySender, app: Flask
) -> None:
    kept, gone = filed(cast.ana), filed(cast.beto)
    left(mails)
    joining.merge(number=gone, other=kept, actor=cast.diego, now=clock.now())
    assert left(mails) == [
        ("ana", "A su ticket se le unió otro"),
        ("beto", f"El ticket {gone} se unió al {kept}"),
    ]
    joining.unmerge(number=gone, actor=cast.diego, now=clock.now())
    assert left(mails) == [("beto", "El ticket vuelve a ir por su cuenta")]


def test_split_is_told_to_both_sides(cast: Cast, mails: MemorySender, number: int) -> None:
    say(number, cast, by="beto", text="Además mi web no abre")
    left(mails)
    with transaction() as session:
        last = session.query(Message.id).order_by(Message.id.desc()).limit(1).scalar()
    part = joining.Part("Mi web no abre", "otra-consulta", "Otro problema")
    new = joining.split(
        number=number, message_id=last, actor=cast.diego, part=part, now=clock.now()
    )
    assert left(mails) == [
        ("ana", "Una parte del ticket sigue en otro"),
        ("beto", f"Un mensaje suyo sigue en el ticket {new}"),
    ]


def test_outage_is_told_to_whose_ticket_it_holds_in_their_language(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    outage = outaged(cast.diego, affection="otra-consulta", title="Correo caído en Lima")
    with transaction() as session:
        session.execute(update(Person).where(Person.id == cast.ana.person_id).values(locale="en"))
        from tickets.models import Ticket

        session.execute(update(Ticket).values(affection="otra-consulta"))
    for _ in range(2):
        attach(outage_number=outage, number=number, actor=cast.diego, now=clock.now())
    assert [to for to, _news in left(mails)] == ["ana"]
    assert f"http://localhost/averias/{outage}" in text_of(mails.sent[0])
    add_update(
        number=outage, actor=cast.diego, body="Cambiamos la pieza", body_en="We changed the part",
        form_id=new_token(), now=clock.now(),
    )  # fmt: skip
    assert [to for to, _news in left(mails)] == ["ana"]
    assert "We changed the part" in text_of(mails.sent[0])
    resolve(
        number=outage, actor=cast.diego, text="Listo", text_en="Done", numbers=[],
        form_id=new_token(), now=clock.now(),
    )  # fmt: skip
    assert [to for to, _news in left(mails)] == ["ana"]


@pytest.mark.parametrize("why", ["stopped", "closed", "taken out", "handed over"])
def test_rights_and_wishes_are_asked_when_the_mail_leaves(
    cast: Cast, mails: MemorySender, number: int, why: str
) -> None:
    say(number, cast)
    with transaction() as session:
        if why == "stopped":
            beto, diego = cast.beto.person_id, cast.diego.person_id
            session.add(MailStop(person_id=beto, kind="colegas", stopped_at=START))
            session.add(MailStop(person_id=diego, kind="cliente", stopped_at=START))
        if why == "closed":
            session.execute(update(Person).values(disabled_at=START))
    if why == "taken out":
        beto = cast.beto.person_id
        participants.take_out(number=number, person_id=beto, actor=cast.ana, now=clock.now())
    if why == "handed over":
        from tickets import turns

        turns.give_back(number=number, actor=cast.diego, reason="No es mío", now=clock.now())
    told = {to for to, _news in left(mails)}
    expected = {"stopped": set(), "closed": set(), "taken out": {"diego"}, "handed over": {"beto"}}
    assert told == expected[why]
