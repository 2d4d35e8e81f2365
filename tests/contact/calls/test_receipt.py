from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from contact.calls import actions, handling
from contact.calls.handling import Attempt
from contact.calls.policy import Result
from core import clock, outbox
from core.mail import MemorySender
from core.tokens import new_token
from tests.cast import START, Cast
from tests.contact.calls.builders import added, call, form, received, requested
from tests.quotes.guest import handed_out


def tried(call_id: int, cast: Cast, result: Result = Result.NO_ANSWER) -> None:
    attempt = Attempt(result, "Nota secreta", new_token())
    handling.note_attempt(call_id, attempt, actor=cast.diego, now=START)


def test_a_receipt_is_found_by_its_exact_address_alone(client: FlaskClient) -> None:
    sent = form()
    client.post("/llamada", data=sent)
    for wrong in (new_token(), sent["token"].swapcase(), sent["token"][:-1]):
        answer = client.get(f"/llamada/{wrong}")
        assert answer.status_code == 404
        assert "Rosa" not in answer.text


def test_the_receipt_says_where_the_request_stands(client: FlaskClient, cast: Cast) -> None:
    number = requested()
    address = f"/llamada/{call(number).token}"
    assert "Recibido</span>" in client.get(address).text
    tried(number, cast)
    assert "Intentamos llamarle 1 vez" in client.get(address).text
    tried(number, cast, Result.BUSY)
    page = client.get(address).text
    assert "Intentamos llamarle 2 veces" in page
    assert "Nota secreta" not in page
    assert "Diego" not in page
    tried(number, cast, Result.TALKED)
    page = client.get(address).text
    assert "Atendido" in page
    assert "Nota secreta" not in page
    assert "Retirar el pedido" not in page


def test_whoever_asked_changes_the_part_of_the_day_and_adds(client: FlaskClient) -> None:
    number = requested()
    address = f"/llamada/{call(number).token}"
    sent = handed_out() | {"momento": "noche", "asunto": "Es por el dominio"}
    for _ in range(2):
        answer = client.post(f"{address}/cambios", data=sent)
        assert (answer.status_code, answer.location) == (303, address)
    assert call(number).part_of_day == "noche"
    assert call(number).received_at == START
    assert [(one.matter, one.is_own) for one in added()] == [("Es por el dominio", True)]
    assert "Es por el dominio" in client.get(address).text
    wrong = client.post(f"{address}/cambios", data=sent | {"momento": "99:00", "asunto": "Mío"})
    assert wrong.status_code == 422
    assert "Mío</textarea>" in wrong.text


def test_a_request_is_withdrawn_by_whoever_asked(client: FlaskClient) -> None:
    number = requested()
    address = f"/llamada/{call(number).token}"
    for _ in range(2):
        assert client.post(f"{address}/retiro").status_code == 303
    assert not call(number).waits
    assert "Usted retiró el pedido" in client.get(address).text
    late = client.post(f"{address}/cambios", data=handed_out() | {"momento": "noche"})
    assert late.status_code == 409


def test_what_was_attended_cannot_be_withdrawn(client: FlaskClient, cast: Cast) -> None:
    number = requested()
    tried(number, cast, Result.TALKED)
    answer = client.post(f"/llamada/{call(number).token}/retiro")
    assert answer.status_code == 409
    assert call(number).withdrawn_at is None


def test_a_customers_request_is_changed_by_them_alone(app: Flask, cast: Cast) -> None:
    number = requested(cast.ana)
    address = f"/llamada/{call(number).token}"
    sent = handed_out() | {"momento": "noche"}
    for other in (app.test_client(), cast.sign_in(app, cast.beto), cast.sign_in(app, cast.diego)):
        assert "Retirar el pedido" not in other.get(address).text
        assert other.post(f"{address}/cambios", data=sent).status_code == 404
        assert other.post(f"{address}/retiro").status_code == 404
    assert call(number).waits
    assert cast.sign_in(app, cast.ana).post(f"{address}/retiro").status_code == 303
    assert not call(number).waits


def test_withdrawing_leaves_what_others_added_waiting(client: FlaskClient, cast: Cast) -> None:
    number = requested()
    tokens = [new_token(), new_token()]
    for token, name in zip(tokens, ("Segunda", "Tercera"), strict=True):
        asked = actions.CallAsked(name, call(number).phone, "tarde", f"De {name}")
        actions.receive(asked, token=token, actor=None, now=START)
    client.post(f"/llamada/{call(number).token}/retiro")
    assert [(one.name, one.waits) for one in received()] == [("Rosa", False), ("Segunda", True)]
    assert [(one.name, one.call_id) for one in added()] == [("Tercera", received()[1].id)]
    assert "Es el pedido" in client.get(f"/llamada/{tokens[0]}").text
    client.post(f"/llamada/{tokens[1]}/retiro")
    assert "Retiró lo que había añadido" in client.get(f"/llamada/{tokens[1]}").text
    assert received()[1].waits


def test_a_customer_gets_a_mail_and_a_visitor_none(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    requested(phone="+5117390054")
    number = requested(cast.ana, name="Ana Quispe")
    for _ in range(2):
        outbox.drain(clock.now())
    (letter,) = mails.sent
    assert letter["To"] == cast.ana.email
    assert letter["Subject"] == f"Recibimos su pedido de llamada {number}"
    assert f"/llamada/{call(number).token}" in str(letter)
