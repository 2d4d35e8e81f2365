"""Pictures of articles: drawn anew, served for ever, shown without moving the page."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.db import db
from core.text import render_markdown, render_message
from kb.images import actions
from kb.images.models import ArticleImage
from kb.writing import drafts
from kb.writing.drafts import Typed
from tests.cast import START, Cast
from tests.core.test_imaging import bomb, image
from tests.kb.articles import make_article, make_categories

JSON = {"Accept": "application/json"}


@pytest.fixture
def editor(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


def send(
    client: FlaskClient, content: bytes, name: str = "captura.png", **more: object
) -> TestResponse:
    data = {"imagen": (BytesIO(content), name), "alternativo": "El panel", **more}
    return client.post("/editor/imagenes", data=data, headers=JSON)


def stored() -> list[tuple[int, int, str]]:
    db.session.rollback()
    rows = db.session.execute(select(ArticleImage.width, ArticleImage.height, ArticleImage.alt))
    return [(width, height, alt) for width, height, alt in rows]


def address_of(cast: Cast, shade: int = 1) -> str:
    content = BytesIO()
    Image.new("RGB", (40, 30), (shade, 0, 0)).save(content, "PNG")
    return actions.store_image(actor=cast.elena, content=content.getvalue(), now=START)


def test_a_picture_is_reduced_loses_its_data_and_is_told_in_markdown(editor: FlaskClient) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secreto de la cámara"
    answer = send(editor, image("JPEG", (3200, 1600), exif=exif.tobytes()), "foto.jpg")
    assert answer.status_code == 201
    found = re.fullmatch(
        r"!\[El panel\]\((/preguntas/imagenes/[0-9a-f]{32}-1600x800\.webp)\)",
        answer.json["markdown"],
    )
    assert found
    assert stored() == [(1600, 800, "El panel")]
    shown = editor.get(found[1])
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert b"Secreto" not in shown.data
    assert Image.open(BytesIO(shown.data)).size == (1600, 800)


def test_the_same_picture_is_stored_once_and_keeps_its_address(editor: FlaskClient) -> None:
    first = send(editor, image("PNG", (40, 30))).json["url"]
    again = send(editor, image("PNG", (40, 30)), alternativo="").json["url"]
    assert first == again
    assert stored() == [(40, 30, "El panel")]


def test_without_javascript_the_answer_is_a_page_with_the_text_to_paste(
    editor: FlaskClient,
) -> None:
    data = {"imagen": (BytesIO(image("PNG", (40, 30))), "a.png"), "alternativo": "Un [panel]"}
    answer = editor.post("/editor/imagenes", data=data)
    assert answer.status_code == 303
    page = editor.get(answer.location).text
    assert "![Un \\[panel\\]](/preguntas/imagenes/" in page
    assert answer.location.rsplit("/", 1)[1] in editor.get("/editor/imagenes").text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("evil.svg", b"<svg onload='alert(1)'/>", "«evil.svg» no es una imagen. Elija"),
        ("evil.png", b"<svg onload='alert(1)'/>", "no corresponde a su extensión"),
        ("a.txt", b"hola", "no es una imagen"),
        ("bomba.png", bomb(30_000, 30_000), ""),
        ("rota.png", image("PNG", (300, 300))[:200], ""),
        ("vacia.png", b"", ""),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    editor: FlaskClient, name: str, content: bytes, says: str
) -> None:
    answer = send(editor, content, name)
    assert answer.status_code == 422
    assert len(answer.json["error"]) > 10
    assert says in answer.json["error"]
    data = {"imagen": (BytesIO(content), name)}
    assert editor.post("/editor/imagenes", data=data).status_code == 422
    assert stored() == []


def test_nothing_chosen_is_said(editor: FlaskClient) -> None:
    answer = editor.post("/editor/imagenes", data={"alternativo": "x" * 500})
    assert answer.status_code == 422
    assert "Elija una imagen." in answer.text


def test_a_picture_is_for_everybody_and_for_ever(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    address = address_of(cast)
    for browser in (client, cast.sign_in(app, cast.ana)):
        answer = browser.get(address, headers={"Sec-Fetch-Dest": "image"})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "Set-Cookie" not in answer.headers
        known = browser.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (known.status_code, known.data) == (304, b"")
        for use in ("script", "style", "iframe", "object"):
            assert browser.get(address, headers={"Sec-Fetch-Dest": use}).status_code == 404


def test_an_address_of_another_size_or_name_leads_nowhere(client: FlaskClient, cast: Cast) -> None:
    address = address_of(cast)
    for wrong in (
        address.replace("40x30", "4000x3000"), address.replace("40x30", "40x031"),
        f"/preguntas/imagenes/{'0' * 32}-40x30.webp", f"/preguntas/imagenes/{'x' * 43}.webp",
        address.replace(".webp", ".svg"), address.replace(".webp", ""),
    ):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong


def test_only_editors_send_and_list_pictures(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for actor in (cast.ana, cast.diego, cast.fabio, cast.gloria):
        assert send(cast.sign_in(app, actor), image("PNG", (40, 30))).status_code == 404
        assert cast.sign_in(app, actor).get("/editor/imagenes").status_code == 404
    assert send(client, image("PNG", (40, 30))).status_code == 401
    assert stored() == []


def test_the_page_keeps_the_place_of_a_picture_and_loads_it_late() -> None:
    address = f"/preguntas/imagenes/{'a' * 32}-640x480.webp"
    html = render_markdown(f"![El panel]({address})").html
    assert html == (
        f'<p><img src="{address}" alt="El panel" width="640" height="480" loading="lazy"></p>\n'
    )
    # A thread shows no pictures but those of its own files.
    assert "<img" not in render_message(f"![El panel]({address})")
    for other in ("/img/a.png", address.replace("640", "0"), address.replace("640", "9" * 40)):
        assert "width" not in render_markdown(f"![x]({other})").html


def test_pictures_that_nothing_shows_are_forgotten_after_a_while(cast: Cast) -> None:
    shelf = make_categories()["correo"]
    in_article, in_revision, in_draft, nowhere = (address_of(cast, n) for n in (10, 90, 170, 250))
    article_id = make_article(cast.elena, slug="a", category_id=shelf, body=f"![x]({in_revision})")
    make_article(cast.elena, slug="b", category_id=shelf, body=f"![x]({in_article})")
    from kb.actions import ArticleText, save_article

    text = ArticleText("A", "a", shelf, "", (), "es", "Sin imagen.")
    save_article(actor=cast.elena, text=text, article_id=article_id, revision=1, now=START)
    typed = Typed("Nueva", f"![x]({in_draft})", {})
    drafts.save_new_draft(actor=cast.elena, place="n" * 43, typed=typed, now=START)
    assert actions.purge(now=START + timedelta(days=29)) == 0
    assert actions.purge(now=START + timedelta(days=31)) == 1
    names = set(db.session.scalars(select(ArticleImage.name)))
    assert len(names) == 3
    assert nowhere.split("/")[-1][:32] not in names
