"""Before filing: what is open already (R8), and two problems in one text (R6)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from accounts.models import Person
from accounts.permissions import Actor
from core.db import db, transaction
from tests.cast import START, Cast
from tests.tickets.builders import answered, draft, filed, form, taken, ticket
from tests.world import PNG
from tickets import actions, drafts, duplicates, refusals
from tickets.handling import Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Attachment, Draft, Message, Ticket, TicketEvent

BUTTON = "Añadir mi información a ese ticket"
NUDGE = "Parece que su texto cuenta dos problemas"
TWO = "Los correos de Gmail no llegan. Además quiero renovar el dominio andina.pe."


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def with_rights(actor: Actor, *rights: str) -> None:
    with transaction() as session:
        session.get_one(Person, actor.person_id).rights = frozenset(rights)


def suggested(client: FlaskClient, **more: object) -> str:
    page = client.post("/tickets/nuevo", data=form(accion="sugerir", **more))
    assert page.status_code == 200
    return page.text


def last_draft() -> Draft:
    db.session.rollback()
    return db.session.scalars(select(Draft).order_by(Draft.created_at.desc()).limit(1)).one()


def test_open_ticket_of_a_colleague_is_shown_before_filing(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto)
    client = cast.sign_in(app, cast.ana)
    page = suggested(client)
    for words in (f"{number} · No llegan correos de Gmail", "Beto Ramos", "es el siguiente"):
        assert words in page
    assert BUTTON in page
    again = client.get(f"/tickets/nuevo?borrador={last_draft().id}")
    assert BUTTON in again.text
    assert count(Ticket) == 1


def test_the_same_subject_is_shown_whatever_the_text_adds(app: Flask, cast: Cast) -> None:
    subject = "La tienda virtual muestra error 502"
    number = filed(cast.ana, subject=subject, description="No abre desde el lunes.")
    more = "La tienda falla. Por otro lado quisiera instalar un certificado en mi dominio nuevo."
    page = suggested(cast.sign_in(app, cast.ana), asunto=subject, descripcion=more)
    assert f"{number} · {subject}" in page


def test_nothing_is_shown_of_what_is_over_or_unlike_or_of_another_company(
    app: Flask, cast: Cast
) -> None:
    filed(cast.carla, subject="Secreto de Costa: no llegan correos de Gmail")
    actions.close(number=filed(cast.ana), actor=cast.ana, now=START)
    filed(cast.ana, subject="La web no abre", description="Sale un error 503 en andina.pe.")
    page = suggested(cast.sign_in(app, cast.ana))
    assert BUTTON not in page
    for leak in ("Secreto", "Puede que ya esté informado", "ya informó", "Carla"):
        assert leak not in page


def test_who_may_not_see_it_is_told_only_whom_to_ask(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Secreto: no llegan correos de Gmail")
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    page = suggested(cast.sign_in(app, cast.beto))
    assert "Su empresa ya informó de algo parecido" in page
    assert "Pregunte a Ana Quispe." in page
    for leak in ("Secreto", f"/tickets/{number}", f"{number} ·", "Esperando", "Diego", BUTTON):
        assert leak not in page


def test_whom_to_ask_never_tells_whose_ticket_it_is(app: Flask, cast: Cast) -> None:
    """The author has no right over the company's tickets, so their name would be a leak."""
    with_rights(cast.ana, "open_requests")
    filed(cast.ana)
    page = suggested(cast.sign_in(app, cast.beto))
    assert "Pregunte a quien administra su empresa." in page
    assert "Ana" not in page


def test_visitors_and_strangers_are_told_nothing(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    filed(cast.ana)
    for reader in (client, cast.sign_in(app, cast.carla)):
        assert "informado" not in suggested(reader)
        assert "informó" not in suggested(reader)


def test_who_sees_and_may_not_write_gets_the_link_alone(app: Flask, cast: Cast) -> None:
    with_rights(cast.beto, "see_company_tickets")
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.beto)
    page = suggested(client)
    assert f"/tickets/{number}" in page
    assert BUTTON not in page
    sent = client.post(f"/tickets/borradores/{last_draft().id}/union", data={"ticket": str(number)})
    assert sent.status_code == 404
    assert count(Message) == 1


