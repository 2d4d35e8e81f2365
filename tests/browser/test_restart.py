"""The site is stopped and started while people chat (SECURITY K1)."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from threading import Thread
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, expect

from tests import chromium
from tests.chromium import Headless
from tests.server import free_port, running_site

#: Fewer than one side may write in a minute.
MESSAGES, PAUSE = 18, 0.04


class Writer(Thread):
    """Writes one message after another, and notes those that were answered."""

    def __init__(self, address: str, cookies: str, csrf: str) -> None:
        super().__init__()
        self.stored: list[str] = []
        self._address = address
        self._headers = {"Cookie": cookies, "X-CSRFToken": csrf, "X-Chat": "1"}

    def run(self) -> None:
        for number in range(MESSAGES):
            text = f"Mensaje-{number:02d}."
            body = urlencode({"texto": text, "clave": f"{number:043d}"}).encode()
            try:
                with urlopen(Request(self._address, body, self._headers), timeout=10) as answer:
                    if answer.status == 204:
                        self.stored.append(text)
            except (URLError, OSError):
                continue
            time.sleep(PAUSE)


def _cookies(context: BrowserContext) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())


def test_what_was_answered_is_stored_and_pages_go_on_by_themselves(
    headless: Headless, prepared: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    shutil.copytree(prepared, folder)
    port = free_port()
    contexts = [headless.browser.new_context() for _ in range(2)]
    diego, rosa = (context.new_page() for context in contexts)
    with running_site(folder, port) as site:
        chromium.sign_in(diego, site.url, "diego@netsolution.example", site.password)
        diego.goto(f"{site.url}/mesa/chat")
        diego.get_by_role("button", name="En turno para el chat").click()
        expect(diego.get_by_text("En turno desde las")).to_be_visible()
        rosa.goto(f"{site.url}/chat")
        rosa.fill("#nombre", "Rosa Díaz")
        rosa.fill("#correo", "rosa@example.com")
        rosa.fill("#mensaje", "Hola.")
        rosa.get_by_role("button", name="Iniciar el chat").click()
        rosa.wait_for_url(re.compile(r"/chat/[\w-]{43}$"))
        csrf = rosa.locator('meta[name="csrf-token"]').get_attribute("content") or ""
        writer = Writer(f"{rosa.url}/mensajes", _cookies(contexts[1]), csrf)
        writer.start()
        expect(rosa.locator("[data-log]")).to_contain_text("Mensaje-00.")
        rosa.fill("#texto", "A medias")
    for page in (rosa, diego):
        expect(page.locator("[data-live]")).to_contain_text("Sin conexión.", timeout=10_000)
    writer.join()
    assert writer.stored
    with running_site(folder, port):
        for page in (rosa, diego):
            expect(page.locator("[data-live]")).to_contain_text("Otra vez", timeout=10_000)
        log = rosa.locator("[data-log]").inner_text()
        assert [text for text in writer.stored if log.count(text) != 1] == []
        expect(rosa.locator("#texto")).to_have_value("A medias")
        expect(diego.get_by_text("En turno desde las")).to_be_visible()
    for context in contexts:
        headless.close(context)
