"""Pictures of every page at 390 and 1280 px, light and dark, into build/shots/: `make shots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests import chromium
from tests.browser.test_accessibility import SIGNED_IN, VISITOR
from tests.server import ROOT, Site, prepare, running_site

FOLDER = ROOT / "build" / "shots"
WIDTHS, SCHEMES = (390, 1280), ("light", "dark")


def take(browser: Browser, site: Site, email: str, paths: tuple[str, ...]) -> None:
    """Pictures of these pages as this person sees them."""
    who = email.split("@")[0] or "visitor"
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            if email:
                chromium.sign_in(page, site.url, email, site.password)
            for path in paths:
                page.goto(site.url + path)
                name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
                picture = FOLDER / f"{who}-{name or 'home'}-{width}-{scheme}.png"
                page.screenshot(path=picture, full_page=True)
            context.close()


def main() -> int:
    """Exit status 0, or 1 where there is no browser."""
    path = chromium.executable()
    if path is None:
        sys.stderr.write("Chromium is missing: apt-get install -y chromium\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium.headless(path) as headless:
        prepare(Path(folder))
        with running_site(Path(folder)) as site:
            take(headless.browser, site, "", VISITOR)
            for email, paths in SIGNED_IN.items():
                take(headless.browser, site, email, paths)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
