from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contact.calls import actions
from core.db import db
from core.guest_forms import extension_in
from core.tokens import new_token
from core.web import LANGUAGE_COOKIE
from tests.cast import START, Cast
from tests.contact.calls.builders import PHONE, added, asked, form, received, requested


def test_the_page_shows_the_telephone_to_call_at_once(client: FlaskClient) -> None:
    page = client.get("/llamada").text
    assert 'href="tel:+5117390054"' in page
    assert "Es un deseo, no una cita" in page


def test_a_request_is_stored_and_answered_with_its_receipt(client: FlaskClient) -> None:
    sent = form()
    answer = client.post("/llamada", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/llamada/{sent['token']}")
    (call,) = received()
    assert (call.name, call.phone, call.part_of_day, call.matter, call.person_id) == (
        "Rosa Díaz", "+5117390054", "tarde", "Mi correo no llega.", None,
    )  # fmt: skip
    receipt = client.get(answer.location)
    assert "(01) 739-0054" in receipt.text
    assert "Por la tarde" in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"


def test_an_extension_is_kept_for_whoever_calls(client: FlaskClient) -> None:
    answer = client.post("/llamada", data=form(telefono="739 0054 anexo 215"))
    (call,) = received()
    assert (call.phone, call.matter) == (
        "+5117390054", "Mi correo no llega.\n\nAnexo del teléfono: 215",
    )  # fmt: skip
    assert "Anexo del teléfono: 215" in client.get(answer.location).text


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_extension_stands_beside_the_number_that_is_dialled(
    app: Flask, client: FlaskClient, cast: Cast, language: str
) -> None:
    """Also where the matter is so long that the list cuts it, and in whichever language."""
    long = "Mi correo no llega. " * 20
    client.set_cookie(LANGUAGE_COOKIE, language)
    client.post("/llamada", data=form(telefono="739 0054 anexo 215", asunto=long))
    (call,) = received()
    assert extension_in(call.matter) == "215"
    diego = cast.sign_in(app, cast.diego)
    assert "anexo 215" in diego.get("/mesa/llamadas").text
    assert "Pida el anexo 215." in diego.get(f"/mesa/llamadas/{call.id}").text


def test_sending_twice_makes_one_request(client: FlaskClient) -> None:
    sent = form()
    locations = [client.post("/llamada", data=sent).location for _ in range(2)]
    assert locations == [f"/llamada/{sent['token']}"] * 2
    assert (len(received()), added()) == (1, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nombre": " "}, "nombre"),
        ({"telefono": ""}, "telefono"),
        ({"telefono": "0900 12345"}, "telefono"),
        ({"telefono": "105"}, "telefono"),
        ({"telefono": "0800 12345"}, "telefono"),
        ({"telefono": "9" * 40}, "telefono"),
        ({"telefono": "<script>"}, "telefono"),
        ({"momento": "25:00"}, "momento-0"),
        ({"momento": "2027-02-29"}, "momento-0"),
        ({"asunto": "\u200b"}, "asunto"),
        ({"asunto": "x" * 2001}, "asunto"),
        ({"asunto": "La clave de cPanel es: Zapato-Rojo-77"}, "asunto"),
    ],
)
def test_each_wrong_field_is_named(
    client: FlaskClient, changes: dict[str, str], field: str
) -> None:
    answer = client.post("/llamada", data=form(**changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert received() == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+34 612 345 678", "+34612345678"),
        ("=+44 20 7946 0958", "+442079460958"),
        ("tel:+44 20 7946 0958", "+442079460958"),
        ("٩٦٩ ٧٨٢ ١٦٠", "+51969782160"),
        ("969 782 160;ext=99", "+51969782160"),
        ("969782160\n", "+51969782160"),
        ("0051 969 782 160", "+51969782160"),
    ],
)
def test_a_number_is_kept_in_one_form(client: FlaskClient, typed: str, stored: str) -> None:
    assert client.post("/llamada", data=form(telefono=typed)).status_code == 303
    assert [call.phone for call in received()] == [stored]


def test_hostile_words_stay_words(client: FlaskClient) -> None:
    bad = '"><img src=x onerror=MARK>'
    answer = client.post("/llamada", data=form(nombre=bad, asunto=bad))
    page = client.get(answer.location).text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=MARK&gt;" in page


def test_the_trap_stores_nothing_and_keeps_what_was_typed(client: FlaskClient) -> None:
    trapped = client.post("/llamada", data=form(nota_vacia="x"))
    assert trapped.status_code == 422
    assert "Un programa llenó un campo que no se ve" in trapped.text
    assert "Mi correo no llega." in trapped.text
    assert received() == []


