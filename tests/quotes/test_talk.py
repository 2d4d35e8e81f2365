"""The talk about a quote: sales answers it there; with the acceptance it becomes a ticket."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.bell.models import Notice
from accounts.permissions import Actor
from core import clock
from core.db import db
from core.mail import MemorySender
from core.tokens import new_token
from quotes.answers.actions import Signed, accept, answer_question, ask
from quotes.pricing.models import QuoteQuestion
from tests.accounts.mailbox import deliver, html_of, text_of
from tests.cast import Cast
from tests.databases import one_database
from tests.quotes.builders import accept_form, address, newest, quote, sent
from tests.quotes.test_quotes import form as request_form
from tickets import actions as tickets
from tickets.models import Message, Ticket

HOSTILE = '"><img src=x onerror=MARK>'


def question(text: str = "¿Incluye IP?") -> dict[str, str]:
    return {"version": "1", "texto": text, "formulario": new_token()}


def rung(who: Actor) -> list[str]:
    db.session.rollback()
    mine = select(Notice.kind).where(Notice.person_id == who.person_id).order_by(Notice.id)
    return list(db.session.scalars(mine))


def answered(cast: Cast, text: str) -> None:
    db.session.rollback()
    last = db.session.scalars(select(func.max(QuoteQuestion.id))).one()
    assert answer_question(actor=cast.fabio, question_id=last, text=text, now=clock.now())


def test_customer_and_sales_talk_on_the_quote_and_no_ticket_is_made(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio, email=cast.ana.email)
    deliver(app)
    ana = cast.sign_in(app, cast.ana)
    place = f"/cotizaciones/{quote_id}"
    said = (("¿Incluye IP?", "Sí, una."), ("¿Y respaldo?", "Cada noche."))
    for asks, answers in said:
        form = question(asks)
        for _press in range(2):
            assert ana.post(f"{place}/preguntas", data=form).status_code == 303
        (mail,) = deliver(app)
        assert mail["To"] == cast.fabio.email
        answered(cast, answers)
        (mail,) = deliver(app)
        assert mail["To"] == cast.ana.email
    fabio = cast.sign_in(app, cast.fabio)
    for page in (ana.get(place).text, fabio.get(f"/ventas{place}").text):
        told = [page.index(words) for pair in said for words in pair]
        assert told == sorted(told)
        assert "Con el enlace privado" not in page
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0
    assert quote(quote_id).ticket_number is None
    assert rung(cast.fabio) == ["quote_asked", "quote_asked"]
    assert rung(cast.ana) == ["quote_sent", "quote_answered", "quote_answered"]
    assert f'href="/cotizaciones/{quote_id}"' in ana.get("/cotizaciones").text
    assert "Ventas respondió su pregunta." in ana.get("/avisos").text
    assert "El cliente preguntó." in fabio.get("/avisos").text


@one_database
def test_no_conditions_are_asked_for_a_question(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio, email=cast.ana.email)
    page = cast.sign_in(app, cast.ana).get(f"/cotizaciones/{quote_id}").text
    asking = page.split('action="/cotizaciones/1/preguntas"')[1].split("</form>")[0]
    assert "Ventas responde por correo y aquí mismo." in asking
    assert "condiciones" not in asking
    assert page.count("Se abre un ticket a su nombre") == 1


def test_after_the_acceptance_questions_go_into_its_ticket(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio, email=cast.ana.email)
    ana = cast.sign_in(app, cast.ana)
    place = f"/cotizaciones/{quote_id}"
    ana.post(f"{place}/preguntas", data=question("Antes"))
    ana.post(f"{place}/aceptacion", data=accept_form())
    number = quote(quote_id).ticket_number
    assert number is not None
    assert f"Se escribe en el ticket {number}" in ana.get(place).text
    form = question("Después")
    for _press in range(2):
        assert ana.post(f"{place}/preguntas", data=form).status_code == 303
    db.session.rollback()
    bodies = db.session.scalars(select(Message.body).order_by(Message.id)).all()
    assert len(bodies) == 2
    assert bodies[1] == "Después"
    kept = db.session.execute(
        select(QuoteQuestion.text, QuoteQuestion.ticket_number).order_by(QuoteQuestion.id)
    ).all()
    assert [tuple(one) for one in kept] == [("Antes", None), ("Después", number)]
    page = cast.sign_in(app, cast.fabio).get(f"/ventas{place}").text
    assert page.count('name="respuesta"') == 1
    tickets.close(number=number, actor=cast.ana, now=clock.now())
    ana.post(f"{place}/preguntas", data=question("Cerrado ya"))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2
    page = cast.sign_in(app, cast.fabio).get(f"/ventas{place}").text
    assert page.count('name="respuesta"') == 2


def test_after_the_acceptance_a_visitor_is_answered_by_sales(
    client: FlaskClient, cast: Cast
) -> None:
    quote_id = sent(cast.fabio)
    client.post(address(quote_id, "/aceptacion"), data=accept_form())
    assert client.post(address(quote_id, "/preguntas"), data=question()).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0
    answered(cast, "Sí, una.")
    assert "Sí, una." in client.get(address(quote_id)).text


def test_a_colleague_who_asked_gets_the_answer(app: Flask, cast: Cast) -> None:
    """Beto holds the link that was sent to Ana."""
    quote_id = sent(cast.fabio, email=cast.ana.email)
    deliver(app)
    beto = cast.sign_in(app, cast.beto)
    assert beto.post(address(quote_id, "/preguntas"), data=question()).status_code == 303
    db.session.rollback()
    assert [mail["To"] for mail in deliver(app)] == [cast.fabio.email]
    answered(cast, "Sí, una.")
    assert [mail["To"] for mail in deliver(app)] == [cast.beto.email]
    assert rung(cast.beto) == []


@pytest.mark.parametrize("verb", ["ask", "accept"])
def test_whoever_answers_from_their_own_address_has_the_quote_in_their_list(
    app: Flask, client: FlaskClient, cast: Cast, verb: str
) -> None:
    quote_id = sent(cast.fabio)
    stored = db.session.merge(newest(quote_id))
    stored.email = cast.ana.email
    db.session.commit()
    by, now = Signed(actor=cast.ana), clock.now()
    if verb == "ask":
        ask(quote_id=quote_id, version=1, text="¿IP?", form_id=new_token(), by=by, now=now)
    else:
        accept(quote_id=quote_id, version=1, name="Ana", by=by, now=now)
    assert cast.sign_in(app, cast.ana).get(f"/cotizaciones/{quote_id}").status_code == 200
    assert cast.sign_in(app, cast.carla).get(f"/cotizaciones/{quote_id}").status_code == 404


def test_declining_rings_for_sales_and_opens_no_ticket(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio, email=cast.ana.email)
    ana = cast.sign_in(app, cast.ana)
    no = {"version": "1", "motivo": "precio", "texto": "Caro"}
    assert ana.post(f"/cotizaciones/{quote_id}/rechazo", data=no).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0
    assert rung(cast.fabio) == ["quote_declined"]


def test_list_of_sales_shows_whose_question_waits(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    quote_id, other = sent(cast.fabio), sent(cast.fabio)
    fabio, place = cast.sign_in(app, cast.fabio), "/ventas/cotizaciones"
    assert "por responder" not in fabio.get(place).text
    assert client.post(address(quote_id, "/preguntas"), data=question()).status_code == 303
    page = fabio.get(place).text
    assert "Con preguntas por responder</a> (1)" in page.replace(" (1)</a>", "</a> (1)")
    assert page.count("Pregunta por responder") == 1
    waiting = fabio.get(f"{place}?preguntas=si").text
    assert quote(quote_id).number in waiting
    assert quote(other).number not in waiting
    answered(cast, "Sí, una.")
    assert "Pregunta por responder" not in fabio.get(place).text
    assert fabio.get(f"{place}?preguntas=si").status_code == 200


def test_a_request_is_mailed_to_who_sells(
    app: Flask, client: FlaskClient, cast: Cast, mails: MemorySender
) -> None:
    asks = request_form(necesidad=f"Algo {HOSTILE}")
    del asks["cantidad-vps"]
    for _press in range(2):
        assert client.post("/cotizacion", data=asks).status_code == 303
    told = {mail["To"]: mail for mail in deliver(app)}
    assert sorted(told) == [cast.fabio.email, "rosa@bodega.pe"]
    mail = told[cast.fabio.email]
    assert mail["Subject"] == "Piden una cotización: solicitud 1"
    assert "http://localhost/ventas/1" in text_of(mail)
    assert "<img src=x" not in html_of(mail)
    assert "onerror" not in text_of(told["rosa@bodega.pe"])
