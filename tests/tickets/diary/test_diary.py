"""The diary of accesses: what is written, what is refused, who reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from core import clock
from core.db import db
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken
from tickets import actions as customers
from tickets.consents.policy import Declared, Kind
from tickets.diary import actions
from tickets.diary.actions import AlreadyCorrected, Refused, Told
from tickets.diary.models import AccessEntry
from tickets.diary.policy import Wrong, judge_access, judge_times
from tickets.handling import Then
from tickets.models import TicketEvent
from tickets.refusals import NotAllowed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOLD = Told("srv1.andina.pe", "Revisar la cola de correo")


def rows() -> list[AccessEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(AccessEntry).order_by(AccessEntry.id)))


def kinds(number: int) -> list[str]:
    found = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(found.order_by(TicketEvent.seq)))


def enter(cast: Cast, number: int, told: Told = TOLD, **more: object) -> int:
    values = {"actor": cast.diego, "form_id": new_token(), "now": START + HOUR, **more}
    return actions.enter(number=number, told=told, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entered", "left", "expected"),
    [
        (-HOUR, None, None),
        (-HOUR, -HOUR, None),
        (-2 * HOUR, -HOUR, None),
        (timedelta(0), timedelta(0), None),
        (-30 * DAY, None, None),
        (MINUTE, None, Wrong.ENTERS_LATER),
        (-HOUR, MINUTE, Wrong.LEAVES_LATER),
        (-HOUR, -2 * HOUR, Wrong.BACKWARDS),
        (-30 * DAY - MINUTE, None, Wrong.TOO_OLD),
    ],
)
def test_judge_times(entered: timedelta, left: timedelta | None, expected: Wrong | None) -> None:
    gone = None if left is None else START + left
    assert judge_times(entered=START + entered, left=gone, now=START) == expected


def test_what_happened_while_it_was_authorised_can_be_written_down_later() -> None:
    told = [Declared(Kind.GIVEN, START), Declared(Kind.WITHDRAWN, START + 2 * HOUR)]

    def judged(entered: datetime, left: datetime | None) -> Wrong | None:
        return judge_access(told, entered=entered, left=left, now=START + 3 * HOUR)

    assert judged(START + HOUR, START + HOUR + MINUTE) is None
    assert judged(START + HOUR, None) == Wrong.NOT_AUTHORISED
    assert judged(START + 2 * HOUR, START + 3 * HOUR) == Wrong.NOT_AUTHORISED
    assert judged(START - HOUR, START + HOUR) == Wrong.NOT_AUTHORISED


def test_entering_and_leaving_are_lines_and_events(cast: Cast) -> None:
    number = filed(cast.ana)
    entry_id = enter(cast, number)
    actions.leave(number=number, entry_id=entry_id, actor=cast.diego, now=START + 2 * HOUR)
    actions.leave(number=number, entry_id=entry_id, actor=cast.diego, now=START + 3 * HOUR)
    (row,) = rows()
    assert (row.person_id, row.server, row.reason) == (cast.diego.person_id, *_told(TOLD))
    assert (row.entered_at, row.left_at) == (START + HOUR, START + 2 * HOUR)
    assert kinds(number) == ["filed", "authorised", "access_entered", "access_left"]


def _told(told: Told) -> tuple[str, str]:
    return told.server, told.reason


def test_the_same_form_writes_one_line(cast: Cast) -> None:
    number, press = filed(cast.ana), new_token()
    assert enter(cast, number, form_id=press) == enter(cast, number, form_id=press)
    assert len(rows()) == 1
    assert kinds(number).count("access_entered") == 1


def test_nobody_enters_without_authorisation(cast: Cast) -> None:
    number = filed(cast.beto)
    with pytest.raises(Refused) as refused:
        enter(cast, number)
    assert refused.value.wrong == Wrong.NOT_AUTHORISED
    assert rows() == []
    customers.authorise(number=number, actor=cast.ana, now=START + HOUR)
    enter(cast, number)
    customers.withdraw_authorisation(number=number, actor=cast.ana, now=START + 2 * HOUR)
    with pytest.raises(Refused):
        enter(cast, number, now=START + 3 * HOUR)
    assert len(rows()) == 1


def test_leaving_is_possible_after_the_authorisation_was_withdrawn(cast: Cast) -> None:
    number = filed(cast.ana)
    entry_id = enter(cast, number)
    customers.withdraw_authorisation(number=number, actor=cast.ana, now=START + 2 * HOUR)
    actions.leave(number=number, entry_id=entry_id, actor=cast.diego, now=START + 40 * DAY)
    assert rows()[0].left_at == START + 40 * DAY


@pytest.mark.parametrize("left", [START, START + 5 * HOUR])
def test_leaving_before_entering_or_later_than_now_is_refused(cast: Cast, left: datetime) -> None:
    number = filed(cast.ana)
    entry_id = enter(cast, number)
    with pytest.raises(Refused):
        actions.leave(
            number=number, entry_id=entry_id, actor=cast.diego, left=left, now=START + 2 * HOUR
        )
    assert rows()[0].left_at is None


def test_only_technicians_write_and_a_line_belongs_to_its_ticket(cast: Cast) -> None:
    number, other = filed(cast.ana), filed(cast.carla)
    for stranger in (cast.ana, cast.elena, cast.fabio, cast.gloria):
        with pytest.raises(NotAllowed):
            enter(cast, number, actor=stranger)
    entry_id = enter(cast, number)
    with pytest.raises(AlreadyCorrected):
        actions.leave(number=other, entry_id=entry_id, actor=cast.diego, now=START + 2 * HOUR)
    with pytest.raises(AlreadyCorrected):
        enter(cast, other, corrects=entry_id)


def test_a_correction_is_another_line_and_the_wrong_one_stays(cast: Cast) -> None:
    number = filed(cast.ana)
    wrong = enter(cast, number)
    right = Told("srv2.andina.pe", "Revisar la cola de correo", START + MINUTE, START + HOUR)
    enter(cast, number, right, corrects=wrong, actor=cast.dora)
    before, after = rows()
    assert (before.server, before.left_at) == ("srv1.andina.pe", None)
    assert (after.corrects_id, after.person_id) == (wrong, cast.diego.person_id)
    assert (after.written_by, after.left_by) == (cast.dora.person_id, cast.dora.person_id)
    assert kinds(number)[2:] == ["access_entered", "access_corrected"]
    with pytest.raises(AlreadyCorrected):
        enter(cast, number, right, corrects=wrong)
    with pytest.raises(AlreadyCorrected):
        actions.leave(number=number, entry_id=wrong, actor=cast.diego, now=START + 2 * HOUR)


def page_form(**more: str) -> dict[str, str]:
    return {"servidor": "srv1.andina.pe", "motivo": "Ver registros", **more}


def test_pages_write_show_and_remind(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, now=clock.now() - HOUR)
    taken(cast.diego)
    diego, ana = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.ana)
    address = f"/mesa/tickets/{number}/entradas"
    sent = diego.post(address, data=page_form(formulario=new_token()))
    (entry,) = rows()
    assert (sent.status_code, sent.location) == (303, f"/mesa/tickets/{number}#entrada-{entry.id}")
    assert "Usted figura dentro desde" in diego.get(f"/mesa/tickets/{number}").text
    assert "Usted figura dentro desde" in diego.get("/mesa").text
    assert "Usted figura dentro desde" not in cast.sign_in(app, cast.dora).get("/mesa").text
    seen = ana.get(f"/tickets/{number}").text
    assert "Entradas a su servidor" in seen
    assert "srv1.andina.pe" in seen
    assert "sigue dentro" in seen
    reply = {"texto": "Quedó.", "accion": "resolver", "formulario": new_token()}
    assert diego.post(f"/mesa/tickets/{number}/respuestas", data=reply).status_code == 303
    assert "usted figura aún dentro del servidor" in diego.get(f"/mesa/tickets/{number}").text
    assert diego.post(f"{address}/{entry.id}/salida").status_code == 303
    assert "Usted figura dentro desde" not in diego.get("/mesa").text
    assert "sigue dentro" not in ana.get(f"/tickets/{number}").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"servidor": " "}, "Escriba a qué servidor o servicio entró."),
        ({"motivo": ""}, "Escriba para qué entró"),
        ({"motivo": "x" * 501}, "Use hasta 500 caracteres."),
        ({"desde": "ayer"}, "Escriba una fecha y una hora."),
        ({"desde": "9999-12-31T23:59"}, "Esa hora todavía no llega."),
        ({"desde": "0001-01-01T00:00"}, "Sólo se anotan entradas de los últimos 30 días."),
        ({"hasta": "9999-12-31T23:59"}, "Esa hora todavía no llega."),
        ({"hasta": "0001-01-01T00:00"}, "La salida es anterior a la entrada."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, typed: dict[str, str], words: str
) -> None:
    number = filed(cast.ana)
    diego = cast.sign_in(app, cast.diego)
    page = diego.post(f"/mesa/tickets/{number}/entradas", data=page_form(**typed))
    assert page.status_code == 422
    assert words in page.text
    for value in {**page_form(), **typed}.values():
        assert value.strip() in page.text
    assert rows() == []


def test_page_refuses_in_words_where_access_is_not_authorised(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto)
    diego = cast.sign_in(app, cast.diego)
    page = diego.post(f"/mesa/tickets/{number}/entradas", data=page_form())
    assert page.status_code == 422
    assert "El acceso no está autorizado para ese momento" in page.text
    assert "Ver registros" in page.text
    assert rows() == []


def test_correction_form_is_filled_in_and_refused_when_late(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, now=clock.now() - HOUR)
    diego = cast.sign_in(app, cast.diego)
    address = f"/mesa/tickets/{number}/entradas"
    diego.post(address, data=page_form())
    (entry,) = rows()
    page = diego.get(f"{address}?corrige={entry.id}").text
    assert f'value="{entry.id}"' in page
    assert "Ver registros" in page
    fixed = page_form(corrige=str(entry.id), motivo="Ver la cola")
    assert diego.post(address, data=fixed).status_code == 303
    assert diego.post(address, data=fixed).status_code == 409
    assert diego.get(f"{address}?corrige=999999").status_code == 404
    assert "corregida en la 2" in diego.get(f"/mesa/tickets/{number}").text


def test_pages_ask_as_often_for_thirty_lines_as_for_one(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana, diego = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.diego)
    paths = ((ana, f"/tickets/{number}"), (diego, f"/mesa/tickets/{number}"))
    seen: list[str] = []

    def count(*args: object) -> None:
        seen.append(str(args[2]))

    counts = []
    for more in (1, 29):
        for _ in range(more):
            enter(cast, number, actor=cast.dora)
        db.session.rollback()
        for client, path in paths:  # a first visit notes that the session was seen
            client.get(path)
        event.listen(db.engine, "before_cursor_execute", count)
        for client, path in paths:
            client.get(path)
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(seen))
        seen.clear()
    assert counts[0] == counts[1]


def test_resolving_without_an_entry_reminds_of_nothing(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.STAY)
    diego = cast.sign_in(app, cast.diego)
    reply = {"texto": "Quedó.", "accion": "resolver", "formulario": new_token()}
    diego.post(f"/mesa/tickets/{number}/respuestas", data=reply)
    assert "figura" not in diego.get(f"/mesa/tickets/{number}").text


def test_two_people_inside_have_a_form_each(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, now=clock.now() - HOUR)
    first, second = (
        enter(cast, number, actor=actor, now=clock.now()) for actor in (cast.diego, cast.dora)
    )
    diego = cast.sign_in(app, cast.diego)
    address = f"/mesa/tickets/{number}/entradas"
    page = diego.post(f"{address}/{second}/salida", data={"hasta": "2001-01-01T10:00"})
    assert page.status_code == 422
    assert "La salida es anterior a la entrada." in page.text
    assert f'href="#salida-{second}"' in page.text
    assert page.text.count('value="2001-01-01T10:00"') == 1
    for entry_id in (first, second):
        assert f'for="salida-{entry_id}"' in page.text
        assert page.text.count(f'id="salida-{entry_id}"') == 1
    assert diego.post(f"{address}/{second}/salida").status_code == 303
    assert rows()[1].left_by == cast.diego.person_id
    assert "La salida la anotó Diego Vargas." in diego.get(address).text