def test_the_sixth_request_of_a_network_in_an_hour_waits(strict_app: Flask) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    client = strict_app.test_client()
    answers = [client.post("/llamada", data=form(telefono=f"96978216{n}")) for n in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "todos los envíos que admitimos en una hora" in answers[-1].text
    assert 3000 < int(answers[-1].headers["Retry-After"]) <= 3601


def test_the_fourth_request_for_one_number_in_a_day_waits(strict_app: Flask) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    client = strict_app.test_client()
    typed = ("(01) 739-0054", "+51 1 7390054", "017390054", "01 739 0054")
    answers = [client.post("/llamada", data=form(telefono=number)) for number in typed]
    assert [answer.status_code for answer in answers] == [303] * 3 + [429]
    assert "admitimos en un día" in answers[-1].text
    assert "Mi correo no llega." in answers[-1].text


@pytest.mark.parametrize("token", ["\x00abc", "x\x00" * 20, "ñ" * 40, "a" * 5000])
def test_a_token_that_is_none_of_ours_is_replaced(strict_app: Flask, token: str) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    answer = strict_app.test_client().post("/llamada", data=form(token=token))
    assert answer.status_code == 303
    assert [call.token for call in received()] == [answer.location.rpartition("/")[2]]


def test_a_second_visitor_with_the_number_finds_the_first_and_learns_nothing(app: Flask) -> None:
    first, second = app.test_client(), app.test_client()
    first.post("/llamada", data=form(asunto="Secreto de Rosa"))
    sent = form(nombre="Otro", asunto="Lo mío", momento="noche", telefono="+51 1 739 0054")
    answer = second.post("/llamada", data=sent)
    assert answer.location == f"/llamada/{sent['token']}"
    page = second.get(answer.location).text
    assert "Ya hay un pedido para ese número" in page
    assert "Lo mío" in page
    for hidden in ("Secreto", "Rosa", "Por la tarde", "pedido 1"):
        assert hidden not in page
    (call,) = received()
    assert (call.name, call.part_of_day, call.matter) == (
        "Rosa Díaz", "tarde", "Secreto de Rosa",
    )  # fmt: skip
    assert [(one.name, one.matter, one.is_own) for one in added()] == [("Otro", "Lo mío", False)]
    assert second.post(f"{answer.location}/cambios", data=form()).status_code == 404


def test_a_visitor_with_a_customers_number_learns_nothing_either(app: Flask, cast: Cast) -> None:
    requested(cast.ana, name="Ana Quispe", phone=PHONE)
    visitor = app.test_client()
    answer = visitor.post("/llamada", data=form(telefono=PHONE), follow_redirects=True)
    assert "Ya hay un pedido para ese número" in answer.text
    assert "Ana" not in answer.text
    assert (len(received()), len(added())) == (1, 1)


def test_a_person_has_one_request_and_the_page_says_so(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    first, second = form(), form(momento="noche", telefono=PHONE, asunto="Y otra cosa")
    fabio.post("/llamada", data=first)
    page = fabio.get("/llamada").text
    assert "Ya tenemos su pedido de llamada 1." in page
    assert f'href="/llamada/{first["token"]}"' in page
    answer = fabio.post("/llamada", data=second, follow_redirects=True)
    assert "Es el pedido 1." in answer.text
    assert "Y otra cosa" in answer.text
    (call,) = received()
    assert (call.part_of_day, call.phone, call.matter) == ("noche", PHONE, "Mi correo no llega.")
    assert [one.matter for one in added()] == ["Y otra cosa"]


def test_after_it_ended_a_request_is_a_new_one(app: Flask, cast: Cast) -> None:
    token = new_token()
    actions.receive(asked(), token=token, actor=None, now=START)
    actions.withdraw(token, actor=None, now=START)
    actions.receive(asked(), token=new_token(), actor=None, now=START + timedelta(hours=1))
    assert [call.waits for call in received()] == [False, True]


@pytest.mark.parametrize("who", ["visitor", "fabio"])
def test_twenty_at_once_make_one_request(app: Flask, cast: Cast, who: str) -> None:
    actor = None if who == "visitor" else cast.fabio
    failed: list[Exception] = []

    def ask() -> None:
        with app.app_context():
            try:
                actions.receive(asked(), token=new_token(), actor=actor, now=START)
            except Exception as error:  # noqa: BLE001  told below
                failed.append(error)
            finally:
                db.session.remove()

    db.session.rollback()
    together = [threading.Thread(target=ask) for _ in range(20)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert failed == []
    assert (len(received()), len(added())) == (1, 19)
