"""Headless Chromium as the browser tests and the pictures use it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The system's Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """A headless browser without any talk of its own to the outside."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    """Sign in through the form."""
    page.goto(f"{url}/cuenta/ingresar")
    page.fill("input[name=correo]", email)
    page.fill("input[name=clave]", password)
    page.press("input[name=clave]", "Enter")
    page.wait_for_url(lambda address: "/cuenta/ingresar" not in address)
