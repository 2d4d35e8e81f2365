"""Who asks without end is slowed down, and nobody beside them; who may not ask is told so."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import sessions
from contact.chat import policy
from contact.chat.policy import Side
from core.pace import Pace
from core.tokens import new_token
from tests.cast import Cast, browser_of
from tests.contact.chat.builders import begun, bodies, on_duty, say, taken

ALLOWED = 3


def _set(app: Flask, name: str) -> None:
    app.extensions["chat_paces"][name] = Pace(ALLOWED)


def _often(client: FlaskClient, path: str) -> list[TestResponse]:
    """So often that one minute that ends meanwhile changes nothing."""
    return [client.get(path) for _ in range(2 * ALLOWED + 1)]


def test_a_page_that_asks_without_end_is_slowed_and_the_office_is_not(
    strict_app: Flask, cast: Cast
) -> None:
    _set(strict_app, "one")
    on_duty(cast.diego)
    loud, calm = (f"/chat/{begun().token}/novedades" for _ in range(2))
    client = strict_app.test_client()
    answers = _often(client, loud)
    assert {one.status_code for one in answers} == {200, 429}
    assert {one.headers.get("Retry-After") for one in answers} == {None, "5"}
    assert client.get(calm).status_code == 200
    for _ in range(ALLOWED):
        client.get("/mesa/chat/novedades")
    diego = browser_of(strict_app, on_duty(cast.diego))
    assert diego.get("/mesa/chat/novedades").status_code == 200


def test_a_network_that_asks_without_end_is_slowed(strict_app: Flask) -> None:
    _set(strict_app, "network")
    client = strict_app.test_client()
    paths = [f"/chat/{new_token()}/novedades" for _ in range(2 * ALLOWED + 1)]
    assert {client.get(path).status_code for path in paths} == {404, 429}
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(paths[0], environ_overrides=elsewhere).status_code == 404


def test_an_office_of_sixty_pages_stays_below_the_limits() -> None:
    pages, asked_in_a_minute = 60, 50
    assert pages * asked_in_a_minute <= policy.ASKED_OF_NETWORK
    assert 4 * asked_in_a_minute <= policy.ASKED_OF_ONE
    assert policy.PER_MINUTE < policy.SENT_IN_ONE


def test_messages_without_end_are_refused_with_words_and_kept(
    strict_app: Flask, cast: Cast
) -> None:
    strict_app.extensions["chat_paces"]["send"] = Pace(0)
    on_duty(cast.diego)
    chat = begun()
    client = strict_app.test_client()
    page = client.get(f"/chat/{chat.token}").text
    key = page.split('csrf-token" content="')[1].split('"')[0]
    sent = {"texto": "No se pierde", "csrf_token": key}
    answer = client.post(f"/chat/{chat.token}/mensajes", data=sent)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "No se pierde</textarea>" in answer.text
    assert "Espere un momento" in answer.text
    assert len(bodies(chat.id)) == 1


def test_who_signed_out_hears_nothing_more(app: Flask, cast: Cast) -> None:
    token = on_duty(cast.diego)
    chat = begun(cast.ana)
    taken(cast.diego)
    diego, ana = browser_of(app, token), cast.sign_in(app, cast.ana)
    asked = (
        (diego, f"/mesa/chat/novedades?chat={chat.id}"),
        (ana, f"/chat/{chat.token}/novedades"),
    )
    assert [client.get(path).status_code for client, path in asked] == [200, 200]
    sessions.end(token)
    ana.post("/cuenta/salir")
    say(chat, Side.VISITOR, cast.ana, "Secreto posterior")
    for client, path in asked:
        answer = client.get(path)
        assert answer.status_code == 401
        assert "Secreto" not in answer.text
    for client, path in (
        (diego, f"/mesa/chat/{chat.id}/senales"),
        (ana, f"/chat/{chat.token}/senales"),
    ):
        assert client.post(path, data={"leido": "1"}).status_code == 401
