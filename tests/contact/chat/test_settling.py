"""What becomes of a conversation: a ticket, a thread, a draft, a mail; each once (R7)."""

from __future__ import annotations

import io
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.models import Person
from contact.chat import actions, settling
from contact.chat.actions import NotYours, Sent
from contact.chat.models import Chat
from contact.chat.policy import MAILS_A_DAY, Side
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.text import render_message
from core.tokens import new_token
from tests.cast import Cast, browser_of
from tests.contact.chat.builders import (
    FIRST,
    begun,
    bodies,
    chat_of,
    on_duty,
    say,
    start,
    taken,
)
from tests.tickets.builders import answered, filed, ticket, withdraw_rights
from tests.tickets.builders import taken as ticket_taken
from tests.world import PNG
from tickets import actions as ticket_actions
from tickets.handling import Then
from tickets.models import Attachment, Draft, Message, Ticket
from tickets.proof.actions import audit
from tickets.refusals import NotAllowed

AFFECTION = "servicio-con-errores"
SUBJECT = "El sitio no carga"


def thread(number: int) -> list[str]:
    db.session.rollback()
    wrote = select(Message.body).where(Message.ticket_number == number).order_by(Message.id)
    return list(db.session.scalars(wrote))


def made(chat_id: int, cast: Cast, affection: str = AFFECTION) -> int:
    return settling.make_ticket(
        chat_id, actor=cast.diego, subject=SUBJECT, affection=affection, now=clock.now()
    )


def test_a_ticket_keeps_the_arrival_and_the_proof_holds(app: Flask, cast: Cast) -> None:
    now = clock.now()
    token = on_duty(cast.diego)
    chat = begun(cast.ana, now=now - timedelta(minutes=30))
    between = filed(cast.carla, now=now - timedelta(minutes=10))
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego, "¿Qué mensaje ve?")
    say(chat_id, Side.VISITOR, cast.ana, "Un **502**")
    diego = browser_of(app, token)
    sent = {"asunto": SUBJECT, "afeccion": AFFECTION}
    answers = [diego.post(f"/mesa/chat/{chat_id}/ticket", data=sent) for _ in range(2)]
    number = ticket_of(chat.token)
    assert [a.location for a in answers] == [f"/mesa/tickets/{number}"] * 2
    found = ticket(number)
    assert (found.opened_at, found.author_id, found.authorised_at) == (
        chat_of(chat.token).arrived_at, cast.ana.person_id, None,
    )  # fmt: skip
    (text,) = thread(number)
    for said in (FIRST, "¿Qué mensaje ve?", "Un **502**", "Diego Vargas (equipo técnico)"):
        assert said in text
    assert [ticket_taken(cast.dora), ticket_taken(cast.dora)] == [number, between]
    assert audit(now=clock.now()).problem is None
    assert bodies(chat_id)[-1] == (5, "house", "filed")


def ticket_of(token: str) -> int:
    number = chat_of(token).ticket_number
    assert number is not None
    return number


