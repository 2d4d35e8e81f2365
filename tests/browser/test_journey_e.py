"""Journey E in Chromium: a call asked for and made; a chat that nobody answers, and a ticket."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_chat import begin
from tests.server import Site
from tests.world import PNG

DIEGO = "diego@netsolution.example"
ANA = "ana@textilesandinos.example"
PHONE = {"viewport": {"width": 390, "height": 844}}
LOG, BOX = "[data-log]", "#texto"


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _no_sideways(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_a_visitor_asks_for_a_call_and_is_called(open_page: OpenPage, site: Site) -> None:
    rosa, diego = open_page(**PHONE), open_page(DIEGO)
    rosa.goto(f"{site.url}/llamada")
    _no_sideways(rosa)
    rosa.get_by_label("Su nombre").fill("Rosa Díaz")
    rosa.get_by_label("Su teléfono").fill("969 111 222")
    rosa.get_by_label("Por la tarde").check()
    rosa.get_by_label("¿De qué se trata?").fill("No entra el correo.")
    _press(rosa, "Solicitar llamada")
    rosa.wait_for_url(re.compile(r"/llamada/"))
    expect(rosa.locator("main")).to_contain_text("969 111 222")
    _no_sideways(rosa)

    diego.goto(f"{site.url}/mesa/llamadas")
    diego.get_by_role("link", name="Rosa Díaz").click()
    for result, said, seen in (
        ("No contestó", "Rosa no contesta.", "no contestó"),
        ("Hablamos", "Quedó resuelto.", "Atendido"),
    ):
        diego.get_by_label(result).check()
        diego.get_by_label("Nota para el equipo").fill(said)
        here = diego.url
        _press(diego, "Anotar")
        expect(diego.locator(".flash, [role=status]").first).to_be_attached()
        diego.goto(here)
        expect(diego.locator("main")).to_contain_text(said)
        rosa.reload()
        expect(rosa.locator("main")).to_contain_text(seen)
        expect(rosa.locator("main")).not_to_contain_text(said)


def test_a_customer_with_an_open_ticket_is_offered_it_for_the_call(
    open_page: OpenPage, site: Site
) -> None:
    ana = open_page(ANA, **PHONE)
    ana.goto(f"{site.url}/llamada")
    group = ana.get_by_role("group", name=re.compile("¿Sobre qué es la llamada?"))
    expect(group.get_by_role("radio").first).to_be_visible()
    expect(group).to_contain_text("Es otra cosa")
    _no_sideways(ana)


def test_with_nobody_on_duty_what_was_typed_goes_on(open_page: OpenPage, site: Site) -> None:
    rosa = open_page(**PHONE)
    rosa.goto(f"{site.url}/chat")
    expect(rosa.locator("main")).to_contain_text("no hay nadie en turno")
    rosa.fill("#nombre", "Rosa Díaz")
    rosa.fill("#correo", "rosa@example.com")
    rosa.fill("#mensaje", "La tienda no abre.\nDesde ayer.")
    _press(rosa, "Seguir con un ticket")
    rosa.wait_for_url(re.compile(r"/tickets/nuevo"))
    expect(rosa.locator("[name=asunto]")).to_have_value("La tienda no abre.")
    expect(rosa.locator("[name=descripcion]")).to_have_value(re.compile("Desde ayer"))


def _on_duty(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/mesa/chat")
    _press(page, "En turno para el chat")
    expect(page.get_by_text("En turno desde las")).to_be_visible()


def _a_minute_later(folder: Path) -> None:
    """Nobody waits a minute in a test: whoever waits came two minutes before."""
    with closing(sqlite3.connect(folder / "support.db", timeout=10)) as connection, connection:
        rows = connection.execute("SELECT id, arrived_at FROM chats").fetchall()
        for number, arrived in rows:
            earlier = datetime.fromisoformat(arrived) - timedelta(minutes=2)
            text = earlier.isoformat(" ", "microseconds")
            connection.execute("UPDATE chats SET arrived_at = ? WHERE id = ?", (text, number))


def test_whoever_is_not_answered_is_offered_other_ways_and_then_taken(
    open_page: OpenPage, site: Site
) -> None:
    diego, rosa, ana = open_page(DIEGO), open_page(**PHONE), open_page(ANA)
    _on_duty(diego, site)
    begin(rosa, site, "La base no responde.")
    expect(rosa.get_by_role("button", name="Seguir con un ticket")).to_have_count(0)
    rosa.fill(BOX, "A medias")
    _a_minute_later(site.folder)
    expect(rosa.get_by_role("button", name="Seguir con un ticket")).to_be_visible()
    expect(rosa.locator(BOX)).to_have_value("A medias")
    _no_sideways(rosa)
    rosa.get_by_role("link", name="Pedir una llamada").first.click()
    expect(rosa.get_by_label("¿De qué se trata?")).to_have_value("La base no responde.")
    rosa.go_back()
    _press(rosa, "Terminar")

    begin(ana, site, "El ERP va lento.")
    _press(diego, "Atender la siguiente")
    expect(diego.locator("h1")).to_have_text("Ana Quispe")
    picture = {"name": "pantalla.png", "mimeType": "image/png", "buffer": PNG}
    ana.set_input_files("#imagen", picture)
    expect(ana.get_by_text("pantalla.png")).to_be_visible()
    _press(ana, "Enviar")
    expect(diego.locator(f"{LOG} img")).to_have_attribute("alt", "pantalla.png")
    expect(ana.get_by_text("Imagen (opcional)")).to_be_visible()
    diego.get_by_text("Hacer un ticket").click()
    diego.get_by_label("Asunto del ticket").fill("El ERP va lento")
    diego.get_by_label("Afección").select_option(index=1)
    _press(diego, "Hacer el ticket")
    diego.wait_for_url(re.compile(r"/mesa/tickets/\d+"))
    expect(diego.locator("main")).to_contain_text("El ERP va lento.")
    expect(diego.locator("main")).to_contain_text("Conversación por chat del")
    expect(ana.locator(LOG)).to_contain_text("La conversación siguió en el ticket")
