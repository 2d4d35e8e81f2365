"""Two people talk at once in real browsers: lines, typing, read marks, unread counts, no reload."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.server import Site

DIEGO = "diego@netsolution.example"
ANA = "ana@textilesandinos.example"
LOG, BOX = "[data-log]", "#texto"


def _on_duty(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/mesa/chat")
    button = page.get_by_role("button", name="En turno para el chat")
    if button.count():
        button.click()
    expect(page.get_by_text("En turno desde las")).to_be_visible()


def begin(page: Page, site: Site, text: str) -> None:
    """Begin a conversation, as Rosa Díaz where a name is asked for."""
    page.goto(f"{site.url}/chat")
    if page.locator("#nombre").count():
        page.fill("#nombre", "Rosa Díaz")
        page.fill("#correo", "rosa@example.com")
    page.fill("#mensaje", text)
    page.get_by_role("button", name="Iniciar el chat").click()
    page.wait_for_url(re.compile(r"/chat/[\w-]{43}$"))


def _take(page: Page, text: str) -> None:
    """Until it is the one that began with `text`: a test before may have left others in line."""
    for _ in range(9):
        with page.expect_navigation(url=re.compile(r"/mesa/chat/\d+$")):
            page.get_by_role("button", name="Atender la siguiente").click()
        if page.locator(LOG).get_by_text(text, exact=True).count():
            return
    raise AssertionError(f"nobody waits with «{text}»")


def _say(page: Page, text: str) -> None:
    """By keyboard: Enter sends, the focus stays in the field."""
    page.locator(BOX).press_sequentially(text)
    page.keyboard.press("Enter")
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(BOX)).to_be_focused()


def test_two_people_talk_at_once(open_page: OpenPage, site: Site) -> None:
    diego, rosa = open_page(DIEGO), open_page()
    _on_duty(diego, site)
    begin(rosa, site, "Mi correo no llega.")
    expect(rosa.locator("[data-part=arriba]")).to_contain_text("La suya es la siguiente.")
    expect(diego.locator("[data-part=lista]")).to_contain_text("1 en espera")
    _take(diego, "Mi correo no llega.")
    expect(rosa.locator(LOG)).to_contain_text("Diego Vargas entró en la conversación.")

    rosa.locator(BOX).press_sequentially("Desde")
    expect(diego.locator("[data-part=estado]")).to_contain_text("está escribiendo")
    diego.locator(BOX).press_sequentially("Hola, ")
    rosa.locator(BOX).press_sequentially(" ayer")
    rosa.keyboard.press("Enter")
    diego.locator(BOX).press_sequentially("Rosa")
    diego.keyboard.press("Enter")
    for page in (rosa, diego):
        expect(page.locator(f"{LOG} .bubble")).to_have_count(3)
        expect(page.locator(LOG)).to_contain_text("Desde ayer")
        expect(page.locator(LOG)).to_contain_text("Hola, Rosa")
    expect(diego.locator("[data-part=estado]")).to_have_text(re.compile("Visto"))

    _say(rosa, '"><img src=x onerror=alert(1)>')
    expect(diego.locator(f"{LOG} .bubble").last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(diego.locator(f"{LOG} img")).to_have_count(0)
    rosa.get_by_role("button", name="Terminar").click()
    expect(rosa.get_by_role("heading", name="La conversación terminó")).to_be_visible()
    expect(diego.locator("[data-part=arriba]")).to_contain_text("La conversación terminó.")
    expect(rosa.get_by_role("button", name="Terminar")).to_have_count(0)
    for gone in ("Ofrecer un ticket", "Pasar a un colega", "Terminar la conversación", "Es abuso"):
        expect(diego.get_by_text(gone)).to_have_count(0)
    expect(diego.locator("[data-outcome]")).to_contain_text("no hay a quién ofrecerle un ticket")


def test_a_page_in_the_background_hears_in_time(open_page: OpenPage, site: Site) -> None:
    """Browsers let the timers of a hidden page run once a minute: its worker's go on."""
    diego, rosa = open_page(DIEGO), open_page()
    diego.add_init_script(
        "const usual = window.setTimeout;"
        "window.setTimeout = (done, ms, ...more) => usual(done, ms > 900 ? 60000 : ms, ...more);"
    )
    _on_duty(diego, site)
    begin(rosa, site, "Otra consulta.")
    expect(diego.locator("[data-part=lista]")).to_contain_text("1 en espera")
    _take(diego, "Otra consulta.")
    _say(rosa, "¿Sigue ahí?")
    expect(diego.locator(LOG)).to_contain_text("¿Sigue ahí?")
    rosa.get_by_role("button", name="Terminar").click()
    expect(diego.locator("[data-part=arriba]")).to_contain_text("La conversación terminó.")


