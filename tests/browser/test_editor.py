"""The form of an article as an editor works in it: tools, pictures, kept texts, a merge."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import problems, too_wide
from tests.core.test_imaging import image
from tests.server import Site

ELENA = "elena@netsolution.example"
NEW = "/editor/articulos/nuevo"
#: Gives the text box a file as a paste or a drop would.
GIVE = """([name, kind, encoded, type]) => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: kind }));
  const event = type === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector("#texto").dispatchEvent(event);
}"""


def form(open_page: OpenPage, site: Site, path: str = NEW, **options: object) -> Page:
    page = open_page(ELENA, **options)
    page.goto(site.url + path)
    page.wait_for_selector("[data-toolbar]:not([hidden])")
    return page


def give(
    page: Page, content: bytes, how: str, name: str = "a.png", kind: str = "image/png"
) -> None:
    page.evaluate(GIVE, [name, kind, base64.b64encode(content).decode(), how])


def select(page: Page, words: str) -> None:
    page.evaluate(
        "(words) => { const box = document.querySelector('#texto'); const at ="
        " box.value.indexOf(words); box.focus(); box.setSelectionRange(at, at + words.length); }",
        words,
    )


@pytest.mark.parametrize(
    ("tool", "words", "result"),
    [
        ("bold", "dos", "uno **dos** tres"),
        ("italic", "dos", "uno _dos_ tres"),
        ("code", "dos", "uno `dos` tres"),
        ("link", "dos", "uno [dos](https://) tres"),
        ("heading", "dos", "## uno dos tres"),
        ("list", "dos", "- uno dos tres"),
        ("numbers", "dos", "1. uno dos tres"),
        ("note", "dos", "> uno dos tres"),
        ("table", "dos", "uno \n\n| Columna 1 | Columna 2 |\n| --- | --- |\n|  |  |\n\n tres"),
    ],
)
def test_a_tool_writes_markdown_and_can_be_undone(
    open_page: OpenPage, site: Site, tool: str, words: str, result: str
) -> None:
    page = form(open_page, site)
    page.fill("#texto", "uno dos tres")
    select(page, words)
    page.click(f"[data-tool={tool}]")
    assert page.input_value("#texto") == result
    page.keyboard.press("Control+z")
    assert page.input_value("#texto") == "uno dos tres"


def test_a_table_asked_for_inside_a_table_stands_below_it(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site)
    page.fill("#texto", "| a | b |\n| --- | --- |\n| dos | |\n\nfin")
    select(page, "dos")
    page.click("[data-tool=table]")
    written = page.input_value("#texto")
    assert written.startswith("| a | b |\n| --- | --- |\n| dos | |\n\n| Columna 1 |")
    assert written.endswith("|  |  |\n\nfin")


def test_keys_and_arrows_work_without_a_mouse(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site)
    page.fill("#texto", "uno dos tres")
    select(page, "dos")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+i")
    assert page.input_value("#texto") == "uno **_dos_** tres"
    page.keyboard.press("Control+i")
    page.keyboard.press("Control+b")
    assert page.input_value("#texto") == "uno dos tres"
    page.focus("[data-tool=heading]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.tool") == "italic"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.tool") == "heading"
    assert page.locator("[data-tool][tabindex='0']").count() == 1


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_is_put_where_the_cursor_stands_and_is_seen(
    open_page: OpenPage, site: Site, how: str
) -> None:
    page = form(open_page, site)
    page.fill("#texto", "Antes. Después.")
    page.evaluate("document.querySelector('#texto').setSelectionRange(6, 6)")
    give(page, image("PNG", (1700, 850)), how)
    expect(page.locator("#texto")).to_have_value(
        re.compile(r"^Antes\.!\[\]\(/preguntas/imagenes/[0-9a-f]{32}-1600x800\.webp\) Después\.$")
    )
    expect(page.locator("[data-toolbar-said]")).to_contain_text("Imagen puesta.")
    shown = page.locator("#vista-previa img")
    expect(shown).to_have_attribute("width", "1600")
    shown.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#vista-previa img').naturalWidth === 1600")
    expect(page.locator("#vista-previa")).to_contain_text("1 imagen no dice qué se ve en ella.")


def test_one_more_picture_stands_beside_the_first_and_not_inside_it(
    open_page: OpenPage, site: Site
) -> None:
    page = form(open_page, site)
    page.fill("#texto", "Antes.")
    for width in (30, 40):
        give(page, image("PNG", (width, 20)), "paste")
        expect(page.locator("#texto")).to_have_value(re.compile(rf"-{width}x20\.webp\)$"))
    give(page, b"nada", "drop", "rota.png")
    expect(page.locator("[data-toolbar-said]")).to_contain_text("no corresponde a su extensión")
    one = r"!\[\]\(/preguntas/imagenes/[0-9a-f]{32}-%dx20\.webp\)"
    expect(page.locator("#texto")).to_have_value(re.compile(rf"^Antes\.{one % 30}\n\n{one % 40}$"))


def test_pictures_given_at_once_stand_apart(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site)
    page.fill("#texto", "Antes.")
    files = [
        {"name": f"{width}.png", "mimeType": "image/png", "buffer": image("PNG", (width, 20))}
        for width in (50, 60)
    ]
    page.set_input_files("[data-pick]", files)
    one = r"!\[\]\(/preguntas/imagenes/[0-9a-f]{32}-%dx20\.webp\)"
    wanted = rf"^Antes\.\n\n{one % 50}\n\n{one % 60}$"
    expect(page.locator("#texto")).to_have_value(re.compile(wanted))


def test_what_is_no_picture_says_so_and_leaves_the_text(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site)
    page.fill("#texto", "Antes.")
    give(page, b"<svg/>", "drop", "a.svg", "image/svg+xml")
    expect(page.locator("[data-toolbar-said]")).to_contain_text("a.svg no es una imagen")
    give(page, b"nada", "drop", "rota.png")
    expect(page.locator("[data-toolbar-said]")).to_contain_text("no corresponde a su extensión")
    expect(page.locator("#texto")).to_have_value("Antes.")


def test_a_closed_tab_loses_nothing(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site)
    page.fill("#titulo", "Un título a medias")
    page.fill("#texto", "Un texto a medias")
    page.goto(f"{site.url}/editor")
    page.goto(site.url + NEW)
    page.click("text=Un título a medias")
    expect(page.locator("#texto")).to_have_value("Un texto a medias")
    expect(page.locator("main")).to_contain_text("Recuperamos lo que escribía")
    page.click("text=Descartarlo")
    page.wait_for_url(site.url + NEW)
    expect(page.locator("main")).not_to_contain_text("Un título a medias")


def test_typing_is_kept_while_the_page_is_open(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site, "/editor/articulos/1")
    before = page.input_value("#texto")
    page.fill("#texto", "Algo nuevo")
    expect(page.locator("[data-kept-said]")).to_have_text("Borrador guardado")
    page.fill("#texto", before)
    expect(page.locator("[data-kept-said]")).to_have_text("Borrador guardado")
    page.reload()
    expect(page.locator("main")).not_to_contain_text("Recuperamos")


def test_links_that_lead_nowhere_are_marked(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site)
    page.fill("#texto", "[bien](/preguntas) y [mal](/preguntas/no-hay)")
    expect(page.locator("#vista-previa a.broken")).to_have_text("mal")
    page.fill("#texto", "")


def test_on_a_phone_the_preview_comes_when_asked(open_page: OpenPage, site: Site) -> None:
    page = form(open_page, site, viewport={"width": 390, "height": 800})
    preview = page.locator("#vista-previa")
    expect(preview).not_to_be_visible()
    page.fill("#texto", "**Hola**")
    page.click("[data-tool=preview]")
    expect(preview.locator("strong")).to_be_visible()
    page.click("[data-write-on]")
    expect(preview).not_to_be_visible()
    page.fill("#texto", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_writing_are_accessible(open_page: OpenPage, site: Site, scheme: str) -> None:
    page = form(open_page, site, "/editor/articulos/1", color_scheme=scheme, bypass_csp=True)
    give(page, image("PNG", (400, 200)), "drop")
    expect(page.locator("[data-toolbar-said]")).to_contain_text("Imagen puesta.")
    found = problems(page, "edit") + too_wide(page, "edit")
    page.set_viewport_size({"width": 1280, "height": 900})
    stored = page.input_value("#texto")
    # As if somebody else had saved meanwhile.
    page.fill("#texto", stored + "\n\nUno más, mío.\n\n[mal](/no-hay)")
    page.evaluate("document.querySelector('[name=revision]').value = '0'")
    page.click("button[value=guardar]")
    page.wait_for_selector("text=Juntar dos textos")
    found += problems(page, "merge") + too_wide(page, "merge")
    page.set_viewport_size({"width": 1280, "height": 900})
    for path in ("/editor/imagenes", "/editor/enlaces", "/editor/articulos/1/enlaces", NEW):
        page.goto(site.url + path)
        found += problems(page, path) + too_wide(page, path)
        page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site.url}/editor/articulos/1")
    page.click("text=Descartarlo")
    assert found == []
