"""V01 to V06: an attachment is saved, never run, whatever its address or its request says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, outbox
from tests.cast import Cast
from tests.core.test_files import GOOD
from tests.security.uploading import address_of, attached, door, part

#: A GIF that is a script too, and a PDF that holds one.
POLYGLOT = GOOD["gif"][:6] + b"/*" + GOOD["gif"][8:] + b"*/=1;alert(document.domain)//"
PDF = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n%%EOF"
WANTED = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NEVER = re.compile(r"html|javascript|ecmascript|css|xml|svg|wasm")


@pytest.fixture
def served(app: Flask, cast: Cast) -> tuple[FlaskClient, list[str]]:
    """A file of every kind in one place, and who may open them."""
    ana = door(app, cast, "reply")
    kinds = [*GOOD.items(), ("gif", POLYGLOT), ("pdf", PDF)]
    for at in range(0, len(kinds), 5):
        parts = [part(f"f{at + n}.{kind[0]}", kind[1]) for n, kind in enumerate(kinds[at : at + 5])]
        assert ana.send(*parts).status_code == 303
    outbox.drain(clock.now())
    files = attached()
    assert len(files) == len(kinds)
    return ana.client, [address_of(file) for file in files]


@pytest.mark.parametrize(
    "query", ["", "?disposition=inline", "?inline=1", "?s=1", "?type=text/html", "?download=0"]
)
def test_no_address_makes_a_file_run(served: tuple[FlaskClient, list[str]], query: str) -> None:
    client, addresses = served
    for address in addresses:
        for headers in (
            {},
            {"Accept": "text/html"},
            {"Range": "bytes=0-9"},
            {"If-None-Match": "*"},
            {"If-Modified-Since": "Wed, 01 Jan 2125 00:00:00 GMT"},
        ):
            for method in ("GET", "HEAD"):
                answer = client.open(address + query, method=method, headers=headers)
                assert answer.status_code in {200, 206, 304}
                assert {name: answer.headers.get(name) for name in WANTED} == WANTED
                assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("use", ["script", "style", "worker", "iframe", "object", "embed", "image"])
def test_no_page_can_use_a_file_as_its_part(
    served: tuple[FlaskClient, list[str]], use: str
) -> None:
    client, addresses = served
    for address in addresses:
        assert client.get(address, headers={"Sec-Fetch-Dest": use}).status_code == 404


def test_a_picture_of_a_polyglot_holds_no_script(served: tuple[FlaskClient, list[str]]) -> None:
    client, addresses = served
    drawn = [client.get(f"{address}/vista") for address in addresses]
    shown = [answer for answer in drawn if answer.status_code == 200]
    assert len(shown) >= 4
    for answer in shown:
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.data[:4] + answer.data[8:12] == b"RIFFWEBP"
        assert b"alert" not in answer.data


@pytest.mark.parametrize(
    "declared", ["text/html; charset=utf-7", "image/svg+xml", "text/javascript", "x/y", ""]
)
def test_the_declared_type_is_ignored(app: Flask, cast: Cast, declared: str) -> None:
    ana = door(app, cast, "ticket")
    assert ana.send(part("captura.png", GOOD["png"], declared)).status_code == 303
    file = attached()[0]
    assert file.media_type == "image/png"
    answer = ana.client.get(address_of(file))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert not any(NEVER.search(value) for name, value in answer.headers if name == "Content-Type")


def test_only_one_function_names_the_type_of_a_file(root: Path) -> None:
    """The headers of files come from `download_headers`, those of pictures from constants."""
    found = {
        str(path.relative_to(root))
        for folder in ("tickets", "contact", "quotes", "admin", "home", "kb")
        for path in (root / folder).rglob("*.py")
        if re.search(r"\bsend_f(ile|rom_directory)\b", path.read_text("utf-8"))
    }
    assert found == set()