def test_joining_puts_text_and_files_into_the_thread_and_ends_the_draft(
    app: Flask, cast: Cast
) -> None:
    number = filed(cast.beto)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    client = cast.sign_in(app, cast.ana)
    suggested(client, adjuntos=(io.BytesIO(PNG), "captura.png"))
    mine = last_draft().id
    for _ in range(2):
        sent = client.post(f"/tickets/borradores/{mine}/union", data={"ticket": str(number)})
        assert (sent.status_code, sent.location) == (303, f"/tickets/{number}")
    db.session.rollback()
    message = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert (message.author_id, message.from_staff) == (cast.ana.person_id, False)
    assert message.body == "No llegan correos de Gmail\n\nDesde ayer los correos no aparecen."
    files = db.session.scalars(select(Attachment.name).where(Attachment.message_id == message.id))
    assert files.all() == ["captura.png"]
    assert count(Message) == 3
    row = ticket(number)
    assert (row.state, row.holder_id) == ("en_cola", None)
    kinds = select(TicketEvent.kind).order_by(TicketEvent.seq.desc()).limit(1)
    assert db.session.scalar(kinds) == "answered"
    again = client.post("/tickets/nuevo", data=form(accion="enviar", borrador=mine))
    assert (again.status_code, again.location) == (303, f"/tickets/{number}")
    assert client.get(f"/tickets/nuevo?borrador={mine}").location == f"/tickets/{number}"
    assert count(Ticket) == 1


def test_joining_takes_what_was_typed_since(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.ana)
    suggested(client)
    typed = form(descripcion="Lo último que escribí.", ticket=str(number))
    sent = client.post(f"/tickets/borradores/{last_draft().id}/union", data=typed)
    assert sent.status_code == 303
    assert "Lo último que escribí." in client.get(sent.location).text
    other = draft(cast.ana)
    wrong = client.post(
        f"/tickets/borradores/{other}/union", data=form(descripcion="", ticket=str(number))
    )
    assert wrong.status_code == 422
    assert count(Message) == 2


@pytest.mark.parametrize("noun", ["union", "division"])
def test_a_draft_that_is_kept_no_longer_costs_nothing_typed(
    app: Flask, cast: Cast, noun: str
) -> None:
    number = filed(cast.ana)
    client, path = cast.sign_in(app, cast.ana), f"/tickets/borradores/{'a' * 43}/{noun}"
    typed = form(descripcion="Lo que escribí hace dos semanas.", ticket=str(number))
    page = client.post(path, data=typed)
    assert page.status_code == 422
    assert "El borrador ya no estaba." in page.text
    assert last_draft().description == "Lo que escribí hace dos semanas."
    assert last_draft().id in page.text
    assert client.post(path, data={"ticket": str(number)}).status_code != 500


@pytest.mark.parametrize("named", ["", "x", "0", "999999", "9" * 40])
def test_joining_a_ticket_that_is_none_is_missing(app: Flask, cast: Cast, named: str) -> None:
    mine = draft(cast.ana)
    client = cast.sign_in(app, cast.ana)
    sent = client.post(f"/tickets/borradores/{mine}/union", data={"ticket": named})
    assert sent.status_code == 404
    assert count(Message) == 0


def test_joining_needs_the_rights_of_a_reply(cast: Cast) -> None:
    mine, theirs = filed(cast.ana), filed(cast.carla)
    for actor, number in ((cast.beto, mine), (cast.ana, theirs), (cast.carla, mine)):
        with pytest.raises(refusals.NotAllowed):
            actions.add_draft_to_ticket(
                draft_id=draft(actor),
                owner=drafts.owner_of(actor, ""),
                number=number,
                actor=actor,
                now=START,
            )
    with pytest.raises(drafts.NotYours):
        actions.add_draft_to_ticket(
            draft_id=draft(cast.ana), owner="p:0", number=mine, actor=cast.ana, now=START
        )


