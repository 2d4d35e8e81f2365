"""Click-to-chat links: with the context of their page, and never with what is private."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from urllib.parse import unquote

from flask import Flask

from core import clock, settings
from core.mail import MemorySender
from tests.cast import START, Cast
from tests.contact.calls.builders import call, form, received, requested
from tests.databases import one_database
from tests.kb.articles import make_article, make_categories
from tests.quotes.test_quotes import form as request_form
from tests.tickets.builders import filed
from tests.tickets.outages.builders import outaged
from tests.world import PEOPLE, World, routes

_LINK = re.compile(r'<a[^>]*href="(https://wa\.me/[^"]*)"[^>]*>')


def said(page: str) -> list[str]:
    """The words of each link that has any."""
    found = (unescape(address) for address in _LINK.findall(page))
    return [unquote(address.partition("?text=")[2]) for address in found if "?text=" in address]


def test_an_article_says_its_title_and_address(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="correo-lleno", title="El buzón & la cuota", category_id=shelf)
    page = app.test_client().get("/preguntas/correo-lleno").text
    assert said(page) == [
        "Hola, leí «El buzón & la cuota» y necesito ayuda: http://localhost/preguntas/correo-lleno"
    ]


def test_results_say_the_words_that_were_searched(app: Flask) -> None:
    page = app.test_client().get("/preguntas/buscar?q=buz%C3%B3n+lleno+%26+100%25").text
    assert said(page) == ["Hola, busqué «buzón lleno & 100%» y no encontré la respuesta:"]


def test_an_outage_says_which_one(app: Flask, cast: Cast) -> None:
    number = outaged(cast.diego, title="Red de Lima caída")
    page = app.test_client().get(f"/averias/{number}").text
    assert said(page) == [
        f"Hola, escribo por la avería {number}, «Red de Lima caída»: "
        f"http://localhost/averias/{number}"
    ]


def test_a_ticket_says_its_number_and_subject(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="No llegan correos")
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert said(page) == [f"Hola, les escribo por mi ticket {number}: No llegan correos"]


def test_whoever_has_tickets_open_names_them_first(app: Flask, cast: Cast) -> None:
    ana, visitor = cast.sign_in(app, cast.ana), app.test_client()
    plain = "Hola, tengo una consulta para el centro de soporte:"
    assert said(ana.get("/").text) == [plain]
    first = filed(cast.ana)
    assert said(ana.get("/").text) == [f"Hola, les escribo por mi ticket {first}:"]
    filed(cast.ana)
    assert said(ana.get("/").text)[0].startswith("Hola, tengo abiertos los tickets ")
    assert said(visitor.get("/").text) == [plain]


def test_a_door_says_what_its_page_is_about(app: Flask, cast: Cast) -> None:
    visitor, ana = app.test_client(), cast.sign_in(app, cast.ana)
    assert said(visitor.get("/chat").text) == [
        "Hola, tengo una consulta para el centro de soporte:"
    ]
    assert said(visitor.get("/tickets/nuevo").text) == [
        "Hola, estoy escribiendo un ticket y necesito ayuda:"
    ]
    assert said(visitor.get("/nada-hay-aqui").text) == ["Hola, el sitio me mostró el error 404:"]
    number = filed(cast.ana)
    assert said(ana.get("/chat").text) == [f"Hola, les escribo por mi ticket {number}:"]


def test_the_receipt_of_a_quote_says_its_number(app: Flask) -> None:
    client = app.test_client()
    address = client.post("/cotizacion", data=request_form()).location
    assert said(client.get(address).text) == ["Hola, escribo por mi solicitud de cotización 1:"]


def test_the_desk_writes_to_whoever_asked(app: Flask, cast: Cast) -> None:
    mobile = requested(name="Rosa", phone="+51969782160")
    fixed = requested(name="Otro", phone="+5117390054")
    number = filed(cast.ana)
    cast.sign_in(app, cast.ana).post(
        "/llamada", data=form(sobre=str(number), telefono="+34 612 345 678")
    )
    diego = cast.sign_in(app, cast.diego)
    assert said(diego.get(f"/mesa/llamadas/{mobile}").text) == [
        f"Hola, Rosa. Le escribimos de NetSolution por su pedido de llamada {mobile}."
    ]
    assert said(diego.get(f"/mesa/llamadas/{fixed}").text) == []
    page = diego.get(f"/mesa/llamadas/{received()[-1].id}").text
    assert "https://wa.me/34612345678?text=" in page
    assert said(page) == [f"Hola, Rosa Díaz. Le escribimos de NetSolution por su ticket {number}."]


@one_database
def test_no_link_carries_what_is_private(app: Flask, made: World, cast: Cast) -> None:
    world, seen = made.opened(app), 0
    private = re.compile(r"/llamada/|/cotizacion/|/cuenta/|/borradores|[A-Za-z0-9_-]{40,}")
    for name in PEOPLE:
        for method, rule in routes(app).values():
            if method != "GET":
                continue
            answer = world.clients[name].get(world.address(app, rule))
            page = answer.text if answer.mimetype == "text/html" else ""
            for link in re.findall(r'<a[^>]*href="https://wa\.me/[^>]*>', page):
                assert 'target="_blank"' in link
                assert 'rel="noopener noreferrer"' in link
                seen += 1
            for words in said(page):
                assert private.search(words) is None, (name, rule.rule, words)
                assert name in {"ana", "diego", "gloria"} or "Secreto" not in words
    assert seen > 100


@one_database
def test_without_a_number_there_is_no_link_and_no_card(
    app: Flask, made: World, cast: Cast, mails: MemorySender
) -> None:
    without = dataclasses.replace(settings.load(), whatsapp="")
    settings.change(without, actor_id=cast.gloria.person_id, now=clock.now())
    world = made.opened(app)
    # A technician still writes to a customer, and the guide shows what pieces look like.
    passed = {"calls.detail", "desk.show", "home.style_guide"}
    for name in PEOPLE:
        for method, rule in routes(app).values():
            if method != "GET" or rule.endpoint in passed or rule.rule == "/admin/ajustes":
                continue
            answer = world.clients[name].get(world.address(app, rule))
            page = answer.text if answer.mimetype == "text/html" else ""
            assert "wa.me" not in page, (name, rule.rule)
            assert "WhatsApp" not in page, (name, rule.rule)


def test_the_number_may_be_taken_away(app: Flask, cast: Cast) -> None:
    gloria = cast.sign_in(app, cast.gloria)
    page = gloria.get("/admin/ajustes").text
    sent = {
        name: unescape(value)
        for name, value in re.findall(r'name="([a-z]+)"[^>]* value="([^"]*)"', page)
    }
    assert gloria.post("/admin/ajustes", data=sent | {"whatsapp": ""}).status_code == 303
    assert settings.load().whatsapp == ""
    assert "wa.me" not in app.test_client().get("/llamada").text
    assert call(requested(now=START)).phone == "+51969782160"
