"""Journey C in a real browser, wholly by keyboard; undo, collision, drafts and preview."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.server import Site

DIEGO = "diego@netsolution.example"
ROSA = "rosa@netsolution.example"
REPLY = "#texto"


def a_ticket_of(page: Page, site: Site) -> str:
    """Open a ticket that this technician has in attention, taking the next where there is none."""
    page.goto(f"{site.url}/mesa")
    mine = page.locator("main ul.grid li", has_text="En atención").locator("a.cover")
    if mine.count():
        mine.first.click()
    else:
        page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/mesa/tickets/\d+"))
    expect(page.locator(REPLY)).to_be_visible()
    return page.url.split("#")[0]


def focused(page: Page, box: str) -> None:
    expect(page.locator(box)).to_be_focused()


def test_take_read_answer_and_take_the_next_by_keyboard(open_page: OpenPage, site: Site) -> None:
    page = open_page(ROSA)
    page.goto(f"{site.url}/mesa")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/mesa/tickets/\d+"))
    first = page.url
    page.keyboard.press("r")
    focused(page, REPLY)
    page.keyboard.type("Revisamos el enlace n r i / ? y ya responde.")
    expect(page.locator(REPLY)).to_have_value("Revisamos el enlace n r i / ? y ya responde.")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    focused(page, "#nota-texto")
    page.keyboard.type("Sólo para la mesa")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note .prose").first).to_have_text("Sólo para la mesa")
    expect(page.locator(REPLY)).to_have_value("Revisamos el enlace n r i / ? y ya responde.")
    page.keyboard.press("r")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("name") == "siguiente":
            break
    page.keyboard.press("Space")
    page.keyboard.press("r")
    focused(page, REPLY)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url.startswith(f"{site.url}/mesa") and url != first)
    expect(page.locator(".undo")).to_contain_text("Respuesta enviada al ticket")
    expect(page.locator(".undo [data-seconds]")).to_have_text(re.compile(r"\(\d+\)"))
    page.goto(first)
    expect(page.locator(REPLY)).to_be_visible()
    expect(page.get_by_role("button", name="Sólo responder")).to_be_visible()


def test_undo_brings_the_ticket_and_the_text_back(open_page: OpenPage, site: Site) -> None:
    page = open_page(DIEGO)
    ticket = a_ticket_of(page, site)
    page.fill(REPLY, "Esto lo envié sin querer")
    page.get_by_role("button", name="Responder y resolver").click()
    page.locator(".undo button").click()
    expect(page.locator(REPLY)).to_have_value("Esto lo envié sin querer")
    expect(page.locator("main")).to_contain_text("el cliente no la recibió")
    assert page.url.split("#")[0] == ticket
    expect(page.locator(".undo")).to_have_count(0)
    page.fill(REPLY, "")


def test_the_preview_comes_in_place_and_an_article_at_the_cursor(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(DIEGO)
    ticket = a_ticket_of(page, site)
    page.fill(REPLY, "Hola **Ana**")
    page.get_by_role("button", name="Ver cómo quedará").click()
    expect(page.locator("#vista-previa strong").last).to_have_text("Ana")
    page.locator("#buscar-articulo").press_sequentially("spf")
    page.keyboard.press("Enter")
    row = page.locator("#articulos-hallados li").first
    expect(row).to_be_visible()
    page.locator(REPLY).evaluate("box => box.setSelectionRange(5, 5)")
    row.get_by_role("button", name="Insertar").click()
    expect(page.locator(REPLY)).to_have_value(
        re.compile(r"^Hola \[.+\]\(http.+/preguntas/.+\)\*\*")
    )
    assert page.url.split("#")[0] == ticket


def test_without_scripts_the_same_buttons_work(open_page: OpenPage, site: Site) -> None:
    ticket = a_ticket_of(open_page(DIEGO), site)
    page = open_page(DIEGO, java_script_enabled=False)
    page.goto(ticket)
    page.fill(REPLY, "Hola **Ana**")
    page.get_by_role("button", name="Ver cómo quedará").click()
    expect(page.locator("#vista-previa strong").last).to_have_text("Ana")
    page.fill("#buscar-articulo", "spf")
    page.press("#buscar-articulo", "Enter")
    expect(page.locator(REPLY)).to_have_value("Hola **Ana**")
    page.fill("#buscar-articulo", "spf")
    page.get_by_role("button", name="Buscar un artículo").click()
    page.locator("#articulos-hallados button").first.click()
    expect(page.locator(REPLY)).to_have_value(re.compile(r"^Hola \*\*Ana\*\*\s+\[.+\]\(http"))
    expect(page.locator(".thread .message.staff", has_text="Hola Ana")).to_have_count(0)


def test_what_is_typed_survives_a_closed_tab(open_page: OpenPage, site: Site) -> None:
    page = open_page(DIEGO)
    ticket = a_ticket_of(page, site)
    page.fill(REPLY, "Una respuesta larga a medias")
    expect(page.locator(".reply [data-draft-said]")).to_have_text("Borrador guardado")
    page.close()
    again = open_page(DIEGO)
    again.goto(ticket)
    expect(again.locator(REPLY)).to_have_value("Una respuesta larga a medias")


def test_two_browsers_see_each_other_and_what_came_in_between(
    open_page: OpenPage, site: Site
) -> None:
    diego, rosa = open_page(DIEGO), open_page(ROSA)
    ticket = a_ticket_of(diego, site)
    rosa.goto(ticket)
    expect(rosa.locator(".presence")).to_contain_text("Diego")
    diego.fill(REPLY, "Mi respuesta")
    rosa.fill("#nota-texto", "El cliente llamó: ya no hace falta")
    rosa.get_by_role("button", name="Guardar nota").click()
    expect(rosa.locator(".message.note .prose").last).to_contain_text("ya no hace falta")
    diego.get_by_role("button", name="Responder y esperar").click()
    expect(diego.locator("#mientras")).to_be_focused()
    expect(diego.locator("#mientras .thread")).to_contain_text("ya no hace falta")
    expect(diego.locator(REPLY)).to_have_value("Mi respuesta")
    diego.get_by_role("button", name="Enviar de todos modos").click()
    expect(diego.locator(".undo")).to_be_visible()
    diego.locator(".undo button").click()
    expect(diego.locator(REPLY)).to_have_value("Mi respuesta")


def test_the_keys_are_explained_and_can_be_switched_off(open_page: OpenPage, site: Site) -> None:
    page = open_page(DIEGO)
    ticket = a_ticket_of(page, site)
    page.keyboard.press("?")
    expect(page.locator("#teclas")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#teclas")).to_be_hidden()
    page.keyboard.press("/")
    assert "buscar" in (page.locator(":focus").get_attribute("id") or "")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+i")
    expect(page.locator("#nota-texto")).not_to_be_focused()
    page.get_by_role("button", name="Teclas").click()
    page.uncheck("#teclas-activas")
    page.get_by_role("button", name="Cerrar", exact=True).click()
    page.keyboard.press("r")
    expect(page.locator(REPLY)).not_to_be_focused()
    page.goto(ticket)
    page.keyboard.press("?")
    expect(page.locator("#teclas")).to_be_hidden()
