"""One browser for all browser tests, and a running site for each file of them.

A site of its own, because what one file does at the desk (a reply that can still be undone,
a ticket that changes hands) would show on the pages that another file reads.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import chromium
from tests.chromium import Headless
from tests.server import Site, running_site

OpenPage = Callable[..., Page]
SCREEN = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site") / "instance"
    shutil.copytree(prepared, folder)
    with running_site(folder) as running:
        yield running


@pytest.fixture(scope="session")
def headless() -> Iterator[Headless]:
    path = chromium.executable()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    with chromium.headless(path) as started:
        yield started


@pytest.fixture
def open_page(headless: Headless, site: Site) -> Iterator[OpenPage]:
    """Open pages in contexts of their own; a broken content policy or script fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(email: str = "", **options: Any) -> Page:
        context = headless.browser.new_context(**{**SCREEN, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )
        if email:
            chromium.sign_in(page, site.url, email, site.password)
        return page

    yield open_one
    for context in contexts:
        headless.close(context)
    assert complaints == []
