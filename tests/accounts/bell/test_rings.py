"""For whom it rings, once, and for nobody else."""

from __future__ import annotations

import smtplib
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.bell import actions
from accounts.bell.models import Notice
from accounts.models import Person
from accounts.permissions import PRESETS, Actor
from contact.calls.actions import CallAsked
from contact.calls.actions import receive as receive_call
from contact.calls.threads import About
from core import clock, outbox
from core.db import db, transaction
from core.tokens import new_token
from quotes.actions import Asked
from quotes.actions import receive as receive_quote
from tests.cast import START, Cast
from tests.contact.chat.builders import begun, on_duty
from tests.tickets.builders import answered, filed, taken, withdraw_rights, without_undo
from tests.tickets.outages.builders import joined, outaged
from tickets import handling, joining, turns
from tickets.actions import reopen, reply_as_customer
from tickets.handling import Then
from tickets.models import Message
from tickets.outages import actions as outages
from tickets.participants.actions import add as add_participant


def rung(cast: Cast) -> list[tuple[str, str, str]]:
    """(who, kind, about) in the order in which it rang."""
    names = {getattr(cast, name).person_id: name for name in cast.__dataclass_fields__}
    db.session.rollback()
    rows = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(names[row.person_id], row.kind, row.about) for row in rows]


def wrote(number: int, actor: Actor, text: str = "Sigue igual.") -> None:
    reply_as_customer(number=number, actor=actor, text=text, form_id=new_token(), now=START)
    outbox.drain(clock.now())


@pytest.fixture
def ticket(cast: Cast) -> int:
    """Ana's, which Diego holds; Beto's and Carla's are there to be mistaken for it."""
    without_undo()
    number = filed(cast.ana)
    filed(cast.beto, affection="instalar-configurar")
    filed(cast.carla)
    assert taken(cast.diego) == number
    outbox.drain(clock.now())
    assert rung(cast) == []
    return number


def test_a_reply_rings_for_the_author_alone(cast: Cast, ticket: int) -> None:
    answered(ticket, cast.diego, Then.STAY)
    assert rung(cast) == []
    outbox.drain(clock.now())
    assert rung(cast) == [("ana", "ticket_replied", f"ticket:{ticket}")]


