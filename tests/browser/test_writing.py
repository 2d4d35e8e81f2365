"""Texts that a click puts into the box of a reply, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import problems, too_wide
from tests.server import Site

DIEGO = "diego@netsolution.example"
PROMISE = "Hola. Lo reviso y en dos horas queda.\n\nSaludos"


def ticket_of_diego(open_page: OpenPage, site: Site, **options: object) -> Page:
    page = open_page(DIEGO, **options)
    page.goto(f"{site.url}/mesa")
    page.locator("section[aria-labelledby=mios] a.cover").first.click()
    page.wait_for_selector("#texto")
    return page


def stop(page: Page) -> None:
    page.fill("#texto", PROMISE)
    page.click("button[name=accion][value=responder]")
    page.wait_for_selector("button[name=acuerdo]")


def test_a_canned_answer_is_inserted_at_the_cursor(open_page: OpenPage, site: Site) -> None:
    page = ticket_of_diego(open_page, site)
    page.fill("#texto", "Antes. Después.")
    page.evaluate("document.querySelector('#texto').setSelectionRange(6, 6)")
    page.click("details.canned summary")
    before = page.url
    page.click("#listas button >> nth=0")
    text = page.input_value("#texto")
    assert re.fullmatch(r"Antes\.\n\nHola, [\s\S]+\n\n Después\.", text)
    assert page.url == before
    assert not page.is_visible("#listas")


def test_without_javascript_the_server_inserts_it(open_page: OpenPage, site: Site) -> None:
    page = ticket_of_diego(open_page, site, java_script_enabled=False)
    page.fill("#texto", "Antes.")
    page.check("input[name=siguiente]")
    page.click("details.canned summary")
    page.click("#listas button >> nth=0")
    assert page.input_value("#texto").startswith("Antes.\n\nHola, ")
    assert page.is_checked("input[name=siguiente]")


def test_the_agreed_sentence_takes_the_place_of_the_promise(
    open_page: OpenPage, site: Site
) -> None:
    page = ticket_of_diego(open_page, site)
    stop(page)
    page.click("button[name=acuerdo]")
    assert page.input_value("#texto").startswith("Hola. No estimamos cuánto tardará")
    assert not page.is_visible("button[name=acuerdo]")
    assert not page.is_visible(".summary")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_stopped_reply_is_accessible(open_page: OpenPage, site: Site, scheme: str) -> None:
    page = ticket_of_diego(open_page, site, color_scheme=scheme, bypass_csp=True)
    stop(page)
    page.click("details.canned summary")
    assert problems(page, "stopped") + too_wide(page, "stopped") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_text_edited_since_is_mended_by_the_server(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = ticket_of_diego(open_page, site, java_script_enabled=scripts)
    stop(page)
    page.fill("#texto", "El disco falló. Mañana lo cambiamos. Gracias")
    with page.expect_navigation():
        page.click("button[name=acuerdo]")
    text = page.input_value("#texto")
    assert text.startswith("El disco falló. No estimamos cuánto tardará")
    assert text.endswith(" Gracias")


def test_ctrl_enter_sends_and_never_inserts(open_page: OpenPage, site: Site) -> None:
    page = ticket_of_diego(open_page, site)
    page.fill("#texto", PROMISE)
    page.press("#texto", "Control+Enter")
    page.wait_for_selector("button[name=acuerdo]")
    assert page.input_value("#texto") == PROMISE
    page.press("#texto", "Control+Enter")
    page.get_by_role("button", name="Deshacer").first.wait_for()
