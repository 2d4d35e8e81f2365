"""Previews in the thread, and who gets them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from accounts.permissions import Actor
from core import clock, outbox
from core.db import db, transaction
from core.files import check_file
from core.models import Blob
from core.tokens import new_token
from tests.cast import START, Cast
from tests.kb.counting import statements
from tests.tickets.builders import draft, filed, taken
from tickets import drafts
from tickets.drafts import Upload
from tickets.handling import Reply, Then, reply
from tickets.models import Attachment, Message
from tickets.previews import actions
from tickets.previews.models import Preview


def png(colour: str = "red", size: tuple[int, int] = (480, 300)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def upload(name: str = "captura.png", content: bytes | None = None) -> Upload:
    content = png() if content is None else content
    return Upload(check_file(name, content), content)


def drawn() -> int:
    outbox.drain(clock.now())
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Preview)) or 0


def attachment_id() -> int:
    return db.session.scalars(select(Attachment.id).where(Attachment.message_id.is_not(None))).one()


def test_an_image_of_a_ticket_is_shown_in_the_thread(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, uploads=(upload(),))
    own = f"/tickets/{number}/adjuntos/{attachment_id()}"
    ana = cast.sign_in(app, cast.ana)
    assert "<img" not in ana.get(f"/tickets/{number}").text
    assert ana.get(f"{own}/vista").status_code == 404
    assert drawn() == 2
    page = ana.get(f"/tickets/{number}").text
    picture = re.search(r"<img [^>]*>", page)
    assert picture
    for words in (
        f'src="{own}/miniatura"', 'width="240"', 'height="150"', 'alt="captura.png"',
        'loading="lazy"',
    ):  # fmt: skip
        assert words in picture.group()
    assert f'href="{own}/vista" data-preview="vista-previa"' in page
    assert f'href="{own}">' in page
    taken(cast.diego)
    assert "captura.png" in cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text


@pytest.mark.parametrize(("address", "side"), [("vista", 480), ("miniatura", 240)])
def test_a_picture_is_ours_and_cannot_run(app: Flask, cast: Cast, address: str, side: int) -> None:
    number = filed(cast.ana, uploads=(upload(),))
    drawn()
    ana = cast.sign_in(app, cast.ana)
    own = f"/tickets/{number}/adjuntos/{attachment_id()}/{address}"
    answer = ana.get(own, headers={"Sec-Fetch-Dest": "image"})
    assert answer.status_code == 200
    with Image.open(BytesIO(answer.data), formats=["WEBP"]) as picture:
        assert picture.width == side
    found = {
        name: answer.headers.get(name)
        for name in (
            "Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control",
            "Cross-Origin-Resource-Policy",
        )
    }  # fmt: skip
    assert found == {
        "Content-Type": "image/webp",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    for fetch in ("image", "document", "empty"):
        assert ana.get(own, headers={"Sec-Fetch-Dest": fetch}).status_code == 200
    for fetch in ("script", "style", "worker", "iframe", "object", "embed", "frame", "audio"):
        assert ana.get(own, headers={"Sec-Fetch-Dest": fetch}).status_code == 404


def test_a_picture_is_for_whoever_may_read_its_message(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, uploads=(upload(),))
    drawn()
    own = f"/tickets/{number}/adjuntos/{attachment_id()}"
    other = filed(cast.carla)
    opened = {cast.ana, cast.diego, cast.dora, cast.gloria}
    for actor in (v for v in vars(cast).values() if isinstance(v, Actor)):
        client = cast.sign_in(app, actor)
        for address in ("vista", "miniatura"):
            wanted = 200 if actor in opened else 404
            assert client.get(f"{own}/{address}").status_code == wanted, actor.name
    carla = cast.sign_in(app, cast.carla)
    assert carla.get(f"/tickets/{other}/adjuntos/{attachment_id()}/vista").status_code == 404
    assert app.test_client().get(f"{own}/vista").status_code == 302


def test_a_picture_of_a_note_is_for_the_desk_alone(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answer = Reply("Mire", Then.STAY, new_token(), (upload("nota.png"),))
    reply(number=number, actor=cast.diego, answer=answer, now=START)
    with transaction() as session:
        message = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert message
        message.internal = True
    assert drawn() == 2
    own = f"/tickets/{number}/adjuntos/{attachment_id()}"
    ana, dora = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.dora)
    for address in (own, f"{own}/vista", f"{own}/miniatura"):
        assert ana.get(address).status_code == 404
        assert dora.get(address).status_code == 200
    assert "nota.png" not in ana.get(f"/tickets/{number}").text


def test_a_file_of_a_draft_has_no_address_and_no_picture(app: Flask, cast: Cast) -> None:
    draft(cast.ana, uploads=(upload(),))
    number = filed(cast.ana)
    assert drawn() == 0
    file_id = db.session.scalars(select(Attachment.id)).one()
    for actor in (cast.ana, cast.beto, cast.diego):
        client = cast.sign_in(app, actor)
        for address in ("", "/vista", "/miniatura"):
            found = client.get(f"/tickets/{number}/adjuntos/{file_id}{address}")
            assert found.status_code == 404


def test_a_broken_image_stays_a_download_and_the_job_ends(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, uploads=(upload(content=png()[:150]), upload("a.txt", b"hola")))
    assert drawn() == 0
    assert (outbox.pending(), outbox.failed()) == (0, 0)
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "captura.png" in page
    assert "<img" not in page
    assert "<dialog" not in page


def test_the_same_image_is_drawn_once(app: Flask, cast: Cast) -> None:
    for _ in range(2):
        filed(cast.ana, uploads=(upload(), upload("otra.png")))
    assert drawn() == 2
    assert actions.ask_for_missing(now=START) == 0


def test_images_of_before_are_found_at_the_start_of_the_worker(app: Flask, cast: Cast) -> None:
    filed(cast.ana, uploads=(upload(),))
    drawn()
    with transaction() as session:
        for preview in session.scalars(select(Preview)):
            session.delete(preview)
    assert actions.ask_for_missing(now=START) == 1
    assert drawn() == 2


def test_a_text_asks_for_no_picture(app: Flask, cast: Cast) -> None:
    filed(cast.ana, uploads=(upload("a.txt", b"hola"),))
    assert outbox.pending([actions.JOB]) == 0


def test_pictures_go_with_what_they_are_of(app: Flask, cast: Cast) -> None:
    filed(cast.ana, uploads=(upload(),))
    drawn()
    with transaction() as session:
        session.execute(Attachment.__table__.delete())
    drafts.purge(now=START)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Blob)) == 0
    assert db.session.scalar(select(func.count()).select_from(Preview)) == 0


def test_a_thread_costs_the_same_with_many_pictures(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, uploads=(upload(),))
    taken(cast.diego)
    drawn()
    ana = cast.sign_in(app, cast.ana)

    def cost() -> int:
        ana.get(f"/tickets/{number}")
        with statements() as seen:
            assert ana.get(f"/tickets/{number}").status_code == 200
        return len(seen)

    def answer(n: int) -> None:
        files = (upload(content=png(size=(9, 9 + n))),)
        said = Reply(f"Vea {n}", Then.STAY, new_token(), files)
        reply(number=number, actor=cast.diego, answer=said, now=START)

    answer(0)
    drawn()
    before = cost()
    for n in range(1, 29):
        answer(n)
    drawn()
    assert cost() == before
