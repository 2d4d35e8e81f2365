"""While a ticket is open, everything about it goes through the ticket (R7)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.models import Person
from contact.calls.models import CallRequest, CallTicket
from core.db import db, transaction
from core.tokens import new_token
from tests.accounts.mailbox import answer_of
from tests.cast import START, Cast
from tests.contact.calls.builders import added, call, form, received, requested
from tests.databases import one_database
from tests.promises import promises_in
from tests.tickets.builders import answered, filed, taken, ticket, withdraw_rights, without_undo
from tickets import actions, joining, places, queries
from tickets.handling import Then
from tickets.lifecycle import State
from tickets.models import Message, Ticket, TicketEvent
from tickets.proof.actions import audit


def tied() -> list[tuple[int, int]]:
    db.session.rollback()
    rows = db.session.execute(
        select(CallTicket.call_id, CallTicket.ticket_number).order_by(CallTicket.id)
    )
    return [(row.call_id, row.ticket_number) for row in rows]


def messages(number: int) -> list[Message]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(Message).where(Message.ticket_number == number).order_by(Message.id)
        )
    )


def kinds(number: int) -> list[str]:
    db.session.rollback()
    rows = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(rows.order_by(TicketEvent.seq)))


def test_the_form_offers_the_open_tickets_first(app: Flask, cast: Cast) -> None:
    filed(cast.carla, subject="Secreto de Costa")
    number = filed(cast.ana, subject="El correo de Andina")
    page = cast.sign_in(app, cast.ana).get("/llamada").text
    assert "Secreto de Costa" not in page
    assert page.index("El correo de Andina") < page.index('name="telefono"')
    assert f'name="sobre" value="{number}"' in page
    assert 'value="Ana Quispe"' in page


def test_a_call_about_an_open_ticket_is_written_in_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    answer = ana.post("/llamada", data=form(sobre=str(number)))
    assert answer.status_code == 303
    assert tied() == [(received()[0].id, number)]
    said = messages(number)[-1]
    assert (said.author_id, said.from_staff, said.internal) == (cast.ana.person_id, False, False)
    assert said.body == (
        "Pido que me llamen al (01) 739-0054. Cuándo prefiero: por la tarde.\n\nMi correo no llega."
    )
    assert kinds(number)[-2:] == ["customer_replied", "call_asked"]
    page = ana.get(f"/tickets/{number}").text
    assert "Pidió una llamada" in page
    assert "pidió una llamada: por la tarde" in page
    assert "Se pidió una llamada" in page
    assert f'href="/tickets/{number}"' in ana.get(answer.location).text


def test_the_desk_sees_it_where_it_works_the_ticket(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    cast.sign_in(app, cast.ana).post("/llamada", data=form(sobre=str(number), telefono="969782160"))
    page = cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text
    assert "pidió una llamada: por la tarde" in page
    assert f'href="/mesa/llamadas/{received()[0].id}"' in page
    assert 'href="tel:+51969782160"' in page
    assert "https://wa.me/51969782160?text=Hola%2C%20Rosa%20D%C3%ADaz" in page
    gloria = cast.sign_in(app, cast.gloria).get(f"/mesa/tickets/{number}").text
    assert "/mesa/llamadas/" not in gloria


def _order() -> list[tuple[int, str, object]]:
    db.session.rollback()
    rows = select(Ticket.number, Ticket.state, Ticket.effective_arrival)
    return [tuple(row) for row in db.session.execute(rows.order_by(Ticket.number))]


def test_asking_for_a_call_never_moves_a_ticket(app: Flask, cast: Cast) -> None:
    numbers = [filed(cast.ana), filed(cast.carla), filed(cast.ana, affection="otra-consulta")]
    held = taken(cast.diego)
    before = _order()
    queue = [one.number for one in places.queue(offset=0, limit=9)]
    for number in [one for one in numbers if ticket(one).company_id == cast.ana.company_id]:
        ana = cast.sign_in(app, cast.ana)
        assert ana.post("/llamada", data=form(sobre=str(number))).status_code == 303
    assert held in numbers
    assert _order() == before
    assert [one.number for one in places.queue(offset=0, limit=9)] == queue
    assert audit(now=START).problem is None


def test_a_call_answers_a_ticket_that_waits_for_the_customer(app: Flask, cast: Cast) -> None:
    without_undo()
    number, later = filed(cast.ana), filed(cast.carla, affection="otra-consulta")
    assert taken(cast.diego) == number
    arrival = ticket(number).effective_arrival
    answered(number, cast.diego, Then.WAIT)
    ana = cast.sign_in(app, cast.ana)
    assert ana.post("/llamada", data=form(sobre=str(number))).status_code == 303
    assert ticket(number).state == State.QUEUED
    assert ticket(number).effective_arrival == arrival
    assert [one.number for one in places.queue(offset=0, limit=9)] == [number, later]
    assert kinds(number)[-2:] == ["answered", "call_asked"]
    assert audit(now=START).problem is None


def test_another_matter_becomes_a_ticket(app: Flask, cast: Cast) -> None:
    ana = cast.sign_in(app, cast.ana)
    page = ana.get("/llamada").text
    assert "autoriza al equipo técnico a entrar a su servidor" in page
    assert ana.post("/llamada", data=form()).status_code == 422
    sent = form(afeccion="servicio-con-errores", condiciones="1", asunto="No carga\n\nDesde ayer")
    for _ in range(2):
        assert ana.post("/llamada", data=sent).status_code == 303
    ((call_id, number),) = tied()
    made = ticket(number)
    assert (made.subject, made.affection, made.author_id) == (
        "No carga", "servicio-con-errores", cast.ana.person_id,
    )  # fmt: skip
    assert made.authorised_by == cast.ana.person_id
    assert len(messages(number)) == 1
    assert call(call_id).person_id == cast.ana.person_id
    assert audit(now=START).problem is None


def test_what_a_member_may_not_open_stays_a_call(app: Flask, cast: Cast) -> None:
    beto = cast.sign_in(app, cast.beto)
    page = beto.get("/llamada").text
    assert 'value="spam"' in page
    assert 'value="corte-de-red"' not in page
    assert beto.post("/llamada", data=form(afeccion="corte-de-red")).status_code == 303
    assert (len(received()), tied()) == (1, [])


def test_a_member_who_opens_nothing_gets_a_plain_call(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    withdraw_rights(cast.beto)
    beto = cast.sign_in(app, cast.beto)
    page = beto.get("/llamada").text
    assert "Su usuario no abre tickets" in page
    assert str(number) not in page
    assert beto.post("/llamada", data=form()).status_code == 303
    assert [one.person_id for one in received()] == [cast.beto.person_id]
    assert tied() == []


@pytest.mark.parametrize("sobre", ["999999", "-1", "x", "", "9" * 40, "١٠٠١"])
def test_a_ticket_that_is_not_offered_is_asked_again(app: Flask, cast: Cast, sobre: str) -> None:
    filed(cast.ana)
    answer = cast.sign_in(app, cast.ana).post("/llamada", data=form(sobre=sobre))
    assert answer.status_code == 422
    assert "Mi correo no llega.</textarea>" in answer.text
    assert received() == []


def test_another_companys_ticket_is_as_if_missing(app: Flask, cast: Cast) -> None:
    other = filed(cast.carla, subject="Secreto de Costa")
    filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    ana.get("/llamada")
    pages = [
        answer_of(ana.post("/llamada", data=form(sobre=sobre, token="a" * 43)))
        for sobre in (str(other), "999999")
    ]
    assert pages[0] == pages[1]
    assert answer_of(ana.get(f"/llamada?ticket={other}"))[0] == 200
    assert "Secreto de Costa" not in ana.get(f"/llamada?ticket={other}").text
    assert len(messages(other)) == 1


def test_a_ticket_that_was_closed_meanwhile_is_chosen_again(app: Flask, cast: Cast) -> None:
    number, open_one = filed(cast.ana), filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    actions.close(number=number, actor=cast.ana, now=START)
    answer = ana.post("/llamada", data=form(sobre=str(number)))
    assert answer.status_code == 422
    assert "Ese ticket ya no está abierto" in answer.text
    assert "Mi correo no llega.</textarea>" in answer.text
    assert received() == []
    assert ana.post("/llamada", data=form(sobre=str(open_one))).status_code == 303


def test_conditions_that_changed_meanwhile_are_shown_again(app: Flask, cast: Cast) -> None:
    ana = cast.sign_in(app, cast.ana)
    answer = ana.post("/llamada", data=form(afeccion="spam", condiciones="7"))
    assert answer.status_code == 409
    assert "Las condiciones cambiaron" in answer.text
    assert "Mi correo no llega.</textarea>" in answer.text
    assert received() == []


def test_a_second_request_may_be_about_another_ticket(app: Flask, cast: Cast) -> None:
    first, second = filed(cast.ana), filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    ana.post("/llamada", data=form(sobre=str(first)))
    assert f'value="{first}" checked' in ana.get("/llamada").text
    ana.post("/llamada", data=form(sobre=str(second), asunto="Y esto"))
    assert tied() == [(1, first), (1, second)]
    assert (len(received()), len(added())) == (1, 1)
    assert messages(second)[-1].body.endswith("\n\nY esto")


def test_what_is_added_on_the_receipt_reaches_the_thread(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    address = ana.post("/llamada", data=form(sobre=str(number))).location
    sent = form(momento="noche", asunto="También el dominio")
    for _ in range(2):
        assert ana.post(f"{address}/cambios", data=sent).status_code == 303
    assert [one.body for one in messages(number)[2:]] == ["También el dominio"]
    ana.post(f"{address}/retiro")
    assert kinds(number)[-1] == "call_withdrawn"


def test_a_call_follows_its_ticket_into_the_one_it_was_merged_with(app: Flask, cast: Cast) -> None:
    older, newer = filed(cast.ana), filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    address = ana.post("/llamada", data=form(sobre=str(newer))).location
    joining.merge(number=newer, other=older, actor=cast.diego, now=START)
    assert "pidió una llamada" in ana.get(f"/tickets/{older}").text
    ana.post(f"{address}/retiro")
    assert kinds(older)[-1] == "call_withdrawn"


@one_database
def test_no_word_about_a_call_promises_a_time(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    answer = ana.post("/llamada", data=form(sobre=str(number)))
    for locale in ("es", "en"):
        with transaction() as session:
            session.execute(update(Person).values(locale=locale))
        ana = cast.sign_in(app, cast.ana)
        for address in ("/llamada", answer.location, f"/tickets/{number}"):
            assert promises_in(ana.get(address).text.partition("<main")[2]) == []
    assert [promises_in(one.body) for one in messages(number)] == [[], []]


def test_a_ticket_beyond_the_list_is_offered_from_its_page(app: Flask, cast: Cast) -> None:
    first = filed(cast.ana, subject="El más viejo")
    for _ in range(31):
        filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    assert f'href="/llamada?ticket={first}"' in ana.get(f"/tickets/{first}").text
    assert "El más viejo" not in ana.get("/llamada").text
    assert f'value="{first}" checked' in ana.get(f"/llamada?ticket={first}").text
    assert ana.post("/llamada", data=form(sobre=str(first))).status_code == 303
    assert tied() == [(received()[0].id, first)]


def test_a_call_of_a_colleague_is_seen_and_not_opened(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto)
    beto = cast.sign_in(app, cast.beto)
    address = beto.post("/llamada", data=form(sobre=str(number))).location
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "pidió una llamada" in page
    assert address not in page
    assert queries.ticket_for(cast.ana, number) is not None


def test_a_staff_members_call_has_no_ticket(app: Flask, cast: Cast) -> None:
    page = cast.sign_in(app, cast.diego).get("/llamada").text
    assert 'name="sobre"' not in page
    requested(cast.diego)
    assert db.session.scalars(select(CallRequest.person_id)).all() == [cast.diego.person_id]


def test_the_same_form_is_one_thing_however_often(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana, sent = cast.sign_in(app, cast.ana), form(sobre=str(number), token=new_token())
    locations = [ana.post("/llamada", data=sent).location for _ in range(3)]
    assert len(set(locations)) == 1
    assert (len(received()), added(), len(messages(number))) == (1, [], 2)
