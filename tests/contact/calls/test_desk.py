from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.models import Person
from contact.calls import actions
from contact.calls.models import CallRequest
from contact.calls.policy import CLAIM_FOR
from core import clock
from core.db import db, transaction
from core.models import AuditEntry
from core.tokens import new_token
from tests.cast import START, Cast
from tests.contact.calls.builders import attempts, call, form, received, requested
from tests.contact.calls.test_tickets import kinds, messages, tied
from tests.home.counting import statements
from tests.tickets.builders import answered, filed, taken, ticket, withdraw_rights, without_undo
from tickets import actions as customers
from tickets import places
from tickets.handling import Then
from tickets.lifecycle import State
from tickets.proof.actions import audit

LIST = "/mesa/llamadas"


def noted(resultado: str = "no-contesto", nota: str = "", **more: str) -> dict[str, str]:
    return {"formulario": new_token(), "resultado": resultado, "nota": nota, **more}


def test_the_desk_lists_strictly_by_arrival(app: Flask, cast: Cast) -> None:
    numbers = [
        requested(name=f"Persona {n}", phone=f"+5196978216{n}", now=START + timedelta(hours=n))
        for n in range(3)
    ]
    diego = cast.sign_in(app, cast.diego)
    for _ in range(2):
        diego.post(f"{LIST}/{numbers[0]}/intentos", data=noted("ocupado"))
    page = diego.get(LIST).text
    places_ = [page.index(f"Persona {n}") for n in range(3)]
    assert places_ == sorted(places_)
    assert "2 intentos: ocupado" in page
    assert 'href="tel:+51969782160"' in page


def test_what_ended_and_what_is_mine_are_views(app: Flask, cast: Cast) -> None:
    first, second, third = (
        requested(name=f"Persona {n}", phone=f"+5196978216{n}") for n in range(3)
    )
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    diego.post(f"{LIST}/{first}/intentos", data=noted("hablo", "Quedó"))
    diego.post(f"{LIST}/{second}/toma")
    dora.post(f"{LIST}/{third}/intentos", data=noted())
    shown = {
        view: [n for n in range(3) if f"Persona {n}" in diego.get(f"{LIST}?ver={view}").text]
        for view in ("espera", "atendidas", "mias", "<x>")
    }
    assert shown == {"espera": [1, 2], "atendidas": [0], "mias": [0, 1], "<x>": [1, 2]}
    assert "la tomó Diego Vargas" in dora.get(LIST).text


def test_each_attempt_is_kept_with_its_moment_and_person(app: Flask, cast: Cast) -> None:
    number = requested()
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    sent = noted("no-contesto", "Dos timbres")
    for _ in range(2):
        answer = diego.post(f"{LIST}/{number}/intentos", data=sent)
        assert (answer.status_code, answer.location) == (303, f"{LIST}/{number}")
    dora.post(f"{LIST}/{number}/intentos", data=noted("equivocado"))
    assert [(one.person_id, one.result, one.note) for one in attempts()] == [
        (cast.diego.person_id, "no-contesto", "Dos timbres"),
        (cast.dora.person_id, "equivocado", ""),
    ]
    assert call(number).waits
    page = diego.get(f"{LIST}/{number}").text
    assert "Dos timbres" in page
    assert "2 intentos" in page


@pytest.mark.parametrize("result", ["hablo", "sin-hablar"])
def test_an_outcome_needs_words_and_is_noted_once(app: Flask, cast: Cast, result: str) -> None:
    number = requested()
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    address = f"{LIST}/{number}/intentos"
    assert diego.post(address, data=noted(result, " ")).status_code == 422
    assert diego.post(address, data=noted(result, "x" * 501)).status_code == 422
    assert diego.post(address, data=noted("otro", "Mío")).status_code == 422
    assert call(number).waits
    answer = diego.post(address, data=noted(result, "Se resolvió."))
    assert (answer.status_code, answer.location) == (303, LIST)
    late = dora.post(address, data=noted(result, "Otra cosa"))
    assert late.status_code == 409
    assert "ya se atendió" in late.text
    assert "Otra cosa</textarea>" in late.text
    assert (call(number).outcome, call(number).attended_by) == (
        "Se resolvió.", cast.diego.person_id,
    )  # fmt: skip
    entries = db.session.scalars(
        select(AuditEntry.actor_id).where(AuditEntry.action == "calls.attended")
    ).all()
    assert entries == [cast.diego.person_id]


def test_two_technicians_do_not_call_the_same_person(app: Flask, cast: Cast) -> None:
    number = requested()
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    assert diego.post(f"{LIST}/{number}/toma").status_code == 303
    refused = dora.post(f"{LIST}/{number}/toma")
    assert refused.status_code == 409
    assert "Un colega la tomó" in refused.text
    late = dora.post(f"{LIST}/{number}/intentos", data=noted(nota="Lo mío"))
    assert late.status_code == 409
    assert "Lo mío</textarea>" in late.text
    assert attempts() == []
    dora.post(f"{LIST}/{number}/toma/retiro")
    assert call(number).claimed_by == cast.diego.person_id
    diego.post(f"{LIST}/{number}/toma/retiro")
    assert dora.post(f"{LIST}/{number}/toma").status_code == 303


