"""Journey D over HTTP: asked for, priced, sent, read, downloaded, accepted; and its side roads."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from quotes.models import Product, ProductPlan
from quotes.pricing.models import QuoteEvent
from tests.accounts.mailbox import deliver
from tests.cast import Cast
from tests.quotes.builders import (
    accept_form,
    address,
    drafted,
    head,
    newest,
    quote,
    rows,
    sent,
    version,
)
from tests.quotes.test_quotes import form as request_form


@pytest.fixture
def plans(app: Flask) -> int:
    """A product with a plan in both currencies; the id of the plan."""
    with transaction() as session:
        product = Product(slug="vps", name="VPS", group="Servidores", position=1, plans=[])
        session.add(product)
        session.flush()
        plan = ProductPlan(
            product_id=product.id, name="4 GB", period="monthly", price_pen=12_050,
            price_usd=3_300, public_at=clock.now(),
        )  # fmt: skip
        session.add(plan)
        session.flush()
        return plan.id


def test_quote_goes_from_request_to_acceptance(
    app: Flask, client: FlaskClient, cast: Cast, plans: int, mails: MemorySender
) -> None:
    assert "Desde S/\u00a0120.50" in client.get("/cotizacion").text
    asked = request_form(correo="rosa@bodega.pe")
    del asked["cantidad-vps"]
    answer = client.post("/cotizacion", data=asked | {f"cantidad-vps-{plans}": "2"})
    assert "VPS · 4 GB (mensual)" in client.get(answer.location).text
    fabio = cast.sign_in(app, cast.fabio)
    assert "VPS · 4 GB (mensual)" in fabio.get("/ventas").text
    begun = fabio.post("/ventas/1/cotizacion", data={"moneda": "PEN"})
    assert begun.status_code == 303
    assert fabio.post("/ventas/1/cotizacion", data={"moneda": "USD"}).location == begun.location
    page = fabio.get(begun.location).text
    assert 'value="120.50"' in page
    assert "Total" in page
    year = clock.in_lima(clock.now()).year
    quote_id = 1
    assert quote(quote_id).number == f"COT-{year}-0001"
    saved = fabio.post(
        begun.location,
        data=head(revision="1", descuento_total="10%")
        | rows(("VPS · 4 GB (mensual)", "2", "120.50", ""), ("Instalación", "1", "80", "50%")),
    )
    assert saved.status_code == 303, saved.text
    stored = newest(quote_id)
    assert (stored.subtotal, stored.discount, stored.tax, stored.total) == (
        28_100, 2_810, 4_552, 29_842,
    )  # fmt: skip
    deliver(app)
    before = len(mails.sent)
    send = {"revision": "2", "correo": "rosa@bodega.pe"}
    for _press in range(2):
        assert fabio.post("/ventas/cotizaciones/1/envio", data=send).status_code == 303
    outbox.drain(clock.now())
    (mail,) = mails.sent[before:]
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["To"] == "rosa@bodega.pe"
    assert "S/\u00a0298.42" in body
    assert f"http://localhost{address(quote_id)}" in body
    shown = client.get(address(quote_id))
    assert shown.status_code == 200
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Cache-Control"] == "no-store"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    for words in ("Instalación", "S/\u00a0298.42", "DOSCIENTOS NOVENTA Y OCHO Y 42/100 SOLES"):
        assert words in shown.text
    paper = client.get(address(quote_id, "/pdf"))
    assert paper.mimetype == "application/pdf"
    accepted = client.post(address(quote_id, "/aceptacion"), data=accept_form())
    assert (accepted.status_code, accepted.location) == (303, address(quote_id))
    assert "Aceptada por Rosa Díaz" in client.get(address(quote_id)).text
    outbox.drain(clock.now())
    subjects = {(m["To"], m["Subject"]) for m in mails.sent[before + 1 :]}
    assert subjects == {
        (cast.fabio.email, f"Aceptaron la cotización COT-{year}-0001"),
        ("rosa@bodega.pe", f"Cotización COT-{year}-0001 aceptada"),
    }


def test_accepting_needs_a_name_and_the_mark(client: FlaskClient, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    answer = client.post(
        address(quote_id, "/aceptacion"), data={"version": "1", "nombre": "Rosa <b>"}
    )
    assert answer.status_code == 422
    assert "Marque que acepta" in answer.text
    assert 'value="Rosa &lt;b&gt;"' in answer.text
    assert newest(quote_id).accepted_at is None


def test_second_acceptance_changes_nothing(
    app: Flask, client: FlaskClient, cast: Cast, mails: MemorySender
) -> None:
    quote_id = sent(cast.fabio)
    deliver(app)
    for name in ("Rosa", "Otra"):
        client.post(address(quote_id, "/aceptacion"), data=accept_form(nombre=name))
    assert newest(quote_id).accepted_name == "Rosa"
    assert len(deliver(app)) == 2
    assert (
        client.post(
            address(quote_id, "/rechazo"), data={"version": "1", "motivo": "precio"}
        ).status_code
        == 409
    )
    kinds = db.session.scalars(select(QuoteEvent.kind).order_by(QuoteEvent.id)).all()
    assert kinds == ["created", "sent", "accepted"]


def test_declining_says_why(app: Flask, client: FlaskClient, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    missing = client.post(address(quote_id, "/rechazo"), data={"version": "1", "texto": "Muy caro"})
    assert missing.status_code == 422
    assert "Muy caro" in missing.text
    for made_up in ("x", ""):
        data = {"version": "1", "motivo": made_up}
        assert client.post(address(quote_id, "/rechazo"), data=data).status_code == 422
    done = client.post(
        address(quote_id, "/rechazo"), data={"version": "1", "motivo": "precio", "texto": "Caro"}
    )
    assert done.status_code == 303
    page = cast.sign_in(app, cast.fabio).get(f"/ventas/cotizaciones/{quote_id}").text
    assert "Rechazada: El precio" in page
    assert "Caro" in page


def test_new_version_replaces_and_the_old_address_shows_it(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    quote_id = sent(cast.fabio)
    old = address(quote_id)
    fabio = cast.sign_in(app, cast.fabio)
    assert fabio.post(f"/ventas/cotizaciones/{quote_id}/versiones").status_code == 303
    assert "versión 1" in client.get(old).text
    changed = head(revision="2") | rows(("VPS 8 GB", "1", "200", ""))
    assert fabio.post(f"/ventas/cotizaciones/{quote_id}/edicion", data=changed).status_code == 303
    data = {"revision": "3", "correo": "rosa@bodega.pe"}
    assert fabio.post(f"/ventas/cotizaciones/{quote_id}/envio", data=data).status_code == 303
    page = client.get(old).text
    assert "VPS 8 GB" in page
    assert "versión 2" in page
    assert "Reemplaza a las versiones anteriores" in page
    late = client.post(old + "/aceptacion", data=accept_form(1))
    assert late.status_code == 409
    assert "versión más nueva" in late.text
    assert 'value="Rosa Díaz"' in late.text
    assert newest(quote_id).accepted_at is None
    assert fabio.get(f"/ventas/cotizaciones/{quote_id}/versiones/1").status_code == 200
    assert client.post(old + "/aceptacion", data=accept_form(2)).status_code == 303
    assert fabio.post(f"/ventas/cotizaciones/{quote_id}/versiones").status_code == 409


def test_accepting_takes_a_draft_of_the_next_version_back(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    quote_id = sent(cast.fabio)
    fabio = cast.sign_in(app, cast.fabio)
    fabio.post(f"/ventas/cotizaciones/{quote_id}/versiones")
    client.post(address(quote_id, "/aceptacion"), data=accept_form(1))
    assert newest(quote_id).version == 1
    assert version(quote_id, 2).withdrawn_at is not None
    data = {"revision": "2", "correo": "rosa@bodega.pe"}
    late = fabio.post(f"/ventas/cotizaciones/{quote_id}/envio", data=data)
    assert late.status_code == 409
    assert "No se puede: está «Aceptada»." in late.text
    assert newest(quote_id).accepted_at is not None


def test_expired_quote_is_read_but_not_accepted(client: FlaskClient, cast: Cast) -> None:
    today = clock.in_lima(clock.now()).date()
    quote_id = sent(cast.fabio, valid_until=today)
    assert "Aceptar la cotización" in client.get(address(quote_id)).text
    with transaction() as session:
        session.merge(newest(quote_id)).valid_until = today - timedelta(days=1)
    page = client.get(address(quote_id))
    assert page.status_code == 200
    assert "Venció el" in page.text
    assert "Aceptar la cotización" not in page.text
    answer = client.post(address(quote_id, "/aceptacion"), data=accept_form())
    assert answer.status_code == 409
    assert "Puede pedir una versión nueva" in answer.text
    wish = {"version": "1", "tipo": "version", "formulario": "f" * 43}
    for _press in range(2):
        assert client.post(address(quote_id, "/preguntas"), data=wish).status_code == 303
    assert client.get(address(quote_id)).text.count("Quisiera una versión nueva") == 1


def test_withdrawn_and_unknown_addresses(app: Flask, client: FlaskClient, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    first = address(quote_id)
    fabio = cast.sign_in(app, cast.fabio)
    fabio.post(f"/ventas/cotizaciones/{quote_id}/enlace")
    second = address(quote_id)
    assert second != first
    gone = client.get(first)
    assert gone.status_code == 410
    assert "El enlace venció o se cambió" in gone.text
    assert "Rosa" not in gone.text
    assert client.post(first + "/aceptacion", data=accept_form()).status_code == 410
    for wrong in ("x" * 43, second.rpartition("/")[2].swapcase(), second.rpartition("/")[2][:-1]):
        assert client.get(f"/cotizacion/ver/{wrong}").status_code == 404
    fabio.post(f"/ventas/cotizaciones/{quote_id}/enlace/retiro")
    assert client.get(second).status_code == 410
    assert "No hay enlace que funcione" in fabio.get(f"/ventas/cotizaciones/{quote_id}").text
    fabio.post(f"/ventas/cotizaciones/{quote_id}/enlace")
    third = address(quote_id)
    assert client.get(third).status_code == 200
    assert "session" not in (client.get(third + "/pdf").headers.get("Set-Cookie") or "")
    fabio.post(f"/ventas/cotizaciones/{quote_id}/versiones/1/retiro")
    for ending in ("", "/pdf"):
        assert client.get(third + ending).status_code == 410
    assert client.post(third + "/aceptacion", data=accept_form()).status_code == 410


def test_private_address_signs_nobody_in(client: FlaskClient, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    client.get(address(quote_id))
    client.post(address(quote_id, "/aceptacion"), data=accept_form())
    assert client.get("/cotizaciones").status_code == 302


def test_draft_has_no_address(client: FlaskClient, app: Flask, cast: Cast) -> None:
    quote_id = drafted(cast.fabio)
    fabio = cast.sign_in(app, cast.fabio)
    assert fabio.post(f"/ventas/cotizaciones/{quote_id}/enlace").status_code == 404
    assert "BORRADOR" in _paper(fabio.get(f"/ventas/cotizaciones/{quote_id}/versiones/1/pdf").data)


def test_accepted_offer_stays_as_it_was(app: Flask, client: FlaskClient, cast: Cast) -> None:
    from quotes import terms

    quote_id = sent(cast.fabio, notes="Incluye migración.")
    client.post(address(quote_id, "/aceptacion"), data=accept_form())
    page = client.get(address(quote_id)).text.split("<main")[1].split("csrf_token")[0]
    paper = client.get(address(quote_id, "/pdf")).data
    changed = terms.Terms(
        tax_points=1900, legal_name="Otra S.A.", ruc="20100070970", address="Otra calle",
        payment="Otra cuenta", conditions="Otras",
    )  # fmt: skip
    terms.change(changed, actor_id=cast.gloria.person_id, now=clock.now())
    cast.sign_in(app, cast.gloria).post(
        "/admin/ajustes",
        data={"nombre": "Otra", "titulo": "Otro", "telefono": "+51969782160",
              "whatsapp": "+51969782160", "horario": "x", "correo": "o@o.pe", "acento": "#aa0000",
              "limite": "3", "deshacer": "15", "revisar": "12"},
    )  # fmt: skip
    assert terms.load() == changed
    again = client.get(address(quote_id)).text.split("<main")[1].split("csrf_token")[0]
    assert again == page
    assert client.get(address(quote_id, "/pdf")).data == paper
    fabio = cast.sign_in(app, cast.fabio)
    assert (
        fabio.post(
            f"/ventas/cotizaciones/{quote_id}/edicion",
            data=head(revision="1") | rows(("x", "1", "1", "")),
        ).status_code
        == 409
    )
    assert client.get(address(quote_id, "/pdf")).data == paper


def _paper(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
