"""Writing quotes: lines, two people at once, lists, rights, the talk that is a ticket."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db
from core.tokens import new_token
from quotes.answers import actions as answers
from quotes.answers.actions import Signed
from quotes.pricing.models import Quote, QuoteLine
from tests.accounts.mailbox import deliver
from tests.cast import Cast
from tests.databases import one_database
from tests.home.counting import statements
from tests.quotes.builders import (
    accept_form,
    address,
    drafted,
    head,
    line,
    newest,
    quote,
    rows,
    sent,
)
from tickets.models import Ticket

NEW = "/ventas/cotizaciones/nueva"
HOSTILE = '"><img src=x onerror=MARK>'


def test_wrong_lines_are_refused_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    wrong = rows((HOSTILE, "0", "1.234,50", "200%"), ("", "2", "10", ""), ("Bien", "1", "5", "9"))
    answer = fabio.post(NEW, data=head(correo="no", vence="ayer", descuento_total="x") | wrong)
    assert answer.status_code == 422
    for words in (
        "Línea 1: Escriba un número entero de 1 a 9999", "Por ejemplo: 1,234.50", "Diga qué es.",
        "Revise el correo", "Escriba un día del calendario", 'value="1.234,50"', 'value="200%"',
        "&gt;&lt;img src=x onerror=MARK&gt;",
    ):  # fmt: skip
        assert words in answer.text, words
    assert "<img src=x" not in answer.text
    assert db.session.scalar(select(func.count()).select_from(Quote)) == 0


@pytest.mark.parametrize("moneda", ["", "EUR", "x' onerror=MARK"])
@one_database
def test_currency_that_is_none_is_said_in_words(app: Flask, cast: Cast, moneda: str) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    form = head(moneda=moneda) | rows(("VPS", "1", "5", ""))
    answer = fabio.post(NEW, data=form)
    assert (answer.status_code, 'value="VPS"' in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("x", "1", "5", "6"), "no mayor que el importe"),
        (("x", "9999", "9999999.99", ""), "El total no puede pasar"),
        (("x" * 301, "1", "5", ""), "Use hasta 300 caracteres"),
    ],
)
@one_database
def test_lines_that_cannot_be_are_said_in_words(
    app: Flask, cast: Cast, typed: tuple[str, str, str, str], words: str
) -> None:
    answer = cast.sign_in(app, cast.fabio).post(NEW, data=head() | rows(typed))
    assert answer.status_code == 422
    assert words in answer.text


@one_database
def test_buttons_arrange_lines_and_store_nothing(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    typed = rows(("Uno", "1", "1", ""), ("Dos", "mal", "2", ""))

    def after(verb: str) -> str:
        answer = fabio.post(NEW, data=head(accion=verb) | typed)
        assert answer.status_code == 200
        return answer.text

    page = after("bajar-0")
    assert page.index('value="Dos"') < page.index('value="Uno"')
    assert 'value="mal"' in page
    assert 'value="Uno"' not in after("quitar-0")
    assert after("agregar").count('name="descripcion"') == 3
    for verb in ("subir-0", "bajar-9", "quitar-x", "nada", "producto", "subir-" + "9" * 40):
        assert after(verb).count('name="descripcion"') == 2
    assert "Escriba un número entero" in after("vista")
    assert db.session.scalar(select(func.count()).select_from(Quote)) == 0


@one_database
def test_two_hundred_lines_fit_and_one_more_is_refused(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    many = [("Descripción larga " * 15, "1", "10", "")] * 200
    assert fabio.post(NEW, data=head() | rows(*many)).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(QuoteLine)) == 200
    answer = fabio.post(NEW, data=head() | rows(*many, ("x", "1", "1", "")))
    assert answer.status_code == 422
    assert "Ponga entre 1 y 200 líneas" in answer.text


def test_form_sent_twice_makes_one_quote_and_numbers_have_no_gap(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    for _quote in range(2):
        form = head() | rows(("x", "1", "1", ""))
        first, second = (fabio.post(NEW, data=form) for _press in range(2))
        assert first.location == second.location
        fabio.post(NEW, data=head() | rows(("", "1", "1", "")))
    numbers = db.session.scalars(select(Quote.number).order_by(Quote.id)).all()
    assert [number[-4:] for number in numbers] == ["0001", "0002"]


def test_second_writer_sees_both_texts(app: Flask, cast: Cast) -> None:
    quote_id = drafted(cast.fabio)
    place = f"/ventas/cotizaciones/{quote_id}/edicion"
    fabio = cast.sign_in(app, cast.fabio)
    saved = fabio.post(place, data=head(revision="1") | rows(("De Fabio", "1", "10", "")))
    assert saved.status_code == 303
    answer = fabio.post(place, data=head(revision="1") | rows(("De otra", "1", "20", "")))
    assert answer.status_code == 409
    for words in ("De Fabio", 'value="De otra"', "Lo que está guardado", 'value="2"'):
        assert words in answer.text, words
    late = {"revision": "1", "correo": "rosa@bodega.pe"}
    assert fabio.post(f"/ventas/cotizaciones/{quote_id}/envio", data=late).status_code == 409
    assert newest(quote_id).sent_at is None
    again = fabio.post(place, data=head(revision="2") | rows(("De otra", "1", "20", "")))
    assert again.status_code == 303


def test_quote_without_lines_or_past_its_day_is_not_sent(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    past = clock.in_lima(clock.now()).date() - timedelta(days=1)
    for changes, words in (({"lines": []}, "No tiene líneas"), ({"valid_until": past}, "ya pasó")):
        quote_id = drafted(cast.fabio, **changes)
        answer = fabio.post(
            f"/ventas/cotizaciones/{quote_id}/envio",
            data={"revision": "1", "correo": "rosa@bodega.pe"},
        )
        assert answer.status_code == 409
        assert words in answer.text


def test_list_is_narrowed_and_counted(app: Flask, cast: Cast) -> None:
    sent(cast.fabio, customer="Pesquera Ñandú")
    drafted(cast.fabio, currency="USD", customer=HOSTILE)
    fabio = cast.sign_in(app, cast.fabio)

    def shown(query: str) -> tuple[bool, bool]:
        page = fabio.get(f"/ventas/cotizaciones?{query}")
        assert page.status_code == 200
        return "Pesquera Ñandú" in page.text, "onerror=MARK" in page.text

    assert shown("") == (True, True)
    assert shown("estado=sent") == (True, False)
    assert shown("estado=draft&moneda=USD") == (False, True)
    assert shown("q=nandu") == (True, False)
    assert shown("q=COT-") == (True, True)
    assert shown("q=%25") == (False, False)
    assert shown("de=mias&desde=2020-01-01&hasta=2098-01-01") == (True, True)
    assert shown("hasta=2020-01-01") == (False, False)
    assert shown("estado=zzz&moneda=EUR&desde=ayer&de=x&pagina=x") == (True, True)
    assert "Enviada (1)" in fabio.get("/ventas/cotizaciones").text
    assert "<img src=x" not in fabio.get("/ventas/cotizaciones").text


def test_file_of_the_list_calculates_nothing(app: Flask, cast: Cast) -> None:
    drafted(cast.fabio, customer="=cmd|' /C calc'!A0", contact="＋1")
    text = cast.sign_in(app, cast.fabio).post("/ventas/cotizaciones/cotizaciones.csv").text
    assert "\"'=cmd|" in text
    assert '"\'＋1"' in text


@one_database
def test_lists_cost_the_same_for_one_and_thirty(app: Flask, cast: Cast) -> None:
    fabio, ana = cast.sign_in(app, cast.fabio), cast.sign_in(app, cast.ana)
    sent(cast.fabio, email=cast.ana.email)
    places = ((fabio, "/ventas/cotizaciones"), (ana, "/cotizaciones"))
    one = [len(statements(*place)) for place in places]
    for _n in range(29):
        sent(cast.fabio, email=cast.ana.email)
    assert [len(statements(*place)) for place in places] == one


def test_customers_read_their_own_alone(app: Flask, cast: Cast) -> None:
    own = sent(cast.fabio, email=cast.ana.email, customer="Secreto de Andina")
    other = sent(cast.fabio, email=cast.carla.email, customer="Secreto de Costa")
    draft = drafted(cast.fabio, email=cast.ana.email)
    ana, beto, carla = (cast.sign_in(app, who) for who in (cast.ana, cast.beto, cast.carla))
    assert ana.get(f"/cotizaciones/{own}").status_code == 200
    assert quote(own).number in ana.get("/cotizaciones").text
    assert quote(other).number not in ana.get("/cotizaciones").text
    for client, hidden in ((ana, other), (ana, draft), (carla, own), (beto, own), (ana, 999)):
        for answer in (
            client.get(f"/cotizaciones/{hidden}"), client.get(f"/cotizaciones/{hidden}/pdf"),
            client.post(f"/cotizaciones/{hidden}/aceptacion", data=accept_form()),
        ):  # fmt: skip
            assert answer.status_code == 404
            assert "Secreto" not in answer.text
    assert newest(own).accepted_at is None


def test_acceptance_of_a_customer_opens_one_ticket(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio, email=cast.ana.email)
    ana = cast.sign_in(app, cast.ana)
    page = ana.get(f"/cotizaciones/{quote_id}").text
    assert "Se abre un ticket a su nombre" in page
    for _press in range(2):
        done = ana.post(f"/cotizaciones/{quote_id}/aceptacion", data=accept_form())
        assert done.status_code == 303
    db.session.rollback()
    (ticket,) = db.session.scalars(select(Ticket)).all()
    assert (ticket.affection, ticket.mark, ticket.author_id) == (
        "otra-consulta", "baja", cast.ana.person_id,
    )  # fmt: skip
    assert quote(quote_id).ticket_number == ticket.number
    assert f"ticket {ticket.number}" in ana.get(f"/cotizaciones/{quote_id}").text


def test_question_of_a_visitor_is_answered_by_sales(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    quote_id = sent(cast.fabio)
    deliver(app)
    ask = {"version": "1", "texto": f"¿Incluye IP? {HOSTILE}", "formulario": new_token()}
    for _press in range(2):
        assert client.post(address(quote_id, "/preguntas"), data=ask).status_code == 303
    (mail,) = deliver(app)
    assert mail["To"] == cast.fabio.email
    fabio = cast.sign_in(app, cast.fabio)
    place = f"/ventas/cotizaciones/{quote_id}/preguntas/1/respuesta"
    assert fabio.post(place, data={"respuesta": " "}).status_code == 422
    assert fabio.post(place, data={"respuesta": "Sí, una."}).status_code == 303
    late = fabio.post(place, data={"respuesta": "No, ninguna."})
    assert late.status_code == 409
    assert "No, ninguna." in late.text
    assert fabio.post(place.replace("/1/", "/9/"), data={"respuesta": "x"}).status_code == 404
    (mail,) = deliver(app)
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["To"] == "rosa@bodega.pe"
    assert "Sí, una." in body
    assert "onerror" not in body
    page = client.get(address(quote_id)).text
    assert "Sí, una." in page
    assert "<img src=x" not in page
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_two_who_accept_at_once_are_one_acceptance(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    first: list[bool] = []

    def press(name: str) -> None:
        with app.app_context():
            first.append(
                answers.accept(
                    quote_id=quote_id, version=1, name=name, by=Signed(), now=clock.now()
                )
            )

    presses = [threading.Thread(target=press, args=(f"P{n}",)) for n in range(4)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(first) == [False, False, False, True]


@one_database
def test_opening_is_noted_once_and_not_for_staff(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    browser = {"User-Agent": "Mozilla/5.0 Firefox/140"}
    cast.sign_in(app, cast.fabio).get(address(quote_id), headers=browser)
    app.extensions["visits"].flush()
    assert newest(quote_id).opened_at is None
    for _look in range(2):
        app.test_client().get(address(quote_id), headers=browser)
        app.extensions["visits"].flush()
    assert newest(quote_id).opened_at is not None
    page = cast.sign_in(app, cast.fabio).get(f"/ventas/cotizaciones/{quote_id}").text
    assert page.count("El cliente la abrió por primera vez") == 1


@one_database
def test_price_of_the_catalogue_changes_no_quote(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio, lines=[line(price=5_000)])
    fabio = cast.sign_in(app, cast.fabio)
    made = {
        "nombre": "VPS", "grupo": "Servidores", "plan_id": ["", ""], "plan_nombre": ["4 GB", ""],
        "plan_periodo": ["monthly", "monthly"], "plan_pen": ["120.50", ""], "plan_usd": ["", ""],
        "publico": "0",
    }  # fmt: skip
    assert fabio.post("/ventas/productos/nuevo", data=made).status_code == 303
    bad = made | {"plan_pen": ["1.234,5", ""], "plan_id": ["1", ""], "revision": "1"}
    answer = fabio.post("/ventas/productos/1", data=bad)
    assert answer.status_code == 422
    assert 'value="1.234,5"' in answer.text
    good = made | {"plan_id": ["1", ""], "plan_pen": ["99", ""], "revision": "1"}
    assert fabio.post("/ventas/productos/1", data=good).status_code == 303
    late = fabio.post("/ventas/productos/1", data=good | {"nombre": "Otro nombre"})
    assert late.status_code == 409
    assert 'value="Otro nombre"' in late.text
    assert "Desde S/\u00a099.00" in app.test_client().get("/cotizacion").text
    assert fabio.post("/ventas/productos/1/retiro").status_code == 303
    assert "4 GB" not in app.test_client().get("/cotizacion").text
    assert fabio.post("/ventas/productos/1/regreso").status_code == 303
    assert newest(quote_id).subtotal == 10_000


@pytest.mark.parametrize("corrected", ["draft", "sending"])
def test_address_that_was_corrected_before_sending_shows_the_quote_to_nobody(
    app: Flask, cast: Cast, corrected: str
) -> None:
    quote_id = drafted(cast.fabio, email=cast.ana.email)
    fabio, place = cast.sign_in(app, cast.fabio), f"/ventas/cotizaciones/{quote_id}"
    if corrected == "draft":
        typed = head(revision="1", correo=cast.carla.email) | rows(("VPS", "1", "10", ""))
        assert fabio.post(f"{place}/edicion", data=typed).status_code == 303
    letter = {"revision": str(newest(quote_id).revision), "correo": cast.carla.email}
    assert fabio.post(f"{place}/envio", data=letter).status_code == 303
    own = f"/cotizaciones/{quote_id}"
    assert cast.sign_in(app, cast.ana).get(own).status_code == 404
    assert cast.sign_in(app, cast.carla).get(own).status_code == 200
    for who, found in ((cast.ana, 0), (cast.carla, 1)):
        listed = fabio.get(f"/ventas/cotizaciones?q={who.email}").text
        assert listed.count(f"/ventas/cotizaciones/{quote_id}") == found