def test_filing_and_joining_at_once_settle_it_once(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    number = filed(cast.ana)
    chat = begun(cast.ana)
    chat_id, token = taken(cast.diego), chat.token
    db.session.remove()
    found: list[int] = []

    def settle(verb: str) -> None:
        with app.app_context():
            if verb == "file":
                found.append(made(chat_id, cast))
            else:
                found.append(
                    settling.join(chat_id, actor=cast.diego, number=number, now=clock.now())
                )
            db.session.remove()

    threads = [Thread(target=settle, args=(verb,)) for verb in ("file", "join", "file", "join")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(set(found)) == 1
    assert len(found) == 4
    assert ticket_of(token) == found[0]
    db.session.rollback()
    assert len(db.session.scalars(select(Ticket.number)).all()) == (1 if found[0] == number else 2)
    assert audit(now=clock.now()).problem is None


def test_joining_puts_the_transcript_into_the_thread_and_the_ticket_back_in_line(
    app: Flask, cast: Cast
) -> None:
    token = on_duty(cast.diego)
    number = filed(cast.ana)
    assert ticket_taken(cast.dora) == number
    answered(number, cast.dora, Then.WAIT)
    begun(cast.ana)
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego, "Ya lo veo.")
    diego = browser_of(app, token)
    assert (
        diego.post(f"/mesa/chat/{chat_id}/union", data={"ticket": f"#{number}"}).status_code == 303
    )
    last = thread(number)[-1]
    assert FIRST in last
    assert "Ya lo veo." in last
    assert ticket(number).state == "en_cola"
    assert audit(now=clock.now()).problem is None


def test_only_a_ticket_of_that_person_takes_it(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    foreign = filed(cast.carla)
    begun(cast.ana)
    chat_id = taken(cast.diego)
    diego = browser_of(app, token)
    for wrong in (str(foreign), "999999"):
        answer = diego.post(f"/mesa/chat/{chat_id}/union", data={"ticket": wrong})
        assert answer.status_code == 409
    assert diego.post(f"/mesa/chat/{chat_id}/union", data={"ticket": "x"}).status_code == 422
    assert len(thread(foreign)) == 1


def test_whoever_may_not_open_tickets_has_none_opened(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    begun(cast.beto)
    chat_id = taken(cast.diego)
    with pytest.raises(NotAllowed):
        made(chat_id, cast, "corte-de-red")
    withdraw_rights(cast.beto)
    sent = {"asunto": SUBJECT, "afeccion": AFFECTION}
    answer = browser_of(app, token).post(f"/mesa/chat/{chat_id}/ticket", data=sent)
    assert answer.status_code == 409
    assert "no tiene permiso" in answer.text
    assert SUBJECT in answer.text


def test_a_chat_about_an_open_ticket_ends_in_its_thread(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    number = filed(cast.ana)
    address = start(cast.sign_in(app, cast.ana), sobre=str(number))
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego, "Lo reviso con usted.")
    actions.close(chat_id, side=Side.STAFF, actor=cast.diego, now=clock.now())
    for _ in range(2):
        outbox.drain(clock.now(), kinds=["chat.belongs"])
    assert len(thread(number)) == 2
    assert "Lo reviso con usted." in thread(number)[-1]
    assert ticket_of(address.rsplit("/", 1)[1]) == number


def test_a_ticket_that_ended_meanwhile_takes_nothing_and_nothing_fails(cast: Cast) -> None:
    on_duty(cast.diego)
    number = filed(cast.ana)
    begun(cast.ana, about=number)
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego)
    ticket_actions.close(number=number, actor=cast.ana, now=clock.now())
    actions.close(chat_id, side=Side.VISITOR, actor=cast.ana, now=clock.now())
    outbox.drain(clock.now(), kinds=["chat.belongs"])
    assert outbox.failed() == 0
    assert len(thread(number)) == 1


def test_a_visitor_registers_and_files_what_was_offered_with_its_arrival(
    app: Flask, cast: Cast
) -> None:
    token = on_duty(cast.diego)
    visitor = app.test_client()
    address = start(visitor)
    with transaction() as session:
        arrived = clock.now() - timedelta(hours=1)
        session.execute(update(Chat).values(arrived_at=arrived))
    chat_id = taken(cast.diego)
    diego = browser_of(app, token)
    sent = {"asunto": SUBJECT, "afeccion": AFFECTION}
    assert diego.post(f"/mesa/chat/{chat_id}/ticket", data=sent).status_code == 303
    assert "Le ofrecemos seguir con un ticket" in visitor.get(address).text
    first, second = (visitor.post(f"{address}/ticket").location for _ in range(2))
    assert first == second
    draft_id = first.rsplit("=", 1)[1]
    told = {"nombre": "Rosa Díaz", "empresa": "Café Rosa", "correo": "rosa@example.com"}
    visitor.post("/cuenta/registro", data={**told, "clave": "grapa-caballo-correcta-7"})
    page = visitor.get(f"/tickets/nuevo?borrador={draft_id}").text
    assert FIRST in page
    draft = db.session.get_one(Draft, draft_id)
    form = {
        "borrador": draft_id, "asunto": draft.subject, "descripcion": draft.description,
        "afeccion": AFFECTION, "prioridad": "normal", "accion": "enviar", "condiciones": "1",
    }  # fmt: skip
    db.session.rollback()
    assert visitor.post("/tickets/nuevo", data=form).status_code == 303
    found = db.session.scalars(select(Ticket)).one()
    assert found.opened_at == arrived
    assert audit(now=clock.now()).problem is None
    assert f"Siguió en el ticket {found.number}" in _ended(visitor, address)


def _ended(client: object, address: str) -> str:
    client.post(f"{address}/cierre")  # type: ignore[attr-defined]
    text: str = client.get(address).text  # type: ignore[attr-defined]
    return text


def test_an_arrival_is_not_kept_for_ever(cast: Cast) -> None:
    now = clock.now()
    on_duty(cast.diego)
    begun(now=now - timedelta(minutes=1))
    chat_id = taken(cast.diego)
    settling.offer(chat_id, actor=cast.diego, subject=SUBJECT, affection=AFFECTION, now=now)
    draft_id = settling.claim(chat_id, owner=f"p:{cast.ana.person_id}", now=now)
    from tickets.opening import file_ticket

    later = now + timedelta(hours=25)
    number = file_ticket(
        draft_id=draft_id, owner=f"p:{cast.ana.person_id}", actor=cast.ana, now=later
    )
    assert ticket(number).opened_at == later


def test_nobody_claims_what_was_not_offered_or_is_being_answered(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    visitor = app.test_client()
    address = start(visitor)
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego)
    answer = visitor.post(f"{address}/ticket")
    assert answer.location == address
    assert db.session.scalars(select(Draft)).all() == []
    with pytest.raises(NotYours):
        settling.offer(
            chat_id, actor=cast.dora, subject=SUBJECT, affection=AFFECTION, now=clock.now()
        )


def test_images_and_long_talks_come_along(cast: Cast) -> None:
    on_duty(cast.diego)
    begun(cast.ana)
    chat_id, now = taken(cast.diego), clock.now()
    for number in range(12):
        text = f"{number} " + "palabra " * 480
        say(chat_id, Side.VISITOR, cast.ana, text, now=now + timedelta(minutes=number))
    for number in range(7):
        sent = Sent("", new_token(), PNG, f"pantalla {number}.png")
        actions.write(
            chat_id, sent, side=Side.STAFF, actor=cast.diego, now=now + timedelta(minutes=20)
        )
    number = made(chat_id, cast)
    parts = thread(number)
    assert len(parts) == 3
    assert all(len(part) <= 20_000 for part in parts)
    assert sum(part.count("palabra") for part in parts) == 12 * 480
    db.session.rollback()
    files = db.session.scalars(
        select(Attachment.name)
        .join(Message, Message.id == Attachment.message_id)
        .where(Message.ticket_number == number)
        .order_by(Attachment.id)
    ).all()
    assert files == [f"{n + 1}-pantalla {n}.webp" for n in range(7)]


def test_names_are_no_markup_in_a_transcript(cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).name = "**[x](https://evil.example)**"
    on_duty(cast.diego)
    chat = begun(cast.ana)
    with transaction() as session:
        session.get_one(Chat, chat.id).name = "**[x](https://evil.example)**"
    chat_id = taken(cast.diego)
    (text,) = thread(made(chat_id, cast))
    assert "<a " not in str(render_message(text))


def test_a_visitor_gets_a_link_and_nothing_that_was_typed(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    on_duty(cast.diego)
    visitor = app.test_client()
    address = start(
        visitor, nombre="COMPRE-YA", correo="victima@example.com", mensaje="http://evil.example"
    )
    chat_id = taken(cast.diego)
    visitor.post(f"{address}/correo")
    say(chat_id, Side.STAFF, cast.diego, "Buenas tardes.")
    visitor.post(f"{address}/correo")
    outbox.drain(clock.now())
    assert mails.sent == []
    visitor.post(f"{address}/cierre")
    for _ in range(2):
        assert visitor.post(f"{address}/correo").status_code == 303
        outbox.drain(clock.now())
    (letter,) = mails.sent
    body = letter.get_body(("plain",)) or letter
    text = body.get_content()
    assert letter["To"] == "victima@example.com"
    for typed in ("COMPRE-YA", "evil", "Buenas tardes", address):
        assert typed not in text
        assert typed not in letter["Subject"]
    link = next(word for word in text.split() if "/chat/transcripcion/" in word)
    page = app.test_client().get(link.removeprefix("http://localhost"))
    assert "Buenas tardes." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]


def test_nothing_is_mailed_where_no_technician_wrote(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    on_duty(cast.diego)
    visitor = app.test_client()
    address = start(visitor)
    visitor.post(f"{address}/cierre")
    said = visitor.post(f"{address}/correo", follow_redirects=True).text
    assert "no hay qué enviar" in said
    outbox.drain(clock.now())
    assert mails.sent == []


def test_one_address_gets_few_links_a_day(cast: Cast) -> None:
    on_duty(cast.diego)
    for place in range(MAILS_A_DAY + 1):
        begun()
        chat_id = taken(cast.diego)
        say(chat_id, Side.STAFF, cast.diego)
        actions.close(chat_id, side=Side.STAFF, actor=cast.diego, now=clock.now())
        if place < MAILS_A_DAY:
            settling.ask_for_mail(chat_id, now=clock.now())
        else:
            with pytest.raises(settling.EnoughMails):
                settling.ask_for_mail(chat_id, now=clock.now())


def test_a_customer_gets_the_conversation_at_the_confirmed_address(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    on_duty(cast.diego)
    ana = cast.sign_in(app, cast.ana)
    address = start(ana)
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego, "Buenas tardes, Ana.")
    ana.post(f"{address}/cierre")
    ana.post(f"{address}/correo")
    outbox.drain(clock.now())
    (letter,) = mails.sent
    text = (letter.get_body(("plain",)) or letter).get_content()
    assert letter["To"] == cast.ana.email
    assert "Buenas tardes, Ana." in text
    assert FIRST in text
    token = chat_of(address.rsplit("/", 1)[1]).reading_token
    assert app.test_client().get(f"/chat/transcripcion/{token}").status_code == 404


def test_a_file_named_like_an_image_is_none(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    visitor = app.test_client()
    address = start(visitor)
    data = {"texto": "x", "clave": new_token(), "imagen": (io.BytesIO(PNG), "a.png\x00.svg")}
    assert visitor.post(f"{address}/mensajes", data=data).status_code in {303, 422}
