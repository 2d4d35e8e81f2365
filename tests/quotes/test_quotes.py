from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.models import AuditEntry
from core.tokens import new_token
from quotes import actions
from quotes.models import Product, QuoteItem, QuoteRequest
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.home.counting import statements
from tests.quotes.guest import handed_out

RUC = "20100070970"


@pytest.fixture(autouse=True)
def products(app: Flask) -> None:
    with transaction() as session:
        session.add_all(
            [
                Product(slug="vps", name="VPS", group="Servidores", position=1),
                Product(slug="correo", name="Correo", group="Correo", position=2),
                Product(slug="viejo", name="Plan viejo", position=3, retired_at=START),
            ]
        )


def form(**changes: str) -> dict[str, str]:
    filled = {
        "nombre": "Rosa Díaz", "correo": "rosa@bodega.pe", "telefono": "969 782 160",
        "empresa": "Bodega Díaz", "ruc": RUC, "necesidad": "Un servidor para la bodega.",
        "cantidad-vps": "2",
    }  # fmt: skip
    return handed_out() | filled | changes


def received() -> list[QuoteRequest]:
    db.session.rollback()
    return list(db.session.scalars(select(QuoteRequest).order_by(QuoteRequest.id)))


def asked(**changes: object) -> actions.Asked:
    values: dict[str, object] = {
        "contact": "Rosa", "company": "", "ruc": None, "email": "rosa@bodega.pe",
        "phone": "+51969782160", "needs": "Algo", "quantities": {1: 2},
    }  # fmt: skip
    return actions.Asked(**(values | changes))  # type: ignore[arg-type]


def test_the_form_offers_the_products_that_are_sold(client: FlaskClient) -> None:
    page = client.get("/cotizacion").text
    assert 'name="cantidad-vps"' in page
    assert 'name="cantidad-correo"' in page
    assert "Plan viejo" not in page