def test_a_taken_call_is_free_again_by_itself(app: Flask, cast: Cast) -> None:
    number = requested()
    with transaction() as session:
        long_ago = clock.now() - CLAIM_FOR
        session.execute(
            update(CallRequest).values(claimed_by=cast.diego.person_id, claimed_at=long_ago)
        )
    dora = cast.sign_in(app, cast.dora)
    assert "la tomó" not in dora.get(LIST).text
    assert dora.post(f"{LIST}/{number}/toma").status_code == 303
    dora.post(f"{LIST}/{number}/intentos", data=noted())
    assert call(number).claimed_by is None


def test_attempts_are_facts_on_the_ticket_and_their_notes_internal(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    ana.post("/llamada", data=form(sobre=str(number)))
    diego, call_id = cast.sign_in(app, cast.diego), received()[0].id
    for _ in range(2):
        diego.post(f"{LIST}/{call_id}/intentos", data=noted("no-contesto", "Nota secreta"))
    diego.post(f"{LIST}/{call_id}/intentos", data=noted("hablo", "Quedó secreto"))
    assert kinds(number)[-3:] == ["call_unanswered", "call_unanswered", "call_attended"]
    assert [one.body for one in messages(number) if one.internal] == [
        "Nota secreta", "Nota secreta", "Quedó secreto",
    ]  # fmt: skip
    page = ana.get(f"/tickets/{number}").text
    assert "Llamamos y nadie contestó" in page
    assert "Hablamos por teléfono" in page
    assert "Nota secreta" not in page
    assert "Quedó secreto" not in page
    assert "Quedó secreto" in diego.get(f"/mesa/tickets/{number}").text
    assert ticket(number).state == State.QUEUED
    assert audit(now=START).problem is None


def test_the_page_says_who_asks_and_what_they_may(app: Flask, cast: Cast) -> None:
    other = requested(name="Otro pedido", phone="+51969782160")
    number = requested(cast.beto, name="Beto Ramos", phone="+51969782160")
    open_one = filed(cast.ana, subject="De la empresa")
    page = cast.sign_in(app, cast.diego).get(f"{LIST}/{number}").text
    for shown in ("Textiles Andina", "abrir peticiones", f"{open_one} · De la empresa"):
        assert shown in page
    assert f'href="{LIST}/{other}"' in page
    visitor = cast.sign_in(app, cast.diego).get(f"{LIST}/{other}").text
    assert "Visitante" in visitor
    assert "De la empresa" not in visitor


def test_a_call_becomes_a_ticket_that_arrived_with_it(app: Flask, cast: Cast) -> None:
    between = filed(cast.carla, now=START + timedelta(hours=1))
    number = requested(cast.ana)
    diego = cast.sign_in(app, cast.diego)
    address = f"{LIST}/{number}/ticket"
    assert diego.post(address, data={"asunto": "", "afeccion": "x"}).status_code == 422
    sent = {"asunto": "No envía correos", "afeccion": "servicio-con-errores"}
    locations = {diego.post(address, data=sent).location for _ in range(2)}
    ((_, made),) = tied()
    assert locations == {f"/mesa/tickets/{made}"}
    new = ticket(made)
    assert (new.opened_at, new.author_id, new.subject) == (
        START, cast.ana.person_id, "No envía correos",
    )  # fmt: skip
    assert (new.authorised_at, new.authorised_by) == (None, None)
    assert [one.number for one in places.queue(offset=0, limit=9)] == [made, between]
    assert audit(now=START).problem is None


def test_a_ticket_that_the_customer_may_not_open_is_not_made(app: Flask, cast: Cast) -> None:
    number = requested(cast.beto)
    diego = cast.sign_in(app, cast.diego)
    page = diego.get(f"{LIST}/{number}").text
    assert 'value="spam"' in page
    assert 'value="corte-de-red"' not in page
    sent = {"asunto": "Red caída", "afeccion": "corte-de-red"}
    assert diego.post(f"{LIST}/{number}/ticket", data=sent).status_code == 422
    withdraw_rights(cast.beto)
    assert "no puede abrir tickets" in diego.get(f"{LIST}/{number}").text
    assert diego.post(f"{LIST}/{number}/ticket", data=sent).status_code == 422
    assert tied() == []


def test_a_visitors_call_has_no_ticket_to_go_to(app: Flask, cast: Cast) -> None:
    number, open_one = requested(), filed(cast.ana)
    diego = cast.sign_in(app, cast.diego)
    assert diego.post(f"{LIST}/{number}/union", data={"ticket": open_one}).status_code == 409
    sent = {"asunto": "Red caída", "afeccion": "corte-de-red"}
    assert diego.post(f"{LIST}/{number}/ticket", data=sent).status_code == 422
    assert (tied(), len(messages(open_one))) == ([], 1)


def test_a_call_joins_an_open_ticket_of_the_company(app: Flask, cast: Cast) -> None:
    mine, foreign, closed = filed(cast.ana), filed(cast.carla), filed(cast.ana)
    customers.close(number=closed, actor=cast.ana, now=START)
    number = requested(cast.beto, name="Beto Ramos")
    diego = cast.sign_in(app, cast.diego)
    address = f"{LIST}/{number}/union"
    for wrong in (str(foreign), str(closed), "999999"):
        refused = diego.post(address, data={"ticket": wrong})
        assert (refused.status_code, tied()) == (409, [])
    for wrong in ("", "x", "9" * 30):
        assert diego.post(address, data={"ticket": wrong}).status_code == 422
    before = [one.number for one in places.queue(offset=0, limit=9)]
    for _ in range(2):
        answer = diego.post(address, data={"ticket": str(mine)})
        assert (answer.status_code, answer.location) == (303, f"/mesa/tickets/{mine}")
    assert tied() == [(number, mine)]
    said = messages(mine)[-1]
    assert (said.author_id, len(messages(mine))) == (cast.beto.person_id, 2)
    assert said.body.endswith("Un asunto")
    assert [one.number for one in places.queue(offset=0, limit=9)] == before
    # Beto may not see it: his receipt does not lead there.
    receipt = cast.sign_in(app, cast.beto).get(f"/llamada/{call(number).token}").text
    assert f"/tickets/{mine}" not in receipt


def test_joining_answers_a_ticket_that_waited(app: Flask, cast: Cast) -> None:
    without_undo()
    mine = filed(cast.ana)
    taken(cast.diego)
    answered(mine, cast.diego, Then.WAIT)
    number = requested(cast.ana)
    cast.sign_in(app, cast.dora).post(f"{LIST}/{number}/union", data={"ticket": str(mine)})
    assert ticket(mine).state == State.QUEUED
    assert audit(now=START).problem is None


def test_only_technicians_read_and_answer_calls(app: Flask, cast: Cast) -> None:
    number = requested(name="Rosa Secreta")
    for actor in (cast.ana, cast.fabio, cast.elena, cast.gloria):
        client = cast.sign_in(app, actor)
        answers = [client.get(LIST), client.get(f"{LIST}/{number}")]
        answers += [
            client.post(f"{LIST}/{number}/{verb}", data=noted("hablo", "x"))
            for verb in ("toma", "toma/retiro", "intentos", "union", "ticket")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert all("Rosa Secreta" not in answer.text for answer in answers)
    assert call(number).waits


def test_missing_calls_are_not_found(app: Flask, cast: Cast) -> None:
    diego = cast.sign_in(app, cast.diego)
    assert diego.get(f"{LIST}/99").status_code == 404
    assert diego.post(f"{LIST}/99/intentos", data=noted()).status_code == 404
    assert diego.get(f"{LIST}?pagina=9").status_code == 404
    assert "Nadie espera una llamada" in diego.get(LIST).text


def test_hostile_words_stay_words_at_the_desk(app: Flask, cast: Cast) -> None:
    bad = '"><img src=x onerror=MARK>'
    app.test_client().post("/llamada", data=form(nombre=bad, asunto=bad))
    app.test_client().post("/llamada", data=form(nombre=bad, asunto=bad))
    diego, number = cast.sign_in(app, cast.diego), received()[0].id
    diego.post(f"{LIST}/{number}/intentos", data=noted("ocupado", bad))
    for address in (LIST, f"{LIST}/{number}"):
        assert "<img src=x" not in diego.get(address).text


def test_the_pages_cost_the_same_for_one_and_thirty(app: Flask, cast: Cast) -> None:
    diego = cast.sign_in(app, cast.diego)
    number = filed(cast.ana)
    cast.sign_in(app, cast.ana).post("/llamada", data=form(sobre=str(number)))
    first = received()[0].id
    diego.post(f"{LIST}/{first}/intentos", data=noted())
    pages = (LIST, f"{LIST}?ver=mias", f"{LIST}/{first}", f"/mesa/tickets/{number}")
    one = [len(statements(diego, page)) for page in pages]
    _thirty_more(cast, number)
    diego.post(f"{LIST}/{first}/intentos", data=noted())
    assert [len(statements(diego, page)) for page in pages] == one


def _thirty_more(cast: Cast, number: int) -> None:
    from contact.calls.threads import About

    with transaction() as session:
        people = [
            Person(
                email=f"p{n}@example.com", name=f"Persona {n}", password_hash="x",
                company_id=cast.ana.company_id, rights=frozenset({"open_requests"}),
                roles=frozenset(), created_at=START, confirmed_at=START,
            )
            for n in range(29)
        ]  # fmt: skip
        session.add_all(people)
        session.flush()
        ids = [person.id for person in people]
    from dataclasses import replace

    for person_id in ids:
        actor = replace(cast.ana, person_id=person_id)
        asked = actions.CallAsked("Rosa", "+51969782160", "tarde", "Un asunto")
        about = About("Pido que me llamen", number=number)
        actions.receive(asked, token=new_token(), actor=actor, about=about, now=START)
