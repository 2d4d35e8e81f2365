"""The visitor's side, over HTTP."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from accounts import sessions
from accounts.models import Person
from contact.chat.models import Chat, ChatMessage
from contact.chat.policy import Side
from core import clock
from core.db import db, transaction
from core.tokens import new_token
from tests.accounts.mailbox import answer_of
from tests.cast import Cast
from tests.contact.chat.builders import (
    FIRST,
    begun,
    bodies,
    chat_of,
    form,
    on_duty,
    say,
    start,
    taken,
)
from tests.tickets.builders import filed
from tests.tickets.builders import ticket as stored_ticket
from tests.world import PNG
from tickets.models import Draft, Message

#: Group K and H09 of the security cases: whatever is typed arrives as text.
HOSTILE = (
    '"><img src=x onerror=MARK>',
    "<script>MARK()</script>",
    "[x](javascript:MARK)",
    "data: x\n\nevent: admin",
    "![x](https://evil.example/track.png)",
    "<div>" * 600,
    "a\rb\u202ec",
)


def chats() -> list[Chat]:
    db.session.rollback()
    return list(db.session.scalars(select(Chat).order_by(Chat.id)))


def mark_of(page: str) -> str:
    found = re.search(r'data-mark="([^"]*)"', page)
    assert found
    return found[1]


def test_nobody_on_duty_is_said_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    page = client.get("/chat").text
    assert "no hay nadie en turno" in page
    assert "Iniciar el chat" not in page.split("<main")[1].split("Otras vías")[0]
    answer = client.post("/chat", data=form())
    assert answer.status_code == 200
    assert FIRST in answer.text
    assert chats() == []


def test_what_was_typed_becomes_the_draft_of_a_ticket(client: FlaskClient) -> None:
    answer = client.post("/chat", data=form(accion="ticket"))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert page.count(FIRST) >= 2
    draft = db.session.scalars(select(Draft)).one()
    assert (draft.subject, draft.description, draft.arrived_at) == (FIRST, FIRST, None)


def test_what_was_typed_is_in_the_form_to_be_called(client: FlaskClient) -> None:
    page = client.post("/chat", data=form(accion="llamada")).text
    assert 'action="/llamada"' in page
    assert f"{FIRST}</textarea>" in page
    assert 'value="Rosa Díaz"' in page


def test_a_conversation_begins_once_however_often_the_form_is_sent(
    client: FlaskClient, cast: Cast
) -> None:
    on_duty(cast.diego)
    sent = form()
    answers = [client.post("/chat", data=sent) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, f"/chat/{sent['token']}")}
    (chat,) = chats()
    assert bodies(chat.id) == [(1, "visitor", FIRST)]
    page = client.get(answers[0].location)
    assert "La suya es la siguiente." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nombre": " "}, "nombre"),
        ({"correo": "no es"}, "correo"),
        ({"correo": ""}, "correo"),
        ({"mensaje": " \u200b"}, "mensaje"),
        ({"mensaje": "x" * 4001}, "mensaje"),
    ],
)
def test_each_wrong_field_is_named_and_the_rest_kept(
    client: FlaskClient, cast: Cast, changes: dict[str, str], field: str
) -> None:
    on_duty(cast.diego)
    answer = client.post("/chat", data=form(**changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert chats() == []


def test_another_tab_and_a_reload_find_the_conversation(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    address = start(client)
    assert address in client.get("/chat").text
    assert FIRST in client.get(address).text
    stranger = client.application.test_client()
    assert address not in stranger.get("/chat").text


def test_a_password_is_stopped_once(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    text = "Mi clave de cPanel es: Xk9$mQ2!vL7p"
    stopped = client.post("/chat", data=form(mensaje=text))
    assert stopped.status_code == 422
    assert "Parece que escribió una contraseña" in stopped.text
    found = re.search(r'id="conforme" name="conforme" value="([^"]+)"', stopped.text)
    assert found
    again = client.post("/chat", data=form(mensaje=text, conforme=found[1]))
    assert again.status_code == 303


def test_polling_says_nothing_until_something_is_new(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    address = start(client)
    mark = mark_of(client.get(address).text)
    asked = f"{address}/novedades?desde=1&marca={mark}"
    assert client.get(asked).status_code == 204
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego, "Buenas tardes, Rosa.")
    news = client.get(asked)
    assert news.status_code == 200
    assert "Buenas tardes, Rosa." in news.text
    assert "Diego Vargas entró en la conversación." in news.text
    assert FIRST not in news.text
    assert client.get(f"{address}/novedades?desde=3&marca={mark_of(news.text)}").status_code == 204


@pytest.mark.parametrize("since", ["99", "-1", "abc", "٣", "1e3", "", "9" * 40, "0'--"])
def test_a_position_that_is_none_means_from_the_start_of_ones_own(
    client: FlaskClient, cast: Cast, since: str
) -> None:
    on_duty(cast.diego)
    begun(text="Secreto de otra persona")
    address = start(client)
    news = client.get(f"{address}/novedades", query_string={"desde": since, "marca": "x"})
    assert news.status_code == 200
    assert FIRST in news.text
    assert "Secreto" not in news.text


def test_an_idle_poll_costs_one_read(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    address = start(client)
    taken(cast.diego)
    mark = mark_of(client.get(address).text)
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(f"{address}/novedades?desde=2&marca={mark}").status_code == 204
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_text(client: FlaskClient, cast: Cast, text: str) -> None:
    on_duty(cast.diego)
    address = start(client)
    chat_id = taken(cast.diego)
    sent = client.post(f"{address}/mensajes", data={"texto": text, "clave": new_token()})
    assert sent.status_code == 303
    diego = cast.sign_in(client.application, cast.diego)
    for page in (
        client.get(address).text,
        client.get(f"{address}/novedades").text,
        diego.get(f"/mesa/chat/{chat_id}").text,
        diego.get(f"/mesa/chat/novedades?chat={chat_id}").text,
    ):
        log = page.split("data-seq")[-1]
        for bad in ("<img src=x", "<script>MARK", 'href="javascript', '<img src="https://evil'):
            assert bad not in log
    assert len(bodies(chat_id)) == 3


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 422),
        (" \n ", 422),
        ("x" * 4001, 422),
        ("x" * 4000, 303),
        ("\x00", 422),
        ("a\x00b", 303),
    ],
)
def test_a_message_has_a_length(client: FlaskClient, cast: Cast, text: str, status: int) -> None:
    on_duty(cast.diego)
    address = start(client)
    answer = client.post(f"{address}/mensajes", data={"texto": text, "clave": new_token()})
    assert answer.status_code == status
    if status == 422 and text.strip("\x00 \n"):
        assert text in answer.text


def test_fields_that_say_who_writes_are_ignored(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    other = begun(text="Otra")
    address = start(client)
    forged = {
        "texto": "Yo",
        "sender": "agent",
        "side": "staff",
        "chat_id": str(other.id),
        "ts": "0",
    }
    client.post(f"{address}/mensajes", data={**forged, "clave": new_token()})
    mine = chats()[-1]
    assert bodies(mine.id)[-1] == (2, "visitor", "Yo")
    assert len(bodies(other.id)) == 1
    last = db.session.scalar(select(func.max(ChatMessage.written_at)))
    assert clock.now() - last < timedelta(minutes=1)


def test_sending_again_is_one_message(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    address = start(client)
    sent = {"texto": "Una vez", "clave": new_token()}
    for _ in range(3):
        assert client.post(f"{address}/mensajes", data=sent).status_code == 303
    assert bodies(chats()[0].id) == [(1, "visitor", FIRST), (2, "visitor", "Una vez")]


def test_the_21st_message_in_a_minute_waits_and_its_text_is_kept(
    client: FlaskClient, cast: Cast
) -> None:
    on_duty(cast.diego)
    address = start(client)
    answers = [
        client.post(f"{address}/mensajes", data={"texto": f"Va {n}", "clave": new_token()})
        for n in range(20)
    ]
    assert [a.status_code for a in answers] == [303] * 19 + [429]
    assert "Va 19</textarea>" in answers[-1].text
    assert "Espere un momento" in answers[-1].text
    assert answers[-1].headers["Retry-After"] == "60"


def test_an_image_is_drawn_anew_and_only_the_two_sides_see_it(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    on_duty(cast.diego)
    address = start(client)
    chat_id = taken(cast.diego)
    other = begun(text="Otra")
    data = {"texto": "", "clave": new_token(), "imagen": (io.BytesIO(PNG), "pantalla.png")}
    assert client.post(f"{address}/mensajes", data=data).status_code == 303
    page = client.get(address).text
    found = re.search(rf'src="({address}/imagenes/\d+)"', page)
    assert found
    picture = client.get(found[1])
    assert picture.mimetype == "image/webp"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    number = found[1].rsplit("/", 1)[1]
    assert client.get(f"/chat/{other.token}/imagenes/{number}").status_code == 404
    assert client.get(found[1], headers={"Sec-Fetch-Dest": "script"}).status_code == 404
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    assert diego.get(f"/mesa/chat/{chat_id}/imagenes/{number}").status_code == 200
    assert dora.get(f"/mesa/chat/{chat_id}/imagenes/{number}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg/onload=MARK>"),
        ("a.png", b"no image"),
        ("a.pdf", b"%PDF-1.4"),
        ("a.png", b""),
    ],
)
def test_what_is_no_image_is_refused_in_words_and_the_text_kept(
    client: FlaskClient, cast: Cast, name: str, content: bytes
) -> None:
    on_duty(cast.diego)
    address = start(client)
    data = {"texto": "Mire", "clave": new_token(), "imagen": (io.BytesIO(content), name)}
    answer = client.post(f"{address}/mensajes", data=data)
    assert answer.status_code == 422
    assert "Mire</textarea>" in answer.text
    assert len(bodies(chats()[0].id)) == 1


def test_an_ended_conversation_takes_nothing_and_says_what_to_do(
    client: FlaskClient, cast: Cast
) -> None:
    on_duty(cast.diego)
    address = start(client)
    assert client.post(f"{address}/cierre").status_code == 303
    answer = client.post(f"{address}/mensajes", data={"texto": "Tarde", "clave": new_token()})
    assert answer.status_code == 409
    assert "Iniciar otra conversación" in answer.text
    assert client.post(f"{address}/cierre").status_code == 303
    assert [event for _seq, _side, event in bodies(chats()[0].id)] == [FIRST, "visitor_closed"]


def test_whoever_waits_is_told_how_many_are_ahead_and_never_a_time(
    client: FlaskClient, cast: Cast
) -> None:
    on_duty(cast.diego)
    for _ in range(2):
        begun()
    page = client.get(start(client)).text
    assert "Hay 2 conversaciones delante." in page
    assert "Seguir con un ticket" not in page.split("<main")[1].split("<footer")[0]


def test_after_a_minute_the_other_ways_are_offered_and_the_line_kept(
    client: FlaskClient, cast: Cast
) -> None:
    on_duty(cast.diego)
    address = start(client)
    with transaction() as session:
        chat = session.scalars(select(Chat)).one()
        chat.arrived_at -= timedelta(minutes=2)
    page = client.get(address).text
    assert "Todavía no entró nadie" in page
    assert f'action="{address}/ticket"' in page
    assert FIRST in client.get(f"{address}/llamada").text
    assert chats()[0].closed_at is None
    left = client.post(f"{address}/ticket")
    assert "/tickets/nuevo?borrador=" in left.location
    assert client.post(f"{address}/ticket").location == left.location
    db.session.rollback()
    (draft,) = db.session.scalars(select(Draft)).all()
    assert (draft.description, draft.arrived_at) == (FIRST, None)
    assert chats()[0].closed_at is not None


def test_the_same_is_offered_when_nobody_is_on_duty_any_more(
    client: FlaskClient, cast: Cast
) -> None:
    token = on_duty(cast.diego)
    address = start(client)
    sessions.end(token)
    assert "Ahora no hay nadie en turno." in client.get(address).text


def test_a_customers_conversation_is_theirs_alone(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    ana = cast.sign_in(app, cast.ana)
    address = start(ana, nombre="Otra", correo="otra@example.com")
    chat = chats()[0]
    assert (chat.name, chat.email, chat.company_id) == (
        cast.ana.name, cast.ana.email, cast.ana.company_id,
    )  # fmt: skip
    for client in (cast.sign_in(app, cast.beto), cast.sign_in(app, cast.carla)):
        no_such = f"/chat/{'x' * 43}"
        client.get(no_such)
        missing = answer_of(client.get(no_such))
        for path in (address, f"{address}/novedades", f"{address}/llamada"):
            assert client.get(path).status_code == 404
        found = answer_of(client.get(address))
        assert str(found).replace(address, no_such) == str(missing)
        for noun in ("mensajes", "cierre", "senales", "ticket", "correo"):
            assert client.post(f"{address}/{noun}", data={"texto": "x"}).status_code == 404
    stranger = app.test_client()
    assert stranger.get(address).status_code == 302
    assert stranger.get(f"{address}/novedades").status_code == 401
    assert stranger.post(f"{address}/mensajes", data={"texto": "x"}).status_code == 401
    assert len(bodies(chat.id)) == 1


def test_a_closed_account_hears_nothing_more(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    ana = cast.sign_in(app, cast.ana)
    address = start(ana)
    assert ana.get(f"{address}/novedades").status_code == 200
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).disabled_at = clock.now()
    assert ana.get(f"{address}/novedades").status_code == 401
    sent = ana.post(f"{address}/mensajes", data={"texto": "Secreto", "clave": new_token()})
    assert sent.status_code == 401
    assert len(bodies(chats()[0].id)) == 1


def test_an_open_ticket_is_offered_first_and_takes_the_message(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    number = filed(cast.ana)
    filed(cast.carla, subject="Secreto de Costa")
    ana = cast.sign_in(app, cast.ana)
    page = ana.get("/chat").text
    assert "¿Es sobre un ticket abierto?" in page
    assert "Secreto de Costa" not in page
    sent = form(accion="responder", sobre=str(number))
    for _ in range(2):
        answer = ana.post("/chat", data=sent)
        assert (answer.status_code, answer.location) == (303, f"/tickets/{number}")
    wrote = db.session.scalars(
        select(Message.body).where(Message.ticket_number == number).order_by(Message.id)
    ).all()
    assert wrote[1:] == [FIRST]
    assert chats() == []


def test_another_companys_ticket_is_no_ticket(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    number = filed(cast.carla)
    ana = cast.sign_in(app, cast.ana)
    for wanted in ("responder", "chat"):
        answer = ana.post("/chat", data=form(accion=wanted, sobre=str(number)))
        assert answer.status_code == 409
        assert FIRST in answer.text
    assert chats() == []
    assert stored_ticket(number).state == "en_cola"


def test_the_sixth_start_of_a_network_in_an_hour_waits(strict_app: Flask, cast: Cast) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    on_duty(cast.diego)
    client = strict_app.test_client()
    answers = [client.post("/chat", data=form()) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]


def test_read_and_typing_marks_reach_the_other_side_and_are_no_lines(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    token = on_duty(cast.diego)
    address = start(client)
    chat_id = taken(cast.diego)
    say(chat_id, Side.STAFF, cast.diego, "¿Qué mensaje ve?")
    from tests.cast import browser_of

    diego = browser_of(app, token)
    assert "Visto" not in diego.get(f"/mesa/chat/novedades?chat={chat_id}").text
    signal = {"leido": "3", "escribe": "si"}
    assert client.post(f"{address}/senales", data=signal).status_code == 204
    news = diego.get(f"/mesa/chat/novedades?chat={chat_id}").text
    assert "está escribiendo…" in news
    with transaction() as session:
        session.get_one(Chat, chat_id).visitor_typed_at = clock.now() - timedelta(seconds=6)
    assert "Visto" in diego.get(f"/mesa/chat/novedades?chat={chat_id}").text
    assert len(bodies(chat_id)) == 3
    assert chat_of(address.rsplit("/", 1)[1]).visitor_read == 3


@pytest.mark.parametrize("read", ["99", "-1", "abc", "9" * 30, "٣"])
def test_nobody_reads_what_was_not_written(client: FlaskClient, cast: Cast, read: str) -> None:
    on_duty(cast.diego)
    address = start(client)
    assert client.post(f"{address}/senales", data={"leido": read}).status_code == 204
    assert chats()[0].visitor_read <= chats()[0].last_seq


def test_articles_are_suggested_while_one_waits(
    client: FlaskClient, cast: Cast, indexed: dict[str, int]
) -> None:
    on_duty(cast.diego)
    page = client.get(start(client, mensaje="El buzón de correo está lleno y no recibo")).text
    assert "Mientras espera, esto puede servirle" in page
    assert 'href="/preguntas/' in page.split("Mientras espera")[1]


def test_looking_for_an_answer_keeps_what_is_typed(client: FlaskClient, cast: Cast) -> None:
    on_duty(cast.diego)
    address = start(client)
    page = client.post(f"{address}/mensajes", data={"texto": "A medias", "accion": "mirar"})
    assert page.status_code == 200
    assert "A medias</textarea>" in page.text
    assert len(bodies(chats()[0].id)) == 1


def test_staff_do_not_begin_conversations(app: Flask, cast: Cast) -> None:
    on_duty(cast.diego)
    for actor in (cast.diego, cast.gloria, cast.fabio):
        client = cast.sign_in(app, actor)
        assert "se atiende en la mesa" in client.get("/chat").text
        assert client.post("/chat", data=form()).status_code == 404


def test_ones_own_conversations_are_listed(app: Flask, cast: Cast) -> None:
    mine, other = begun(cast.ana), begun(cast.carla)
    page = cast.sign_in(app, cast.ana).get("/chat/anteriores").text
    assert mine.token in page
    assert other.token not in page


def test_of_a_long_conversation_the_last_lines_are_shown_and_others_when_asked(
    client: FlaskClient, cast: Cast
) -> None:
    on_duty(cast.diego)
    address = start(client)
    with transaction() as session:
        chat = session.scalars(select(Chat)).one()
        session.add_all(
            ChatMessage(
                chat_id=chat.id, seq=n, side="visitor", body=f"Línea {n}.", written_at=clock.now()
            )
            for n in range(2, 1001)
        )  # fmt: skip
        chat.last_seq = 1000
    page = client.get(address).text
    assert page.count("data-seq=") == 200
    assert "Línea 1000." in page
    assert f'href="{address}?antes=801"' in page
    assert client.get(f"{address}/novedades?desde=0&marca=x").text.count("data-seq=") == 200
    earlier = client.get(f"{address}?antes=801").text
    assert (earlier.count("data-seq="), "Línea 601." in earlier) == (200, True)
    assert "data-chat " not in earlier
    assert FIRST in client.get(f"{address}?antes=201").text
