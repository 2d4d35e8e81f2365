"""Cases F02 to F18 of attachments, through the pages; the rules themselves are in core/files."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from core.files import MAX_BYTES, MAX_PER_MESSAGE
from core.models import Blob
from core.uploads import FILES
from tests.cast import Cast
from tests.core.test_files import GOOD
from tests.security.uploading import DOORS, address_of, attached, door, part
from tests.tickets.builders import form


def test_files_up_to_the_limits_are_taken(app: Flask, cast: Cast) -> None:
    place = door(app, cast, "reply")
    assert place.send(part("lleno.txt", b"x" * MAX_BYTES)).status_code == 303
    five = [part(f"{n}.txt", b"x" * (4 * 1024 * 1024)) for n in range(MAX_PER_MESSAGE)]
    assert place.send(*five).status_code == 303
    assert [file.size for file in attached()] == [MAX_BYTES, *[4 * 1024 * 1024] * 5]


@pytest.mark.parametrize("where", DOORS)
def test_f02_more_than_the_limits_is_refused_in_words(app: Flask, cast: Cast, where: str) -> None:
    place = door(app, cast, where)
    large = place.send(part("grande.txt", b"x" * (MAX_BYTES + 1)))
    assert (large.status_code, "pesa más de 10 MB" in large.text) == (422, True)
    six = place.send(*(part(f"{n}.txt", b"hola") for n in range(6)))
    assert (six.status_code, "como máximo 5 archivos" in six.text) == (422, True)
    whole = place.send(*(part(f"{n}.txt", b"x" * (9 * 1024 * 1024)) for n in range(3)))
    assert (whole.status_code, "25 MB" in whole.text) == (413, True)
    assert attached() == []


def test_f04_what_a_file_holds_decides(app: Flask, cast: Cast) -> None:
    place = door(app, cast, "reply")
    lies = {"a.png": b"<html></html>", "a.pdf": GOOD["png"], "a.jpg": GOOD["gif"]}
    for name, content in lies.items():
        assert place.send(part(name, content)).status_code == 422
    polyglot = GOOD["gif"] + b"/*</script><script>alert(1)</script>*/"
    assert place.send(part("a.gif", polyglot)).status_code == 303
    answer = place.client.get(address_of(attached()[0]))
    assert answer.data == polyglot
    assert answer.headers["Content-Type"] == "application/octet-stream"


NAMES = {
    "../../etc/passwd.txt": "passwd.txt",
    "a/b.txt": "b.txt",
    "CON.txt": "_CON.txt",
    "-rf.txt": "rf.txt",
    "x" * 5_000 + ".txt": "x" * 96 + ".txt",
    "файл.pdf": "файл.pdf",
    "漢字.txt": "漢字.txt",
    "informe «final».txt": "informe «final».txt",
    "a<b>.txt": "a_b_.txt",
}


@pytest.mark.parametrize("sent", NAMES, ids=[name[:20] for name in NAMES])
def test_f05_a_name_is_clean_on_the_page_and_when_it_is_saved(
    app: Flask, cast: Cast, sent: str
) -> None:
    place = door(app, cast, "ticket")
    content = GOOD["pdf"] if sent.endswith("pdf") else b"hola"
    assert place.send(part(sent, content)).status_code == 303
    file = attached()[0]
    assert file.name == NAMES[sent]
    disposition = place.client.get(address_of(file)).headers["Content-Disposition"]
    both = r"attachment; filename=\"([ -~]+)\"; filename\*=UTF-8''([!-~]+)"
    found = re.fullmatch(both, disposition)
    assert found
    assert unquote(found.group(2)) == NAMES[sent]


@pytest.mark.parametrize("sent", [".", "..", "\r\nX: y.txt\r\n", "\u202egnp.exe", "a\x00.exe"])
def test_f05_a_name_that_hides_its_type_is_refused(app: Flask, cast: Cast, sent: str) -> None:
    place = door(app, cast, "ticket")
    answer = place.send(part(sent, b"hola"))
    assert answer.status_code in {303, 400, 422}
    assert "X" not in answer.headers
    assert all(file.name.isprintable() and file.name.endswith(".txt") for file in attached())


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomba.zip", packed(a=bytes(200 * 1024 * 1024))),
        ("nido.zip", packed(**{"dentro.zip": packed(a=b"x")})),
        ("fuera.zip", packed(**{"../fuera.txt": b"x"})),
        ("muchos.zip", packed(**{f"{n}": b"x" for n in range(1_001)})),
        ("hoja.docx", packed(a=b"x")),
        ("roto.zip", packed(a=b"x")[:-10]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_f06_archives_are_judged_unopened(
    app: Flask, cast: Cast, name: str, content: bytes
) -> None:
    answer = door(app, cast, "reply").send(part(name, content))
    assert (answer.status_code, name in answer.text) == (422, True)
    assert attached() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--y\r\nContent-Disposition: form-data\r\n"),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data; boundary=", b"--\r\n\r\n----"),
    ],
)
def test_f11_a_broken_body_is_no_empty_form(app: Flask, cast: Cast, kind: str, body: bytes) -> None:
    client = cast.sign_in(app, cast.ana)
    assert client.post("/tickets/nuevo", data=body, content_type=kind).status_code == 400


def test_f14_the_same_file_twice_is_stored_once_and_shown_twice(app: Flask, cast: Cast) -> None:
    place = door(app, cast, "reply")
    sent = [part("a.txt", b"hola"), part("b.txt", b"hola"), part("a.txt", b"otra")]
    assert place.send(*sent).status_code == 303
    assert [file.name for file in attached()] == ["a.txt", "b.txt", "a.txt"]
    assert db.session.scalar(select(func.count()).select_from(Blob)) == 2


def test_f18_the_sixty_first_file_of_an_hour_waits(strict_app: Flask, cast: Cast) -> None:
    app = strict_app
    ana, carla = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.carla)
    app.config["WTF_CSRF_ENABLED"] = False

    def send(client: object, n: int) -> int:
        files = [part(f"{n}-{k}.txt", b"hola") for k in range(5)]
        sent = form(accion="sugerir", adjuntos=files)
        answer = client.post(  # type: ignore[attr-defined]
            "/tickets/nuevo", data=sent, content_type="multipart/form-data"
        )
        return int(answer.status_code)

    assert FILES.amount == 60
    assert [send(ana, n) for n in range(12)] == [200] * 12
    assert send(ana, 12) == 429
    assert send(carla, 0) == 200
    without = ana.post("/tickets/nuevo", data=form(accion="sugerir"))
    assert without.status_code == 200
