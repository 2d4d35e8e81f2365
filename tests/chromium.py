"""Headless Chromium as the browser tests and the pictures use it."""

from __future__ import annotations

import os
import shutil
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Error,
    Page,
    sync_playwright,
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Seconds; closing takes a small part of one.
PATIENCE = 20.0
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The system's Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Headless:
    """A headless browser without any talk of its own to the outside, started when asked for.

    Chromium now and then never answers that a context is closed, and nothing else from then on.
    It is ended then, and the next one to ask gets a new one.
    """

    def __init__(self, kind: BrowserType, path: str) -> None:
        self._kind = kind
        self._path = path
        self._started: Browser | None = None
        self.process = 0

    @property
    def browser(self) -> Browser:
        if self._started is None or not self._started.is_connected():
            self._started = self._kind.launch(executable_path=self._path, args=FLAGS)
            asked = self._started.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
            self.process = next(p["id"] for p in asked["processInfo"] if p["type"] == "browser")
        return self._started

    def close(self, context: Browser | BrowserContext, patience: float = PATIENCE) -> None:
        """Close; after `patience` seconds without an answer, end the browser."""
        if self._started is None or not self._started.is_connected():
            return
        impatience = Timer(patience, os.kill, (self.process, signal.SIGKILL))
        impatience.start()
        try:
            context.close()
        except Error:
            if self._started.is_connected():
                raise
            warnings.warn("Chromium did not close and was ended", stacklevel=2)
        finally:
            impatience.cancel()

    def end(self) -> None:
        """Close the browser, if there is one."""
        if self._started is not None:
            self.close(self._started)


@contextmanager
def headless(path: str) -> Iterator[Headless]:
    """A browser for as long as it is needed."""
    with sync_playwright() as playwright:
        started = Headless(playwright.chromium, path)
        try:
            yield started
        finally:
            started.end()


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    """Sign in through the form."""
    page.goto(f"{url}/cuenta/ingresar")
    page.fill("input[name=correo]", email)
    page.fill("input[name=clave]", password)
    page.press("input[name=clave]", "Enter")
    page.wait_for_url(lambda address: "/cuenta/ingresar" not in address)
