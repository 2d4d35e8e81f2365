"""One ticket from a visitor's search to its second solution, with every mail on the way.

Tokens, limits and error pages are on; every form is filled in as its page holds it.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, outbox
from core.db import db
from kb.actions import ArticleText, save_article
from kb.categories import put_category
from tests.accounts.mailbox import news_of, text_of
from tests.cast import PASSWORD, START, Cast
from tests.tickets.builders import filed, ticket, without_undo
from tests.visit import Visit
from tests.world import PNG
from tickets.models import TicketEvent

SUBJECT = "No me llegan los correos de Gmail"
TEXT = "Desde ayer los clientes me escriben desde Gmail y nada aparece en el buzón."
NEW = "/tickets/nuevo"
ENTER = {"correo": "rosa@molinos.example", "clave": "lampara ventana tambor 7"}


@pytest.fixture
def site(strict_app: Flask, cast: Cast) -> Flask:
    """The site with two answers that can be found."""
    shelf = put_category(actor=None, slug="correo", name="Correo", description="", now=START)
    for slug, title, body in (
        ("no-llegan-correos", "No llegan los correos de Gmail", "Revise si el buzón está lleno."),
        ("correo-celular", "Configurar el correo en el celular", "Use IMAP, puerto 993."),
    ):
        text = ArticleText(
            title=title, slug=slug, category_id=shelf, summary=f"{title}.", tags=(),
            lang="es", body=body,
        )  # fmt: skip
        save_article(actor=cast.elena, text=text, publish=True, now=START)
    without_undo()
    post(strict_app)
    return strict_app


def post(app: Flask) -> list[EmailMessage]:
    """Let the worker do its work; the mails that left."""
    sender = app.extensions["mail_sender"]
    before = len(sender.sent)
    db.session.rollback()
    outbox.drain(clock.now() + timedelta(seconds=1))
    assert (outbox.failed(), outbox.pending()) == (0, 0)
    sent: list[EmailMessage] = sender.sent[before:]
    return sent


def link_in(mail: EmailMessage) -> str:
    """The path of the only link of a mail."""
    found = re.findall(r"http://localhost(/\S+)", text_of(mail).partition("\n-- \n")[0])
    assert len(found) == 1
    return str(found[0])


def happened_to(number: int) -> list[str]:
    """The kinds of a ticket's events, in their order."""
    db.session.rollback()
    query = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(query.order_by(TicketEvent.seq)))


def signed_in(app: Flask, email: str) -> Visit:
    visit = Visit(app).go("/cuenta/ingresar")
    return visit.send("/cuenta/ingresar", correo=email, clave=PASSWORD)


def newcomer_files(site: Flask) -> tuple[Visit, int]:
    """A visitor describes a problem, creates an account on the way, confirms it, and files."""
    visit = Visit(site).go(NEW)
    visit.send(
        NEW, "accion=sugerir", expect=200, asunto=SUBJECT, descripcion=TEXT,
        afeccion="servicio-con-errores", prioridad="alta",
        files=[(io.BytesIO(PNG), "captura.png")],
    )  # fmt: skip
    visit.says("No llegan los correos de Gmail", "captura.png")
    assert visit.value(NEW, "descripcion") == TEXT
    visit.send(NEW, "accion=enviar").says("Su borrador está guardado")
    visit.follow("/cuenta/registro")
    visit.send("/cuenta/registro", nombre="Rosa Molina", empresa="Molinos del Sur", **ENTER)
    assert visit.value(NEW, "asunto") == SUBJECT
    visit.says("captura.png")
    (welcome,) = post(site)
    assert welcome["To"] == ENTER["correo"]
    confirming = link_in(welcome)
    Visit(site).go(confirming).send(confirming, clave=ENTER["clave"]).says("confirmado")
    visit.send(NEW, "accion=enviar")
    found = re.fullmatch(r"/tickets/(\d+)", visit.path)
    assert found, visit.path
    return visit, int(found.group(1))


def test_newcomer_files_with_an_account_a_file_and_a_place(site: Flask, cast: Cast) -> None:
    filed(cast.carla, affection="corte-de-red", mark="urgente", now=clock.now())
    post(site)
    visit, number = newcomer_files(site)
    visit.says(f"Recibimos su ticket {number}", SUBJECT, "ticket delante del suyo", "captura.png")
    (receipt,) = post(site)
    assert (receipt["To"], receipt["Subject"], news_of(receipt)) == (
        ENTER["correo"], f"[Ticket {number}] {SUBJECT}", f"Recibimos su ticket {number}",
    )  # fmt: skip
    assert "Delante del suyo hay 1 ticket" in text_of(receipt)
    stored = ticket(number)
    assert stored.authorised_at is not None
    assert (stored.articles_shown, stored.conditions_version) == (["no-llegan-correos"], 1)
    file = next(link for link in visit.links if "/adjuntos/" in link)
    assert Visit(site).go(file).path.startswith("/cuenta/ingresar")
    signed_in(site, "carla@example.com").go(file, expect=404)


