"""Files sent through every door of the site, as a hostile client sends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from core.db import db
from core.tokens import new_token
from tests.cast import Cast
from tests.tickets.builders import filed, form, taken
from tickets.models import Attachment, Message

DOORS = ("ticket", "reply", "desk")


def part(name: str, content: bytes, media_type: str = "application/octet-stream") -> FileStorage:
    """A part of a multipart body with a name and a type that the client chose."""
    return FileStorage(BytesIO(content), filename=name, content_type=media_type)


@dataclass
class Door:
    """A page that takes files. `send` gives the answer to these parts."""

    number: int
    client: FlaskClient
    send: Callable[..., TestResponse]


def door(app: Flask, cast: Cast, name: str) -> Door:
    """The ticket form or a thread of Ana's, or the desk's reply to her."""
    number = filed(cast.ana)
    if name == "desk":
        taken(cast.diego)
    client = cast.sign_in(app, cast.diego if name == "desk" else cast.ana)
    path, data = {
        "ticket": ("/tickets/nuevo", form(accion="enviar")),
        "reply": (f"/tickets/{number}/respuestas", {"texto": "Vea el archivo."}),
        "desk": (
            f"/mesa/tickets/{number}/respuestas",
            {"texto": "Vea el archivo.", "accion": "responder"},
        ),
    }[name]

    def send(*parts: FileStorage, **more: object) -> TestResponse:
        fields = {**data, "formulario": new_token(), **more, "adjuntos": list(parts)}
        return client.post(path, data=fields, content_type="multipart/form-data")

    return Door(number, client, send)


def attached() -> list[Attachment]:
    """What became part of a message, in the order it came."""
    db.session.rollback()
    rows = select(Attachment).where(Attachment.message_id.is_not(None)).order_by(Attachment.id)
    return list(db.session.scalars(rows))


def address_of(file: Attachment) -> str:
    """Where an attached file is handed out."""
    number = db.session.scalars(
        select(Message.ticket_number).where(Message.id == file.message_id)
    ).one()
    return f"/tickets/{number}/adjuntos/{file.id}"
