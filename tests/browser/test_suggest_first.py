"""Suggest first in a real browser: live beside the form, and with forms alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.server import Site

ANA = "ana@textilesandinos.example"
ANSWER = "No me llegan los correos (de Gmail o de cualquier remitente)"
SUBJECT = "No me llegan los correos de Gmail"
LIVE = "**/tickets/nuevo/sugerencias"


def described(page: Page, site: Site) -> Page:
    page.goto(f"{site.url}/tickets/nuevo")
    page.locator("input[name=asunto]").press_sequentially(SUBJECT)
    return page


def test_live_answer_is_read_in_place_and_goes_with_the_draft(
    open_page: OpenPage, site: Site
) -> None:
    page = described(open_page(), site)
    beside = page.locator("#mientras-escribe")
    first = beside.locator("details", has_text=ANSWER)
    first.locator("summary").click()
    expect(first).to_contain_text("Confirme el problema desde el webmail")
    yes, send = first.get_by_role("button", name="Esto lo resolvió"), first.get_by_text("Enviar mi")
    # A late answer does not close what is being read.
    page.wait_for_timeout(700)
    expect(yes).to_be_visible()
    yes_box, send_box = yes.bounding_box(), send.bounding_box()
    assert yes_box
    assert send_box
    assert send_box["height"] == pytest.approx(yes_box["height"], abs=1)
    yes.click()
    expect(page.locator("h1")).to_have_text("Nos alegra que quedó resuelto")
    expect(page.locator("main")).to_contain_text(ANSWER)
    page.click("text=No, sigue igual")
    expect(page.locator("input[name=asunto]")).to_have_value(SUBJECT)


def test_another_afeccion_asks_again_while_writing(open_page: OpenPage, site: Site) -> None:
    page = described(open_page(), site)
    beside = page.locator("#mientras-escribe")
    expect(beside).to_contain_text(ANSWER)
    page.check("input[value=corte-de-red]")
    expect(beside).to_contain_text("Envíelo directamente")
    expect(beside).not_to_contain_text(ANSWER)


def test_late_answers_are_dropped_and_pauses_are_waited_for(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        text = route.request.post_data or ""
        asked.append(text)
        if len(asked) == 1:
            # The first answer comes long after the second question.
            page.wait_for_timeout(50)
        route.continue_()

    page.route(LIVE, answer)
    described(page, site)
    expect(page.locator("#mientras-escribe details").first).to_be_visible()
    # One question for a subject typed in one go, not one a letter.
    assert len(asked) <= 3
    assert "condiciones" not in asked[0]
    page.check("input[value=corte-de-red]")
    beside = page.locator("#mientras-escribe")
    expect(beside).to_contain_text("Envíelo directamente")
    expect(beside.locator("details")).to_have_count(0)


def test_narrow_page_says_what_was_found_and_leads_there(open_page: OpenPage, site: Site) -> None:
    page = described(open_page(viewport={"width": 390, "height": 800}), site)
    link = page.locator("#hallado a")
    expect(link).to_contain_text("que puede")
    link.click()
    expect(page.locator("#mientras-escribe details").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_the_same_way_is_two_pages(open_page: OpenPage, site: Site) -> None:
    page = open_page(ANA, java_script_enabled=False)
    page.goto(f"{site.url}/tickets/nuevo")
    page.fill("input[name=asunto]", SUBJECT)
    page.fill("textarea[name=descripcion]", "Desde ayer no aparece nada en la bandeja.")
    page.click("button[value=sugerir]")
    answers = page.locator("#respuestas")
    answers.locator("summary", has_text=ANSWER).click()
    page.fill("textarea[name=descripcion]", "Era el filtro de spam.")
    answers.locator("details[open]").get_by_role("button", name="Esto lo resolvió").click()
    expect(page.locator("h1")).to_have_text("Nos alegra que quedó resuelto")
    page.get_by_role("button", name="No, sigue igual").click()
    expect(page.locator("textarea[name=descripcion]")).to_have_value("Era el filtro de spam.")
    page.check("input[value=servicio-con-errores]")
    page.locator("form#ticket button[value=enviar]").click()
    expect(page.locator("h1")).to_have_text(SUBJECT)
