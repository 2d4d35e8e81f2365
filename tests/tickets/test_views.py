"""The pages of journey B and C over HTTP, as forms send them."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from core.db import db
from core.tokens import new_token
from tests.cast import START, Cast
from tests.kb.articles import make_article, make_categories
from tests.tickets.builders import answered, filed, form, taken, ticket, without_undo
from tests.visit import without_token
from tickets.handling import Then
from tickets.models import Attachment, Draft, Message, Ticket

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def draft_id_in(page: str) -> str:
    found = re.search(r'name="borrador"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_first_post_keeps_the_draft_and_files_nothing(app: Flask, client: FlaskClient) -> None:
    page = client.post("/tickets/nuevo", data=form(accion="sugerir"))
    assert page.status_code == 200
    assert "Desde ayer los correos no aparecen." in page.text
    assert (count(Draft), count(Ticket)) == (1, 0)


def test_sending_as_a_visitor_asks_to_sign_in_and_the_draft_survives(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    sent = client.post("/tickets/nuevo", data=form(accion="enviar"))
    assert sent.status_code == 303
    assert sent.location.startswith("/cuenta/ingresar?next=/tickets/nuevo")
    from tests.cast import PASSWORD

    going_on = parse_qs(urlsplit(sent.location).query)["next"][0]
    signed = client.post(
        sent.location,
        data={"correo": "ana@example.com", "clave": PASSWORD, "next": going_on},
    )
    assert signed.status_code == 303
    page = client.get(signed.location)
    assert "No llegan correos de Gmail" in page.text
    filed_now = client.post(
        "/tickets/nuevo", data=form(accion="enviar", borrador=draft_id_in(page.text))
    )
    assert filed_now.location == "/tickets/1001"
    assert ticket(1001).author_id == cast.ana.person_id


def test_pressing_send_again_shows_the_same_ticket(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    draft_id = draft_id_in(client.get("/tickets/nuevo").text)
    for _ in range(3):
        sent = client.post("/tickets/nuevo", data=form(accion="enviar", borrador=draft_id))
        assert (sent.status_code, sent.location) == (303, "/tickets/1001")
    assert count(Ticket) == 1


def test_another_browser_cannot_use_a_draft(app: Flask, cast: Cast, client: FlaskClient) -> None:
    page = client.post("/tickets/nuevo", data=form(accion="sugerir"))
    stolen = draft_id_in(page.text)
    thief = cast.sign_in(app, cast.carla)
    assert "Desde ayer" not in thief.get(f"/tickets/nuevo?borrador={stolen}").text
    answer = thief.post("/tickets/nuevo", data=form(accion="enviar", borrador=stolen))
    assert answer.status_code == 422
    assert count(Ticket) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("asunto", ""),
        ("asunto", "   "),
        ("asunto", "x" * 201),
        ("descripcion", ""),
        ("descripcion", "x" * 20_001),
        ("afeccion", ""),
        ("afeccion", "abc"),
        ("afeccion", "9" * 40),
        ("prioridad", "0"),
        ("prioridad", "high'"),
    ],
)
def test_wrong_values_come_back_with_a_message_and_nothing_lost(
    app: Flask, cast: Cast, field: str, value: str
) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post("/tickets/nuevo", data=form(accion="enviar", **{field: value}))
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    if field != "descripcion":
        assert "Desde ayer los correos no aparecen." in page.text
    assert count(Ticket) == 0


def test_extra_fields_change_nothing(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    client.post(
        "/tickets/nuevo",
        data=form(
            accion="enviar", number="1", state="cerrado", company_id="2", opened_at="2000-01-01"
        ),
    )
    row = ticket(1001)
    assert (row.state, row.company_id) == ("en_cola", cast.ana.company_id)


def test_a_member_without_the_right_is_told_whom_to_ask(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.beto)
    page = client.post("/tickets/nuevo", data=form(accion="enviar", afeccion="corte-de-red"))
    assert page.status_code == 422
    assert "no puede abrir incidencias" in page.text


def test_the_worst_incidents_go_straight_to_sending(app: Flask, client: FlaskClient) -> None:
    page = client.post("/tickets/nuevo", data=form(accion="sugerir", afeccion="corte-de-red"))
    assert "no le pedimos leer nada antes" in page.text


def test_files_stay_with_the_draft_and_become_the_tickets(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post(
        "/tickets/nuevo",
        data=form(accion="sugerir", adjuntos=(io.BytesIO(PNG), "captura.png")),
        content_type="multipart/form-data",
    )
    assert "captura.png" in page.text
    client.post("/tickets/nuevo", data=form(accion="enviar", borrador=draft_id_in(page.text)))
    file = db.session.scalars(select(Attachment)).one()
    answer = client.get(f"/tickets/1001/adjuntos/{file.id}")
    assert (answer.status_code, answer.data) == (200, PNG)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for other in (cast.carla, cast.beto, cast.fabio):
        assert cast.sign_in(app, other).get(f"/tickets/1001/adjuntos/{file.id}").status_code == 404


def test_a_refused_file_is_named_and_the_text_stays(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    page = client.post(
        "/tickets/nuevo",
        data=form(accion="enviar", adjuntos=(io.BytesIO(b"<svg/>"), "mapa.svg")),
        content_type="multipart/form-data",
    )
    assert page.status_code == 422
    assert "mapa.svg" in page.text
    assert count(Ticket) == 0


def test_this_solved_it_ends_without_a_ticket(app: Flask, client: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="correo-gmail", category_id=shelf)
    page = client.post("/tickets/nuevo", data=form(accion="sugerir"))
    own = f"/tickets/borradores/{draft_id_in(page.text)}"
    assert client.post(f"{own}/lecturas/correo-gmail").status_code == 204
    assert client.post(f"{own}/lecturas/no-hay").status_code == 204
    assert client.post(f"{own}/solucion", data={"articulo": "<script>"}).status_code == 404
    done = client.post(f"{own}/solucion", data={"articulo": "correo-gmail"})
    assert (done.status_code, done.location) == (303, f"{own}/solucion")
    assert "No se envió ningún ticket" in client.get(done.location).text
    row = db.session.scalars(select(Draft)).one()
    assert (row.solved_by, row.opened, count(Ticket)) == ("correo-gmail", ["correo-gmail"], 0)


def test_a_comment_that_is_too_long_stays_in_its_box(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    client, words = cast.sign_in(app, cast.ana), "No quedó bien. " * 80
    page = client.post(
        f"/tickets/{number}/satisfaccion", data={"satisfecho": "no", "comentario": words}
    )
    assert page.status_code == 422
    assert "Use hasta 1000 caracteres." in page.text
    assert words.strip() in page.text
    unsaid = client.post(f"/tickets/{number}/satisfaccion", data={"comentario": "Casi"})
    assert unsaid.status_code == 422
    assert "Elija una respuesta." in unsaid.text
    assert re.search(r'<textarea[^>]*id="comentario"[^>]*>\s*Casi<', unsaid.text)


def test_the_thread_says_the_place_and_why(app: Flask, cast: Cast) -> None:
    filed(cast.carla, affection="corte-de-red", subject="Secreto de Costa")
    number = filed(cast.ana)
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "1 incidencia por corte de red" in page
    assert "Es una petición: se atiende después de las incidencias." in page
    assert "Secreto de Costa" not in page
    assert "Pesquera" not in page


def test_foreign_and_missing_tickets_look_the_same(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Asunto reservado")
    client = cast.sign_in(app, cast.carla)
    foreign, missing = client.get(f"/tickets/{number}"), client.get("/tickets/999999")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    shown = without_token(foreign.text).replace(f"/{number}", "")
    assert shown == without_token(missing.text).replace("/999999", "")
    beto = cast.sign_in(app, cast.beto)
    assert beto.get(f"/tickets/{number}").status_code == 404
    assert "Asunto reservado" not in beto.get("/tickets").text


def test_a_customer_reads_no_internal_note(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    desk = cast.sign_in(app, cast.diego)
    noted = desk.post(
        f"/mesa/tickets/{number}/notas", data={"texto": "Ojo: moroso", "formulario": new_token()}
    )
    assert noted.status_code == 303
    assert "Ojo: moroso" in desk.get(f"/mesa/tickets/{number}").text
    assert "moroso" not in cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text


def test_the_desk_takes_replies_and_takes_the_next_in_one_step(app: Flask, cast: Cast) -> None:
    without_undo()
    first, second = filed(cast.ana), filed(cast.carla)
    desk = cast.sign_in(app, cast.diego)
    sent = desk.post("/mesa/siguiente", data={"formulario": new_token()})
    assert (sent.status_code, sent.location) == (303, f"/mesa/tickets/{first}")
    reply = {
        "texto": "Revise los **MX**.",
        "accion": "resolver",
        "siguiente": "y",
        "formulario": new_token(),
    }
    sent = desk.post(f"/mesa/tickets/{first}/respuestas", data=reply)
    assert sent.location == f"/mesa/tickets/{second}"
    assert ticket(first).state == "resuelto"
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{first}").text
    assert "<strong>MX</strong>" in page


def test_a_reply_of_somebody_who_does_not_hold_it_is_kept(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answer = cast.sign_in(app, cast.dora).post(
        f"/mesa/tickets/{number}/respuestas",
        data={"texto": "Mi respuesta larga", "accion": "resolver", "formulario": new_token()},
    )
    assert answer.status_code == 409
    assert "Mi respuesta larga" in answer.text
    assert count(Message) == 1


def test_no_request_can_choose_a_ticket(app: Flask, cast: Cast) -> None:
    first = filed(cast.ana, affection="corte-de-red")
    second = filed(cast.carla, affection="otra-consulta")
    desk = cast.sign_in(app, cast.diego)
    sent = desk.post(
        f"/mesa/siguiente?number={second}",
        data={"number": second, "ticket": second, "formulario": new_token()},
    )
    assert sent.location == f"/mesa/tickets/{first}"
    for verb in ("tomar", "siguiente", "asignar"):
        assert desk.post(f"/mesa/tickets/{second}/{verb}").status_code == 404


def test_resolved_tickets_can_be_rated_reopened_and_closed(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    client = cast.sign_in(app, cast.ana)
    own = f"/tickets/{number}"
    assert client.post(f"{own}/satisfaccion", data={"satisfecho": "no"}).status_code == 303
    assert "no quedó bien" in client.get(own).text
    sent = client.post(f"{own}/reapertura", data={"texto": "Sigue", "formulario": new_token()})
    assert sent.status_code == 303
    assert ticket(number).state == "en_cola"
    assert client.post(f"{own}/cierre").status_code == 303
    assert ticket(number).state == "cerrado"


def test_staff_who_follow_a_customers_link_land_at_the_desk(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    sent = cast.sign_in(app, cast.diego).get(f"/tickets/{number}")
    assert sent.location == f"/mesa/tickets/{number}"
    assert cast.sign_in(app, cast.fabio).get(f"/tickets/{number}").status_code == 404


@pytest.mark.parametrize("path", ["/mesa", "/tickets"])
def test_lists_cost_the_same_queries_for_one_row_and_for_thirty(
    app: Flask, cast: Cast, path: str
) -> None:
    client = cast.sign_in(app, cast.diego if path == "/mesa" else cast.carla)
    filed(cast.carla)
    for n in (taken(cast.diego),):
        answered(n, cast.diego, Then.WAIT)
    client.get(path)
    one = _queries(client, path)
    for _ in range(29):
        filed(cast.carla)
        answered(taken(cast.diego), cast.diego, Then.WAIT)
    if path == "/tickets":
        assert _queries(client, path) == one
    else:
        for _ in range(30):
            filed(cast.carla)
        assert _queries(client, path) - one <= 1


def _queries(client: FlaskClient, path: str) -> int:
    seen: list[str] = []
    engine = db.engine

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_form_is_not_for_staff(app: Flask, cast: Cast) -> None:
    assert cast.sign_in(app, cast.diego).get("/tickets/nuevo").status_code == 404


def test_an_arrival_is_stored_in_utc_and_shown_in_lima(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, now=START)
    assert "2 mar 2026, 10:00" in cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text


@pytest.mark.parametrize("field", ["afeccion", "prioridad", "borrador", "accion", "asunto"])
@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "x" * 5000, "\u202e\u200b"])
def test_no_value_of_the_form_breaks_the_page(
    app: Flask, cast: Cast, field: str, value: str
) -> None:
    client = cast.sign_in(app, cast.ana)
    value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for action in ("sugerir", "enviar"):
        page = client.post("/tickets/nuevo", data={**form(accion=action), field: value})
        assert page.status_code in {200, 303, 422}
    own = "/tickets/borradores/" + "a" * 43
    assert client.post(f"{own}/solucion", data={"articulo": value}).status_code == 404
    desk = cast.sign_in(app, cast.diego)
    assert desk.post("/mesa/siguiente", data={"formulario": value}).status_code == 303


def test_eight_presses_at_once_file_one_ticket(app: Flask, cast: Cast) -> None:
    browsers = [cast.sign_in(app, cast.ana) for _ in range(8)]
    token = new_token()

    def press(client: FlaskClient) -> str:
        return client.post("/tickets/nuevo", data=form(accion="enviar", borrador=token)).location

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, browsers)) == {"/tickets/1001"}
    assert count(Ticket) == 1