def test_a_reply_rings_for_who_takes_part_too(cast: Cast, ticket: int) -> None:
    add_participant(number=ticket, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    outbox.drain(clock.now())
    answered(ticket, cast.diego, Then.STAY)
    for _ in range(2):
        outbox.drain(clock.now())
    about = f"ticket:{ticket}"
    assert rung(cast) == [
        ("beto", "participant_added", about),
        ("ana", "ticket_replied", about),
        ("beto", "ticket_replied", about),
    ]


def test_a_note_rings_for_whom_it_names_and_for_no_customer(cast: Cast, ticket: int) -> None:
    handling.note(
        number=ticket, actor=cast.diego, text="@dora @diego", form_id=new_token(), now=START
    )
    outbox.drain(clock.now())
    assert rung(cast) == [("dora", "mentioned", f"ticket:{ticket}")]


def test_a_hand_over_rings_for_the_colleague(cast: Cast, ticket: int) -> None:
    turns.hand_over(
        number=ticket,
        actor=cast.diego,
        to=cast.dora.person_id,
        note="Es de DNS.",
        form_id=new_token(),
        limit=3,
        now=START,
    )
    outbox.drain(clock.now())
    assert rung(cast) == [("dora", "ticket_handed_over", f"ticket:{ticket}")]


def test_a_split_ticket_rings_and_a_filed_one_does_not(cast: Cast, ticket: int) -> None:
    wrote(ticket, cast.ana, "Además quiero instalar WordPress.")
    message = db.session.scalars(select(Message.id).where(Message.body.startswith("Además"))).one()
    part = joining.Part("Instalar WordPress", "instalar-configurar", "Es otro problema.")
    new = joining.split(number=ticket, message_id=message, actor=cast.diego, part=part, now=START)
    outbox.drain(clock.now())
    assert rung(cast) == [
        ("diego", "ticket_news", f"ticket:{ticket}"),
        ("ana", "ticket_filed", f"ticket:{new}"),
    ]


def test_what_a_customer_writes_rings_for_the_holder_and_the_others_in_it(
    cast: Cast, ticket: int
) -> None:
    add_participant(number=ticket, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    outbox.drain(clock.now())
    before = rung(cast)
    wrote(ticket, cast.beto)
    about = f"ticket:{ticket}"
    assert rung(cast)[len(before) :] == [
        ("ana", "ticket_news", about),
        ("diego", "ticket_news", about),
    ]


def test_an_answer_that_goes_to_the_queue_rings_for_no_technician(cast: Cast, ticket: int) -> None:
    answered(ticket, cast.diego, Then.WAIT)
    outbox.drain(clock.now())
    wrote(ticket, cast.ana)
    outbox.drain(clock.now())
    assert rung(cast) == [("ana", "ticket_replied", f"ticket:{ticket}")]


def test_a_reopening_rings_for_nobody_for_nobody_holds_it(cast: Cast, ticket: int) -> None:
    answered(ticket, cast.diego, Then.RESOLVE)
    outbox.drain(clock.now())
    before = rung(cast)
    reopen(number=ticket, actor=cast.ana, text="No.", form_id=new_token(), now=START)
    outbox.drain(clock.now())
    assert rung(cast) == before


def test_a_form_sent_twice_rings_once(cast: Cast, ticket: int) -> None:
    for _ in range(2):
        reply_as_customer(number=ticket, actor=cast.ana, text="Sigue.", form_id="f" * 43, now=START)
        outbox.drain(clock.now())
    assert rung(cast) == [("diego", "ticket_news", f"ticket:{ticket}")]


def test_who_lost_the_right_is_not_told(cast: Cast, ticket: int) -> None:
    add_participant(number=ticket, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    outbox.drain(clock.now())
    with transaction() as session:
        # Beto went to the other company, Ana's account is closed, Diego left the desk.
        session.execute(
            update(Person)
            .where(Person.id == cast.beto.person_id)
            .values(company_id=cast.carla.company_id, rights=PRESETS["administrador"])
        )
        session.execute(
            update(Person).where(Person.id == cast.ana.person_id).values(disabled_at=START)
        )
    before = rung(cast)
    answered(ticket, cast.diego, Then.STAY)
    outbox.drain(clock.now())
    assert rung(cast) == before


def test_a_holder_who_left_the_desk_is_not_told(cast: Cast, ticket: int) -> None:
    with transaction() as session:
        session.execute(
            update(Person)
            .where(Person.id == cast.diego.person_id)
            .values(roles=frozenset({"editor"}))
        )
    wrote(ticket, cast.ana)
    assert rung(cast) == []


def test_a_member_without_rights_still_hears_of_their_own(cast: Cast) -> None:
    without_undo()
    number = filed(cast.beto, affection="instalar-configurar")
    withdraw_rights(cast.beto)
    assert taken(cast.diego) == number
    answered(number, cast.diego, Then.STAY)
    outbox.drain(clock.now())
    assert rung(cast) == [("beto", "ticket_replied", f"ticket:{number}")]


def test_a_mail_that_fails_and_is_tried_again_rings_once(
    app: Flask, cast: Cast, ticket: int
) -> None:
    class Failing:
        def send(self, message: EmailMessage, *, handed: object = None) -> None:
            raise smtplib.SMTPServerDisconnected("away")

    kept = app.extensions["mail_sender"]
    app.extensions["mail_sender"] = Failing()
    answered(ticket, cast.diego, Then.STAY)
    now = clock.now()
    for _ in range(3):
        outbox.drain(now)
        now += outbox.LONGEST_PAUSE
    app.extensions["mail_sender"] = kept
    outbox.drain(now + outbox.LONGEST_PAUSE)
    assert rung(cast) == [("ana", "ticket_replied", f"ticket:{ticket}")]


def test_an_outage_rings_for_the_rest_of_the_desk(cast: Cast) -> None:
    number = outaged(cast.diego)
    assert sorted(rung(cast)) == [
        ("dora", "outage_declared", f"outage:{number}"),
        ("gloria", "outage_declared", f"outage:{number}"),
    ]


def test_news_of_an_outage_ring_for_who_has_an_open_ticket_in_it(cast: Cast, ticket: int) -> None:
    number = outaged(cast.diego)
    joined(number, cast.carla)
    outbox.drain(clock.now())
    before = rung(cast)
    for _ in range(2):
        outages.add_update(
            number=number, actor=cast.diego, body="Ya hay enlace.", form_id="u" * 43, now=START
        )
        outbox.drain(clock.now())
    assert [(who, kind) for who, kind, _ in rung(cast)[len(before) :]] == [("carla", "ticket_news")]


def test_a_call_rings_for_the_desk_and_a_quote_for_sales(cast: Cast) -> None:
    asked = CallAsked("Rosa", "+51987654321", "manana", "Mi dominio")
    for _ in range(2):
        receive_call(asked, token="c" * 43, actor=None, now=START)
    quote = Asked("Rosa", "Rosas SAC", None, "rosa@example.com", "+51987654321", "Un servidor")
    for _ in range(2):
        receive_quote(quote, token="q" * 43, actor=None, now=START)
    assert [(who, kind) for who, kind, _ in rung(cast)] == [
        ("diego", "call_received"),
        ("dora", "call_received"),
        ("fabio", "quote_received"),
    ]


def test_a_call_written_into_a_ticket_rings_once_for_its_holder(cast: Cast, ticket: int) -> None:
    asked = CallAsked("Ana", "+51987654321", "manana", "Mi servidor")
    about = About("Pido que me llamen.", number=ticket)
    receive_call(asked, token="c" * 43, actor=cast.ana, about=about, now=START)
    outbox.drain(clock.now())
    assert [(who, kind) for who, kind, _ in rung(cast)] == [
        ("dora", "call_received"),
        ("diego", "ticket_news"),
    ]


def test_a_chat_rings_for_who_is_on_duty(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    begun()
    assert [(who, kind) for who, kind, _ in rung(cast)] == [("diego", "chat_waiting")]
    assert "Alguien espera en el chat" in cast.sign_in(app, cast.diego).get("/avisos").text


def test_the_same_event_at_the_same_moment_rings_once(app: Flask, cast: Cast) -> None:
    def one(_turn: int) -> bool:
        with app.app_context(), transaction() as session:
            return actions.ring(
                session,
                person_id=cast.ana.person_id,
                kind="ticket_replied",
                reference="the-same",
                about="ticket:1001",
                now=START,
            )

    with ThreadPoolExecutor(6) as pool:
        new = list(pool.map(one, range(12)))
    assert sorted(new) == [False] * 11 + [True]
    assert len(rung(cast)) == 1
