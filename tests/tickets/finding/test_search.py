"""Finding tickets at the desk and in a customer's list."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from accounts.models import Company
from accounts.permissions import Actor
from core import clock, outbox
from core.db import db, transaction
from core.tokens import new_token
from tests.accounts.mailbox import answer_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken
from tickets import actions, handling
from tickets.finding import indexing
from tickets.finding.models import IndexedTicket, TicketTerm
from tickets.handling import Then
from tickets.models import Message

DESK, LIST = "/mesa/buscar", "/tickets"


def read_words() -> None:
    """Let the worker read what was written."""
    db.session.rollback()
    # What a job plans for later is done too.
    outbox.drain(clock.now() + timedelta(minutes=1))
    assert (outbox.failed(), outbox.pending()) == (0, 0)


def numbers(client: FlaskClient, path: str, **asked: object) -> list[int]:
    """The tickets that a page lists, in its order."""
    page = client.get(path, query_string=asked or None)
    assert page.status_code == 200
    cells = re.findall(r'data-label="Ticket">(\d+)<', page.text)
    return [int(cell) for cell in cells]


def note(number: int, actor: Actor, text: str) -> None:
    handling.note(number=number, actor=actor, text=text, form_id=new_token(), now=START)


@pytest.fixture
def desk(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.diego)


def test_all_the_words_must_be_there_and_the_last_changed_comes_first(
    desk: FlaskClient, cast: Cast
) -> None:
    first = filed(cast.ana, subject="El servidor de correo está lento")
    second = filed(cast.carla, subject="Correos rechazados por el servidor", now=START)
    third = filed(cast.ana, subject="Certificado vencido", description="Nada más que decir.")
    with transaction() as session:
        from tickets.models import Ticket

        session.get_one(Ticket, first).changed_at = START + timedelta(hours=1)
    read_words()
    assert numbers(desk, DESK, q="correo SERVIDOR") == [first, second]
    assert numbers(desk, DESK, q="certificados") == [third]
    assert numbers(desk, DESK, q="certificado correo") == []
    assert numbers(desk, DESK) == [first, third, second]


def test_the_whole_thread_is_searched(desk: FlaskClient, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT, text="Pruebe con el puerto 10245.")
    read_words()
    assert numbers(desk, DESK, q="puertos 10245") == [number]
    actions.reply_as_customer(
        number=number, actor=cast.ana, text="Uso correo.andina.pe", form_id=new_token(), now=START
    )
    read_words()
    assert numbers(desk, DESK, q="correo.andina.pe") == [number]


def test_what_stands_in_a_note_is_found_by_staff_alone(
    app: Flask, desk: FlaskClient, cast: Cast
) -> None:
    number = filed(cast.ana, subject="Correo lento")
    note(number, cast.dora, "El cliente es moroso: pedir permiso a gerencia por el correo.")
    read_words()
    customer = cast.sign_in(app, cast.ana)
    assert numbers(desk, DESK, q="moroso") == [number]
    assert numbers(customer, LIST, q="moroso") == []
    assert numbers(customer, LIST, q="correo moroso") == []
    assert numbers(customer, LIST, q="correo") == [number]


def test_customers_find_what_they_may_see_and_nothing_else(app: Flask, cast: Cast) -> None:
    anas = filed(cast.ana, subject="Secreto de Ana")
    betos = filed(cast.beto, subject="Secreto de Beto")
    carlas = filed(cast.carla, subject="Secreto de Carla")
    read_words()
    found = {
        name: numbers(cast.sign_in(app, getattr(cast, name)), LIST, q="secreto", estado="todos")
        for name in ("ana", "beto", "carla")
    }
    assert found == {"ana": [betos, anas], "beto": [betos], "carla": [carlas]}


def test_a_number_alone_leads_to_the_ticket_of_whoever_may_see_it(
    app: Flask, desk: FlaskClient, cast: Cast
) -> None:
    number = filed(cast.ana)
    assert desk.get(f"{DESK}?q=%23{number}").location == f"/mesa/tickets/{number}"
    assert cast.sign_in(app, cast.ana).get(f"{LIST}?q={number}").location == f"/tickets/{number}"
    stranger = cast.sign_in(app, cast.carla)
    stranger.get(LIST)  # The first page brings the cookie of forms.
    missing = answer_of(stranger.get(f"{LIST}?q=999999"), "999999")
    assert answer_of(stranger.get(f"{LIST}?q={number}"), str(number)) == missing
    assert desk.get(f"{DESK}?q=999999").status_code == 200


def test_each_filter_of_the_desk(desk: FlaskClient, cast: Cast) -> None:
    cut = filed(cast.ana, affection="corte-de-red", now=START)
    taken(cast.diego)
    answered(cut, cast.diego, Then.RESOLVE)
    actions.close(number=cut, actor=cast.ana, now=START)
    spam = filed(cast.carla, affection="spam", now=START + timedelta(days=1))
    mine = filed(cast.ana, now=START + timedelta(days=2))
    expected: list[tuple[dict[str, object], list[int]]] = [
        ({"empresa": "andina"}, [mine, cut]),
        ({"empresa": "COSTA"}, [spam]),
        ({"empresa": "100%"}, []),
        ({"persona": "carla@"}, [spam]),
        ({"persona": "ana quis"}, [mine, cut]),
        ({"estado": ["cerrado", "resuelto"]}, [cut]),
        ({"tipologia": "incidencia"}, [cut]),
        ({"tipologia": "peticion"}, [mine, spam]),
        ({"afeccion": "spam"}, [spam]),
        # A closed ticket has no holder; who answered it is still known.
        ({"tecnico": cast.diego.person_id}, [cut]),
        ({"tecnico": cast.dora.person_id}, []),
        ({"desde": "2026-03-03"}, [mine, spam]),
        ({"hasta": "2026-03-03"}, [spam, cut]),
        ({"desde": "2026-03-03", "hasta": "2026-03-03"}, [spam]),
        ({"empresa": "andina", "estado": "en_cola"}, [mine]),
    ]
    assert [(asked, numbers(desk, DESK, **asked)) for asked, _ in expected] == expected


def test_days_are_those_of_lima(desk: FlaskClient, cast: Cast) -> None:
    number = filed(cast.ana, now=START.replace(day=3, hour=4, minute=59))
    assert numbers(desk, DESK, hasta="2026-03-02") == [number]
    assert numbers(desk, DESK, desde="2026-03-03") == []


def test_a_company_is_found_whatever_the_accents(desk: FlaskClient, cast: Cast) -> None:
    with transaction() as session:
        session.execute(
            update(Company).where(Company.id == cast.carla.company_id).values(name="MINERÍA Ñandú")
        )
    number = filed(cast.carla)
    assert numbers(desk, DESK, empresa="mineria ñandu") == [number]
    assert "MINERÍA Ñandú" in desk.get(f"{DESK}?q=Minería").text


@pytest.mark.parametrize(
    "asked",
    [
        "q=de+la",
        "q=" + "x" * 201,
        "desde=ayer",
        "desde=0001-01-01",
        "hasta=9999-12-31",
        "desde=2026-02-30",
        "desde=2026-03-01&hasta=2026-02-01",
        "estado=abc",
        "estado=en_cola&estado=%01",
        "tecnico=abc",
        "tecnico=999999",
        "tipologia=x",
        "afeccion=x",
    ],
)
def test_a_filter_that_is_wrong_is_said_and_left_out(
    desk: FlaskClient, cast: Cast, asked: str
) -> None:
    number = filed(cast.ana)
    page = desk.get(f"{DESK}?{asked}")
    assert page.status_code == 200
    assert "Un filtro no se entendió" in page.text
    assert f'data-label="Ticket">{number}<' in page.text


@pytest.mark.parametrize(
    "asked", ["desde=ayer", "hasta=9999-12-31", "estado=abc", "de=todos", "afeccion=x", "q=de"]
)
def test_the_same_in_a_customers_list(app: Flask, cast: Cast, asked: str) -> None:
    number = filed(cast.ana)
    page = cast.sign_in(app, cast.ana).get(f"{LIST}?{asked}")
    assert page.status_code == 200
    assert "Un filtro no se entendió" in page.text
    assert f'data-label="Ticket">{number}<' in page.text


@pytest.mark.parametrize("words", ["%", "_", "a%' OR 1=1 --", "*", "[a TO z]", "((((", "\\", "☃"])
def test_no_character_of_a_query_has_a_meaning(desk: FlaskClient, cast: Cast, words: str) -> None:
    filed(cast.ana)
    for name in ("q", "empresa", "persona"):
        assert desk.get(DESK, query_string={name: words}).status_code == 200
    assert numbers(desk, DESK, empresa=words) == []


def test_filters_of_a_customers_list(app: Flask, cast: Cast) -> None:
    anas = filed(cast.ana, affection="spam")
    betos = filed(cast.beto, now=START + timedelta(days=1))
    done = filed(cast.ana, now=START + timedelta(days=2))
    actions.close(number=done, actor=cast.ana, now=START + timedelta(days=3))
    client = cast.sign_in(app, cast.ana)
    expected: list[tuple[dict[str, object], list[int]]] = [
        ({}, [betos, anas]),
        ({"estado": "todos"}, [done, betos, anas]),
        ({"estado": "cerrado"}, [done]),
        ({"de": "mios"}, [anas]),
        ({"de": "mios", "estado": "todos"}, [done, anas]),
        ({"de": "participo"}, []),
        ({"afeccion": "spam"}, [anas]),
        ({"desde": "2026-03-03"}, [betos]),
    ]
    assert [(asked, numbers(client, LIST, **asked)) for asked, _ in expected] == expected


def test_empty_lists_say_why(app: Flask, desk: FlaskClient, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    assert "No tiene tickets abiertos" in client.get(LIST).text
    assert "Todavía no hay tickets" in client.get(f"{LIST}?estado=todos").text
    assert "Ningún ticket coincide" in client.get(f"{LIST}?q=nada").text
    assert "Todavía no hay tickets" in desk.get(DESK).text
    assert "Ningún ticket coincide" in desk.get(f"{DESK}?q=nada").text


def test_further_pages_keep_what_was_asked(desk: FlaskClient, cast: Cast) -> None:
    for _ in range(51):
        filed(cast.ana)
    read_words()
    asked = "q=gmail&estado=en_cola&estado=resuelto"
    page = unescape(desk.get(f"{DESK}?{asked}").text)
    assert f'href="/mesa/buscar?{asked}&pagina=2"' in page
    assert numbers(desk, f"{DESK}?{asked}&pagina=2") == [1001]
    assert desk.get(f"{DESK}?{asked}&pagina=3").status_code == 404


@pytest.mark.parametrize("path", [f"{DESK}?q=gmail&empresa=andina", f"{LIST}?q=gmail"])
def test_lists_ask_the_database_the_same_however_long(app: Flask, cast: Cast, path: str) -> None:
    client = cast.sign_in(app, cast.diego if path.startswith(DESK) else cast.ana)
    filed(cast.ana)
    read_words()
    client.get(path)

    def asked() -> int:
        statements: list[str] = []

        def note_it(_c: object, _cu: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note_it)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note_it)
        return len(statements)

    one = asked()
    for _ in range(29):
        filed(cast.ana)
    read_words()
    assert asked() == one


def terms(number: int) -> set[tuple[str, bool]]:
    db.session.rollback()
    rows = db.session.execute(
        select(TicketTerm.term, TicketTerm.internal).where(TicketTerm.ticket_number == number)
    )
    return {(term, bool(internal)) for term, internal in rows}


def test_reading_again_changes_nothing_and_forgets_what_is_gone(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, description="La clave es zanahoria.")
    read_words()
    before = terms(number)
    indexing.index([number, number])
    assert terms(number) == before
    with transaction() as session:
        session.execute(update(Message).values(body="Se borró."))
        indexing.plan(number, now=START)
    read_words()
    assert ("zanahori", False) in before
    assert ("zanahori", False) not in terms(number)


def test_a_word_of_a_note_and_of_a_message_is_both(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Correo")
    note(number, cast.diego, "correo")
    read_words()
    assert {("corre", False), ("corre", True)} <= terms(number)


def test_the_worker_catches_up_with_tickets_that_were_never_read(app: Flask, cast: Cast) -> None:
    read, behind, older = (filed(cast.ana) for _ in range(3))
    read_words()
    with transaction() as session:
        session.execute(TicketTerm.__table__.delete().where(TicketTerm.ticket_number != read))
        session.execute(
            update(IndexedTicket)
            .where(IndexedTicket.ticket_number == behind)
            .values(message_id=IndexedTicket.message_id - 1)
        )
        session.execute(
            update(IndexedTicket).where(IndexedTicket.ticket_number == older).values(analysis=0)
        )
    assert indexing.behind(10) == [older, behind]
    # In steps of one: each plans the next.
    assert indexing.plan_what_is_behind(now=clock.now(), limit=1) == 1
    read_words()
    assert terms(behind) == terms(older) == terms(read)
    assert indexing.behind(10) == []
