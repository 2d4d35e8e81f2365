"""The order of the queue as pages: read by the desk, proposed, seen, then published."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, transaction
from tests.accounts.test_members import statements
from tests.cast import START, Cast
from tests.tickets.builders import filed, ticket
from tests.tickets.test_policy_changes import table
from tests.visit import Visit
from tickets import publishing
from tickets.models import PolicyVersion
from tickets.policy import DEFAULT_POLICY, Policy

FORM = "/admin/orden/nueva"


@pytest.fixture
def gloria(app: Flask, cast: Cast) -> Visit:
    visit = Visit(app)
    visit._client = cast.sign_in(app, cast.gloria)
    return visit


def published() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(PolicyVersion.version).order_by(PolicyVersion.version)))


def publish(cast: Cast, proposed: Policy) -> None:
    publishing.publish(
        proposed=proposed, reason="Otra razón", actor=cast.gloria, form_id="", now=START
    )


def seen(gloria: Visit, **typed: str) -> Visit:
    gloria.go(FORM)
    typed = {"motivo": "Campaña de fin de año", "horas-spam": "1", **typed}
    return gloria.send(FORM, "accion=vista", expect=200, **typed)


def test_the_order_is_read_in_words_by_the_desk(app: Flask, cast: Cast) -> None:
    publish(cast, table(spam=1.5))
    page = Visit(app)
    page._client = cast.sign_in(app, cast.diego)
    page.go("/admin/orden").says("Rige la versión 2", "Corte de red 8 h", "SPAM 1 h 30 min")
    page.says("urgente 2 h", "Otra razón", "La tabla con la que empezó el sitio.")
    page.says("Gloria Castillo")
    assert FORM not in page.links
    page.go("/admin/orden/2").says("SPAM 1 h 30 min (antes: 4 h)", "Corte de red 8 h Máquina")
    page.go("/admin/orden/1").says("Esta versión ya no rige", "SPAM 4 h")


def test_nothing_is_published_before_it_was_seen(app: Flask, cast: Cast, gloria: Visit) -> None:
    first = filed(cast.ana, affection="error-de-codigo", now=START + timedelta(hours=1))
    spam = filed(cast.ana, affection="spam", now=START + timedelta(hours=2))
    seen(gloria).says(
        "SPAM: 4 h → 1 h",
        "Tickets abiertos 2 Cambian de llegada efectiva 1 En cola 2 Cambian de puesto 2",
        f"Petición que más retrocede ticket {spam}: del puesto 1 al 2",
        f"Petición que más adelanta ticket {first}: del puesto 2 al 1",
        "Su adelanto: 4 h 30 min → 1 h 30 min",
        "Otros adelantan menos",
    )
    assert published() == [1]
    before = ticket(spam).effective_arrival
    gloria.send(FORM, "accion=publicar").says("Versión 2", "Campaña de fin de año", "SPAM 1 h")
    assert gloria.path == FORM or "/admin/orden/2" in gloria.path
    assert published() == [1, 2]
    assert ticket(spam).effective_arrival == before + timedelta(hours=3)


def test_publishing_without_the_preview_shows_it(gloria: Visit) -> None:
    gloria.go(FORM)
    data = fields(gloria) | {"horas-spam": "1", "motivo": "x", "accion": "publicar"}
    answer = gloria._client.post(FORM, data=data)
    assert answer.status_code == 422
    assert "La tabla no es la que vio" in answer.text
    assert "Qué cambiaría" in answer.text
    assert published() == [1]


def fields(page: Visit) -> dict[str, str]:
    return dict(next(f for f in page.forms if f.action == FORM).values)


def test_a_table_that_was_changed_after_the_preview_is_shown_again(gloria: Visit) -> None:
    seen(gloria)
    gloria.send(FORM, "accion=publicar", expect=422, **{"horas-spam": "2"})
    gloria.says("La tabla no es la que vio", "SPAM: 4 h → 2 h")
    assert published() == [1]
    gloria.send(FORM, "accion=publicar").says("SPAM 2 h")
    assert published() == [1, 2]


def test_a_version_that_came_in_between_is_told(cast: Cast, gloria: Visit) -> None:
    seen(gloria)
    publish(cast, table(corte_de_red=7))
    gloria.send(FORM, "accion=publicar", expect=409)
    gloria.says("se publicó la versión 2", "Corte de red 7 h")
    assert gloria.value(FORM, "horas-spam") == "1"
    assert gloria.value(FORM, "motivo") == "Campaña de fin de año"
    assert published() == [1, 2]
    gloria.send(FORM, "accion=vista", expect=200).says("Corte de red: 7 h → 8 h", "SPAM: 4 h → 1 h")
    gloria.send(FORM, "accion=publicar")
    assert published() == [1, 2, 3]


def test_pressing_publish_twice_publishes_once(gloria: Visit) -> None:
    data = fields(seen(gloria)) | {"accion": "publicar"}
    answers = [gloria._client.post(FORM, data=data) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, "/admin/orden/2")] * 2
    assert published() == [1, 2]


def test_the_same_table_is_nothing_to_publish(gloria: Visit) -> None:
    seen_same = gloria.go(FORM).send(FORM, "accion=vista", expect=422, motivo="x")
    seen_same.says("Esta tabla ya es la vigente")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("motivo", " ", "Escriba el motivo."),
        ("motivo", "x" * 501, "Hasta 500 caracteres."),
        ("horas-spam", "", "Escriba un número."),
        ("horas-spam", "-1", "Escriba un número de 0 a 720."),
        ("horas-spam", "721", "Escriba un número de 0 a 720."),
        ("horas-spam", "9" * 5000, "SPAM, horas: "),
        ("horas-spam", "1.5", "SPAM, horas: "),
        ("horas-spam", "pronto", "SPAM, horas: "),
        ("minutos-spam", "60", "Escriba un número de 0 a 59."),
        ("horas-baja", "1", "Una prioridad más alta no puede adelantar menos que la anterior."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    gloria: Visit, field: str, text: str, words: str
) -> None:
    gloria.go(FORM)
    typed = {"motivo": "Campaña", "minutos-otra-consulta": "7", field: text}
    gloria.send(FORM, "accion=vista", expect=422, **typed)
    gloria.says(words)
    assert gloria.value(FORM, field) == text.strip()
    assert gloria.value(FORM, "minutos-otra-consulta") == "7"
    assert published() == [1]


def test_more_than_thirty_days_is_refused(gloria: Visit) -> None:
    typed = {"horas-spam": "720", "minutos-spam": "1", "motivo": "x"}
    gloria.go(FORM).send(FORM, "accion=vista", expect=422, **typed)
    gloria.says("El adelanto no puede pasar de 30 días.")


@pytest.mark.parametrize("base", ["", "0", "7", "x", "-1", "999999999999"])
def test_a_base_that_was_made_up_is_outdated(gloria: Visit, base: str) -> None:
    gloria.go(FORM)
    for press in ("vista", "publicar"):
        data = fields(gloria) | {"desde": base, "motivo": "x", "horas-spam": "1", "accion": press}
        assert gloria._client.post(FORM, data=data).status_code == 409
    assert published() == [1]


def test_the_proposed_table_is_downloaded_for_the_simulation(gloria: Visit) -> None:
    link = next(a for a in seen(gloria).links if a.startswith("/admin/orden/tabla?"))
    answer = gloria._client.get(link)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="orden-2.json"'
    assert answer.mimetype == "application/json"
    found = Policy.from_json(json.loads(answer.text))
    assert found.to_json() == table(spam=1).to_json()
    in_force = gloria._client.get("/admin/orden/tabla")
    assert json.loads(in_force.text) == DEFAULT_POLICY.to_json()
    assert gloria._client.get("/admin/orden/tabla?horas-spam=1").status_code == 404


def test_lists_ask_the_same_number_of_questions_for_many(
    app: Flask, cast: Cast, gloria: Visit
) -> None:
    client: FlaskClient = gloria._client
    data = fields(seen(gloria)) | {"accion": "vista"}

    def count() -> tuple[int, int]:
        with statements() as listed:
            client.get("/admin/orden")
        with statements() as previewed:
            assert client.post(FORM, data=data).status_code == 200
        return len(listed), len(previewed)

    client.get("/admin/orden")
    few = count()
    for n in range(25):
        filed(cast.ana, affection=("spam", "error-de-codigo")[n % 2])
    assert count() == few
    with transaction() as session:
        session.add_all(
            PolicyVersion(
                version=n, table=DEFAULT_POLICY.to_json(), published_at=START,
                published_by=(cast.gloria, cast.diego)[n % 2].person_id,
            )
            for n in range(2, 32)
        )  # fmt: skip
    with statements() as listed:
        page = client.get("/admin/orden")
    assert len(listed) == few[0]
    assert "pagina=2" in page.text
    last = client.get("/admin/orden?pagina=2").text
    assert "La tabla con la que empezó el sitio." in last


def test_the_customer_reads_that_the_table_changed(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, affection="spam")
    publish(cast, table(spam=1))
    page = Visit(app)
    page._client = cast.sign_in(app, cast.ana)
    page.go(f"/tickets/{number}").says("Se publicó otra tabla del orden")
    page.says("cuenta como si hubiera llegado 1 h antes")
