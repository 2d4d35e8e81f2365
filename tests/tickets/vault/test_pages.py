"""The pages around secrets: forms that stop once, the customer's list, the click at the desk."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from accounts.permissions import Actor
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import Cast
from tests.kb.counting import statements
from tests.tickets.builders import answered, filed, form, taken, ticket
from tickets.handling import Then
from tickets.models import Draft, Message, Ticket
from tickets.vault import actions
from tickets.vault.masking import masked
from tickets.vault.models import Secret, SecretReading
from tickets.vault.noticing import Kind

VALUE = "Zafiro#2025"
TEXT = f"Les paso el acceso. Usuario admin, clave: {VALUE}\nGracias"
HIDDEN = "Les paso el acceso. Usuario admin, clave: [dato cifrado 1]\nGracias"
STOPPED = "Parece que escribió una contraseña"


def bodies() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.body).order_by(Message.id)))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def accepted(page: TestResponse) -> str:
    """The value of «Enviar así»."""
    found = re.findall(r'<button[^>]*name="conforme" value="([^"]+)"', page.text)
    assert len(found) == 1, page.text[:200]
    return str(found[0])


def kept(number: int, actor: Actor, label: str = "Acceso a cPanel") -> int:
    value = actions.Value(VALUE, Kind.PASSWORD, label)
    actions.keep(number=number, actor=actor, value=value, form_id="", now=clock.now())
    return db.session.scalars(select(func.max(Secret.id))).one() or 0


def sender(app: Flask, cast: Cast, where: str, number: int) -> tuple[FlaskClient, str]:
    """Whose browser sends this form, and to which address."""
    who, path = {
        "reply": (cast.ana, f"/tickets/{number}/respuestas"),
        "reopening": (cast.ana, f"/tickets/{number}/reapertura"),
        "desk reply": (cast.diego, f"/mesa/tickets/{number}/respuestas"),
        "note": (cast.diego, f"/mesa/tickets/{number}/notas"),
        "desk reopening": (cast.diego, f"/mesa/tickets/{number}/reapertura"),
    }[where]
    return cast.sign_in(app, who), path


WHERE = ["reply", "reopening", "desk reply", "note", "desk reopening"]


@pytest.fixture
def place(app: Flask, cast: Cast, request: pytest.FixtureRequest) -> tuple[FlaskClient, str, int]:
    number = filed(cast.ana)
    taken(cast.diego)
    if "reopening" in request.param:
        answered(number, cast.diego, Then.RESOLVE)
    return (*sender(app, cast, request.param, number), number)


@pytest.mark.parametrize("place", WHERE, indirect=True)
def test_a_password_stops_the_message_once(place: tuple[FlaskClient, str, int]) -> None:
    client, path, _number = place
    before = bodies()
    sent = {"texto": TEXT, "formulario": new_token(), "accion": "esperar"}
    page = client.post(path, data=sent)
    assert page.status_code == 422
    assert STOPPED in page.text
    assert f"clave: {VALUE}\nGracias</textarea>" in page.text
    assert (bodies(), count(Secret)) == (before, 0)
    # Another text is not what was agreed to.
    other = client.post(path, data={**sent, "texto": TEXT + "!", "conforme": accepted(page)})
    assert other.status_code == 422
    done = client.post(path, data={**sent, "conforme": accepted(page)})
    assert done.status_code == 303
    assert (bodies(), count(Secret)) == ([*before, TEXT], 0)


@pytest.mark.parametrize("place", WHERE, indirect=True)
def test_a_password_is_moved_and_the_message_goes(place: tuple[FlaskClient, str, int]) -> None:
    client, path, number = place
    before = bodies()
    sent = {"texto": TEXT, "formulario": new_token(), "accion": "esperar", "secreto": "guardar"}
    for _ in range(2):
        assert client.post(path, data=sent).status_code == 303
    assert bodies() == [*before, HIDDEN]
    secret = db.session.scalars(select(Secret)).one()
    assert (secret.ticket_number, secret.internal) == (number, "notas" in path)


def test_the_pressed_button_is_remembered_while_it_is_decided(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    client = cast.sign_in(app, cast.diego)
    path = f"/mesa/tickets/{number}/respuestas"
    sent = {"texto": TEXT, "formulario": new_token(), "accion": "resolver", "siguiente": "y"}
    page = client.post(path, data=sent).text
    assert '<input type="hidden" name="accion" value="resolver">' in page
    assert 'name="accion" value="esperar"' not in page
    assert "El cliente tampoco podrá leerla aquí." in page
    client.post(path, data={**sent, "secreto": "guardar"})
    assert ticket(number).state == "resuelto"


def test_a_message_without_a_password_is_not_stopped(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.ana)
    text = "Cambié mi contraseña y olvidé la clave del panel."
    for more in ({}, {"secreto": "guardar"}):
        sent = client.post(
            f"/tickets/{number}/respuestas",
            data={"texto": text, "formulario": new_token(), **more},
        )
        assert sent.status_code == 303
    assert bodies()[1:] == [text, text]


def test_moving_asks_whether_the_writer_may(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    sent = {"texto": TEXT, "formulario": new_token(), "accion": "esperar", "secreto": "guardar"}
    path = f"/mesa/tickets/{number}/respuestas"
    assert cast.sign_in(app, cast.dora).post(path, data=sent).status_code == 409
    own = f"/tickets/{number}/respuestas"
    assert cast.sign_in(app, cast.carla).post(own, data=sent).status_code == 404
    assert count(Secret) == 0


def draft_form(page: TestResponse, **more: object) -> dict[str, object]:
    found = re.search(r'name="borrador"[^>]*value="([^"]+)"', page.text)
    assert found
    return form(borrador=found.group(1), **{"descripcion": TEXT, **more})


@pytest.mark.parametrize("action", ["sugerir", "enviar"])
def test_the_ticket_form_stops_and_keeps_the_draft(app: Flask, cast: Cast, action: str) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post("/tickets/nuevo", data=form(descripcion=TEXT, accion=action))
    assert page.status_code == 422
    assert STOPPED in page.text
    assert f'<input type="hidden" name="accion" value="{action}">' in page.text
    assert (count(Ticket), count(Secret)) == (0, 0)
    # What was not decided yet is stored nowhere; the page still holds it.
    kept = db.session.scalars(select(Draft.description)).one()
    assert kept == masked(TEXT)
    assert kept != TEXT
    assert TEXT in html.unescape(page.text)


def test_a_ticket_is_filed_without_the_moved_password(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post("/tickets/nuevo", data=form(descripcion=TEXT, accion="enviar"))
    sent = draft_form(page, accion="enviar", secreto="guardar", asunto="La clave: Topacio77 falla")
    for _ in range(2):
        done = client.post("/tickets/nuevo", data=sent)
        assert (done.status_code, done.location) == (303, "/tickets/1001")
    assert bodies() == [HIDDEN.replace("1]", "2]")]
    assert ticket(1001).subject == "La clave: [dato cifrado 1] falla"
    assert db.session.scalars(select(Draft.description)).all() == bodies()
    assert count(Secret) == 2


def test_a_visitor_moves_it_before_signing_in(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    page = client.post("/tickets/nuevo", data=form(descripcion=TEXT, accion="sugerir"))
    sent = draft_form(page, accion="sugerir", secreto="guardar")
    answer = client.post("/tickets/nuevo", data=sent)
    assert answer.status_code == 200
    assert VALUE not in answer.text
    assert "[dato cifrado 1]" in answer.text
    assert "Con este borrador hay 1 dato guardado cifrado." in answer.text
    db.session.rollback()
    assert db.session.scalars(select(Draft.description)).one() == HIDDEN


def test_sending_as_it_is_goes_through_and_stays_agreed(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post("/tickets/nuevo", data=form(descripcion=TEXT, accion="sugerir"))
    assert "Dejarlo así" in page.text
    assert "Enviar así" not in page.text
    assert 'href="#decidir"' in page.text
    assert 'id="decidir"' in page.text
    agreed = draft_form(page, accion="sugerir", conforme=accepted(page))
    answer = client.post("/tickets/nuevo", data=agreed)
    assert answer.status_code == 200
    carried = re.search(r'<input type="hidden" name="conforme" value="([^"]+)"', answer.text)
    assert carried
    done = client.post("/tickets/nuevo", data={**agreed, "accion": "enviar"})
    assert done.status_code == 303
    assert bodies() == [TEXT]


def test_a_foreign_draft_is_never_filled(app: Flask, cast: Cast) -> None:
    page = cast.sign_in(app, cast.ana).post(
        "/tickets/nuevo", data=form(descripcion=TEXT, accion="sugerir")
    )
    stolen = draft_form(page, accion="enviar", secreto="guardar")
    answer = cast.sign_in(app, cast.carla).post("/tickets/nuevo", data=stolen)
    assert answer.status_code == 422
    assert (count(Secret), count(Ticket)) == (0, 0)


def test_an_invalid_form_asks_again(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post(
        "/tickets/nuevo",
        data=form(descripcion=TEXT, afeccion="", accion="enviar", secreto="guardar"),
    )
    assert page.status_code == 422
    assert STOPPED in page.text
    assert count(Secret) == 0


def test_adding_one_on_purpose(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.ana)
    sent = {"nombre": "Acceso a cPanel", "valor": VALUE, "dias": "30", "formulario": new_token()}
    for _ in range(2):
        done = client.post(f"/tickets/{number}/secretos", data=sent)
        assert (done.status_code, done.location) == (303, f"/tickets/{number}#secretos")
    row = db.session.scalars(select(Secret)).one()
    assert row.expires_at - row.kept_at == timedelta(days=30)
    page = client.get(f"/tickets/{number}").text
    assert "Acceso a cPanel" in page
    assert "nadie lo leyó todavía" in page
    assert VALUE not in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("nombre", "", "Escriba qué es"),
        ("nombre", "x" * 81, "Use hasta 80 caracteres."),
        ("nombre", "clave: Topacio77", "escriba la clave sólo abajo"),
        ("valor", "", "Escriba o pegue el dato."),
        ("valor", "x" * 8_001, "Use hasta 8000 caracteres."),
        ("dias", "365", "Elija cuántos días se guarda."),
        ("dias", "-1", "Elija cuántos días se guarda."),
    ],
)
def test_a_wrong_field_is_named_and_the_value_is_not_drawn_again(
    app: Flask, cast: Cast, field: str, value: str, words: str
) -> None:
    number = filed(cast.ana)
    sent = {"nombre": "Acceso", "valor": VALUE, "dias": "7", "formulario": new_token()}
    page = cast.sign_in(app, cast.ana).post(
        f"/tickets/{number}/secretos", data={**sent, field: value}
    )
    assert page.status_code == 422
    assert words in page.text
    assert VALUE not in page.text
    assert count(Secret) == 0


def test_a_closed_ticket_takes_none_and_the_error_page_does_not_show_it(
    app: Flask, cast: Cast
) -> None:
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.ana)
    client.post(f"/tickets/{number}/cierre")
    sent = {"nombre": "Acceso", "valor": VALUE, "dias": "7", "formulario": new_token()}
    page = client.post(f"/tickets/{number}/secretos", data=sent)
    assert page.status_code == 409
    assert VALUE not in page.text


def test_the_holder_sees_it_on_a_click_and_the_customer_reads_who(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret_id = kept(number, cast.ana)
    taken(cast.diego)
    desk = cast.sign_in(app, cast.diego)
    path = f"/mesa/tickets/{number}/secretos/{secret_id}/lecturas"
    assert f'action="{path}"' in desk.get(f"/mesa/tickets/{number}").text
    page = desk.post(path)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert f"{VALUE}</textarea>" in page.text
    assert 'data-copy="#valor"' in page.text
    assert desk.get(path).status_code == 405
    shown = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "Lo leyó Diego Vargas" in shown
    assert "Un técnico leyó un dato cifrado" in shown
    other = cast.sign_in(app, cast.dora)
    assert path not in other.get(f"/mesa/tickets/{number}").text
    assert other.post(path).status_code == 404
    assert count(SecretReading) == 1


def test_an_old_key_is_said_in_words(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret_id = kept(number, cast.ana)
    taken(cast.diego)
    with transaction() as session:
        session.execute(update(Secret).values(sealed=b"\x01" + b"0" * 40))
    page = cast.sign_in(app, cast.diego).post(
        f"/mesa/tickets/{number}/secretos/{secret_id}/lecturas"
    )
    assert page.status_code == 409
    assert "SECRET_KEY" in page.text
    assert count(SecretReading) == 0


def test_what_is_gone_is_said_and_not_offered(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret_id = kept(number, cast.ana)
    taken(cast.diego)
    ana, desk = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.diego)
    sent = ana.post(f"/tickets/{number}/secretos/{secret_id}/eliminacion")
    assert sent.status_code == 303
    assert "se borró a pedido" in ana.get(f"/tickets/{number}").text
    path = f"/mesa/tickets/{number}/secretos/{secret_id}/lecturas"
    assert path not in desk.get(f"/mesa/tickets/{number}").text
    assert desk.post(path).status_code == 409


def test_a_secret_of_a_note_is_none_to_the_customer(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    desk = cast.sign_in(app, cast.diego)
    sent = {"texto": TEXT, "formulario": new_token(), "secreto": "guardar"}
    desk.post(f"/mesa/tickets/{number}/notas", data=sent)
    secret_id = db.session.scalars(select(Secret.id)).one()
    read = desk.post(f"/mesa/tickets/{number}/secretos/{secret_id}/lecturas")
    assert read.status_code == 200
    assert "Leyó un dato cifrado de una nota" in desk.get(f"/mesa/tickets/{number}").text
    ana = cast.sign_in(app, cast.ana)
    page = ana.get(f"/tickets/{number}").text
    assert "dato cifrado 1" not in page
    assert "Diego Vargas</" not in page.split('id="secretos"')[-1].split("</section>")[0]
    gone = ana.post(f"/tickets/{number}/secretos/{secret_id}/eliminacion")
    assert gone.status_code == 404
    assert desk.post(f"/mesa/tickets/{number}/secretos/{secret_id}/eliminacion").status_code == 303


def test_the_value_stands_nowhere_but_on_its_page(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    """Every page of everybody, every mail and every row, after it was kept, moved and read."""
    number = filed(cast.ana)
    secret_id = kept(number, cast.ana)
    taken(cast.diego)
    desk = cast.sign_in(app, cast.diego)
    sent = {"texto": TEXT, "formulario": new_token(), "accion": "esperar", "secreto": "guardar"}
    desk.post(f"/mesa/tickets/{number}/respuestas", data=sent)
    cast.sign_in(app, cast.ana).post(f"/tickets/{number}/respuestas", data=sent)
    desk.post(f"/mesa/tickets/{number}/secretos/{secret_id}/lecturas")
    outbox.drain(clock.now())
    assert len(mails.sent) > 0
    assert all(VALUE not in one.as_string() + str(text_of(one)) for one in mails.sent)
    looked_at = 0
    for actor in (v for v in vars(cast).values() if isinstance(v, Actor)):
        client = cast.sign_in(app, actor)
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and set(rule.arguments) <= {"number"}:
                path = rule.rule.replace("<number:number>", str(number))
                assert VALUE.encode() not in client.get(path).data, (actor.name, path)
                looked_at += 1
    assert looked_at > 100
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            for cell in row:
                raw = cell if isinstance(cell, bytes) else str(cell).encode()
                assert VALUE.encode() not in raw, table.name


def test_a_thread_costs_the_same_with_many_secrets(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    pages = (
        (cast.sign_in(app, cast.ana), f"/tickets/{number}"),
        (cast.sign_in(app, cast.diego), f"/mesa/tickets/{number}"),
    )
    found = []
    for more in (1, 29):
        for _ in range(more):
            kept(number, cast.ana)
        for client, path in pages:
            client.get(path)
            with statements() as seen:
                client.get(path)
            found.append(len(seen))
    assert found[:2] == found[2:]
