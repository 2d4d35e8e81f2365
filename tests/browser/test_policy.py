"""Every page under the content policy as users get it: nothing is blocked, no script complains."""

from __future__ import annotations

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import SIGNED_IN, VISITOR
from tests.server import Site


def complaints(page: Page, site: Site, paths: tuple[str, ...]) -> list[str]:
    """What the console says of these pages, and which of their parts did not come."""
    said: list[str] = []
    path = ""

    def note(message: ConsoleMessage) -> None:
        # A page that is missing on purpose is reported as such by the browser.
        missing = "404" in message.text and message.location.get("url") == site.url + path
        if message.type in {"error", "warning"} and not missing:
            said.append(f"{path}: {message.text}")

    def note_failed(request: Request) -> None:
        # What the browser itself gives up when the page is left (its icon, mostly) did not fail.
        if request.failure != "net::ERR_ABORTED":
            said.append(f"{path}: {request.url} failed: {request.failure}")

    page.on("console", note)
    page.on("requestfailed", note_failed)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((site.url, "data:")) else said.append(request.url)
        ),
    )
    for path in paths:
        page.goto(site.url + path, wait_until="networkidle")
    return said


def test_visitors_pages_break_no_policy(open_page: OpenPage, site: Site) -> None:
    assert complaints(open_page(), site, VISITOR) == []


@pytest.mark.parametrize("email", SIGNED_IN, ids=lambda email: email.split("@")[0])
def test_pages_of_people_break_no_policy(open_page: OpenPage, site: Site, email: str) -> None:
    assert complaints(open_page(email), site, SIGNED_IN[email]) == []


def test_page_that_is_left_and_come_back_to_shows_nothing_private_after_signing_out(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("ana@textilesandinos.example")
    page.goto(f"{site.url}/tickets/1008")
    subject = page.locator("h1").inner_text()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Cerrar sesión").click()
    page.wait_for_url(f"{site.url}/")
    page.go_back()
    assert "/cuenta/ingresar" in page.url
    assert subject not in page.content()
