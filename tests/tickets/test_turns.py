"""Returning, handing over and correcting: nobody gains a place, and the customer reads why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, outbox
from core.db import db
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, ticket
from tickets import handling, places, refusals, turns
from tickets.handling import Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Message, TicketEvent
from tickets.proof.actions import audit

HOUR = timedelta(hours=1)


def take(actor: object, *, limit: int = 20) -> int | None:
    now = clock.now()
    return handling.take_next(actor=actor, limit=limit, form_id=new_token(), now=now)  # type: ignore[arg-type]


def last_event(number: int) -> TicketEvent:
    db.session.rollback()
    query = select(TicketEvent).where(TicketEvent.ticket_number == number)
    return db.session.scalars(query.order_by(TicketEvent.seq.desc()).limit(1)).one()


def holds() -> bool:
    return audit(now=clock.now()).problem is None


def give_back(number: int, actor: object) -> None:
    turns.give_back(number=number, actor=actor, reason="Es de redes.", now=START)  # type: ignore[arg-type]


def test_a_returned_ticket_goes_back_to_its_place(cast: Cast) -> None:
    first, second = filed(cast.ana), filed(cast.carla)
    taken(cast.diego)
    give_back(first, cast.diego)
    assert [t.number for t in places.queue(offset=0, limit=9)] == [first, second]
    row = ticket(first)
    assert (row.state, row.holder_id, row.taken_at) == ("en_cola", None, None)
    event = last_event(first)
    assert (event.kind, event.data) == ("returned", {"reason": "Es de redes."})


def test_it_is_not_offered_again_to_who_returned_it_while_another_is_active(
    app: Flask, cast: Cast
) -> None:
    first, second = filed(cast.ana), filed(cast.carla)
    cast.sign_in(app, cast.dora)
    assert take(cast.diego) == first
    give_back(first, cast.diego)
    assert take(cast.diego) == second
    assert last_event(second).data == {
        "limit": 20,
        "passed": [first],
        "active": [cast.dora.person_id],
    }
    assert take(cast.diego) is None
    assert take(cast.dora) == first
    assert holds()


def test_what_everybody_there_gave_back_is_offered_to_all_again(app: Flask, cast: Cast) -> None:
    """Or two technicians could put every petición before an incidencia (R2)."""
    cut = filed(cast.ana, affection="corte-de-red")
    filed(cast.carla)
    for person in (cast.diego, cast.dora):
        cast.sign_in(app, person)
        assert take(person) == cut
        give_back(cut, person)
    assert take(cast.diego) == cut
    assert last_event(cut).data == {"limit": 20}
    assert holds()


def test_alone_at_night_it_is_offered_again(app: Flask, cast: Cast) -> None:
    """Nobody else is there: a ticket must not wait for a technician who sleeps."""
    first = filed(cast.ana)
    cast.sign_in(app, cast.gloria)
    assert take(cast.diego) == first
    give_back(first, cast.diego)
    assert take(cast.diego) == first
    assert last_event(first).data == {"limit": 20}
    assert holds()


def test_a_session_of_an_hour_ago_is_nobody_there(app: Flask, cast: Cast) -> None:
    from accounts import sessions

    first = filed(cast.ana)
    sessions.start(cast.dora.person_id, browser="", now=clock.now() - HOUR)
    assert take(cast.diego) == first
    give_back(first, cast.diego)
    assert take(cast.diego) == first


def test_only_the_holder_returns_and_only_what_is_in_attention(cast: Cast) -> None:
    number = filed(cast.ana)
    with pytest.raises(refusals.NotAllowed, match="holder"):
        give_back(number, cast.diego)
    taken(cast.diego)
    for other in (cast.dora, cast.gloria, cast.ana):
        with pytest.raises(refusals.NotAllowed):
            give_back(number, other)
    answered(number, cast.diego, Then.WAIT)
    with pytest.raises(StepNotAllowed):
        give_back(number, cast.diego)
    assert ticket(number).state == "esperando_cliente"


def hand_over(number: int, cast: Cast, *, to: int | None = None, limit: int = 3) -> None:
    turns.hand_over(
        number=number,
        actor=cast.diego,
        to=cast.dora.person_id if to is None else to,
        note="El cliente usa Plesk.",
        form_id=new_token(),
        limit=limit,
        now=START,
    )


def test_handing_over_changes_the_holder_and_tells_them(cast: Cast, mails: MemorySender) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    hand_over(number, cast)
    row = ticket(number)
    assert (row.state, row.holder_id) == ("en_atencion", cast.dora.person_id)
    note = db.session.scalars(select(Message).where(Message.internal)).one()
    assert (note.body, note.from_staff) == ("El cliente usa Plesk.", True)
    outbox.drain(clock.now())
    letter = next(m for m in mails.sent if m["To"] == "dora@example.com")
    assert "El cliente usa Plesk." in text_of(letter)
    assert f"/mesa/tickets/{number}" in text_of(letter)
    assert [m["To"] for m in mails.sent if "Plesk" in text_of(m)] == ["dora@example.com"]
    answered(number, cast.dora, Then.RESOLVE)
    assert holds()


def test_a_ticket_is_handed_to_technicians_who_have_room_alone(cast: Cast) -> None:
    numbers = [filed(cast.ana) for _ in range(2)]
    taken(cast.diego)
    for nobody in (cast.diego, cast.elena, cast.gloria, cast.ana):
        with pytest.raises(refusals.WrongPerson):
            hand_over(numbers[0], cast, to=nobody.person_id)
    with pytest.raises(refusals.WrongPerson):
        hand_over(numbers[0], cast, to=999_999)
    assert take(cast.dora) == numbers[1]
    with pytest.raises(refusals.HoldsEnough):
        hand_over(numbers[0], cast, limit=1)
    assert ticket(numbers[0]).holder_id == cast.diego.person_id


def test_a_correction_moves_the_ticket_by_the_table_and_says_why(
    cast: Cast, mails: MemorySender
) -> None:
    spam = filed(cast.carla, affection="spam")
    wrong = filed(cast.ana, affection="otra-consulta")
    assert [t.number for t in places.queue(offset=0, limit=9)] == [spam, wrong]
    turns.reclassify(
        number=wrong,
        actor=cast.diego,
        correction=turns.Correction("corte-de-red", "El nodo no responde desde ninguna red."),
        now=START + HOUR,
    )
    assert [t.number for t in places.queue(offset=0, limit=9)] == [wrong, spam]
    row = ticket(wrong)
    # Its own arrival and the head starts of the table: nothing else.
    assert (row.typology, row.effective_arrival) == (0, START - 8.5 * HOUR)
    event = last_event(wrong)
    assert (event.data["was"], event.data["affection"]) == ("otra-consulta", "corte-de-red")
    outbox.drain(clock.now())
    letter = text_of([m for m in mails.sent if m["To"] == "ana@example.com"][-1])
    assert "de «Otra consulta o petición» a «Corte de red»" in letter
    assert "El nodo no responde desde ninguna red." in letter
    assert "El suyo es el siguiente de la cola." in letter
    assert holds()


def test_who_may_correct(cast: Cast) -> None:
    number = filed(cast.ana)

    def correct(actor: object, affection: str = "spam") -> None:
        turns.reclassify(
            number=number,
            actor=actor,  # type: ignore[arg-type]
            correction=turns.Correction(affection, "Es SPAM."),
            now=START,
        )

    for nobody in (cast.ana, cast.gloria, cast.elena):
        with pytest.raises(refusals.NotAllowed):
            correct(nobody)
    with pytest.raises(refusals.SameAffection):
        correct(cast.dora, "servicio-con-errores")
    with pytest.raises(ValueError, match="unknown"):
        correct(cast.dora, "inventada")
    taken(cast.diego)
    with pytest.raises(refusals.NotAllowed, match="holder"):
        correct(cast.dora)
    correct(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    with pytest.raises(StepNotAllowed):
        correct(cast.diego, "otra-consulta")
    assert ticket(number).affection == "spam"


def test_the_reason_of_a_return_stays_at_the_desk(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    client = cast.sign_in(app, cast.diego)
    sent = client.post(f"/mesa/tickets/{number}/devolucion", data={"motivo": "Es de redes."})
    assert (sent.status_code, sent.location) == (303, "/mesa")
    desk = client.get(f"/mesa/tickets/{number}").text
    assert "Lo devolvió a su lugar de la cola" in desk
    assert "Es de redes." in desk
    own = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "Volvió a la cola en su lugar" in own
    assert "Es de redes." not in own


def test_the_customer_reads_a_correction_and_its_reason(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    form = {"afeccion": "corte-de-red", "motivo": "No responde ninguna red."}
    sent = cast.sign_in(app, cast.diego).post(f"/mesa/tickets/{number}/afeccion", data=form)
    assert sent.status_code == 303
    own = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "De «Servicio caído o con errores» a «Corte de red»" in own
    assert "No responde ninguna red." in own


@pytest.mark.parametrize(
    ("noun", "form"),
    [
        ("devolucion", {"motivo": "La clave de root es: Zorro99!kk"}),
        ("traspaso", {"nota": "La clave de root es: Zorro99!kk"}),
        ("afeccion", {"afeccion": "spam", "motivo": "La clave de root es: Zorro99!kk"}),
    ],
)
def test_a_password_in_a_reason_goes_nowhere(
    app: Flask, cast: Cast, noun: str, form: dict[str, str]
) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    path = f"/mesa/tickets/{number}/{noun}"
    page = cast.sign_in(app, cast.diego).post(path, data={**form, "a": str(cast.dora.person_id)})
    assert page.status_code == 422
    assert "Parece que escribió una contraseña" in page.text
    assert last_event(number).kind == "taken"


@pytest.mark.parametrize("noun", ["devolucion", "traspaso", "afeccion", "union"])
def test_an_empty_form_says_so_in_its_own_place(app: Flask, cast: Cast, noun: str) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    page = cast.sign_in(app, cast.diego).post(f"/mesa/tickets/{number}/{noun}")
    assert page.status_code == 422
    assert page.text.count('<details class="fold" open>') == 1
    assert ticket(number).state == "en_atencion"


@pytest.mark.parametrize(
    "data",
    [
        {"a": "abc", "nota": "x"},
        {"a": "99999999999999999999", "nota": "x"},
        {"a": "-1", "nota": "x"},
        {"a": "\x00", "nota": "x"},
        {"afeccion": "\x00", "motivo": "x"},
        {"afeccion": "inventada", "motivo": "x"},
        {"ticket": "99999999999", "motivo": "x" * 2000},
    ],
)
def test_hostile_values_are_refused_in_words(app: Flask, cast: Cast, data: dict[str, str]) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    client = cast.sign_in(app, cast.diego)
    for noun in ("devolucion", "traspaso", "afeccion", "union"):
        if noun == "devolucion" and data.get("motivo") == "x":
            continue
        assert client.post(f"/mesa/tickets/{number}/{noun}", data=data).status_code == 422, noun
    assert ticket(number).holder_id == cast.diego.person_id
