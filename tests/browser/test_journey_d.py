"""Journey D in a real browser: asked for on a phone, priced, sent, talked about, accepted."""

from __future__ import annotations

import io
import re
import time

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import OpenPage
from tests.server import Site

FABIO = "fabio@netsolution.example"
PHONE = {"viewport": {"width": 390, "height": 844}}
PATIENCE = 20.0


def asked_for(page: Page, site: Site, name: str, email: str) -> None:
    """A visitor asks for two plans."""
    page.goto(f"{site.url}/cotizacion")
    boxes = page.locator("input[name^=cantidad-]")
    boxes.nth(0).fill("3")
    boxes.nth(1).fill("2")
    page.fill("#nombre", name)
    page.fill("#correo", email)
    page.fill("#telefono", "969 782 160")
    page.get_by_role("button", name="Pedir cotización").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recibimos su solicitud")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def priced_and_sent(page: Page, site: Site, name: str) -> str:
    """Sales takes 10 % off the first line and 5 % off all, and sends it; the page of the quote."""
    page.goto(f"{site.url}/ventas")
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="Empezar cotización").click()
    page.fill("#linea-0-discount", "10%")
    page.fill("#descuento_total", "5%")
    page.get_by_role("button", name="Calcular").click()
    expect(page.locator(".sums")).to_contain_text("Valor de venta")
    page.get_by_role("button", name="Guardar borrador").click()
    page.get_by_role("button", name="Enviar cotización").click()
    expect(page.locator("main .tag").first).to_have_text("Enviada")
    return page.url.split("#")[0]


def mailed_link(site: Site, email: str) -> str:
    """The private link, as the mail to this address says it; a site without a server prints it."""
    found = re.compile(rf"{re.escape(email)}.*?(/cotizacion/ver/[\w-]{{43}})", re.DOTALL)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        match = found.search((site.folder / "server.log").read_text("utf-8", errors="replace"))
        if match:
            return site.url + match[1]
        time.sleep(0.2)
    raise AssertionError("the mail with the link did not come")


def talked(customer: Page, seller: Page, link: str, place: str) -> None:
    """The customer asks twice and sales answers twice; both read it in order."""
    for question, answer in (("¿Incluye IP fija?", "Sí, una."), ("¿Y respaldo?", "Cada noche.")):
        customer.goto(link)
        customer.locator("summary", has_text="pregunta").click()
        customer.get_by_label("Su pregunta").fill(question)
        customer.get_by_role("button", name="Enviar pregunta").click()
        expect(customer.locator(".thread .message").last).to_contain_text(question)
        seller.goto(place)
        seller.get_by_label("Respuesta").fill(answer)
        seller.get_by_role("button", name="Responder por correo").click()
        expect(seller.locator(".thread .message").last).to_contain_text(answer)
    customer.goto(link)
    told = customer.locator(".thread .message .pre").all_inner_texts()
    assert told == ["¿Incluye IP fija?", "Sí, una.", "¿Y respaldo?", "Cada noche."]


def total_on_paper(page: Page) -> str:
    """The total of the PDF that the button gives."""
    address = page.get_by_role("link", name="Descargar PDF").get_attribute("href") or ""
    answer = page.context.request.get(page.url.split("/cotizacion/")[0] + address)
    text = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.body())).pages)
    totals = re.findall(r"TOTAL\s+(S/\s[\d,]+\.\d\d)", text)
    assert len(totals) == 1, text
    return str(totals[0]).replace("\u00a0", " ")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_request_to_one_acceptance(open_page: OpenPage, site: Site, scripts: bool) -> None:
    name, email = f"Rosa Díaz {scripts}", f"rosa-{scripts}@bodega.example".lower()
    customer = open_page(**PHONE, java_script_enabled=scripts)
    seller = open_page(FABIO)
    asked_for(customer, site, name, email)
    place = priced_and_sent(seller, site, name)
    link = mailed_link(site, email)
    talked(customer, seller, link, place)
    shown = customer.locator(".sums dd.last").inner_text().replace("\u00a0", " ")
    assert total_on_paper(customer) == shown
    assert shown == seller.locator(".sums dd.last").inner_text().replace("\u00a0", " ")
    customer.get_by_label("Nombre de quien acepta").fill(name)
    customer.get_by_label("Acepto la cotización").check()
    customer.get_by_role("button", name="Aceptar la cotización").dblclick()
    expect(customer.locator("main .notice")).to_contain_text(f"Aceptada por {name}")
    expect(customer.get_by_role("button", name="Aceptar la cotización")).to_have_count(0)
    seller.goto(place)
    expect(seller.locator("main li", has_text="El cliente la aceptó")).to_have_count(1)
    expect(seller.locator("main .tag").first).to_have_text("Aceptada")