def test_several_conversations_are_counted_and_keep_what_is_typed(
    open_page: OpenPage, site: Site
) -> None:
    diego, rosa, ana = open_page(DIEGO), open_page(), open_page(ANA)
    _on_duty(diego, site)
    begin(rosa, site, "Soy Rosa.")
    begin(ana, site, "Soy Ana.")
    _take(diego, "Soy Rosa.")
    first = diego.url
    diego.fill(BOX, "A medias para Rosa")
    _take(diego, "Soy Ana.")
    expect(diego.locator("h1")).to_have_text("Ana Quispe")
    expect(diego.locator("aside").last).to_contain_text("Textiles Andinos")
    expect(diego.locator(".chat-unread")).to_have_count(0)
    _say(rosa, "¿Sigue ahí?")
    expect(diego.locator(".chat-unread")).to_contain_text("1")
    expect(diego).to_have_title(re.compile(r"^\(1\) "))
    diego.locator(".chat-list a", has_text="Rosa Díaz").click()
    diego.wait_for_url(first)
    expect(diego.locator(BOX)).to_have_value("A medias para Rosa")
    expect(diego.locator(LOG)).to_contain_text("¿Sigue ahí?")
    expect(diego.locator(".chat-unread")).to_have_count(0)
    expect(rosa.locator("[data-part=estado]")).to_have_text(re.compile("Visto"))


def test_a_promise_is_stopped_in_place_and_the_text_kept(open_page: OpenPage, site: Site) -> None:
    diego, rosa = open_page(DIEGO), open_page()
    _on_duty(diego, site)
    begin(rosa, site, "¿Cuándo estará?")
    _take(diego, "¿Cuándo estará?")
    diego.fill(BOX, "Queda listo en dos horas.")
    diego.keyboard.press("Enter")
    expect(diego.locator("[data-part=aviso]")).to_contain_text("Promete un tiempo")
    expect(diego.locator(BOX)).to_have_value("Queda listo en dos horas.")
    diego.get_by_role("button", name="Poner esa frase en su lugar").click()
    expect(diego.locator(BOX)).not_to_have_value("Queda listo en dos horas.")


def test_a_session_that_ended_is_said_and_the_text_kept(open_page: OpenPage, site: Site) -> None:
    diego, ana = open_page(DIEGO), open_page(ANA)
    _on_duty(diego, site)
    begin(ana, site, "Soy Ana, hola.")
    ana.fill(BOX, "A medias")
    other = ana.context.new_page()
    other.goto(f"{site.url}/cuenta")
    other.locator(".account summary").last.click()
    other.get_by_role("button", name="Cerrar sesión").click()
    expect(ana.locator("[data-live]")).to_contain_text("Su sesión terminó")
    expect(ana.locator(BOX)).to_have_value("A medias")


def test_without_a_script_the_form_keeps_what_is_typed(open_page: OpenPage, site: Site) -> None:
    diego, rosa = open_page(DIEGO), open_page(java_script_enabled=False)
    _on_duty(diego, site)
    begin(rosa, site, "Sin guion.")
    rosa.fill(BOX, "A medias")
    rosa.get_by_role("button", name="Ver si hay respuesta").click()
    expect(rosa.locator(BOX)).to_have_value("A medias")
    rosa.get_by_role("button", name="Enviar").click()
    expect(rosa.locator(f"{LOG} .bubble").last).to_contain_text("A medias")


