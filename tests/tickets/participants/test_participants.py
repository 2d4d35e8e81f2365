"""A colleague who was added to one ticket, and what they get to see."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.models import Person
from accounts.permissions import Actor, Right
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, withdraw_rights
from tests.world import PNG
from tickets import queries
from tickets.handling import Then
from tickets.models import Attachment, Ticket, TicketEvent
from tickets.participants import actions
from tickets.participants.models import Participant
from tickets.refusals import NotAllowed


def add(number: int, person: Actor, by: Actor) -> None:
    actions.add(number=number, person_id=person.person_id, actor=by, now=START)


def kinds(number: int) -> list[str]:
    db.session.rollback()
    query = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(query.order_by(TicketEvent.seq)))


def post(mails: MemorySender) -> list[tuple[str, str]]:
    """Let the worker send; (to, subject) of what left."""
    before = len(mails.sent)
    db.session.rollback()
    outbox.drain(clock.now())
    outbox.drain(clock.now())
    assert (outbox.failed(), outbox.pending()) == (0, 0)
    return [(str(mail["To"]), str(mail["Subject"])) for mail in mails.sent[before:]]


def person(cast: Cast, actor: Actor, **values: object) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.id == actor.person_id).values(**values))


def test_a_participant_sees_the_ticket_and_writes_in_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Secreto de Andina")
    beto = cast.sign_in(app, cast.beto)
    assert beto.get(f"/tickets/{number}").status_code == 404
    added = cast.sign_in(app, cast.ana).post(
        f"/tickets/{number}/participantes", data={"persona": cast.beto.person_id}
    )
    assert (added.status_code, added.location) == (303, f"/tickets/{number}")
    assert "Secreto de Andina" in beto.get(f"/tickets/{number}").text
    assert "Secreto de Andina" in beto.get("/tickets").text
    assert "Secreto de Andina" in beto.get("/tickets?de=participo").text
    sent = beto.post(
        f"/tickets/{number}/respuestas", data={"texto": "Yo también", "formulario": new_token()}
    )
    assert sent.status_code == 303
    assert kinds(number)[-2:] == ["participant_added", "customer_replied"]


def test_a_participant_without_any_right_writes_too(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    withdraw_rights(cast.beto)
    add(number, cast.beto, cast.ana)
    sent = cast.sign_in(app, cast.beto).post(
        f"/tickets/{number}/respuestas", data={"texto": "Hola", "formulario": new_token()}
    )
    assert sent.status_code == 303


def test_files_open_for_participants_and_close_with_their_part(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    files = {"texto": "Vea", "adjuntos": (io.BytesIO(PNG), "a.png"), "formulario": new_token()}
    cast.sign_in(app, cast.ana).post(f"/tickets/{number}/respuestas", data=files)
    db.session.rollback()
    file = db.session.scalars(select(Attachment.id)).one()
    beto, address = cast.sign_in(app, cast.beto), f"/tickets/{number}/adjuntos/{file}"
    assert beto.get(address).status_code == 404
    add(number, cast.beto, cast.ana)
    assert beto.get(address).status_code == 200
    actions.take_out(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    assert beto.get(address).status_code == 404


def test_a_part_in_one_ticket_is_none_in_another(app: Flask, cast: Cast) -> None:
    shared, other = filed(cast.ana), filed(cast.ana)
    add(shared, cast.beto, cast.ana)
    beto = cast.sign_in(app, cast.beto)
    assert beto.get(f"/tickets/{other}").status_code == 404
    assert [t.number for t in db.session.scalars(queries.visible_to(cast.beto))] == [shared]


@pytest.mark.parametrize("who", ["ana", "beto", "diego"])
def test_author_desk_and_oneself_end_it_at_once(app: Flask, cast: Cast, who: str) -> None:
    number = filed(cast.ana)
    add(number, cast.beto, cast.ana)
    side = "/mesa/tickets" if who == "diego" else "/tickets"
    client = cast.sign_in(app, getattr(cast, who))
    gone = client.post(f"{side}/{number}/participantes/{cast.beto.person_id}/retiro")
    assert gone.status_code == 303
    assert cast.sign_in(app, cast.beto).get(f"/tickets/{number}").status_code == 404
    assert kinds(number)[-1] == "participant_removed"
    told = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert ("Un participante dejó el ticket" in told) == (who == "beto")
    assert ("Se quitó a un participante" in told) == (who != "beto")


def test_a_colleague_who_manages_nobody_takes_nobody_out(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    add(number, cast.beto, cast.ana)
    # Ana's ticket, seen by a third member who may open tickets but manages nobody.
    person(cast, cast.carla, company_id=cast.ana.company_id, rights=frozenset(
        {Right.SEE_COMPANY_TICKETS.value, Right.OPEN_REQUESTS.value}
    ))  # fmt: skip
    client = cast.sign_in(app, cast.carla)
    address = f"/tickets/{number}/participantes"
    assert client.get(f"/tickets/{number}").status_code == 200
    assert client.post(f"{address}/{cast.beto.person_id}/retiro").status_code == 404
    with pytest.raises(NotAllowed):
        actions.take_out(
            number=number, person_id=cast.beto.person_id,
            actor=Actor(cast.carla.person_id, "Carla", "", cast.ana.company_id), now=START,
        )  # fmt: skip
    assert kinds(number)[-1] == "participant_added"


def test_who_may_only_read_adds_nobody_whatever_they_send(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    rights = frozenset({Right.SEE_COMPANY_TICKETS.value})
    person(cast, cast.carla, company_id=cast.ana.company_id, rights=rights)
    client = cast.sign_in(app, cast.carla)
    assert client.get(f"/tickets/{number}").status_code == 200
    for whom in ("", "x", str(cast.beto.person_id)):
        sent = client.post(f"/tickets/{number}/participantes", data={"persona": whom})
        assert sent.status_code == 404


def test_a_closed_ticket_offers_to_add_nobody(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    assert "Añadir a un colega" in ana.get(f"/tickets/{number}").text
    assert "Retirar la autorización" in ana.get(f"/tickets/{number}").text
    db.session.get_one(Ticket, number).state = "cerrado"
    db.session.commit()
    closed = ana.get(f"/tickets/{number}").text
    assert "Añadir a un colega" not in closed
    assert "Retirar la autorización" not in closed


@pytest.mark.parametrize("whom", ["carla", "diego", "ana", "nobody", "zero", "words"])
@pytest.mark.parametrize("side", ["/tickets", "/mesa/tickets"])
def test_only_colleagues_of_the_author_can_be_added(
    app: Flask, cast: Cast, whom: str, side: str
) -> None:
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.diego if side.startswith("/mesa") else cast.ana)
    known = {"nobody": "999999", "zero": "0", "words": "x' OR 1=1"}
    wanted = known.get(whom) or str(getattr(cast, whom).person_id)
    answer = client.post(f"{side}/{number}/participantes", data={"persona": wanted})
    assert answer.status_code == 422
    assert "Elija" in answer.text
    assert "Carla" not in answer.text
    assert "carla@" not in answer.text
    assert db.session.scalars(select(Participant)).all() == []


@pytest.mark.parametrize("state", [{"disabled_at": START}, {"confirmed_at": None}])
def test_a_closed_or_unproven_account_cannot_be_added(
    app: Flask, cast: Cast, state: dict[str, object]
) -> None:
    number = filed(cast.ana)
    person(cast, cast.beto, **state)
    with pytest.raises(actions.NotACandidate):
        add(number, cast.beto, cast.ana)


def test_adding_twice_makes_one_and_coming_back_is_possible(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    for _ in range(2):
        add(number, cast.beto, cast.ana)
    assert kinds(number).count("participant_added") == 1
    actions.take_out(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    add(number, cast.beto, cast.ana)
    assert kinds(number).count("participant_added") == 2
    assert cast.sign_in(app, cast.beto).get(f"/tickets/{number}").status_code == 200


def test_strangers_change_no_participants(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    for actor in (cast.carla, cast.beto, cast.elena):
        with pytest.raises(NotAllowed):
            add(number, cast.beto, actor)
    assert kinds(number) == ["filed", "authorised"]


def test_replies_go_to_participants_in_their_own_language(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    person(cast, cast.beto, locale="en")
    add(number, cast.beto, cast.ana)
    assert post(mails) == [
        ("ana@example.com", f"[Ticket {number}] No llegan correos de Gmail"),
        ("beto@example.com", mails.sent[-1]["Subject"]),
    ]
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT, text="Revise los registros MX.")
    assert [to for to, _subject in post(mails)] == ["ana@example.com", "beto@example.com"]
    ana, beto = mails.sent[-2:]
    assert "Hola, Ana Quispe:" in text_of(ana)
    assert "Beto Ramos" in text_of(beto)
    assert "Hola" not in text_of(beto)
    assert all("Revise los registros MX." in text_of(mail) for mail in (ana, beto))
    assert ana["Message-ID"] != beto["Message-ID"]


@pytest.mark.parametrize("why", ["taken out", "closed account", "another company", "unconfirmed"])
def test_rights_are_asked_when_the_mail_leaves(
    app: Flask, cast: Cast, mails: MemorySender, why: str
) -> None:
    number = filed(cast.ana)
    add(number, cast.beto, cast.ana)
    post(mails)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    db.session.rollback()
    # The author's mail left; the copy is planned, and then things change.
    outbox.run_due(clock.now(), kinds=["tickets.replied"])
    assert outbox.pending(["tickets.replied_copy"]) == 1
    if why == "taken out":
        actions.take_out(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    else:
        values: dict[str, dict[str, object]] = {
            "closed account": {"disabled_at": START},
            "another company": {"company_id": cast.carla.company_id},
            "unconfirmed": {"confirmed_at": None},
        }
        person(cast, cast.beto, **values[why])
    assert post(mails) == []


def test_notes_reach_no_participant(app: Flask, cast: Cast, mails: MemorySender) -> None:
    from tickets import handling

    number = filed(cast.ana)
    add(number, cast.beto, cast.ana)
    post(mails)
    handling.note(number=number, actor=cast.diego, text="Moroso", form_id=new_token(), now=START)
    assert post(mails) == []
    assert "Moroso" not in cast.sign_in(app, cast.beto).get(f"/tickets/{number}").text


@pytest.mark.parametrize("path", ["/tickets/{}", "/mesa/tickets/{}"])
def test_both_pages_show_who_takes_part(app: Flask, cast: Cast, path: str) -> None:
    number = filed(cast.ana)
    add(number, cast.beto, cast.ana)
    reader = cast.diego if path.startswith("/mesa") else cast.ana
    page = cast.sign_in(app, reader).get(path.format(number)).text
    section = page.split('id="participantes"', 1)[1].split("</section>", 1)[0]
    assert "Beto Ramos" in section
    assert "Quitar a Beto Ramos" in section
    # Nobody is left who could be added.
    assert "<select" not in section
