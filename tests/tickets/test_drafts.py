"""A draft that is written, left, found again, sent twice, or thrown away."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

import conditions.actions
from core import clock
from core.db import db
from core.tokens import new_token
from tests.cast import PASSWORD, START, Cast
from tests.tickets.builders import draft, filed, form, withdraw_rights
from tickets import actions, drafts
from tickets.models import Attachment, Draft, Message, Ticket

OWN = "/tickets/borradores"


def files(*names: str) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(f"texto de {name}".encode()), name) for name in names]


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def stored() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Attachment.name)))


def test_a_visitor_finds_the_draft_again_after_signing_in(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    page = client.post("/tickets/nuevo", data=form(accion="sugerir"))
    draft_id = db.session.scalars(select(Draft.id)).one()
    here = f"/tickets/nuevo?borrador%3D{draft_id}"
    assert f'href="/cuenta/ingresar?next={here}"' in page.text
    assert f'href="/idioma/en?next={here}"' in page.text
    client.post("/cuenta/ingresar", data={"correo": cast.ana.email, "clave": PASSWORD})
    for path in ("/tickets/nuevo", "/tickets"):
        assert f'href="/tickets/nuevo?borrador={draft_id}"' in client.get(path).text
    assert "Desde ayer los correos" in client.get(f"/tickets/nuevo?borrador={draft_id}").text
    assert draft_id not in cast.sign_in(app, cast.beto).get("/tickets").text


def test_a_draft_that_ended_is_not_offered(app: Flask, cast: Cast) -> None:
    filed(cast.ana)
    solved = draft(cast.ana, subject="Lo resolví leyendo")
    owner = drafts.owner_of(cast.ana, "")
    drafts.solve(draft_id=solved, owner=owner, slug="una", now=START)
    assert "Lo resolví leyendo" not in cast.sign_in(app, cast.ana).get("/tickets").text


def test_a_draft_that_goes_on_after_an_answer_is_offered_again(app: Flask, cast: Cast) -> None:
    client, name = cast.sign_in(app, cast.ana), new_token()
    sent = form(accion="sugerir", borrador=name)
    client.post("/tickets/nuevo", data=sent)
    drafts.solve(draft_id=name, owner=drafts.owner_of(cast.ana, ""), slug="una", now=START)
    assert name not in client.get("/tickets/nuevo").text
    client.post("/tickets/nuevo", data=sent | {"descripcion": "No era eso."})
    assert f'href="/tickets/nuevo?borrador={name}"' in client.get("/tickets/nuevo").text


def test_drafts_of_a_visitor_wait_for_a_customer(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    client.post("/tickets/nuevo", data=form(accion="sugerir"))
    owner = db.session.scalars(select(Draft.owner)).one()
    client.post("/cuenta/ingresar", data={"correo": cast.diego.email, "clave": PASSWORD})
    db.session.rollback()
    assert db.session.scalars(select(Draft.owner)).one() == owner


@pytest.mark.parametrize("step", ["sugerir", "enviar"])
def test_another_text_in_a_filed_draft_is_kept_and_not_taken_for_it(
    app: Flask, cast: Cast, step: str
) -> None:
    client, name = cast.sign_in(app, cast.ana), new_token()
    sent = form(accion="enviar", borrador=name, adjuntos=files("a.txt"))
    number = client.post("/tickets/nuevo", data=sent).location
    again = form(accion="enviar", borrador=name, adjuntos=files("a.txt"))
    assert client.post("/tickets/nuevo", data=again).location == number
    other = form(accion=step, borrador=name, descripcion="Otro asunto distinto")
    page = client.post("/tickets/nuevo", data=other)
    assert (page.status_code, count(Ticket)) == (422, 1)
    assert f"Ese borrador ya es el ticket {number.rpartition('/')[2]}" in page.text
    assert "Otro asunto distinto" in page.text
    assert f'value="{name}"' not in page.text
    assert sorted(db.session.scalars(select(Draft.description))) == [
        "Desde ayer los correos no aparecen.",
        "Otro asunto distinto",
    ]


def test_a_discarded_draft_goes_with_its_files(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    client.post("/tickets/nuevo", data=form(accion="sugerir", adjuntos=files("a.txt")))
    draft_id = db.session.scalars(select(Draft.id)).one()
    address = f"{OWN}/{draft_id}/eliminacion"
    assert cast.sign_in(app, cast.beto).post(address).status_code == 404
    assert count(Draft) == 1
    assert client.post(address).status_code == 303
    assert (count(Draft), stored()) == (0, [])
    assert client.post(address).status_code == 404


def test_a_filed_ticket_is_no_draft_to_discard(app: Flask, cast: Cast) -> None:
    filed(cast.ana)
    draft_id = db.session.scalars(select(Draft.id)).one()
    client = cast.sign_in(app, cast.ana)
    assert client.post(f"{OWN}/{draft_id}/eliminacion").status_code == 404
    assert (count(Draft), count(Ticket)) == (1, 1)


def test_a_page_sent_again_adds_no_file_twice(client: FlaskClient) -> None:
    name = new_token()
    for _ in range(3):
        sent = form(accion="sugerir", borrador=name, adjuntos=files("a.txt", "b.txt"))
        assert client.post("/tickets/nuevo", data=sent).status_code == 200
    assert stored() == ["a.txt", "b.txt"]


def test_a_sixth_file_is_refused_and_the_rest_stays(client: FlaskClient) -> None:
    name, five = new_token(), ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt")
    client.post("/tickets/nuevo", data=form(accion="sugerir", borrador=name, adjuntos=files(*five)))
    sent = form(accion="enviar", borrador=name, descripcion="Más", adjuntos=files("f.txt"))
    page = client.post("/tickets/nuevo", data=sent)
    assert page.status_code == 422
    assert "Adjunte como máximo 5 archivos en total" in page.text
    assert [n for n in (*five, "f.txt") if n in page.text] == list(five)
    assert stored() == list(five)
    assert db.session.scalars(select(Draft.description)).one() == "Más"


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "-1", "0", "x", "\x00"])
def test_a_forged_file_to_remove_removes_nothing(client: FlaskClient, typed: str) -> None:
    name = new_token()
    client.post(
        "/tickets/nuevo", data=form(accion="sugerir", borrador=name, adjuntos=files("a.txt"))
    )
    page = client.post("/tickets/nuevo", data=form(accion="sugerir", borrador=name, quitar=typed))
    assert (page.status_code, stored()) == (200, ["a.txt"])


def publish_conditions(cast: Cast) -> None:
    conditions.actions.publish(
        title="Otras", body="Otras condiciones", after=1, actor=cast.gloria, now=clock.now()
    )


def test_only_the_conditions_that_were_shown_are_accepted(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.get("/tickets/nuevo").text
    assert 'name="condiciones" type="hidden" value="1"' in page
    publish_conditions(cast)
    sent = form(accion="enviar", borrador=new_token(), condiciones="1")
    refused = client.post("/tickets/nuevo", data=sent)
    assert (refused.status_code, count(Ticket)) == (422, 0)
    assert "Las condiciones cambiaron mientras escribía" in refused.text
    assert 'name="condiciones" type="hidden" value="2"' in refused.text
    for wrong in ({"asunto": ""}, {"accion": "sugerir"}):
        told = client.post("/tickets/nuevo", data=sent | wrong)
        assert "Las condiciones cambiaron mientras escribía" in told.text
    assert client.post("/tickets/nuevo", data=sent | {"condiciones": "2"}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Ticket.conditions_version)).one() == 2


def test_a_program_that_shows_no_conditions_accepts_those_in_force(app: Flask, cast: Cast) -> None:
    publish_conditions(cast)
    sent = cast.sign_in(app, cast.ana).post("/tickets/nuevo", data=form(accion="enviar"))
    assert sent.status_code == 303
    assert db.session.scalars(select(Ticket.conditions_version)).one() == 2


def test_who_may_not_open_tickets_is_offered_no_sending(app: Flask, cast: Cast) -> None:
    withdraw_rights(cast.beto)
    client = cast.sign_in(app, cast.beto)
    for page in (client.get("/tickets/nuevo"), client.post("/tickets/nuevo", data=form())):
        assert "Su usuario no puede abrir tickets" in page.text
        assert 'value="enviar"' not in page.text
        assert "Al enviar autoriza" not in page.text


def test_a_form_sent_twice_is_one_message_and_another_text_is_another(
    app: Flask, cast: Cast
) -> None:
    first, second, name = filed(cast.ana), filed(cast.ana), new_token()
    said = [(first, "Uno"), (first, "Uno"), (second, "Uno"), (first, "Dos"), (first, "Dos")]
    for number, text in said:
        actions.reply_as_customer(number=number, actor=cast.ana, text=text, form_id=name, now=START)
    db.session.rollback()
    written = select(Message.ticket_number, Message.body).where(Message.form_id.is_not(None))
    assert [tuple(row) for row in db.session.execute(written.order_by(Message.id))] == [
        (first, "Uno"),
        (second, "Uno"),
        (first, "Dos"),
    ]
