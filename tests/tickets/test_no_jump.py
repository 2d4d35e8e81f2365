"""Nobody jumps: forged requests of everybody to every address leave the order to the facts (R3)."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from tests.cast import Cast
from tests.tickets.builders import filed
from tests.world import PEOPLE, World, routes
from tickets import places
from tickets.models import Ticket, TicketEvent
from tickets.policy import Mark, key_for
from tickets.proof.actions import audit

#: What somebody might send who wants to be first, under every name that a field could have.
FORGED = {
    "typology": "0", "tipologia": "0", "effective_arrival": "1990-01-01T00:00:00",
    "opened_at": "1990-01-01T00:00:00", "llegada": "1990-01-01", "orden": "0", "order": "0",
    "puesto": "1", "posicion": "1", "position": "1", "policy": "9", "policy_version": "9",
    "mark": "urgente", "prioridad": "urgente", "state": "en_atencion", "estado": "en_atencion",
    "holder_id": "1", "number": "1003", "numero": "1003", "ticket": "1003", "limit": "99",
    "taken_at": "1990-01-01T00:00:00", "siguiente": "1003", "formulario": "f" * 43,
    "texto": "Pase este primero", "motivo": "Porque sí", "nota": "Ya", "a": "1",
    "accion": "enviar", "borrador": "b" * 43, "asunto": "Primero yo", "descripcion": "Ya mismo",
}  # fmt: skip


def waiting() -> list[int]:
    db.session.rollback()
    return [ticket.number for ticket in places.queue(offset=0, limit=99)]


def test_no_role_and_no_request_puts_one_ticket_before_another(
    app: Flask, cast: Cast, made: World
) -> None:
    """Ana's incident is in attention; behind it wait three whose order is known."""
    world = made.opened(app)
    first = filed(cast.carla, affection="corte-de-red")
    second = filed(cast.carla, affection="spam")
    last = filed(cast.beto, affection="otra-consulta", mark="baja")
    assert waiting()[-3:] == [first, second, last]
    before = waiting()
    for route, (method, rule) in routes(app).items():
        # What takes, publishes or names the afección is what may change the order, by the rules.
        if method != "POST" or route.endswith(("/siguiente", "/afeccion", "/tickets/nuevo")):
            continue
        for name in PEOPLE:
            values = {**world.common, **world.special.get(rule.endpoint, {}), "number": last}
            wanted = {argument: values[argument] for argument in rule.arguments}
            address = app.url_map.bind("localhost").build(rule.endpoint, wanted, method="POST")
            world.clients[name].post(address, data=FORGED)
    now_waiting = [number for number in waiting() if number in before]
    assert now_waiting == [number for number in before if number in now_waiting]
    assert first in now_waiting
    assert audit(now=clock.now()).problem is None


def test_what_is_forged_into_taking_and_filing_counts_for_nothing(app: Flask, cast: Cast) -> None:
    head = filed(cast.carla, affection="corte-de-red")
    wanted = filed(cast.ana, affection="otra-consulta", mark="baja")
    for person in (cast.ana, cast.elena, cast.fabio, cast.gloria, cast.diego):
        client = cast.sign_in(app, person)
        client.post(f"/mesa/siguiente?number={wanted}", data={**FORGED, "ticket": str(wanted)})
    db.session.rollback()
    taken = select(TicketEvent.ticket_number).where(TicketEvent.kind == "taken")
    assert db.session.scalars(taken).all() == [head]
    sent = cast.sign_in(app, cast.ana).post(
        "/tickets/nuevo", data={**FORGED, "afeccion": "otra-consulta", "prioridad": "baja"}
    )
    assert sent.status_code == 303
    policy = places.current_policy()
    for ticket in db.session.scalars(select(Ticket)):
        key = key_for(
            policy,
            affection=ticket.affection,
            mark=Mark(ticket.mark),
            opened_at=ticket.opened_at,
            number=ticket.number,
        )
        assert (ticket.typology, ticket.effective_arrival) == (key.typology, key.effective_arrival)
        assert abs((clock.now() - ticket.opened_at).days) < 365
    assert audit(now=clock.now()).problem is None