def test_a_message_sent_while_another_is_on_its_way_follows_it(
    open_page: OpenPage, site: Site
) -> None:
    diego, rosa = open_page(DIEGO), open_page()
    _on_duty(diego, site)
    begin(rosa, site, "Escribo con prisa.")
    _take(diego, "Escribo con prisa.")
    held: list[Route] = []
    rosa.route("**/mensajes", lambda r: r.continue_() if held else held.append(r))
    rosa.fill(BOX, "Primero")
    rosa.keyboard.press("Enter")
    rosa.wait_for_timeout(50)
    rosa.fill(BOX, "Segundo")
    rosa.keyboard.press("Enter")
    held[0].continue_()
    expect(rosa.locator(BOX)).to_have_value("")
    expect(rosa.locator(f"{LOG} .bubble.mine")).to_have_count(3)
    expect(rosa.locator(f"{LOG} .bubble").last).to_contain_text("Segundo")
    # A failure is said until the next attempt, whatever the page hears meanwhile.
    rosa.route("**/mensajes", lambda route: route.abort())
    rosa.fill(BOX, "Tercero")
    rosa.keyboard.press("Enter")
    expect(rosa.locator("[data-live]")).to_contain_text("No se envió.")
    with rosa.expect_response("**/novedades*"):
        pass
    with rosa.expect_response("**/novedades*"):
        pass
    expect(rosa.locator("[data-live]")).to_contain_text("No se envió.")
    # One count in the title of a page that has two: the bell's own is in the bell.
    expect(diego).to_have_title(re.compile(r"^(\(\d+\) )?Chat con "))


def test_a_server_that_comes_back_is_said(open_page: OpenPage, site: Site) -> None:
    diego, rosa = open_page(DIEGO), open_page()
    _on_duty(diego, site)
    begin(rosa, site, "¿Sigue el servidor?")
    rosa.fill(BOX, "A medias")
    rosa.route("**/novedades*", lambda route: route.fulfill(status=503))
    expect(rosa.locator("[data-live]")).to_contain_text("Sin conexión.")
    rosa.unroute("**/novedades*")
    expect(rosa.locator("[data-live]")).to_contain_text("Otra vez en línea.", timeout=10_000)
    expect(rosa.locator("[data-live]")).to_be_empty()
    expect(rosa.locator(BOX)).to_have_value("A medias")


def test_a_conversation_that_a_colleague_has_leaves_the_rest_of_the_page(
    open_page: OpenPage, site: Site
) -> None:
    diego, dora, rosa = open_page(DIEGO), open_page("rosa@netsolution.example"), open_page()
    _on_duty(diego, site)
    _on_duty(dora, site)
    begin(rosa, site, "¿Quién me atiende?")
    _take(diego, "¿Quién me atiende?")
    second = diego.context.new_page()
    second.goto(diego.url)
    second.fill(BOX, "A medias")
    diego.get_by_text("Pasar a un colega").click()
    diego.get_by_label("A quién").select_option(label="Rosa Huamán")
    diego.get_by_role("button", name="Pasar", exact=True).click()
    expect(second.locator("[data-live]")).to_contain_text("Ya no atiende esta conversación")
    expect(second.locator("[data-outcome]")).to_be_hidden()
    expect(second.locator(BOX)).to_have_value("A medias")
    expect(second.locator(".chat-list a[aria-current]")).to_have_count(0)
    expect(dora.locator(".chat-list a")).to_contain_text("Rosa Díaz")


def test_the_sound_is_switched_and_remembered(open_page: OpenPage, site: Site) -> None:
    diego = open_page(DIEGO)
    _on_duty(diego, site)
    diego.get_by_role("button", name="Sonido: no").click()
    switched = diego.get_by_role("button", name="Sonido: sí")
    expect(switched).to_have_attribute("aria-pressed", "true")
    diego.reload()
    switched.click()
    expect(diego.get_by_role("button", name="Sonido: no")).to_be_visible()


def test_what_was_being_typed_when_it_ended_stays_in_sight(open_page: OpenPage, site: Site) -> None:
    diego, rosa = open_page(DIEGO), open_page()
    _on_duty(diego, site)
    begin(rosa, site, "Ya lo resolví.")
    _take(diego, "Ya lo resolví.")
    diego.locator(BOX).press_sequentially("Mire el registro de")
    rosa.get_by_role("button", name="Terminar").first.click()
    expect(diego.locator("[data-live]")).to_contain_text("Puede copiarlo de abajo")
    expect(diego.locator(BOX)).to_have_value("Mire el registro de")
    expect(diego.get_by_role("button", name="Enviar", exact=True)).to_be_hidden()


def test_a_message_that_is_too_long_is_refused_and_not_cut(open_page: OpenPage, site: Site) -> None:
    diego, rosa = open_page(DIEGO), open_page()
    _on_duty(diego, site)
    begin(rosa, site, "Le envío el registro.")
    rosa.fill(BOX, "x" * 4500)
    rosa.keyboard.press("Enter")
    expect(rosa.locator("#texto-error")).to_contain_text("hasta 4000")
    expect(rosa.locator(BOX)).to_have_value("x" * 4500)
