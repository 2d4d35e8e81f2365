"""V13 to V18: files are for whoever may read their message; a form touches only its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Actor
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.tokens import new_token
from tests.cast import Cast
from tests.core.test_files import GOOD
from tests.security.uploading import address_of, attached, door, part
from tests.tickets.builders import filed, form
from tickets.models import Attachment, Draft, Message

WAYS = ("", "/vista", "/miniatura")


def test_a_foreign_file_looks_like_one_that_is_missing(app: Flask, cast: Cast) -> None:
    ana = door(app, cast, "reply")
    ana.send(part("captura.png", GOOD["png"]))
    outbox.drain(clock.now())
    address = address_of(attached()[0])
    head, _, last = address.rpartition("/")
    others = [a for a in vars(cast).values() if isinstance(a, Actor)]
    others = [a for a in others if a not in {cast.ana, cast.diego, cast.dora, cast.gloria}]
    for way in WAYS:
        assert app.test_client().get(address + way).status_code == 302
        for actor in others:
            assert cast.sign_in(app, actor).get(address + way).status_code == 404
        for near in (int(last) - 1, int(last) + 1):
            assert ana.client.get(f"{head}/{near}{way}").status_code == 404
    # The right file under a ticket of one's own.
    own = filed(cast.carla)
    for way in WAYS:
        found = cast.sign_in(app, cast.carla).get(f"/tickets/{own}/adjuntos/{last}{way}")
        assert found.status_code == 404


def test_secrets_are_looked_up_by_hash_and_never_compared_with_an_operator(root: Path) -> None:
    found = []
    for path in [root / "app.py", *(p for f in _packages(root) for p in f.rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                sides = [ast.unparse(side) for side in (node.left, node.comparators[0])]
                # A column compared in SQL is a look-up.
                if any(_is_secret(side) for side in sides) and not any(
                    re.match(r"[A-Z]\w+\.", side) for side in sides
                ):
                    found.append(f"{path.relative_to(root)}: {ast.unparse(node)}")
    assert found == []


def _packages(root: Path) -> list[Path]:
    names = "core accounts conditions kb tickets quotes contact admin home"
    return [root / name for name in names.split()]


def _is_secret(side: str) -> bool:
    name = side.rsplit(".", 1)[-1]
    return bool(re.search("token|secret|password|csrf", name, re.IGNORECASE)) and not (
        name.isupper() or side.endswith(("_id", "_hash")) or side.startswith(("'", '"', "len("))
    )


@pytest.mark.parametrize("field", ["upload_id", "adjuntos", "attachment_id", "adjunto", "file_id"])
def test_no_field_links_a_file_that_is_there_already(app: Flask, cast: Cast, field: str) -> None:
    door(app, cast, "reply").send(part("captura.png", GOOD["png"]))
    file = attached()[0]
    carla = cast.sign_in(app, cast.carla)
    own = filed(cast.carla)
    for path, data in (
        ("/tickets/nuevo", form(accion="enviar")),
        (f"/tickets/{own}/respuestas", {"texto": "Hola", "formulario": new_token()}),
    ):
        assert carla.post(path, data={**data, field: [file.id, file.sha256]}).status_code == 303
    assert [one.id for one in attached()] == [file.id]


def test_a_draft_takes_files_of_its_own_session_only(app: Flask, cast: Cast) -> None:
    visitor = app.test_client()
    visitor.post(
        "/tickets/nuevo",
        data=form(accion="sugerir", adjuntos=[part("captura.png", GOOD["png"])]),
        content_type="multipart/form-data",
    )
    draft_id = db.session.scalars(select(Draft.id)).one()
    assert len(draft_id) * 6 >= 128
    for thief in (app.test_client(), cast.sign_in(app, cast.carla)):
        sent = form(
            accion="sugerir", borrador=draft_id, adjuntos=[part("malo.txt", b"hola")], quitar="1"
        )
        page = thief.post("/tickets/nuevo", data=sent, content_type="multipart/form-data")
        assert page.status_code == 422
        assert "captura.png" not in page.text
        assert "captura.png" not in thief.get(f"/tickets/nuevo?borrador={draft_id}").text
        assert thief.post(f"/tickets/borradores/{draft_id}/eliminacion").status_code == 404
    db.session.rollback()
    rows = select(Attachment.name).where(Attachment.draft_id == draft_id)
    assert list(db.session.scalars(rows)) == ["captura.png"]


def test_taking_a_file_off_touches_only_the_drafts_own(app: Flask, cast: Cast) -> None:
    door(app, cast, "reply").send(part("captura.png", GOOD["png"]))
    sent = attached()[0].id
    ana = cast.sign_in(app, cast.ana)
    ana.post(
        "/tickets/nuevo",
        data=form(accion="sugerir", adjuntos=[part("a.txt", b"hola")]),
        content_type="multipart/form-data",
    )
    db.session.rollback()
    before = sorted(db.session.scalars(select(Attachment.id)))
    carla = cast.sign_in(app, cast.carla)
    for value in (*before, "0", "-1", "x", "9" * 40, sent):
        carla.post("/tickets/nuevo", data=form(accion="sugerir", quitar=[value]))
        ana.post("/tickets/nuevo", data=form(accion="sugerir", quitar=[str(sent)]))
    db.session.rollback()
    assert sorted(db.session.scalars(select(Attachment.id))) == before


def test_files_of_an_internal_note_do_not_exist_for_a_customer(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    desk = door(app, cast, "desk")
    assert desk.send(part("secreto-interno.png", GOOD["png"])).status_code == 303
    with transaction() as session:
        last = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert last
        last.internal = True
    outbox.drain(clock.now())
    address = address_of(attached()[0])
    ana = cast.sign_in(app, cast.ana)
    for way in WAYS:
        assert ana.get(address + way).status_code == 404
        assert desk.client.get(address + way).status_code == 200
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and set(rule.arguments) <= {"number"}:
            page = ana.get(rule.rule.replace("<number:number>", str(desk.number)))
            assert "secreto-interno" not in page.text, rule.rule
    assert all("secreto-interno" not in mail.as_string() for mail in mails.sent)
