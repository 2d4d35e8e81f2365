"""The bell in a real browser: it says what is new without reloading, and ends with the session."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_journey_c import DIEGO, a_ticket_of
from tests.server import Site

MARIO = "mario@clinicasanblas.example"
ANA = "ana@textilesandinos.example"
#: A reply can be undone for some seconds before the customer gets it.
PATIENCE = 30_000


def ask_often(page: Page) -> None:
    """Shorten the pause between questions, as if the page were looked at again."""
    page.evaluate(
        """document.querySelector("[data-bell]").dataset.every = "0.4";
        document.dispatchEvent(new Event("visibilitychange"));"""
    )


def unread(page: Page) -> int:
    return int(page.locator("[data-bell]").get_attribute("data-unread") or "0")


def test_a_reply_shows_at_the_customers_bell_without_reloading(
    open_page: OpenPage, site: Site
) -> None:
    customer, technician = open_page(MARIO), open_page(DIEGO)
    customer.goto(f"{site.url}/preguntas")
    before = unread(customer)
    customer.evaluate("window.stillHere = true")
    ask_often(customer)
    number = a_ticket_of(technician, site).rsplit("/", 1)[1]
    technician.fill("#texto", "Ya revisamos el arranque del servidor.")
    technician.get_by_role("button", name="Sólo responder").click()
    expect(customer.locator("[data-bell-count]")).to_have_text(str(before + 1), timeout=PATIENCE)
    assert customer.evaluate("window.stillHere")
    expect(customer).to_have_title(re.compile(rf"^\({before + 1}\) "))
    expect(customer.locator("[data-bell-said]")).to_contain_text("sin leer")
    customer.locator(".bell > summary").click()
    line = customer.locator(".bell .bell-line.unread", has_text=f"Ticket {number}")
    expect(line).to_contain_text("El equipo técnico respondió")
    line.locator("button").click()
    customer.wait_for_url(f"{site.url}/tickets/{number}")
    assert unread(customer) == before


def test_opening_the_ticket_itself_marks_its_notices(open_page: OpenPage, site: Site) -> None:
    page = open_page(ANA)
    page.goto(f"{site.url}/avisos")
    before = unread(page)
    assert before
    words = page.locator("main .bell-line.unread strong", has_text="Ticket").first.inner_text()
    number = re.findall(r"Ticket (\d+)", words)[0]
    page.goto(f"{site.url}/tickets/{number}")
    expect(page.locator("[data-bell]")).to_have_attribute("data-unread", str(before - 1))


def test_the_bell_ends_with_the_session(open_page: OpenPage, site: Site) -> None:
    page = open_page(MARIO)
    page.goto(f"{site.url}/preguntas")
    page.context.clear_cookies()
    ask_often(page)
    page.locator(".bell > summary").click()
    expect(page.locator("[data-bell-ended]")).to_be_visible()
    expect(page.locator("[data-bell-ended] a")).to_have_text("Ingrese de nuevo")


def test_everything_works_without_javascript(open_page: OpenPage, site: Site) -> None:
    page = open_page(ANA, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(f"{site.url}/preguntas")
    page.locator(".bell > summary").click()
    page.get_by_role("link", name="Ver todos los avisos").click()
    page.wait_for_url(f"{site.url}/avisos")
    page.locator("main .bell-line", has_text="Ticket").locator("button").first.click()
    page.wait_for_url(re.compile(r"/tickets/\d+$"))
    page.goto(f"{site.url}/avisos")
    if unread(page):
        page.get_by_role("button", name="Marcar todo como leído").click()
    expect(page.locator("main")).to_contain_text("No tiene avisos sin leer")