def test_a_ticket_that_was_resolved_meanwhile_takes_no_draft(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    mine = draft(cast.ana)
    with pytest.raises(StepNotAllowed):
        actions.add_draft_to_ticket(
            draft_id=mine,
            owner=drafts.owner_of(cast.ana, ""),
            number=number,
            actor=cast.ana,
            now=START,
        )
    client = cast.sign_in(app, cast.ana)
    sent = client.post(f"/tickets/borradores/{mine}/union", data={"ticket": str(number)})
    assert sent.status_code == 409
    db.session.rollback()
    assert db.session.get_one(Draft, mine).ticket_number is None


def test_looking_costs_the_same_with_many_open_tickets(app: Flask, cast: Cast) -> None:
    seen: list[str] = []

    def count_query(*args: object) -> None:
        seen.append(str(args[2]))

    counts = []
    for more in (1, 29):
        for n in range(more):
            filed(cast.beto, now=START + timedelta(minutes=n))
        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", count_query)
        found = duplicates.duplicates_of(
            cast.ana,
            subject="No llegan correos de Gmail",
            description="Desde ayer no aparecen.",
            affection="servicio-con-errores",
        )
        event.remove(db.engine, "before_cursor_execute", count_query)
        counts.append(len(seen))
        seen.clear()
    assert counts[0] == counts[1]
    assert len(found.visible) == duplicates.SHOWN


def test_live_suggestions_name_it_and_offer_no_button(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    page = cast.sign_in(app, cast.ana).post("/tickets/nuevo/sugerencias", data=form())
    assert f"/tickets/{number}" in page.text
    assert BUTTON not in page.text


def test_two_problems_are_noticed_and_never_in_the_way(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    assert NUDGE in suggested(client, descripcion=TWO)
    assert NUDGE not in suggested(client)
    sent = client.post(
        "/tickets/nuevo", data=form(accion="enviar", descripcion=TWO, borrador=last_draft().id)
    )
    assert (sent.status_code, sent.location) == (303, "/tickets/1001")


def test_dividing_makes_two_filled_drafts(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    suggested(client, descripcion=TWO, adjuntos=(io.BytesIO(PNG), "captura.png"))
    mine = last_draft().id
    for _ in range(2):
        sent = client.post(
            f"/tickets/borradores/{mine}/division", data=form(descripcion=TWO, accion="")
        )
        assert (sent.status_code, sent.location) == (303, f"/tickets/nuevo?borrador={mine}")
    db.session.rollback()
    first = db.session.get_one(Draft, mine)
    second = db.session.scalars(select(Draft).where(Draft.divided_from == mine)).one()
    assert (first.subject, first.affection) == (
        "No llegan correos de Gmail",
        "servicio-con-errores",
    )
    assert first.description == "Los correos de Gmail no llegan."
    assert second.subject == "Quiero renovar el dominio andina.pe"
    assert second.description == "Además quiero renovar el dominio andina.pe."
    assert (second.affection, second.mark, second.owner) == ("", "normal", first.owner)
    assert db.session.scalars(select(Attachment.draft_id)).all() == [mine]
    page = client.get(sent.location).text
    assert "El segundo problema espera en sus borradores sin enviar" in page
    assert second.id in page
    assert NUDGE not in page
    filed_now = client.post("/tickets/nuevo", data=form(accion="enviar", borrador=mine))
    assert "Falta enviar el segundo problema" in client.get(filed_now.location).text


def test_dividing_what_holds_one_problem_or_was_filed_changes_nothing(
    app: Flask, cast: Cast
) -> None:
    client, mine = cast.sign_in(app, cast.ana), draft(cast.ana)
    sent = client.post(f"/tickets/borradores/{mine}/division")
    assert (sent.status_code, sent.location) == (303, f"/tickets/nuevo?borrador={mine}")
    assert count(Draft) == 1
    client.post("/tickets/nuevo", data=form(accion="enviar", borrador=mine, descripcion=TWO))
    client.post(f"/tickets/borradores/{mine}/division")
    assert count(Draft) == 1


def test_a_visitor_may_divide_their_own_draft(app: Flask, cast: Cast, client: FlaskClient) -> None:
    assert NUDGE in suggested(client, descripcion=TWO)
    mine = last_draft().id
    assert client.post(f"/tickets/borradores/{mine}/division").status_code == 303
    assert count(Draft) == 2
    stranger = cast.sign_in(app, cast.carla).post(f"/tickets/borradores/{mine}/division")
    assert stranger.status_code == 404