def test_a_request_is_stored_and_answered_with_its_receipt(client: FlaskClient) -> None:
    sent = form()
    answer = client.post("/cotizacion", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/cotizacion/{sent['token']}")
    (request,) = received()
    assert (request.contact, request.email, request.phone, request.ruc, request.person_id) == (
        "Rosa Díaz", "rosa@bodega.pe", "+51969782160", RUC, None,
    )  # fmt: skip
    rows = db.session.execute(select(QuoteItem.product_id, QuoteItem.quantity)).all()
    assert [tuple(row) for row in rows] == [(1, 2)]
    receipt = client.get(answer.location)
    assert "Un servidor para la bodega." in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"
    for promise in ("en breve", "pronto", "horas hábiles", "24 horas"):
        assert promise not in receipt.text.split("<main")[1].split("</main>")[0]


def test_sending_twice_makes_one_request_and_one_mail(
    client: FlaskClient, mails: MemorySender
) -> None:
    sent = form()
    first = client.post("/cotizacion", data=sent)
    second = client.post("/cotizacion", data=sent | {"necesidad": "otra cosa"})
    assert (second.status_code, second.location) == (303, first.location)
    assert len(received()) == 1
    outbox.drain(clock.now())
    assert [mail["To"] for mail in mails.sent] == ["rosa@bodega.pe"]


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    answer = client.post("/cotizacion", data=handed_out())
    assert answer.status_code == 422
    for words in (
        "Escriba su nombre.", "Escriba su correo.", "Escriba su número de teléfono.",
        "Ponga la cantidad de al menos un producto",
    ):  # fmt: skip
        assert words in answer.text
    assert received() == []


@pytest.mark.parametrize(
    "phone",
    [
        "=+44 20 7946 0958", "tel:+442079460958", "+٤٤٢٠٧٩٤٦٠٩٥٨", "+442079460958;ext=99",
        "+442079460958\n",
    ],
)  # fmt: skip
def test_a_telephone_is_stored_as_its_number_only(client: FlaskClient, phone: str) -> None:
    assert client.post("/cotizacion", data=form(telefono=phone)).status_code == 303
    assert received()[0].phone == "+442079460958"


@pytest.mark.parametrize("phone", ["1", "no sé", "0800 12345", "9" * 500, "+51 900"])
def test_a_telephone_that_cannot_be_called_is_refused(client: FlaskClient, phone: str) -> None:
    answer = client.post("/cotizacion", data=form(telefono=phone))
    assert answer.status_code == 422
    assert 'href="#telefono"' in answer.text


@pytest.mark.parametrize("number", ["-1", "0", "1e9", "1.5", "NaN", "٣", "9" * 40, "10000", "x"])
def test_a_quantity_is_a_small_whole_number(client: FlaskClient, number: str) -> None:
    answer = client.post("/cotizacion", data=form(**{"cantidad-vps": number}))
    assert answer.status_code == 422
    assert "Escriba un número entero de 1 a 9999" in answer.text
    assert f'value="{number}"' in answer.text
    assert received() == []


def test_a_retired_product_cannot_be_asked_for(client: FlaskClient) -> None:
    sent = form(**{"cantidad-viejo": "3"})
    assert client.post("/cotizacion", data=sent).status_code == 303
    assert db.session.scalars(select(QuoteItem.product_id)).all() == [1]


def test_needs_alone_or_quantities_alone_are_enough(client: FlaskClient) -> None:
    assert client.post("/cotizacion", data=form(necesidad="")).status_code == 303
    assert client.post("/cotizacion", data=form(**{"cantidad-vps": ""})).status_code == 303
    assert (
        client.post("/cotizacion", data=form(necesidad=" ", **{"cantidad-vps": " "})).status_code
        == 422
    )


@pytest.mark.parametrize("ruc", ["20100070971", "123", "abc", "2010007097O"])
def test_a_wrong_ruc_is_refused_and_kept(client: FlaskClient, ruc: str) -> None:
    answer = client.post("/cotizacion", data=form(ruc=ruc))
    assert answer.status_code == 422
    assert f'value="{ruc}"' in answer.text


def test_the_ruc_may_be_left_out(client: FlaskClient) -> None:
    client.post("/cotizacion", data=form(ruc=""))
    assert received()[0].ruc is None


@pytest.mark.parametrize(
    ("field", "text", "status"),
    [("empresa", "x" * 160, 303), ("empresa", "x" * 161, 422), ("nombre", "x" * 121, 422),
     ("necesidad", "x" * 5000, 303), ("necesidad", "x" * 5001, 422), ("correo", "no", 422),
     ("correo", "a@b.pe\nBcc: c@d.pe", 422)],
)  # fmt: skip
def test_lengths_and_addresses_are_checked(
    client: FlaskClient, field: str, text: str, status: int
) -> None:
    assert client.post("/cotizacion", data=form(**{field: text})).status_code == status


def test_markup_and_formulas_stay_text(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for company in ("<b>Bodega</b>", "=cmd|' /C calc'!A0"):
        client.post("/cotizacion", data=form(empresa=company))
    page = cast.sign_in(app, cast.fabio).get("/ventas").text
    assert "<b>Bodega</b>" not in page
    assert "&lt;b&gt;Bodega&lt;/b&gt;" in page


def test_the_trap_stores_nothing_and_keeps_what_was_typed(client: FlaskClient) -> None:
    typed = form(necesidad="Diez buzones para la oficina")
    answer = client.post("/cotizacion", data={**typed, "nota_vacia": "https://spam.example"})
    assert answer.status_code == 422
    assert "Diez buzones para la oficina" in answer.text
    assert "spam.example" not in answer.text
    assert received() == []
    assert client.post("/cotizacion", data=typed).status_code == 303


def test_a_visitors_mail_repeats_nothing_that_was_typed(
    client: FlaskClient, mails: MemorySender
) -> None:
    typed = "Confirme su banco en https://evil.example " * 30
    client.post("/cotizacion", data=form(necesidad=typed, nombre="Banco Evil", empresa="Evil SAC"))
    outbox.drain(clock.now())
    (mail,) = mails.sent
    text = mail["Subject"] + text_of(mail)
    for word in ("Evil", "evil", "banco", RUC, "969782160", "969 782 160 ", "VPS", "/cotizacion/"):
        assert word not in text.replace("(+51) 969 782 160", "")
    assert str(received()[0].id) in text


def test_a_members_own_confirmed_address_gets_the_details(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    ana = cast.sign_in(app, cast.ana)
    ana.post("/cotizacion", data=form(correo=cast.ana.email.upper()))
    ana.post("/cotizacion", data=form(correo=cast.carla.email))
    outbox.drain(clock.now())
    own, foreign = (mail for mail in mails.sent if mail["To"] != cast.fabio.email)
    assert own["To"] == cast.ana.email
    assert "VPS: 2" in text_of(own)
    assert "Un servidor para la bodega." in text_of(own)
    assert f"http://localhost/cotizacion/{received()[0].token}" in text_of(own)
    assert foreign["To"] == cast.carla.email
    assert "bodega" not in text_of(foreign)
    assert [r.person_id for r in received()] == [cast.ana.person_id] * 2


def test_a_visitor_with_a_members_address_stays_a_visitor(client: FlaskClient, cast: Cast) -> None:
    client.post("/cotizacion", data=form(correo=cast.ana.email))
    assert received()[0].person_id is None


def test_a_member_finds_the_form_filled_in(app: Flask, cast: Cast) -> None:
    page = cast.sign_in(app, cast.ana).get("/cotizacion").text
    for value in ("Ana Quispe", "ana@example.com", "Textiles Andina"):
        assert f'value="{value}"' in page


def test_a_member_without_the_right_is_told_and_cannot_send(app: Flask, cast: Cast) -> None:
    beto = cast.sign_in(app, cast.beto)
    page = beto.get("/cotizacion")
    assert page.status_code == 200
    assert "Su usuario no puede pedir cotizaciones" in page.text
    assert 'name="nombre"' not in page.text
    assert beto.post("/cotizacion", data=form()).status_code == 404
    assert received() == []


def test_the_sixth_request_of_a_network_in_an_hour_waits(strict_app: Flask) -> None:
    client = strict_app.test_client()
    strict_app.config["WTF_CSRF_ENABLED"] = False
    sent = [form(correo=f"r{n}@bodega.pe") for n in range(6)]
    assert client.post("/cotizacion", data=form(correo="mal")).status_code == 422
    codes = [client.post("/cotizacion", data=data).status_code for data in sent]
    assert codes == [303] * 5 + [429]
    # What was received already is no new request.
    assert client.post("/cotizacion", data=sent[0]).status_code == 303
    assert len(received()) == 5


def test_the_fourth_request_for_an_address_in_a_day_waits(strict_app: Flask) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    answers = []
    for number in range(4):
        client = strict_app.test_client()
        answers.append(
            client.post(
                "/cotizacion",
                data=form(correo="Rosa@Bodega.pe" if number % 2 else "rosa@bodega.pe"),
                environ_base={"REMOTE_ADDR": f"192.0.2.{number + 1}"},
            )
        )
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert "todos los envíos que admitimos en un día" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 3600


@pytest.mark.parametrize("token", ["\x00abc", "ñ" * 40, ""])
def test_a_token_that_is_none_of_ours_is_replaced(strict_app: Flask, token: str) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    answer = strict_app.test_client().post("/cotizacion", data=form(token=token))
    assert answer.status_code == 303
    assert [request.token for request in received()] == [answer.location.rpartition("/")[2]]


def test_the_form_works_with_tokens_and_without_scripts(strict_app: Flask) -> None:
    client = strict_app.test_client()
    assert client.post("/cotizacion", data=form()).status_code == 400
    page = client.get("/cotizacion").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/cotizacion", data=form(csrf_token=token))
    assert answer.status_code == 303


@pytest.mark.parametrize("change", ["other", "upper", "cut"])
def test_a_receipt_is_found_by_its_exact_address_alone(client: FlaskClient, change: str) -> None:
    sent = form()
    client.post("/cotizacion", data=sent)
    token = sent["token"]
    wrong = {"other": new_token(), "upper": token.swapcase(), "cut": token[:-1]}[change]
    answer = client.get(f"/cotizacion/{wrong}")
    assert answer.status_code == 404
    assert "Rosa" not in answer.text


def test_sales_lists_by_arrival_those_that_wait_first(app: Flask, cast: Cast) -> None:
    for number in range(3):
        actions.receive(
            asked(contact=f"Persona {number}"), token=new_token(), actor=None,
            now=START + timedelta(hours=number),
        )  # fmt: skip
    first, second, third = received()
    fabio = cast.sign_in(app, cast.fabio)
    assert fabio.post(f"/ventas/{first.id}/atencion").status_code == 303
    page = fabio.get("/ventas").text
    places = [page.index(f"Persona {n}") for n in (1, 2, 0)]
    assert places == sorted(places)
    assert "Fabio Medina" in page
    assert fabio.get(f"/ventas/{second.id}").status_code == 200
    assert third.attended_at is None


def test_attending_is_noted_once_and_by_whom(app: Flask, cast: Cast) -> None:
    actions.receive(asked(), token=new_token(), actor=None, now=START)
    (request,) = received()
    fabio = cast.sign_in(app, cast.fabio)
    for _ in range(2):
        answer = fabio.post(f"/ventas/{request.id}/atencion")
        assert (answer.status_code, answer.location) == (303, f"/ventas/{request.id}")
    (request,) = received()
    assert request.attended_by == cast.fabio.person_id
    entries = db.session.scalars(
        select(AuditEntry.actor_id).where(AuditEntry.action == "quotes.attended")
    ).all()
    assert entries == [cast.fabio.person_id]


def test_only_sales_reads_requests(app: Flask, cast: Cast) -> None:
    actions.receive(asked(contact="Rosa Secreta"), token=new_token(), actor=None, now=START)
    number = received()[0].id
    for actor in (cast.ana, cast.diego, cast.elena, cast.gloria):
        client = cast.sign_in(app, actor)
        for answer in (
            client.get("/ventas"), client.get(f"/ventas/{number}"),
            client.post(f"/ventas/{number}/atencion"),
        ):  # fmt: skip
            assert answer.status_code == 404
            assert "Rosa Secreta" not in answer.text
    assert app.test_client().get("/ventas").status_code == 302
    assert received()[0].attended_at is None


def test_missing_requests_are_not_found(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    assert fabio.get("/ventas/99").status_code == 404
    assert fabio.post("/ventas/99/atencion").status_code == 404
    assert fabio.get("/ventas?pagina=2").status_code == 404
    assert "No hay solicitudes" in fabio.get("/ventas").text


def test_the_list_costs_the_same_for_one_and_thirty(app: Flask, cast: Cast) -> None:
    fabio = cast.sign_in(app, cast.fabio)
    actions.receive(asked(), token=new_token(), actor=None, now=START)
    one = len(statements(fabio, "/ventas"))
    for _ in range(29):
        actions.receive(asked(), token=new_token(), actor=None, now=START)
    assert len(statements(fabio, "/ventas")) == one
    assert db.session.scalar(select(func.count()).select_from(QuoteRequest)) == 30
