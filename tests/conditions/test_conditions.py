from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from conditions import actions, queries
from conditions.models import ConditionsVersion
from core.counters import content_generation
from core.db import db
from core.models import AuditEntry
from home.setup import FIRST_CONDITIONS
from tests.cast import START, Cast


def _publish(cast: Cast, body: str, *, after: int = 1, title: str = "Condiciones") -> int:
    return actions.publish(title=title, body=body, after=after, actor=cast.gloria, now=START)


def test_the_first_version_is_published_with_the_site(client: FlaskClient) -> None:
    page = client.get("/condiciones")
    assert page.status_code == 200
    assert "Versión 1" in page.text
    assert "Es la vigente." in page.text
    for rule in ("incidencia", "petición", "Nadie se salta la cola", "autoriza"):
        assert rule in page.text


def test_the_first_text_promises_no_time() -> None:
    title, body = actions.split_front_matter(FIRST_CONDITIONS.read_text("utf-8"))
    assert title
    assert "en breve" not in body
    assert "Nunca estimamos" in body


def test_publishing_the_first_again_changes_nothing(app: Flask) -> None:
    actions.publish_first("---\ntitle: Otra\n---\nOtro texto", now=START)
    assert db.session.scalar(select(func.count()).select_from(ConditionsVersion)) == 1


@pytest.mark.parametrize(
    "text", ["Sin cabecera", "---\nautor: x\n---\nTexto", "---\ntitle: x\nTexto"]
)
def test_a_text_without_a_title_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        actions.split_front_matter(text)


def test_a_new_version_leaves_the_old_one_as_it_was(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    old = queries.version(1)
    assert old is not None
    before, generation = (old.title, old.body, old.sha256), content_generation()
    assert _publish(cast, "## Nuevas reglas\n\nTexto nuevo.") == 2
    assert content_generation() == generation + 1
    old = queries.version(1)
    assert old is not None
    assert (old.title, old.body, old.sha256) == before
    assert old.sha256 == hashlib.sha256(old.body.encode()).hexdigest()
    assert "Nuevas reglas" in client.get("/condiciones").text
    page = client.get("/condiciones/1").text
    assert "Esta versión ya no está vigente" in page
    assert "Leer la versión vigente, la 2" in page
    assert "Nuevas reglas" not in page
    assert 'href="/condiciones/2"' in page


def test_the_same_text_is_not_published_twice(cast: Cast) -> None:
    _publish(cast, "Texto nuevo.")
    for after in (1, 2):
        with pytest.raises(actions.NothingChangedError):
            _publish(cast, "Texto nuevo.", after=after)


def test_a_version_written_from_an_old_one_is_refused(cast: Cast) -> None:
    _publish(cast, "Texto nuevo.")
    with pytest.raises(actions.OutdatedError):
        _publish(cast, "Otro texto.", after=1)
    assert [one.version for one in queries.versions()] == [2, 1]


def test_publishing_is_audited(cast: Cast) -> None:
    _publish(cast, "Texto nuevo.")
    entry = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == "conditions.published")
        .order_by(AuditEntry.id)
    ).all()[-1]
    assert (entry.subject, entry.actor_id) == ("conditions:2", cast.gloria.person_id)


@pytest.mark.parametrize("number", ["2", "0", "01", "x", "9" * 12])
def test_a_version_that_is_not_there_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/condiciones/{number}").status_code == 404


def test_markup_in_the_text_is_harmless(client: FlaskClient, cast: Cast) -> None:
    _publish(cast, "<script>alert(1)</script> [x](javascript:alert(1))", title="<b>Título</b>")
    page = client.get("/condiciones").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<b>Título" not in page
