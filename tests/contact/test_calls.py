from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contact import actions
from contact.models import CallRequest
from core.db import db
from core.models import AuditEntry
from core.tokens import new_token
from tests.cast import START, Cast
from tests.home.counting import statements
from tests.quotes.guest import handed_out
from tests.tickets.builders import filed


def form(**changes: str) -> dict[str, str]:
    filled = {
        "nombre": "Rosa Díaz", "telefono": "(01) 739-0054", "momento": "tarde",
        "asunto": "Mi correo no llega.",
    }  # fmt: skip
    return handed_out() | filled | changes


def received() -> list[CallRequest]:
    db.session.rollback()
    return list(db.session.scalars(select(CallRequest).order_by(CallRequest.id)))


def asked(name: str = "Rosa") -> actions.CallAsked:
    return actions.CallAsked(name, "+5117390054", "cualquiera", "Un asunto")


def test_the_page_shows_the_telephone_to_call_at_once(client: FlaskClient) -> None:
    page = client.get("/llamada").text
    assert 'href="tel:+5117390054"' in page
    assert "Es un deseo, no una cita" in page


def test_a_request_is_stored_and_answered_with_its_receipt(client: FlaskClient) -> None:
    sent = form()
    answer = client.post("/llamada", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/llamada/{sent['token']}")
    (call,) = received()
    assert (call.name, call.phone, call.part_of_day, call.matter, call.person_id) == (
        "Rosa Díaz", "+5117390054", "tarde", "Mi correo no llega.", None,
    )  # fmt: skip
    receipt = client.get(answer.location)
    assert "(01) 739-0054" in receipt.text
    assert "Por la tarde" in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"


def test_sending_twice_makes_one_request(client: FlaskClient) -> None:
    sent = form()
    locations = [client.post("/llamada", data=sent).location for _ in range(2)]
    assert locations == [f"/llamada/{sent['token']}"] * 2
    assert len(received()) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nombre": " "}, "nombre"),
        ({"telefono": ""}, "telefono"),
        ({"telefono": "0900 12345"}, "telefono"),
        ({"momento": "25:00"}, "momento-0"),
        ({"momento": "2027-02-29"}, "momento-0"),
        ({"asunto": "\u200b"}, "asunto"),
        ({"asunto": "x" * 2001}, "asunto"),
    ],
)
def test_each_wrong_field_is_named(
    client: FlaskClient, changes: dict[str, str], field: str
) -> None:
    answer = client.post("/llamada", data=form(**changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert received() == []


def test_a_number_from_abroad_keeps_its_country(client: FlaskClient) -> None:
    client.post("/llamada", data=form(telefono="+34 612 345 678"))
    assert received()[0].phone == "+34612345678"


def test_the_trap_stores_nothing_and_keeps_what_was_typed(client: FlaskClient) -> None:
    trapped = client.post("/llamada", data=form(nota_vacia="x"))
    assert trapped.status_code == 422
    assert "Un programa llenó un campo que no se ve" in trapped.text
    assert "Mi correo no llega." in trapped.text
    assert received() == []


def test_the_sixth_request_of_a_network_in_an_hour_waits(strict_app: Flask) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    client = strict_app.test_client()
    answers = [client.post("/llamada", data=form()) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "todos los envíos que admitimos en una hora" in answers[-1].text
    assert 3000 < int(answers[-1].headers["Retry-After"]) <= 3601


@pytest.mark.parametrize("token", ["\x00abc", "x\x00" * 20, "ñ" * 40, "a" * 5000])
def test_a_token_that_is_none_of_ours_is_replaced(strict_app: Flask, token: str) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    answer = strict_app.test_client().post("/llamada", data=form(token=token))
    assert answer.status_code == 303
    assert [call.token for call in received()] == [answer.location.rpartition("/")[2]]


def test_a_customer_sees_their_open_tickets_first(app: Flask, cast: Cast) -> None:
    filed(cast.carla, subject="Secreto de Costa")
    number = filed(cast.ana, subject="El correo de Andina")
    ana = cast.sign_in(app, cast.ana)
    for path in ("/llamada", "/chat"):
        page = ana.get(path).text
        assert f'href="/tickets/{number}"' in page
        assert "Secreto de Costa" not in page
    page = ana.get("/llamada").text
    assert page.index("El correo de Andina") < page.index('name="telefono"')
    assert 'value="Ana Quispe"' in page


def test_a_signed_in_persons_request_is_theirs(app: Flask, cast: Cast) -> None:
    cast.sign_in(app, cast.beto).post("/llamada", data=form())
    assert received()[0].person_id == cast.beto.person_id


def test_the_chat_says_that_nobody_attends_it_and_where_to_go(client: FlaskClient) -> None:
    page = client.get("/chat").text
    assert "todavía no se atiende" in page
    for address in ("https://wa.me/51969782160", "/tickets/nuevo", "/llamada"):
        assert f'href="{address}"' in page


def test_a_receipt_is_found_by_its_exact_address_alone(client: FlaskClient) -> None:
    sent = form()
    client.post("/llamada", data=sent)
    for wrong in (new_token(), sent["token"].swapcase(), sent["token"][:-1]):
        answer = client.get(f"/llamada/{wrong}")
        assert answer.status_code == 404
        assert "Rosa" not in answer.text


def test_the_desk_lists_by_arrival_those_that_wait_first(app: Flask, cast: Cast) -> None:
    for number in range(3):
        actions.receive(
            asked(f"Persona {number}"), token=new_token(), actor=None,
            now=START + timedelta(hours=number),
        )  # fmt: skip
    first = received()[0].id
    diego = cast.sign_in(app, cast.diego)
    answer = diego.post(f"/mesa/llamadas/{first}/resultado", data={"resultado": "Resuelto"})
    assert (answer.status_code, answer.location) == (303, "/mesa/llamadas")
    page = diego.get("/mesa/llamadas").text
    places = [page.index(f"Persona {n}") for n in (1, 2, 0)]
    assert places == sorted(places)


def test_an_outcome_is_needed_and_noted_once(app: Flask, cast: Cast) -> None:
    actions.receive(asked(), token=new_token(), actor=None, now=START)
    number = received()[0].id
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    address = f"/mesa/llamadas/{number}/resultado"
    assert diego.post(address, data={"resultado": " "}).status_code == 422
    assert diego.post(address, data={"resultado": "x" * 501}).status_code == 422
    assert received()[0].attended_at is None
    assert diego.post(address, data={"resultado": "Se resolvió."}).status_code == 303
    late = dora.post(address, data={"resultado": "Otra cosa"})
    assert late.status_code == 409
    assert "Otra persona ya anotó" in late.text
    assert "Otra cosa</textarea>" in late.text
    (call,) = received()
    assert (call.outcome, call.attended_by) == ("Se resolvió.", cast.diego.person_id)
    entries = db.session.scalars(
        select(AuditEntry.actor_id).where(AuditEntry.action == "calls.attended")
    ).all()
    assert entries == [cast.diego.person_id]


def test_only_technicians_read_and_answer_calls(app: Flask, cast: Cast) -> None:
    actions.receive(asked("Rosa Secreta"), token=new_token(), actor=None, now=START)
    number = received()[0].id
    for actor in (cast.ana, cast.fabio, cast.elena, cast.gloria):
        client = cast.sign_in(app, actor)
        for answer in (
            client.get("/mesa/llamadas"), client.get(f"/mesa/llamadas/{number}"),
            client.post(f"/mesa/llamadas/{number}/resultado", data={"resultado": "x"}),
        ):  # fmt: skip
            assert answer.status_code == 404
            assert "Rosa Secreta" not in answer.text
    assert received()[0].attended_at is None


def test_missing_calls_are_not_found(app: Flask, cast: Cast) -> None:
    diego = cast.sign_in(app, cast.diego)
    assert diego.get("/mesa/llamadas/99").status_code == 404
    assert diego.post("/mesa/llamadas/99/resultado", data={"resultado": "x"}).status_code == 404
    assert "Nadie espera una llamada" in diego.get("/mesa/llamadas").text


def test_the_list_costs_the_same_for_one_and_thirty(app: Flask, cast: Cast) -> None:
    diego = cast.sign_in(app, cast.diego)
    actions.receive(asked(), token=new_token(), actor=None, now=START)
    one = len(statements(diego, "/mesa/llamadas"))
    for _ in range(29):
        actions.receive(asked(), token=new_token(), actor=None, now=START)
    assert len(statements(diego, "/mesa/llamadas")) == one
