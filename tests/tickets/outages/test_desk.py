"""Outages at the desk, over HTTP as forms send them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import filed, taken, ticket
from tests.tickets.outages.builders import history, joined, outaged, queries_of
from tickets.models import Message
from tickets.outages import joining, queries
from tickets.outages.models import Outage


def told(**more: str) -> dict[str, str]:
    return {
        "formulario": new_token(),
        "titulo": "Red de Lima caída",
        "texto": "No se llega a los servidores.",
        "afeccion": "corte-de-red",
        "servicios": "Servidores de Lima\nVPS",
        **more,
    }


def stored() -> Outage:
    db.session.rollback()
    return db.session.scalars(select(Outage)).one()


def test_a_technician_declares_edits_and_tells_what_is_new(app: Flask, cast: Cast) -> None:
    desk = cast.sign_in(app, cast.diego)
    assert "corte-de-red" in desk.get("/mesa/averias/nueva").text
    form = told()
    for _ in range(2):
        sent = desk.post("/mesa/averias/nueva", data=form)
        assert (sent.status_code, sent.location) == (303, "/mesa/averias/1")
    assert (stored().services, stored().affection) == (
        ["Servidores de Lima", "VPS"],
        "corte-de-red",
    )
    page = desk.get("/mesa/averias/1/edicion").text
    assert "Servidores de Lima" in page
    sent = desk.post("/mesa/averias/1/edicion", data=told(titulo="Otra", titulo_en="Other"))
    assert sent.status_code == 303
    assert (stored().title, stored().title_en) == ("Otra", "Other")
    news = {"formulario": new_token(), "texto": "Vamos al centro de datos."}
    assert desk.post("/mesa/averias/1/novedades", data=news).status_code == 303
    assert "Vamos al centro de datos." in app.test_client().get("/averias/1").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("titulo", " ", "Escriba en una línea qué falla."),
        ("titulo", "x" * 121, "Escriba hasta 120 caracteres."),
        ("texto", "x" * 5001, "Escriba hasta 5000 caracteres."),
        ("afeccion", "otra-cosa", "Elija una opción."),
        ("servicios", "x" * 61, "Nombre cada servicio con hasta 60 caracteres."),
        ("servicios", "\n".join(map(str, range(13))), "Nombre como máximo 12 servicios."),
        ("titulo_en", "x" * 121, "Escriba hasta 120 caracteres."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, field: str, value: str, words: str
) -> None:
    page = cast.sign_in(app, cast.diego).post("/mesa/averias/nueva", data=told(**{field: value}))
    assert page.status_code == 422
    if field != "afeccion":
        assert words in page.text
    assert "No se llega a los servidores." in page.text or field == "texto"
    assert db.session.scalar(select(func.count()).select_from(Outage)) == 0


def test_resolving_offers_every_open_ticket_ticked_and_sends_one_answer(
    app: Flask, cast: Cast
) -> None:
    outage = outaged(cast.diego)
    first, second = joined(outage, cast.ana), joined(outage, cast.carla)
    taken(cast.dora)
    desk = cast.sign_in(app, cast.diego)
    page = desk.get(f"/mesa/averias/{outage}/resolucion").text
    ticked = re.findall(r'name="tickets" value="(\d+)" checked', page)
    assert ticked == [str(first), str(second)]
    assert "Lo atiende Dora Luna." in page
    form = {"formulario": new_token(), "texto": "Se cambió el **equipo**.", "tickets": [first]}
    for _ in range(2):
        sent = desk.post(f"/mesa/averias/{outage}/resolucion", data=form)
        assert sent.location == f"/mesa/averias/{outage}"
    assert (ticket(first).state, ticket(second).state) == ("resuelto", "en_cola")
    assert db.session.scalar(select(func.count()).where(Message.from_staff)) == 1
    assert history(first)[-1] == ("resolved_with_outage", outage)
    page = desk.get(f"/mesa/averias/{outage}").text
    assert "Responder a los que siguen abiertos" in page
    rest = desk.get(f"/mesa/averias/{outage}/resolucion").text
    assert re.findall(r'name="tickets" value="(\d+)" checked', rest) == [str(second)]
    assert "Se cambió el **equipo**." in rest
    assert "equipo" in cast.sign_in(app, cast.ana).get(f"/tickets/{first}").text


def test_a_ticket_that_is_not_of_the_outage_is_refused_and_the_text_stays(
    app: Flask, cast: Cast
) -> None:
    outage = outaged(cast.diego)
    own, foreign = joined(outage, cast.ana), filed(cast.carla)
    desk = cast.sign_in(app, cast.diego)
    for bad in (str(foreign), "x", "-1", "9" * 40):
        page = desk.post(
            f"/mesa/averias/{outage}/resolucion",
            data={"texto": "Ya está todo bien", "tickets": [str(own), bad]},
        )
        assert page.status_code == 422
        assert "Revise la lista." in page.text
        assert "Ya está todo bien" in page.text
        assert f'value="{own}" checked' in page.text
    assert stored().resolved_at is None
    assert (ticket(own).state, ticket(foreign).state) == ("en_cola", "en_cola")


def test_the_desk_page_of_a_ticket_joins_and_leaves_an_outage(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, affection="corte-de-red")
    desk, own = cast.sign_in(app, cast.diego), f"/mesa/tickets/{number}"
    assert "unir-averia" not in desk.get(own).text
    outage = outaged(cast.diego, title="Red de Lima caída")
    assert "Red de Lima caída" in desk.get(own).text
    for bad in ("", "x", "77"):
        assert desk.post(f"{own}/averia", data={"averia": bad}).location == own
        assert "Elija una avería de la lista." in desk.get(own).text
    assert desk.post(f"{own}/averia", data={"averia": outage}).status_code == 303
    page = desk.get(own).text
    assert f'href="/mesa/averias/{outage}"' in page
    assert f"Lo unió a la avería conocida {outage} · Diego Vargas" in page
    assert desk.post(f"{own}/averia/retiro").status_code == 303
    assert f'href="/mesa/averias/{outage}"' not in desk.get(own).text
    assert ticket(number).state == "en_cola"


def test_an_administrator_reads_and_changes_nothing(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = joined(outage, cast.ana)
    client = cast.sign_in(app, cast.gloria)
    for path in ("/mesa/averias", f"/mesa/averias/{outage}", f"/mesa/tickets/{number}"):
        page = client.get(path).text
        main = page.split("<main", 1)[1]
        assert "Declarar" not in main
        assert "/averia/retiro" not in main
        assert "/resolucion" not in main


@pytest.mark.parametrize("state", ["abiertas", "resueltas"])
def test_the_list_costs_the_same_for_one_row_and_for_thirty(
    app: Flask, cast: Cast, state: str
) -> None:
    from tests.tickets.outages.test_pages import resolved

    desk, path = cast.sign_in(app, cast.diego), f"/mesa/averias?estado={state}"

    def another() -> None:
        outage = outaged(cast.diego)
        joined(outage, cast.ana)
        if state == "resueltas":
            resolved(outage, cast)

    another()
    desk.get(path)
    one = len(queries_of(desk, path))
    for _ in range(29):
        another()
    desk.get(path)
    assert len(queries_of(desk, path)) == one


@pytest.mark.parametrize("page", ["", "/resolucion"])
def test_an_outage_costs_the_same_for_one_ticket_and_for_thirty(
    app: Flask, cast: Cast, page: str
) -> None:
    outage = outaged(cast.diego)
    desk, path = cast.sign_in(app, cast.diego), f"/mesa/averias/{outage}{page}"
    joined(outage, cast.ana)
    desk.get(path)
    one = len(queries_of(desk, path))
    for _ in range(29):
        number = filed(cast.carla, affection="corte-de-red")
        joining.attach(outage_number=outage, number=number, actor=cast.diego, now=START)
    assert queries.joined_counts([outage])[outage] == queries.Joined(30, 30)
    assert len(queries_of(desk, path)) == one


def test_empty_lists_say_what_to_do(app: Flask, cast: Cast) -> None:
    desk = cast.sign_in(app, cast.diego)
    assert "No hay averías sin resolver" in desk.get("/mesa/averias").text
    assert "Todavía no se resolvió ninguna" in desk.get("/mesa/averias?estado=resueltas").text
    assert desk.get("/mesa/averias?pagina=2").status_code == 404
    assert "No hay averías conocidas" in app.test_client().get("/averias").text
