"""A password that is noticed, and images of a thread, in a real browser."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import problems as judged
from tests.browser.test_accessibility import too_wide
from tests.server import Site

MARIO, DIEGO = "mario@clinicasanblas.example", "diego@netsolution.example"
#: Diego holds it.
TICKET = "/tickets/1006"
VALUE = "Andina#2025"


def image(name: str, colour: str) -> FilePayload:
    out = BytesIO()
    Image.new("RGB", (1400, 900), colour).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def problems(page: Page) -> list[str]:
    page.set_viewport_size({"width": 1280, "height": 900})
    path = page.url
    return judged(page, path) + too_wide(page, path)


def wait_for_pictures(page: Page, *names: str) -> None:
    """The worker draws them after the message was stored."""
    links = [page.get_by_role("link", name=f"{name} ver en grande") for name in names]
    for _ in range(60):
        if all(link.count() for link in links):
            return
        page.wait_for_timeout(250)
        page.reload()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-js", "without-js"])
def test_a_password_is_moved_and_read_at_the_desk(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = open_page(MARIO, java_script_enabled=scripts)
    page.goto(site.url + TICKET)
    page.fill("#respuesta textarea", f"Usuario admin, contraseña: {VALUE}")
    page.click("text=Enviar mensaje")
    expect(page.locator("#respuesta textarea")).to_have_value(f"Usuario admin, contraseña: {VALUE}")
    page.click("text=Guardarla cifrada")
    expect(page.locator(".thread")).to_contain_text("contraseña: [dato cifrado")
    expect(page.locator("#secretos")).to_contain_text("nadie lo leyó todavía")
    assert VALUE not in page.content()
    desk = open_page(DIEGO, java_script_enabled=scripts)
    desk.goto(f"{site.url}/mesa{TICKET}")
    assert VALUE not in desk.content()
    desk.locator("#secretos button", has_text="Mostrar").last.click()
    expect(desk.locator("#valor")).to_have_value(VALUE)
    assert VALUE not in desk.url
    page.reload()
    expect(page.locator("#secretos")).to_contain_text("Lo leyó Diego Vargas")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_with_a_secret_are_accessible(open_page: OpenPage, site: Site, scheme: str) -> None:
    page = open_page(MARIO, color_scheme=scheme, bypass_csp=True)
    page.goto(site.url + TICKET)
    page.locator("summary", has_text="Añadir un dato secreto").click()
    assert problems(page) == []
    page.fill("#respuesta textarea", f"contraseña: {VALUE}")
    page.click("text=Enviar mensaje")
    expect(page.get_by_role("button", name="Guardarla cifrada")).to_be_visible()
    assert problems(page) == []
    page.click("text=Guardarla cifrada")
    desk = open_page(DIEGO, color_scheme=scheme, bypass_csp=True)
    desk.goto(f"{site.url}/mesa{TICKET}")
    assert problems(desk) == []
    desk.locator("#secretos button", has_text="Mostrar").last.click()
    assert problems(desk) == []


def test_images_open_over_the_page_and_close_by_keyboard(open_page: OpenPage, site: Site) -> None:
    page = open_page(MARIO)
    page.goto(site.url + TICKET)
    page.fill("#respuesta textarea", "Vea las capturas.")
    page.set_input_files(
        "input[name=adjuntos]", [image("una.png", "navy"), image("dos.png", "red")]
    )
    page.click("text=Enviar mensaje")
    wait_for_pictures(page, "una.png", "dos.png")
    link = page.get_by_role("link", name="una.png ver en grande")
    picture = link.locator("img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("(img) => img.naturalWidth === 240", arg=picture.element_handle())
    assert picture.evaluate("(img) => [img.width, img.height]") == [240, 154]
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.viewer")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h2")).to_have_text("una.png")
    shown = dialog.locator("img").element_handle()
    page.wait_for_function("(img) => img.naturalWidth === 1200", arg=shown)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    page.get_by_role("link", name="dos.png ver en grande").click()
    expect(dialog.locator("h2")).to_have_text("dos.png")
    with page.expect_download() as download:
        dialog.get_by_text("Descargar el original").click()
    assert download.value.suggested_filename == "dos.png"
    dialog.get_by_role("button", name="Cerrar").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_thread_with_images_is_accessible(open_page: OpenPage, site: Site, scheme: str) -> None:
    page = open_page(MARIO, color_scheme=scheme, bypass_csp=True)
    page.goto(site.url + TICKET)
    page.fill("#respuesta textarea", "Vea la captura.")
    page.set_input_files("input[name=adjuntos]", [image(f"{scheme}.png", "green")])
    page.click("text=Enviar mensaje")
    wait_for_pictures(page, f"{scheme}.png")
    assert problems(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("link", name=f"{scheme}.png ver en grande").click()
    assert problems(page) == []
