"""Customer and sales act on a quote at the same moment, or from a page that is old."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.permissions import Actor
from core import clock
from core.db import db
from core.tokens import new_token
from quotes import terms
from quotes.answers import actions as answers
from quotes.answers.actions import Signed
from quotes.catalogue.actions import PlanText, ProductText, save_product
from quotes.lifecycle import StepRefused
from quotes.models import Product, ProductPlan
from quotes.pricing import actions, drafting
from quotes.pricing.models import QuoteEvent, QuoteVersion
from quotes.pricing.pieces import Changed
from tests.cast import Cast
from tests.databases import one_database
from tests.quotes.builders import (
    accept_form,
    address,
    drafted,
    head,
    line,
    newest,
    rows,
    send,
    sent,
    version,
)

#: Each a meeting of two connections; which comes first is theirs to settle.
MEETINGS = range(4)


def at_once(app: Flask, *verbs: Callable[[], object]) -> list[object]:
    """What each of them returned or was refused with, all begun together."""
    ready = threading.Barrier(len(verbs))
    told: list[object] = [None] * len(verbs)

    def run(place: int, verb: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait(10)
            try:
                told[place] = verb()
            except (StepRefused, Changed, LookupError) as refused:
                told[place] = refused

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def accepting(quote_id: int, number: int = 1, name: str = "Rosa") -> Callable[[], object]:
    return partial(
        answers.accept,
        quote_id=quote_id, version=number, name=name, by=Signed(), now=clock.now(),
    )  # fmt: skip


def declining(quote_id: int) -> Callable[[], object]:
    return partial(
        answers.decline,
        quote_id=quote_id, version=1, reason="precio", text="", by=Signed(), now=clock.now(),
    )  # fmt: skip


def accepted(quote_id: int) -> list[int]:
    db.session.rollback()
    where = QuoteVersion.quote_id == quote_id, QuoteVersion.accepted_at.is_not(None)
    return list(db.session.scalars(select(QuoteVersion.version).where(*where)))


def events(quote_id: int, kind: str) -> int:
    where = QuoteEvent.quote_id == quote_id, QuoteEvent.kind == kind
    return db.session.scalar(select(func.count()).select_from(QuoteEvent).where(*where)) or 0


def followed(seller: Actor) -> int:
    """A quote whose first version is with the customer while the second is a draft."""
    quote_id = sent(seller)
    drafting.begin_version(actor=seller, quote_id=quote_id, now=clock.now())
    return quote_id


@pytest.mark.parametrize("_meeting", MEETINGS)
def test_acceptance_and_a_new_version_at_once_have_one_outcome(
    app: Flask, cast: Cast, _meeting: int
) -> None:
    quote_id = followed(cast.fabio)
    revision = newest(quote_id).revision
    sending = partial(
        actions.send,
        actor=cast.fabio, quote_id=quote_id, revision=revision, email="rosa@bodega.pe",
        now=clock.now(),
    )  # fmt: skip
    answer, sending_told = at_once(app, accepting(quote_id), sending)
    first, second = version(quote_id, 1), version(quote_id, 2)
    if answer is True:
        assert isinstance(sending_told, StepRefused)
        assert sending_told.state == "accepted"
        assert accepted(quote_id) == [1]
        assert second.sent_at is None
        assert newest(quote_id).version == 1
    else:
        assert isinstance(answer, StepRefused)
        assert answer.state == "replaced"
        assert sending_told is None
        assert accepted(quote_id) == []
        assert first.replaced_at is not None
        assert newest(quote_id).version == 2


@pytest.mark.parametrize("_meeting", MEETINGS)
def test_acceptance_and_a_withdrawal_at_once_have_one_outcome(
    app: Flask, cast: Cast, _meeting: int
) -> None:
    quote_id = sent(cast.fabio)
    withdrawing = partial(
        actions.withdraw, actor=cast.fabio, quote_id=quote_id, version=1, now=clock.now()
    )
    answer, told = at_once(app, accepting(quote_id), withdrawing)
    stored = version(quote_id, 1)
    assert (stored.accepted_at is None) is not (stored.withdrawn_at is None)
    if answer is True:
        assert isinstance(told, StepRefused)
        assert told.state == "accepted"
    else:
        assert isinstance(answer, StepRefused)
        assert answer.state == "withdrawn"
        assert told is None


@pytest.mark.parametrize("_meeting", MEETINGS)
def test_yes_and_no_at_once_are_one_answer(app: Flask, cast: Cast, _meeting: int) -> None:
    quote_id = sent(cast.fabio)
    told = at_once(app, accepting(quote_id), declining(quote_id), accepting(quote_id, name="Luis"))
    stored = version(quote_id, 1)
    assert (stored.accepted_at is None) is not (stored.declined_at is None)
    assert told.count(True) == 1
    assert events(quote_id, "accepted") + events(quote_id, "declined") == 1


def test_two_who_begin_the_next_version_begin_one(app: Flask, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    begin = partial(drafting.begin_version, actor=cast.fabio, quote_id=quote_id, now=clock.now())
    assert at_once(app, begin, begin, begin) == [None, None, None]
    assert newest(quote_id).version == 2
    assert events(quote_id, "version") == 1


@one_database
def test_page_of_a_draft_that_was_taken_back_sends_no_other(app: Flask, cast: Cast) -> None:
    """Every version counts its revisions on from the one before."""
    quote_id = followed(cast.fabio)
    old = {"revision": str(newest(quote_id).revision), "correo": "rosa@bodega.pe"}
    actions.withdraw(actor=cast.fabio, quote_id=quote_id, version=2, now=clock.now())
    drafting.begin_version(actor=cast.fabio, quote_id=quote_id, now=clock.now())
    fabio, place = cast.sign_in(app, cast.fabio), f"/ventas/cotizaciones/{quote_id}"
    assert fabio.post(f"{place}/envio", data=old).status_code == 409
    typed = head(revision=old["revision"]) | rows(("Otra cosa", "1", "1", ""))
    late = fabio.post(f"{place}/edicion", data=typed)
    assert late.status_code == 409
    assert "Otra cosa" in late.text
    assert newest(quote_id).version == 3
    assert newest(quote_id).sent_at is None


@one_database
@pytest.mark.parametrize("lacks", ["conforme", "nombre"])
def test_old_page_that_lacks_something_says_that_there_is_a_newer_version(
    client: FlaskClient, cast: Cast, lacks: str
) -> None:
    """Else the next press would accept a version that was not read."""
    quote_id = followed(cast.fabio)
    send(cast.fabio, quote_id)
    form = accept_form(1)
    del form[lacks]
    page = client.post(address(quote_id, "/aceptacion"), data=form)
    assert page.status_code == 422
    assert "Hay una versión más nueva" in page.text
    assert " checked" not in page.text
    assert "Hay una versión más nueva" not in client.post(
        address(quote_id, "/aceptacion"), data=form | {"version": "2"}
    ).text  # fmt: skip


@one_database
def test_acceptance_of_a_former_version_must_be_ticked_anew(
    client: FlaskClient, cast: Cast
) -> None:
    quote_id = followed(cast.fabio)
    send(cast.fabio, quote_id)
    page = client.post(address(quote_id, "/aceptacion"), data=accept_form(1))
    assert page.status_code == 409
    assert 'name="conforme"' in page.text
    assert " checked" not in page.text


@one_database
def test_nothing_of_a_withdrawn_version_is_shown_to_an_old_page(
    client: FlaskClient, cast: Cast
) -> None:
    quote_id = sent(cast.fabio, lines=[line("Servidor reservado")])
    actions.withdraw(actor=cast.fabio, quote_id=quote_id, version=1, now=clock.now())
    forms = {
        "/aceptacion": accept_form(),
        "/rechazo": {"version": "1", "motivo": "precio", "texto": "Muy caro"},
        "/preguntas": {"version": "1", "texto": "¿Incluye IP?", "formulario": new_token()},
    }
    for ending, form in forms.items():
        for data in (form, {"version": "1"}):
            page = client.post(address(quote_id, ending), data=data)
            assert page.status_code == 410
            assert "Servidor reservado" not in page.text
            assert all(text in page.text for text in (data.get("texto", ""),))


@one_database
def test_reason_that_came_too_late_waits_as_a_message(client: FlaskClient, cast: Cast) -> None:
    quote_id = sent(cast.fabio)
    client.post(address(quote_id, "/aceptacion"), data=accept_form())
    no = {"version": "1", "motivo": "precio", "texto": "Nos pareció caro"}
    page = client.post(address(quote_id, "/rechazo"), data=no)
    assert page.status_code == 409
    assert "Nos pareció caro</textarea>" in page.text


@one_database
def test_draft_counted_with_another_tax_is_saved_anew_before_it_is_sent(
    app: Flask, cast: Cast
) -> None:
    quote_id = drafted(cast.fabio)
    known = terms.load()
    terms.change(
        terms.Terms(tax_points=1050, legal_name=known.legal_name),
        actor_id=cast.gloria.person_id, now=clock.now(),
    )  # fmt: skip
    fabio, place = cast.sign_in(app, cast.fabio), f"/ventas/cotizaciones/{quote_id}"
    letter = {"revision": "1", "correo": "rosa@bodega.pe"}
    refused = fabio.post(f"{place}/envio", data=letter)
    assert refused.status_code == 409
    assert "El IGV cambió" in refused.text
    saved = head(revision="1") | rows(("VPS 4 GB", "1", "100", ""))
    assert fabio.post(f"{place}/edicion", data=saved).status_code == 303
    assert fabio.post(f"{place}/envio", data=letter | {"revision": "2"}).status_code == 303
    assert newest(quote_id).total == 11_050


@one_database
def test_discarded_draft_is_not_called_withdrawn(app: Flask, cast: Cast) -> None:
    quote_id = followed(cast.fabio)
    fabio, place = cast.sign_in(app, cast.fabio), f"/ventas/cotizaciones/{quote_id}"
    page = fabio.post(f"{place}/versiones/2/retiro", follow_redirects=True).text
    assert "Borrador descartado." in page
    assert "Quien abra el enlace" not in page
    assert app.test_client().get(address(quote_id)).status_code == 200


@one_database
def test_draft_that_is_saved_twice_was_saved_by_nobody_else(app: Flask, cast: Cast) -> None:
    quote_id = drafted(cast.fabio)
    fabio, place = cast.sign_in(app, cast.fabio), f"/ventas/cotizaciones/{quote_id}/edicion"
    typed = head(revision="1", telefono="969 782 160", descuento_total="5%")
    typed |= rows(("VPS 4 GB", "1", "100", "10%"), ("Disco", "2", "50", "1.50"))
    for _press in range(2):
        assert fabio.post(place, data=typed).status_code == 303
    assert newest(quote_id).revision == 2
    assert fabio.post(place, data=typed | {"notas": "Otra"}).status_code == 409


@one_database
def test_answer_that_is_sent_twice_was_given_by_nobody_else(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    quote_id = sent(cast.fabio)
    asked = {"version": "1", "texto": "¿Incluye IP?", "formulario": new_token()}
    client.post(address(quote_id, "/preguntas"), data=asked)
    place = f"/ventas/cotizaciones/{quote_id}/preguntas/1/respuesta"
    fabio = cast.sign_in(app, cast.fabio)
    for _press in range(2):
        assert fabio.post(place, data={"respuesta": "Sí, una."}).status_code == 303
    assert fabio.post(place, data={"respuesta": "No."}).status_code == 409
    assert events(quote_id, "answered") == 1


def _product(**changes: object) -> dict[str, object]:
    return {
        "nombre": "VPS", "grupo": "Servidores", "descripcion": "", "plan_id": ["", ""],
        "plan_nombre": ["4 GB", "8 GB"], "plan_periodo": ["monthly", "yearly"],
        "plan_pen": ["120.50", ""], "plan_usd": ["", "60"], "publico": "0", **changes,
    }  # fmt: skip


@one_database
def test_product_that_is_saved_twice_is_one_with_its_plans_once(app: Flask, cast: Cast) -> None:
    fabio, place = cast.sign_in(app, cast.fabio), "/ventas/productos"

    def count(model: type[Product] | type[ProductPlan]) -> int | None:
        db.session.rollback()
        return db.session.scalar(select(func.count()).select_from(model))

    for _press in range(2):
        assert fabio.post(f"{place}/nuevo", data=_product()).status_code == 303
    assert (count(Product), count(ProductPlan)) == (1, 2)
    more = _product(
        revision="1", plan_id=["1", "2", ""], plan_nombre=["4 GB", "8 GB", "16 GB"],
        plan_periodo=["monthly", "yearly", "once"], plan_pen=["120.50", "", "9"],
        plan_usd=["", "60", ""],
    )  # fmt: skip
    for _press in range(2):
        assert fabio.post(f"{place}/1", data=more).status_code == 303
    assert (count(Product), count(ProductPlan)) == (1, 3)
    assert fabio.post(f"{place}/1", data=more | {"nombre": "Otro"}).status_code == 409
    assert fabio.post(f"{place}/nuevo", data=_product()).status_code == 303
    assert count(Product) == 2
    fabio.post(f"{place}/2/retiro")
    assert fabio.post(f"{place}/nuevo", data=_product()).status_code == 303
    assert count(Product) == 3


def test_two_who_make_a_product_at_once_both_succeed(app: Flask, cast: Cast) -> None:
    def making(plan: str) -> Callable[[], object]:
        made = PlanText(None, plan, "monthly", 100, None)
        return partial(
            save_product,
            actor=cast.fabio, text=ProductText("VPS", plans=[made]), product_id=None, revision=0,
            now=clock.now(),
        )  # fmt: skip

    told = at_once(app, making("4 GB"), making("8 GB"))
    db.session.rollback()
    assert sorted(told, key=str) == list(
        db.session.scalars(select(Product.id).order_by(Product.id))
    )


@one_database
def test_last_day_is_good_until_midnight_in_lima(app: Flask, cast: Cast) -> None:
    now = clock.now()
    day = clock.in_lima(now).date()
    last = clock.in_lima(now).replace(hour=23, minute=59, second=59)
    yes, late = (sent(cast.fabio, valid_until=day) for _one in range(2))
    by = Signed()
    assert answers.accept(quote_id=yes, version=1, name="Rosa", by=by, now=last)
    with pytest.raises(StepRefused):
        answers.accept(
            quote_id=late, version=1, name="Rosa", by=by, now=last + timedelta(seconds=1)
        )
