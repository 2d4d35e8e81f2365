"""A text of staff that promises a time is stopped once (R4), and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db
from core.promises import AGREED
from core.tokens import new_token
from tests.cast import Cast
from tests.tickets.builders import answered, filed, taken, ticket
from tests.tickets.test_desk_page import box, main_of
from tickets.handling import Then
from tickets.models import Message, TicketEvent

PROMISE = "Hola, Ana. El disco falló y en dos horas queda. Saludos"


@pytest.fixture
def number(app: Flask, cast: Cast) -> int:
    number = filed(cast.ana)
    taken(cast.diego)
    return number


def sent(number: int) -> list[str]:
    """What staff wrote in the thread."""
    db.session.rollback()
    rows = select(Message.body).where(Message.ticket_number == number, Message.from_staff)
    return list(db.session.scalars(rows.order_by(Message.id)))


def last_event(number: int) -> tuple[str, object]:
    """Its kind, and whether it says that it promises a time."""
    db.session.rollback()
    rows = select(TicketEvent).where(TicketEvent.ticket_number == number)
    event = db.session.scalars(rows.order_by(TicketEvent.seq.desc()).limit(1)).one()
    return event.kind, event.data.get("promise")


def confirmation(page: str) -> str:
    found = re.search(r'name="promesa" value="([\w-]{43})"', page)
    assert found
    return found.group(1)


def post(client: FlaskClient, number: int, **form: str) -> tuple[int, str]:
    values = {"accion": "responder", "formulario": new_token(), **form}
    answer = client.post(f"/mesa/tickets/{number}/respuestas", data=values)
    return answer.status_code, answer.text


def test_a_reply_that_promises_is_stopped_with_its_text_kept(
    app: Flask, cast: Cast, number: int
) -> None:
    client = cast.sign_in(app, cast.diego)
    status, page = post(client, number, texto=PROMISE, siguiente="y")
    assert (status, sent(number)) == (422, [])
    assert box(page, "texto") == PROMISE
    assert "Promete un tiempo: «en dos horas»" in main_of(page)
    assert f"<blockquote>{AGREED['es']}</blockquote>" in main_of(page)
    assert re.search(r'name="siguiente"[^>]*checked|checked[^>]*name="siguiente"', page)


def test_the_second_press_sends_the_same_text_and_the_event_says_so(
    app: Flask, cast: Cast, number: int
) -> None:
    client = cast.sign_in(app, cast.diego)
    key = confirmation(post(client, number, texto=PROMISE)[1])
    status, _ = post(client, number, texto=PROMISE, promesa=key, accion="resolver")
    assert (status, sent(number)) == (303, [PROMISE])
    assert last_event(number) == ("resolved", True)
    history = main_of(client.get(f"/mesa/tickets/{number}").text).split('id="historia"')[1]
    assert "con una promesa de tiempo" in history
    assert "promesa" not in cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text


def test_a_changed_text_is_judged_anew(app: Flask, cast: Cast, number: int) -> None:
    client = cast.sign_in(app, cast.diego)
    key = confirmation(post(client, number, texto=PROMISE)[1])
    other = PROMISE.replace("dos", "tres")
    status, page = post(client, number, texto=other, promesa=key)
    assert (status, sent(number)) == (422, [])
    assert "«en tres horas»" in page
    assert confirmation(page) != key
    status, _ = post(client, number, texto="Cambiamos el disco.", promesa=key)
    assert (status, sent(number)) == (303, ["Cambiamos el disco."])
    assert last_event(number) == ("replied", None)


@pytest.mark.parametrize("promesa", ["", "si", "x" * 43, "1", "\u00f1" * 43])
def test_a_made_up_confirmation_confirms_nothing(
    app: Flask, cast: Cast, number: int, promesa: str
) -> None:
    status, _ = post(cast.sign_in(app, cast.diego), number, texto=PROMISE, promesa=promesa)
    assert (status, sent(number)) == (422, [])


def test_the_agreed_sentence_is_put_in_place_and_then_sent(
    app: Flask, cast: Cast, number: int
) -> None:
    client = cast.sign_in(app, cast.diego)
    status, page = post(client, number, texto=PROMISE, acuerdo="si")
    mended = f"Hola, Ana. {AGREED['es']} Saludos"
    assert (status, box(page, "texto"), sent(number)) == (200, mended, [])
    assert "Promete un tiempo" not in main_of(page)
    assert post(client, number, texto=mended)[0] == 303
    assert last_event(number) == ("replied", None)


def test_an_english_reply_is_offered_an_english_sentence(
    app: Flask, cast: Cast, number: int
) -> None:
    text = "Hi Ana, we will have it fixed by tomorrow."
    page = post(cast.sign_in(app, cast.diego), number, texto=text)[1]
    assert f"<blockquote>{AGREED['en']}</blockquote>" in main_of(page)


def test_a_second_fault_does_not_lose_the_confirmation(app: Flask, cast: Cast, number: int) -> None:
    client = cast.sign_in(app, cast.diego)
    key = confirmation(post(client, number, texto=PROMISE)[1])
    status, page = post(client, number, texto=PROMISE, promesa=key, accion="nada")
    assert (status, sent(number)) == (422, [])
    assert confirmation(page) == key
    assert "Promete un tiempo" not in main_of(page)


def test_what_is_too_long_is_refused_without_being_judged(
    app: Flask, cast: Cast, number: int
) -> None:
    page = post(cast.sign_in(app, cast.diego), number, texto="Mañana queda. " * 1500)[1]
    assert "20 000 caracteres" in main_of(page)
    assert "Promete un tiempo" not in main_of(page)


def test_notes_and_customers_may_say_when(app: Flask, cast: Cast, number: int) -> None:
    note = {"texto": "Mañana lo resuelvo.", "formulario": new_token()}
    client = cast.sign_in(app, cast.diego)
    assert client.post(f"/mesa/tickets/{number}/notas", data=note).status_code == 303
    reply = {"texto": "Mañana lo tendré listo yo.", "formulario": new_token()}
    ana = cast.sign_in(app, cast.ana)
    assert ana.post(f"/tickets/{number}/respuestas", data=reply).status_code == 303


def test_the_reason_of_a_reopening_is_judged_too(app: Flask, cast: Cast, number: int) -> None:
    answered(number, cast.diego, Then.RESOLVE)
    client, path = cast.sign_in(app, cast.diego), f"/mesa/tickets/{number}/reapertura"
    reason = "Volvió a fallar, lo resolvemos hoy mismo."
    form = {"texto": reason, "formulario": new_token()}
    page = client.post(path, data=form)
    assert page.status_code == 422
    assert box(page.text, "motivo") == reason
    assert re.search(r'<details class="fold" open>\s*<summary>[^<]*Reabrir', page.text)
    mended = client.post(path, data={**form, "acuerdo": "si"})
    assert (mended.status_code, box(mended.text, "motivo")) == (200, AGREED["es"])
    assert ticket(number).state == "resuelto"
    again = client.post(path, data={**form, "promesa": confirmation(page.text)})
    assert again.status_code == 303
    assert ticket(number).state == "en_cola"
    assert last_event(number) == ("reopened", True)
