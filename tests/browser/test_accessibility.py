"""axe-core on the pages, in both themes; nothing scrolls sideways at 320 px."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.server import Site

VISITOR = (
    "/",
    "/preguntas",
    "/preguntas/categoria/correo",
    "/preguntas/spf-dkim-dmarc",
    "/preguntas/buscar?q=correo+gmail",
    "/preguntas/buscar?q=zzzzqqq",
    "/tickets/nuevo",
    "/cotizacion",
    "/llamada",
    "/chat",
    "/averias",
    "/condiciones",
    "/transparencia",
    "/cuenta/ingresar",
    "/cuenta/registro",
    "/cuenta/clave/olvidada",
    "/no-existe",
    "/estilo",
)
SIGNED_IN = {
    "ana@textilesandinos.example": (
        "/chat",
        "/chat/anteriores",
        "/",
        "/tickets",
        "/tickets?q=servidor&estado=todos&desde=ayer",
        "/tickets/1008",
        "/tickets/1008/puestos",
        "/cuenta",
        "/cuenta/empresa",
        "/cuenta/empresa/salida",
        "/cuenta/correos",
        "/avisos",
        "/cotizaciones",
        "/cotizaciones/2",
    ),
    "diego@netsolution.example": (
        "/mesa/chat",
        "/mesa/chat/1",
        "/mesa/chat/anteriores",
        "/mesa",
        "/mesa/tickets/1006",
        "/mesa/tickets/1006/entradas",
        "/avisos",
        "/cuenta/correos",
        "/mesa/tickets/1006/mensajes/6/division",
        "/mesa/buscar?q=correo",
        "/mesa/buscar?q=zzzz&estado=en_cola&desde=ayer",
        "/mesa/averias",
        "/mesa/averias/nueva",
        "/mesa/llamadas",
        "/mesa/respuestas-listas",
        "/mesa/respuestas-listas/nueva",
        "/mesa/respuestas-listas/1",
        "/reportes",
    ),
    "elena@netsolution.example": (
        "/editor",
        "/editor/articulos/1",
        "/editor/articulos/1/opiniones",
        "/editor/busquedas",
        "/editor/categorias",
        "/editor/pendientes",
        "/editor/sinonimos",
        "/editor/sinonimos/1",
        "/editor/sinonimos/nuevo?palabras=correo",
        "/editor/pruebas",
        "/editor/articulos/1/palabras",
        "/editor/articulos/1/revisiones",
        "/editor/articulos/1/fechas",
        "/editor/articulos/1/idiomas",
        "/editor/articulos/1/relacionados?q=correo",
        "/editor/importar",
        "/editor/exportar",
    ),
    "fabio@netsolution.example": (
        "/ventas",
        "/ventas/1",
        "/ventas/4",
        "/ventas/cotizaciones",
        "/ventas/cotizaciones?q=zzzz",
        "/ventas/cotizaciones/2",
        "/ventas/cotizaciones/2/versiones/1",
        "/ventas/cotizaciones/3",
        "/ventas/cotizaciones/3/edicion",
        "/ventas/cotizaciones/nueva",
        "/ventas/productos",
        "/ventas/productos/1",
        "/ventas/productos/nuevo",
    ),
    "gloria@netsolution.example": (
        "/admin",
        "/admin/ajustes",
        "/admin/ajustes/cotizaciones",
        "/admin/personas",
        "/admin/orden",
        "/admin/orden/1",
        "/admin/orden/nueva",
        "/admin/correo",
        "/admin/correo/registro",
        "/admin/correo/registro?estado=rebotados",
        "/admin/correo-entrante",
        "/admin/correo-entrante?final=stranger",
        "/cuenta/correos",
        "/avisos",
    ),
}


def problems(page: Page, path: str, **options: object) -> list[str]:
    """What axe-core finds. It is put into a page once and tells nothing of what is well."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    asked = {"resultTypes": ["violations"], **options}
    found = page.evaluate("asked => axe.run(asked).then(found => found.violations)", asked)
    return [f"{path}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def too_wide(page: Page, path: str) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{path}: {wide} px wide at 320"] if wide > 320 else []


def look_at(page: Page, site: Site, paths: tuple[str, ...]) -> list[str]:
    """What is wrong with these pages in light, with their colours in dark, and on a phone."""
    found: list[str] = []
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(site.url + path)
        found += problems(page, path)
        page.emulate_media(color_scheme="dark")
        found += problems(page, f"{path} (dark)", runOnly=["color-contrast"])
        found += too_wide(page, path)
    return found


def test_visitors_pages_are_accessible(open_page: OpenPage, site: Site) -> None:
    assert look_at(open_page(bypass_csp=True), site, VISITOR) == []


@pytest.mark.parametrize("email", SIGNED_IN, ids=lambda email: email.split("@")[0])
def test_pages_of_people_are_accessible(open_page: OpenPage, site: Site, email: str) -> None:
    assert look_at(open_page(email, bypass_csp=True), site, SIGNED_IN[email]) == []


def test_a_form_with_errors_is_accessible(open_page: OpenPage, site: Site) -> None:
    page = open_page(bypass_csp=True)
    page.goto(f"{site.url}/tickets/nuevo")
    page.locator("form#ticket button[value=enviar]").click()
    page.wait_for_selector("[role=alert].summary")
    assert problems(page, "errors") == []


def test_a_conversation_is_accessible_in_each_of_its_states(
    open_page: OpenPage, site: Site
) -> None:
    diego, rosa = open_page("diego@netsolution.example"), open_page(bypass_csp=True)
    diego.goto(f"{site.url}/mesa/chat")
    if diego.get_by_role("button", name="En turno para el chat").count():
        diego.get_by_role("button", name="En turno para el chat").click()
    rosa.goto(f"{site.url}/chat")
    rosa.fill("#nombre", "Rosa Díaz")
    rosa.fill("#correo", "rosa@example.com")
    rosa.fill("#mensaje", "Mi correo de Gmail no llega.")
    rosa.get_by_role("button", name="Iniciar el chat").click()
    rosa.wait_for_url("**/chat/*")
    here = rosa.url.removeprefix(site.url)
    found = look_at(rosa, site, (here,))
    diego.get_by_role("button", name="Atender la siguiente").click()
    diego.wait_for_url("**/mesa/chat/*")
    diego.fill("#texto", "Buenos días. ¿Qué correo es?")
    diego.get_by_role("button", name="Enviar", exact=True).click()
    rosa.locator("[data-theirs]").wait_for()
    found += look_at(rosa, site, (here,))
    rosa.locator("#texto").press("Enter")
    rosa.locator("#texto-error").wait_for()
    found += problems(rosa, "a message without words")
    diego.get_by_role("button", name="Terminar").first.click()
    rosa.get_by_text("La conversación terminó").first.wait_for()
    assert found + look_at(rosa, site, (here, "/chat")) == []
