"""The technician's side: duty, the line, hand-over, rights, old conversations."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from accounts import sessions
from accounts.bell.queries import standing
from accounts.models import Person, UserSession
from accounts.permissions import Actor
from contact.chat import actions, handling
from contact.chat.actions import Ended, NotYours, TooFast
from contact.chat.models import Chat, ChatBlock, ChatDuty
from contact.chat.policy import HELD_AT_MOST, KEPT_FOR, PER_MINUTE, Side
from core import clock, outbox
from core.db import db, transaction
from core.models import AuditEntry, Job
from core.tokens import new_token
from tests.cast import Cast, browser_of
from tests.contact.chat.builders import begun, bodies, chat_of, form, on_duty, say, start, taken
from tests.home.counting import statements
from tests.tickets.builders import filed
from tickets.canned.actions import CannedText, create_answer


def test_duty_is_remembered_with_its_moment_and_ends_with_the_session(
    app: Flask, cast: Cast
) -> None:
    diego = cast.sign_in(app, cast.diego)
    assert "No está en turno" in diego.get("/mesa/chat").text
    assert diego.post("/mesa/chat/turno", data={"turno": "si"}).status_code == 303
    first = db.session.scalars(select(ChatDuty.on_at)).one()
    diego.post("/mesa/chat/turno", data={"turno": "si"})
    db.session.rollback()
    assert db.session.scalars(select(ChatDuty.on_at)).one() == first
    assert "Iniciar el chat" in app.test_client().get("/chat").text
    diego.post("/cuenta/salir")
    assert "no hay nadie en turno" in app.test_client().get("/chat").text
    handling.look_after(now=clock.now())
    assert db.session.scalars(select(ChatDuty)).all() == []


def test_duty_ends_by_itself_when_the_pages_are_not_seen(client: FlaskClient, cast: Cast) -> None:
    now = clock.now()
    on_duty(cast.diego, now - timedelta(minutes=6))
    assert "Iniciar el chat" in client.get("/chat").text
    with transaction() as session:
        session.execute(update(UserSession).values(seen_at=now - timedelta(minutes=8)))
    assert "no hay nadie en turno" in client.get("/chat").text


def test_duty_of_a_session_that_ended_is_not_shown_in_the_next(app: Flask, cast: Cast) -> None:
    browser_of(app, on_duty(cast.diego)).post("/cuenta/salir")
    diego = cast.sign_in(app, cast.diego)
    assert "No está en turno" in diego.get("/mesa/chat").text
    assert "No está en turno" in diego.get("/mesa/chat/novedades").text
    diego.post("/mesa/chat/turno", data={"turno": "si"})
    assert "En turno desde" in diego.get("/mesa/chat/novedades").text


def test_going_off_duty_is_noted_and_keeps_what_is_under_way(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat = begun()
    taken(cast.diego)
    diego = browser_of(app, token)
    diego.post("/mesa/chat/turno", data={"turno": "no"})
    assert chat_of(chat.token).holder_id == cast.diego.person_id
    kinds = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("chat.%")).order_by(AuditEntry.id)
    ).all()
    assert kinds == ["chat.on_duty", "chat.off_duty"]


def test_the_line_is_handed_out_in_order_of_arrival(cast: Cast) -> None:
    on_duty(cast.diego)
    on_duty(cast.dora)
    now = clock.now()
    late = begun(now=now)
    early = begun(now=now - timedelta(minutes=5))
    same = begun(now=now)
    found = [taken(cast.diego), taken(cast.dora), taken(cast.diego)]
    assert found == [early.id, late.id, same.id]


def test_taking_twice_with_one_form_takes_one(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    begun()
    begun()
    diego, sent = browser_of(app, token), {"formulario": new_token()}
    first, second = (diego.post("/mesa/chat/siguiente", data=sent).location for _ in range(2))
    assert first == second
    db.session.rollback()
    assert len(db.session.scalars(select(Chat).where(Chat.holder_id.is_not(None))).all()) == 1


def test_nobody_takes_who_is_not_on_duty_or_has_enough(app: Flask, cast: Cast) -> None:
    begun()
    dora = cast.sign_in(app, cast.dora)
    said = dora.post("/mesa/chat/siguiente", follow_redirects=True).text
    assert "Póngase primero en turno" in said
    on_duty(cast.diego)
    for _ in range(HELD_AT_MOST):
        begun()
    for _ in range(HELD_AT_MOST):
        taken(cast.diego)
    with pytest.raises(handling.HoldsEnough):
        taken(cast.diego)


def test_two_at_once_never_get_the_same(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    on_duty(cast.dora)
    expected = [begun().id for _ in range(8)]
    db.session.remove()
    got: list[int] = []

    def take(actor: object) -> None:
        with app.app_context():
            for _ in range(4):
                got.append(taken(actor))  # type: ignore[arg-type]
            db.session.remove()

    threads = [Thread(target=take, args=(actor,)) for actor in (cast.diego, cast.dora)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(got) == expected


def test_both_sides_at_once_are_stored_once_each_in_sequence(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    begun()
    chat_id = taken(cast.diego)
    db.session.remove()

    def write(side: Side) -> None:
        with app.app_context():
            actor = cast.diego if side == Side.STAFF else None
            for number in range(8):
                say(chat_id, side, actor, f"{side} {number}")
            db.session.remove()

    threads = [Thread(target=write, args=(side,)) for side in (Side.VISITOR, Side.STAFF)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    lines = bodies(chat_id)
    assert [seq for seq, _side, _text in lines] == list(range(1, 19))
    for side in ("visitor", "staff"):
        told = [text for _seq, who, text in lines[2:] if who == side]
        assert told == [f"{side} {number}" for number in range(8)]


def test_an_open_conversation_is_its_technicians_alone(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    waiting = begun(text="Secreto que espera")
    begun()
    mine = taken(cast.diego)
    assert mine == waiting.id
    for actor in (cast.dora, cast.gloria, cast.ana, cast.elena, cast.fabio):
        client = cast.sign_in(app, actor)
        for path in (f"/mesa/chat/{mine}", f"/mesa/chat/novedades?chat={mine}"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "Secreto" not in answer.text
        for noun in ("mensajes", "cierre", "senales", "traspaso", "ticket", "union"):
            assert client.post(f"/mesa/chat/{mine}/{noun}", data={"texto": "x"}).status_code == 404
    assert len(bodies(mine)) == 2
    assert app.test_client().get("/mesa/chat/novedades").status_code == 401


def test_a_conversation_that_waits_is_shown_to_nobody(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat = begun(text="Secreto que espera")
    diego = browser_of(app, token)
    page = diego.get("/mesa/chat").text
    assert "1 en espera" in page
    assert "Secreto" not in page
    assert "Rosa" not in page
    assert diego.get(f"/mesa/chat/{chat.id}").status_code == 404


def test_a_disabled_technician_hears_and_says_nothing_more(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat = begun()
    taken(cast.diego)
    diego = browser_of(app, token)
    assert diego.get(f"/mesa/chat/novedades?chat={chat.id}").status_code == 200
    with transaction() as session:
        session.get_one(Person, cast.diego.person_id).disabled_at = clock.now()
    say(chat, Side.VISITOR, None, "Secreto posterior")
    answer = diego.get(f"/mesa/chat/novedades?chat={chat.id}")
    assert answer.status_code == 401
    assert "Secreto" not in answer.text
    sent = diego.post(f"/mesa/chat/{chat.id}/mensajes", data={"texto": "x"})
    assert sent.status_code == 401


def test_unread_messages_are_counted_until_they_are_read(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat, other = begun(), begun()
    taken(cast.diego)
    taken(cast.diego)
    say(chat, Side.VISITOR, None)
    diego = browser_of(app, token)
    news = diego.get(f"/mesa/chat/novedades?chat={other.id}").text
    assert 'data-unread="3"' in news
    diego.post(f"/mesa/chat/{chat.id}/senales", data={"leido": "3"})
    assert 'data-unread="1"' in diego.get(f"/mesa/chat/novedades?chat={other.id}").text


def test_a_promise_is_stopped_once(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat = begun()
    taken(cast.diego)
    diego = browser_of(app, token)
    sent = {"texto": "Queda listo en dos horas.", "clave": new_token()}
    stopped = diego.post(f"/mesa/chat/{chat.id}/mensajes", data=sent)
    assert stopped.status_code == 422
    assert "Promete un tiempo" in stopped.text
    assert "Queda listo en dos horas.</textarea>" in stopped.text
    in_place = diego.post(f"/mesa/chat/{chat.id}/mensajes", data=sent, headers={"X-Chat": "1"})
    assert in_place.status_code == 422
    assert "<html" not in in_place.text
    key = in_place.text.split('name="promesa" value="')[1].split('"')[0]
    again = diego.post(f"/mesa/chat/{chat.id}/mensajes", data={**sent, "promesa": key})
    assert again.status_code == 303
    assert bodies(chat.id)[-1][2] == "Queda listo en dos horas."


def test_a_colleague_on_duty_goes_on(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat = begun()
    taken(cast.diego)
    diego = browser_of(app, token)
    to = {"a": str(cast.dora.person_id)}
    assert diego.post(f"/mesa/chat/{chat.id}/traspaso", data=to).status_code == 409
    on_duty(cast.dora)
    assert diego.post(f"/mesa/chat/{chat.id}/traspaso", data={"a": ""}).status_code == 422
    assert diego.post(f"/mesa/chat/{chat.id}/traspaso", data=to).status_code == 303
    assert bodies(chat.id)[-1] == (3, "house", "handed_over")
    assert diego.get(f"/mesa/chat/{chat.id}").status_code == 404
    with pytest.raises(NotYours):
        say(chat, Side.STAFF, cast.diego)
    say(chat, Side.STAFF, cast.dora)
    page = app.test_client().get(f"/chat/{chat.token}").text
    assert "Desde ahora le atiende Dora Luna." in page


def test_a_technician_who_is_gone_gives_the_line_its_head_back(cast: Cast) -> None:
    now = clock.now()
    token = on_duty(cast.diego)
    on_duty(cast.dora)
    first = begun(now=now - timedelta(minutes=20))
    second = begun(now=now)
    taken(cast.diego)
    assert handling.look_after(now=now) == 2
    assert chat_of(first.token).holder_id == cast.diego.person_id
    sessions.end(token)
    handling.look_after(now=now)
    handling.look_after(now=now)
    assert [event for _n, _s, event in bodies(first.id)][1:] == ["entered", "left"]
    assert [taken(cast.dora), taken(cast.dora)] == [first.id, second.id]


def test_silence_ends_a_conversation_and_old_ones_are_forgotten(cast: Cast) -> None:
    now = clock.now()
    chat = begun(now=now - timedelta(hours=3))
    assert handling.look_after(now=now) == 0
    assert bodies(chat.id)[-1][2] == "idle"
    assert chat_of(chat.token).network == ""
    handling.look_after(now=now + KEPT_FOR - timedelta(minutes=1))
    assert chat_of(chat.token)
    handling.look_after(now=now + KEPT_FOR + timedelta(minutes=1))
    db.session.rollback()
    assert db.session.scalars(select(Chat)).all() == []


def test_open_conversations_are_looked_after_by_one_job(cast: Cast) -> None:
    begun()
    begun()
    assert outbox.pending([actions.WATCH]) == 1
    with transaction() as session:
        session.execute(update(Job).values(run_at=clock.now() - timedelta(seconds=1)))
    assert outbox.drain(clock.now(), kinds=[actions.WATCH]) == 1
    assert outbox.pending([actions.WATCH]) == 1


def test_a_block_holds_for_the_day_for_visitors_and_is_said(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    token = on_duty(cast.diego)
    address = start(client)
    chat_id = taken(cast.diego)
    diego = browser_of(app, token)
    diego.post(f"/mesa/chat/{chat_id}/cierre", data={"bloquear": "si"})
    ended = client.get(address).text
    assert "Por hoy no se puede iniciar otra" in ended
    assert "Iniciar otra conversación" not in ended
    assert "Hoy no se puede iniciar otra conversación" in client.get("/chat").text
    refused = client.post("/chat", data=form())
    assert refused.status_code == 403
    assert "Hoy no se puede iniciar otra conversación" in refused.text
    assert "Mi sitio no carga" in refused.text
    # What was typed goes on by the buttons of its own form, not by links that lose it.
    ways = set(re.findall(r'name="accion" value="(\w+)"', refused.text))
    assert ways == {"ticket", "llamada"}
    start(cast.sign_in(app, cast.ana))
    with transaction() as session:
        session.execute(update(ChatBlock).values(until=clock.now()))
    start(client)


def test_a_page_learns_that_nothing_can_follow_when_the_visitor_ends(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    diego = browser_of(app, on_duty(cast.diego))
    address = start(client)
    chat_id = taken(cast.diego)
    news = f"/mesa/chat/novedades?chat={chat_id}"
    assert 'data-part="final"' not in diego.get(news).text
    client.post(f"{address}/cierre")
    told = diego.get(news).text
    assert '<div data-part="final" hidden></div>' in told
    assert "ya no hay a quién ofrecerle un ticket" in told
    page = diego.get(f"/mesa/chat/{chat_id}").text
    assert "ya no hay a quién ofrecerle un ticket" in page
    assert "Terminar la conversación" not in page


def test_a_customer_is_not_blocked(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    begun(cast.ana)
    chat_id = taken(cast.diego)
    with pytest.raises(NotYours):
        handling.end_and_block(chat_id, actor=cast.diego, now=clock.now())


def test_a_technician_writes_as_fast_as_the_rule_allows(cast: Cast) -> None:
    on_duty(cast.diego)
    begun()
    chat_id, now = taken(cast.diego), clock.now()
    for _ in range(PER_MINUTE):
        say(chat_id, Side.STAFF, cast.diego, now=now)
    with pytest.raises(TooFast):
        say(chat_id, Side.STAFF, cast.diego, now=now)
    say(chat_id, Side.STAFF, cast.diego, now=now + timedelta(minutes=1))
    say(chat_id, Side.VISITOR, None, now=now)


def test_nothing_is_added_to_what_ended(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    begun()
    chat_id = taken(cast.diego)
    diego = browser_of(app, token)
    assert diego.post(f"/mesa/chat/{chat_id}/cierre").status_code == 303
    with pytest.raises(Ended):
        say(chat_id, Side.STAFF, cast.diego)
    late = diego.post(f"/mesa/chat/{chat_id}/mensajes", data={"texto": "Tarde"})
    assert late.status_code == 409
    assert bodies(chat_id)[-1][2] == "staff_closed"


def test_what_is_known_of_the_customer_stands_beside(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    number = filed(cast.ana, subject="El correo de Andina")
    filed(cast.carla, subject="Secreto de Costa")
    begun(cast.ana, text="El correo de Andina no llega")
    chat_id = taken(cast.diego)
    page = browser_of(app, token).get(f"/mesa/chat/{chat_id}").text
    assert "Textiles Andina" in page
    assert f"{number} · El correo de Andina" in page
    assert "Secreto de Costa" not in page
    assert "Visitante sin verificar" not in page


def test_old_conversations_are_found_by_visitor_company_and_day(app: Flask, cast: Cast) -> None:
    for actor in (None, cast.ana, cast.carla):
        chat = begun(actor)
        actions.close(chat.id, side=Side.VISITOR, actor=actor, now=clock.now())
    begun(text="Una abierta")
    diego = cast.sign_in(app, cast.diego)
    today = clock.in_lima(clock.now()).date()
    for query, names in (
        ("", {"Rosa Díaz", "Ana Quispe", "Carla Rojas"}),
        ("q=andina", {"Ana Quispe"}),
        ("q=ROSA@example", {"Rosa Díaz"}),
        ("q=%25", set()),
        (f"desde={today}&hasta={today}", {"Rosa Díaz", "Ana Quispe", "Carla Rojas"}),
        (f"hasta={today - timedelta(days=1)}", set()),
        ("desde=2027-02-29&hasta=x", {"Rosa Díaz", "Ana Quispe", "Carla Rojas"}),
    ):
        page = diego.get(f"/mesa/chat/anteriores?{query}").text
        assert {
            name for name in ("Rosa Díaz", "Ana Quispe", "Carla Rojas") if name in page
        } == names
    for actor in (cast.ana, cast.elena, cast.fabio):
        assert cast.sign_in(app, actor).get("/mesa/chat/anteriores").status_code == 404


def test_lists_cost_the_same_for_one_and_many(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    begun()
    taken(cast.diego)
    closed = begun(cast.ana)
    actions.close(closed.id, side=Side.VISITOR, actor=cast.ana, now=clock.now())
    diego = browser_of(app, token)
    paths = ("/mesa/chat", "/mesa/chat/novedades", "/mesa/chat/anteriores")
    one = [len(statements(diego, path)) for path in paths]
    for _ in range(6):
        begun(cast.carla)
        taken(cast.diego)
    for _ in range(20):
        closed = begun(cast.ana)
        actions.close(closed.id, side=Side.VISITOR, actor=cast.ana, now=clock.now())
    assert [len(statements(diego, path)) for path in paths] == one


def test_ending_twice_at_once_says_it_once(cast: Cast) -> None:
    on_duty(cast.diego)
    begun()
    chat_id = taken(cast.diego)
    for side, actor in ((Side.VISITOR, None), (Side.STAFF, cast.diego), (Side.VISITOR, None)):
        actions.close(chat_id, side=side, actor=actor, now=clock.now())
    assert [event for _n, _s, event in bodies(chat_id)][2:] == ["visitor_closed"]
    with transaction() as session:
        session.execute(delete(ChatDuty))


def test_general_answers_of_the_house_are_at_hand(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    for title, body, affection in (
        ("Saludo", "Hola, {{cliente}}: soy {{tecnico}}.", ""),
        ("Con ticket", "Su ticket {{ticket}}", ""),
        ("De otra cosa", "Spam", "spam"),
    ):
        text = CannedText(title, body, affection, "es")
        create_answer(actor=cast.diego, text=text, form_id="", now=clock.now())
    begun()
    page = browser_of(app, token).get(f"/mesa/chat/{taken(cast.diego)}").text
    assert "Hola, Rosa Díaz: soy Diego Vargas." in page
    assert "Con ticket" not in page
    assert "De otra cosa" not in page


def _unread(actor: Actor) -> int:
    db.session.rollback()
    return standing(actor.person_id).unread


def test_the_bell_rings_while_somebody_waits_and_for_who_is_handed_it(
    app: Flask, cast: Cast
) -> None:
    now = clock.now()
    gone = on_duty(cast.diego)
    dora = browser_of(app, on_duty(cast.dora))
    chat = begun()
    assert [_unread(cast.diego), _unread(cast.dora), _unread(cast.gloria)] == [1, 1, 0]
    taken(cast.diego)
    assert [_unread(cast.diego), _unread(cast.dora)] == [0, 0]
    sessions.end(gone)
    handling.look_after(now=now)
    assert [_unread(cast.diego), _unread(cast.dora)] == [0, 1]
    taken(cast.dora)
    on_duty(cast.diego)
    handling.hand_over(chat.id, actor=cast.dora, to=cast.diego.person_id, now=now)
    assert [_unread(cast.diego), _unread(cast.dora)] == [1, 0]
    assert "Un colega le pasó esta conversación." not in dora.get("/avisos").text
    diego = cast.sign_in(app, cast.diego)
    assert "Un colega le pasó esta conversación." in diego.get("/avisos").text
    assert f'data-about="chat:{chat.id}"' in diego.get(f"/mesa/chat/{chat.id}").text
    actions.close(chat.id, side=Side.VISITOR, actor=None, now=now)
    assert _unread(cast.diego) == 0


def test_the_menu_counts_what_calls_for_who_is_on_duty(app: Flask, cast: Cast) -> None:
    def shown(client: FlaskClient) -> list[str]:
        link = client.get("/mesa").text.split('href="/mesa/chat"')[1].split("</a>")[0]
        return re.findall(r'class="count">(\d+)<', link)

    dora = cast.sign_in(app, cast.dora)
    diego = browser_of(app, on_duty(cast.diego))
    assert shown(diego) == []
    chat = begun()
    begun()
    assert [shown(diego), shown(dora)] == [["2"], []]
    taken(cast.diego)
    assert shown(diego) == ["2"]
    say(chat, Side.STAFF, cast.diego)
    assert shown(diego) == ["1"]
