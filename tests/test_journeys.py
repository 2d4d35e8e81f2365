"""Journeys A, B and C from end to end, over HTTP, with tokens, limits and error pages on."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import clock, outbox
from core.mail import MemorySender
from kb import notices
from kb.actions import ArticleText, save_article
from kb.categories import put_category
from tests.accounts.mailbox import news_of
from tests.cast import PASSWORD, START, Cast
from tests.tickets.builders import without_undo

FIELD = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ANSWER = "Revise los registros MX de su dominio y la carpeta de correo no deseado."


class Visit:
    """A browser that sends forms as a page offers them, hidden fields and token included."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""
        self.path = ""

    def open(self, path: str) -> str:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code)
        self.path = answer.request.full_path.rstrip("?")
        self.page = answer.text
        return self.page

    def send(self, action: str, **fields: str) -> TestResponse:
        """Post the form of the present page that goes to `action`; follow to its page."""
        form = next(f for f in self.page.split("<form")[1:] if f'action="{action}"' in f)
        hidden = {}
        for tag in FIELD.findall(form.split("</form>")[0]):
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            hidden[name.group(1)] = unescape(value.group(1) if value else "") if name else ""
        answer = self.client.post(action, data={**hidden, **fields}, follow_redirects=True)
        self.page = answer.text
        self.path = answer.request.full_path.rstrip("?")
        return answer


@pytest.fixture
def strict_cast(strict_app: Flask, cast: Cast) -> Cast:
    return cast


@pytest.fixture
def answer_published(app: Flask, cast: Cast) -> None:
    shelf = put_category(actor=cast.elena, slug="correo", name="Correo", description="", now=START)
    save_article(
        text=ArticleText(
            title="No recibo correos de Gmail",
            slug="no-recibo-correos-de-gmail",
            category_id=shelf,
            summary="Qué revisar cuando no llegan correos.",
            tags=("mx",),
            lang="es",
            body=f"## Revise\n\n{ANSWER} Si los correos de Gmail no aparecen en la bandeja.",
        ),
        publish=True,
        actor=cast.elena,
        now=START,
    )
    notices.bring_up_to_date()


def test_journey_a_looks_up_an_answer_and_says_that_it_helped(
    strict_app: Flask, answer_published: None
) -> None:
    visit = Visit(strict_app.test_client())
    visit.open("/")
    page = visit.open("/preguntas/buscar?q=correos+gmail")
    assert '<a href="/preguntas/no-recibo-correos-de-gmail">' in page
    assert "<mark>correos</mark>" in page
    assert ANSWER in visit.open("/preguntas/no-recibo-correos-de-gmail")
    told = visit.send("/preguntas/no-recibo-correos-de-gmail/valoraciones", util="si")
    assert told.status_code == 200
    nothing = visit.open("/preguntas/buscar?q=xyzzy")
    assert "asunto=xyzzy" in nothing


def test_journey_b_from_a_visitors_draft_to_a_place_in_the_queue(
    strict_app: Flask, strict_cast: Cast, answer_published: None, mails: MemorySender
) -> None:
    visit = Visit(strict_app.test_client())
    visit.open("/tickets/nuevo?asunto=No+llegan+correos+de+Gmail")
    typed = {
        "asunto": "No llegan correos de Gmail",
        "descripcion": "Los correos de Gmail no aparecen en la bandeja desde ayer.",
        "afeccion": "servicio-con-errores",
        "prioridad": "alta",
    }
    shown = visit.send("/tickets/nuevo", accion="sugerir", **typed)
    assert "No recibo correos de Gmail" in shown.text
    assert ANSWER in shown.text
    asked = visit.send("/tickets/nuevo", accion="enviar", **typed)
    assert asked.request.path == "/cuenta/ingresar"
    register = re.search(r'href="(/cuenta/registro[^"]*)"', visit.page)
    assert register
    visit.open(unescape(register.group(1)))
    joined = visit.send(
        "/cuenta/registro",
        nombre="Lucía Ríos",
        correo="lucia@rios.example",
        empresa="Comercial Ríos",
        clave="cuatro-llamas-azules-8",
    )
    assert joined.request.path == "/tickets/nuevo"
    assert typed["descripcion"] in visit.page
    filed = visit.send("/tickets/nuevo", accion="enviar", **typed)
    assert filed.request.path == "/tickets/1001"
    assert "Recibimos su ticket 1001." in filed.text
    assert "El suyo es el siguiente" in filed.text


def test_journey_c_takes_answers_waits_resolves_reopens(
    strict_app: Flask, strict_cast: Cast, mails: MemorySender
) -> None:
    cast = strict_cast
    without_undo()
    ana = Visit(cast.sign_in(strict_app, cast.ana))
    ana.open("/tickets/nuevo")
    typed = {"asunto": "Web caída", "descripcion": "Da error 502.", "prioridad": "normal"}
    ana.send("/tickets/nuevo", accion="enviar", afeccion="servicio-con-errores", **typed)
    desk = Visit(cast.sign_in(strict_app, cast.diego))
    desk.open("/mesa")
    assert desk.send("/mesa/siguiente").request.path == "/mesa/tickets/1001"
    replies = "/mesa/tickets/1001/respuestas"
    desk.send(replies, texto="¿Qué dominio es?", accion="esperar")
    ana.open("/tickets/1001")
    assert "Esperamos su respuesta" in ana.page
    # A mail that leaves after the answer no longer asks for it.
    outbox.drain(clock.now(), kinds=["tickets.filed", "tickets.replied"])
    ana.send("/tickets/1001/respuestas", texto="Es rios.example")
    assert "El suyo es el siguiente" in ana.page
    desk.open("/mesa")
    desk.send("/mesa/siguiente")
    desk.send(replies, texto="Reiniciamos PHP.", accion="resolver", siguiente="y")
    assert desk.path == "/mesa"
    ana.open("/tickets/1001")
    ana.send("/tickets/1001/reapertura", texto="Volvió a caer")
    assert "vuelve a la cola con su primera llegada" in ana.page
    desk.open("/mesa")
    desk.send("/mesa/siguiente")
    desk.send(replies, texto="Cambiamos el límite.", accion="resolver")
    ana.open("/tickets/1001")
    ana.send("/tickets/1001/satisfaccion", satisfecho="si")
    assert "sí, quedó bien" in ana.page
    outbox.drain(clock.now(), kinds=["tickets.filed", "tickets.replied"])
    assert [news_of(mail) for mail in _sent(strict_app)] == [
        "Recibimos su ticket 1001",
        "Necesitamos su respuesta",
        "Resolvimos el ticket",
        "Resolvimos el ticket",
    ]


def _sent(app: Flask) -> list[EmailMessage]:
    sender: MemorySender = app.extensions["mail_sender"]
    return list(sender.sent)


def test_the_password_of_the_cast_signs_in(strict_app: Flask, strict_cast: Cast) -> None:
    visit = Visit(strict_app.test_client())
    visit.open("/cuenta/ingresar")
    done = visit.send("/cuenta/ingresar", correo="ana@example.com", clave=PASSWORD)
    assert (done.status_code, done.request.path) == (200, "/")
