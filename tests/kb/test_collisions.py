"""Requests that want the same row at once get an answer in words, never a 500."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.db import db
from kb.models import Category
from tests.cast import Cast


def test_equal_categories_at_once_never_fail_and_are_stored_once(app: Flask, cast: Cast) -> None:
    browsers = [cast.sign_in(app, cast.elena) for _ in range(8)]

    def send(client: FlaskClient) -> int:
        form = {"nombre": "Correo", "slug": "correo", "descripcion": "", "posicion": "1"}
        return client.post("/editor/categorias/nueva", data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, browsers))
    assert answers <= {303, 422}
    assert db.session.scalar(select(func.count()).select_from(Category)) == 1
