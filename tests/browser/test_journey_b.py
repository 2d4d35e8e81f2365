"""Journey B in a real browser: describe, read what may solve it, send; with and without scripts."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.server import Site

ANA = "ana@textilesandinos.example"
SUBJECT = "No me llegan los correos de Gmail"
TEXT = "Desde ayer los clientes me escriben desde Gmail y nada aparece en la bandeja."
ANSWER = "No me llegan los correos (de Gmail o de cualquier remitente)"


def describe(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/tickets/nuevo")
    page.fill("input[name=asunto]", SUBJECT)
    page.locator("textarea[name=descripcion]").press_sequentially(TEXT)
    page.check("input[value=servicio-con-errores]")


def number_of(page: Page) -> str:
    found = re.search(r"/tickets/(\d+)$", page.url)
    assert found, page.url
    return found.group(1)


def test_answers_appear_beside_the_form_and_open_in_place(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    describe(page, site)
    beside = page.locator("#mientras-escribe")
    first = beside.locator("details").first
    expect(first).to_contain_text(ANSWER)
    first.locator("summary").click()
    expect(first).to_contain_text("Confirme el problema desde el webmail")
    expect(page.locator("textarea[name=descripcion]")).to_have_value(TEXT)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-js", "without-js"])
def test_a_visitor_writes_signs_in_and_files(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    describe(page, site)
    page.click("button[value=sugerir]")
    answers = page.locator("#respuestas")
    expect(answers).to_contain_text(ANSWER)
    answers.locator("summary", has_text=ANSWER).click()
    expect(answers).to_contain_text("Confirme el problema desde el webmail")
    expect(page.locator("textarea[name=descripcion]")).to_have_value(TEXT)
    page.locator("form#ticket button[value=enviar]").click()
    page.fill("input[name=correo]", ANA)
    page.fill("input[name=clave]", site.password)
    page.locator("main form button.main").click()
    expect(page.locator("textarea[name=descripcion]")).to_have_value(TEXT)
    page.locator("form#ticket button[value=enviar]").click()
    expect(page.locator("h1")).to_have_text(SUBJECT)
    expect(page.locator("main")).to_contain_text("delante del suyo")
    assert number_of(page)


def test_this_solved_it_ends_without_a_ticket(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    describe(page, site)
    page.click("button[value=sugerir]")
    answers = page.locator("#respuestas")
    answers.locator("summary", has_text=ANSWER).click()
    answers.locator("details[open] button", has_text="Esto lo resolvió").click()
    expect(page.locator("h1")).to_have_text("Nos alegra que quedó resuelto")


def test_a_double_click_files_one_ticket(open_page: OpenPage, site: Site) -> None:
    page = open_page(ANA)
    page.goto(f"{site.url}/tickets/nuevo")
    page.fill("input[name=asunto]", "Doble clic de prueba")
    page.fill("textarea[name=descripcion]", TEXT)
    page.check("input[value=otra-consulta]")
    page.locator("form#ticket button[value=enviar]").dblclick()
    expect(page.locator("h1")).to_have_text("Doble clic de prueba")
    page.goto(f"{site.url}/tickets?estado=todos")
    expect(page.locator("a", has_text="Doble clic de prueba")).to_have_count(1)


def test_the_whole_of_it_by_keyboard(open_page: OpenPage, site: Site) -> None:
    page = open_page(ANA)
    page.goto(f"{site.url}/tickets/nuevo")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Ir al contenido")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Por teclado")
    page.keyboard.press("Tab")
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("value") == "enviar":
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Por teclado")
    expect(page.locator("main")).to_contain_text("alta")


def test_files_that_are_too_large_are_named_before_they_are_sent(
    open_page: OpenPage, site: Site, tmp_path: Path
) -> None:
    page = open_page()
    describe(page, site)
    chooser, said = page.locator("input[name=adjuntos]"), page.locator(".files-wrong")
    mega = 1024 * 1024
    for sizes, words in (
        ([11 * mega], "Un archivo pasa de 10 MB"),
        ([9 * mega] * 3, "Juntos pasan de 25 MB"),
        ([10] * 6, "Elija como máximo 5 archivos"),
    ):
        files = [tmp_path / f"{n}.txt" for n in range(len(sizes))]
        for file, size in zip(files, sizes, strict=True):
            file.write_bytes(b"")
            os.truncate(file, size)
        chooser.set_input_files(files)
        expect(said).to_contain_text(words)
        expect(chooser).to_have_value("")
    chooser.set_input_files([{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 10}])
    expect(said).to_be_hidden()
    page.click("button[value=sugerir]")
    expect(page.locator("form#ticket")).to_contain_text("a.txt (1 KB)")


def test_errors_are_listed_and_lead_to_their_fields(open_page: OpenPage, site: Site) -> None:
    page = open_page(ANA)
    page.goto(f"{site.url}/tickets/nuevo")
    page.fill("textarea[name=descripcion]", TEXT)
    page.locator("form#ticket button[value=enviar]").click()
    summary = page.locator("[role=alert].summary")
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    expect(page.locator("input[name=asunto]")).to_be_focused()
    expect(page.locator("textarea[name=descripcion]")).to_have_value(TEXT)


def test_a_technician_answers_and_takes_the_next(open_page: OpenPage, site: Site) -> None:
    page = open_page("rosa@netsolution.example")
    page.goto(f"{site.url}/mesa")
    head = page.locator("tr.next a").inner_text()
    page.click("text=Tomar siguiente")
    expect(page.locator("h1")).to_have_text(head)
    page.fill("textarea[name=texto] >> nth=0", "Revisamos el enlace y ya responde.")
    page.check("input[name=siguiente]")
    page.click("text=Responder y resolver")
    expect(page.locator("h1")).not_to_have_text(head)
    expect(page.locator("main")).to_contain_text("Responder al cliente")
