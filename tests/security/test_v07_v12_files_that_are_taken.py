"""V07 to V12: what may be attached is a short list, judged by the name as it is read."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, outbox
from core.mail import MemorySender
from tests.cast import Cast
from tests.core.test_files import GOOD
from tests.security.uploading import DOORS, attached, door, part
from tests.tickets.builders import without_undo

SCRIPT = b"<script>alert(1)</script>"
REFUSED = [
    "evil.svg", "evil.svgz", "evil.xml", "evil.xhtml", "evil.xht", "evil.mht", "evil.mhtml",
    "evil.htc", "evil.swf", "evil.html", "evil.htm", "evil.shtml", "evil.jar", "evil.js",
    "evil.mjs", "evil.css", "evil.wasm", "evil.exe", "evil.bat", "evil.lnk", "evil.scr",
    "evil.php", "evil.phtml", "evil.pht", "evil.phar", ".htaccess", ".user.ini", "web.config",
    "evil", "png", ".png", "evil.", "evil.png.html", "evil.PHP", "evil.SvG",
]  # fmt: skip
#: Names that read as one type and end as another once what cannot be seen is gone.
DISGUISED = [
    "evil.ph\u200bp", "evil.ht\u200fml", "gnp.\u202elmth", "evil.html.", "evil.html ",
    "evil.html::$DATA", "evil.php\u00ad", "x.png;.html", "evil.html\u2060", "evil.png/evil.html",
]  # fmt: skip
MARKUP = "'><svg onload=alert(1)>.png"


@pytest.mark.parametrize("where", DOORS)
def test_whatever_is_not_on_the_list_is_refused_by_name(app: Flask, cast: Cast, where: str) -> None:
    place = door(app, cast, where)
    for name in REFUSED + DISGUISED:
        answer = place.send(part(name, SCRIPT))
        assert answer.status_code == 422, name
        assert "No se puede adjuntar" in answer.text, name
        assert 'aria-invalid="true"' in answer.text
    assert attached() == []


@pytest.mark.parametrize("where", DOORS)
def test_a_script_in_the_clothes_of_an_image_is_refused(app: Flask, cast: Cast, where: str) -> None:
    place = door(app, cast, where)
    for name in ("evil.png", "evil.jpg", "evil.gif", "evil.webp", "evil.pdf", "evil.txt", "a.zip"):
        answer = place.send(part(name, b"<svg onload=alert(1)>" + SCRIPT))
        assert answer.status_code == 422, name
        assert "no corresponde a su extensión" in answer.text, name
    assert attached() == []


@pytest.mark.parametrize("where", DOORS)
def test_a_name_that_is_markup_is_only_text(
    app: Flask, cast: Cast, mails: MemorySender, where: str
) -> None:
    without_undo()
    place = door(app, cast, where)
    assert place.send(part(MARKUP, GOOD["png"])).status_code == 303
    outbox.drain(clock.now())
    file = attached()[0]
    for actor in (cast.ana, cast.diego, cast.gloria):
        client = cast.sign_in(app, actor)
        for number in (1001, 1002):
            page = client.get(f"/tickets/{number}", follow_redirects=True).text
            assert "<svg onload" not in page
            assert MARKUP not in page
    own = "/tickets/1002" if where == "ticket" else "/tickets/1001"
    shown = cast.sign_in(app, cast.ana).get(own).text
    assert "alert(1)" in file.name
    assert file.name in html.unescape(shown)
    assert all("<svg onload" not in mail.as_string() for mail in mails.sent)


def test_files_are_under_no_static_address(app: Flask, cast: Cast, client: FlaskClient) -> None:
    place = door(app, cast, "ticket")
    place.send(part("captura.png", GOOD["png"]))
    sha256 = attached()[0].sha256
    for folder in ("static", "uploads", "instance", "media", "files", "adjuntos", "static/uploads"):
        for name in ("captura.png", sha256, f"{sha256}.png", f"{sha256[:2]}/{sha256}"):
            for browser in (client, place.client):
                assert browser.get(f"/{folder}/{name}").status_code == 404