def test_ticket_waits_is_answered_resolved_reopened_and_resolved_again(
    site: Flask, cast: Cast
) -> None:
    rosa, number = newcomer_files(site)
    waiting = filed(cast.carla, subject="El segundo de la cola", now=clock.now())
    post(site)
    thread, desk_thread = f"/tickets/{number}", f"/mesa/tickets/{number}"
    answer = f"{desk_thread}/respuestas"

    diego = signed_in(site, "diego@example.com").go("/mesa").says("2 en espera", SUBJECT)
    diego.send("/mesa/siguiente").says(
        "Molinos del Sur", "Rosa Molina", "No llegan los correos de Gmail"
    )
    assert diego.path == desk_thread
    diego.send(answer, "accion=esperar", texto="¿Qué error ve quien le escribe?")
    (asked,) = post(site)
    assert (asked["To"], asked["Subject"], news_of(asked)) == (
        ENTER["correo"], f"[Ticket {number}] {SUBJECT}", "Necesitamos su respuesta",
    )  # fmt: skip
    assert "¿Qué error ve quien le escribe?" in text_of(asked)

    first_arrival = ticket(number).opened_at
    rosa.go(link_in(asked)).says("Esperamos su respuesta", "¿Qué error ve quien le escribe?")
    rosa.send(f"{thread}/respuestas", texto="Dice: buzón lleno.").says("Dice: buzón lleno.")
    rosa.says("El suyo es el siguiente")
    diego.go("/mesa").send("/mesa/siguiente").says("Dice: buzón lleno.")
    diego.send(answer, "accion=resolver", texto="Ampliamos el buzón.")
    (resolved,) = post(site)
    assert news_of(resolved) == "Resolvimos el ticket"

    rosa.go(thread).send(f"{thread}/satisfaccion", "satisfecho=no").says("Díganos qué pasa")
    rosa.send(f"{thread}/reapertura", texto="Otra vez no llegan.").says("El suyo es el siguiente")
    assert (ticket(number).state, ticket(number).opened_at) == ("en_cola", first_arrival)
    diego.go("/mesa").send("/mesa/siguiente").says("Otra vez no llegan.", "no quedó bien")
    diego.send(answer, "accion=resolver", texto="Corregimos el registro MX.", siguiente="y")
    assert diego.path == f"/mesa/tickets/{waiting}"
    (done,) = post(site)
    assert "Corregimos el registro MX." in text_of(done)
    rosa.go(thread).send(f"{thread}/satisfaccion", "satisfecho=si").says("sí, quedó bien")
    assert happened_to(number) == [
        "filed", "authorised", "taken", "asked", "answered", "taken", "resolved",
        "rated", "reopened", "taken", "resolved", "rated",
    ]  # fmt: skip


def test_stranger_and_colleague_without_the_right_meet_nothing_of_it(
    site: Flask, cast: Cast
) -> None:
    number = filed(cast.ana, subject="Asunto reservado", now=clock.now())
    for email in ("carla@example.com", "beto@example.com"):
        visit = signed_in(site, email)
        visit.go(f"/tickets/{number}", expect=404)
        assert "Asunto reservado" not in visit.go("/tickets?estado=todos").text


def test_visitor_whom_an_answer_helps_never_files(site: Flask) -> None:
    reader = Visit(site).go(NEW)
    reader.send(NEW, "accion=sugerir", expect=200, asunto=SUBJECT, descripcion=TEXT)
    reader.says("No llegan los correos de Gmail", "Revise si el buzón está lleno")
    solving = next(form for form in reader.forms if form.action.endswith("/solucion"))
    [(name, slug)] = solving.buttons
    reader.send(solving.action, f"{name}={slug}").says("Nos alegra")
    assert post(site) == []


def test_desk_with_nobody_waiting_says_so(site: Flask, cast: Cast) -> None:
    diego = signed_in(site, "diego@example.com").go("/mesa").says("La cola está vacía")
    diego.send("/mesa/siguiente").says("No hay nadie en la cola")
