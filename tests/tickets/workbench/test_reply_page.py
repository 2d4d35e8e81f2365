"""Preview, articles, drafts, who is there and what came in between, on the page of a ticket."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from core import clock, outbox
from core.db import db, transaction
from core.tokens import new_token
from kb.actions import ArticleText, save_article
from kb.models import Article
from tests.cast import START, Cast
from tests.kb.articles import make_categories
from tests.tickets.builders import answered, filed, taken, ticket, without_undo
from tests.world import PNG
from tickets import actions, handling
from tickets.handling import Then
from tickets.models import Message, TicketEvent
from tickets.workbench.drafts import purge, save_draft
from tickets.workbench.models import Presence, ReplyDraft
from tickets.workbench.policy import DRAFTS_KEPT_FOR


@pytest.fixture
def number(cast: Cast) -> int:
    filed(cast.ana)
    return taken(cast.diego)


@pytest.fixture
def diego(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.diego)


@pytest.fixture
def dora(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.dora)


def box(page: str, name: str = "texto") -> str:
    found = re.search(rf'<textarea[^>]*id="{name}"[^>]*>\s*([^<]*)</textarea>', page)
    assert found, name
    return found.group(1).strip()


def seen(page: str) -> str:
    found = re.search(r'name="visto" type="hidden" value="(\d+)"', page)
    assert found
    return found.group(1)


def replies_to(number: int) -> list[str]:
    db.session.rollback()
    query = select(Message.body).where(Message.ticket_number == number, Message.from_staff)
    return list(db.session.scalars(query.order_by(Message.id)))


def send(client: FlaskClient, number: int, **more: Any) -> Any:
    form = {"texto": "Hola **Ana**", "formulario": new_token(), **more}
    return client.post(f"/mesa/tickets/{number}/respuestas", data=form)


def test_the_preview_is_what_the_customer_will_read_and_sends_nothing(
    diego: FlaskClient, number: int
) -> None:
    page = send(diego, number, accion="vista")
    assert page.status_code == 200
    assert "Así la verá el cliente" in page.text
    assert "Hola <strong>Ana</strong>" in page.text
    assert box(page.text) == "Hola **Ana**"
    fragment = diego.post(f"/mesa/tickets/{number}/vista", data={"texto": "<b>x</b> **y**"})
    assert "&lt;b&gt;x&lt;/b&gt; <strong>y</strong>" in fragment.text
    assert "<html" not in fragment.text
    assert replies_to(number) == []


def test_a_preview_of_nothing_or_of_too_much_says_so(diego: FlaskClient, number: int) -> None:
    assert send(diego, number, accion="vista", texto=" ").status_code == 422
    long = "x" * 20_001
    assert send(diego, number, accion="vista", texto=long).status_code == 422
    assert diego.post(f"/mesa/tickets/{number}/vista", data={"texto": long}).status_code == 422


def test_files_are_told_to_be_attached_again_after_a_preview(
    diego: FlaskClient, number: int
) -> None:
    files = [(io.BytesIO(PNG), "captura.png")]
    assert "adjúntelos otra vez" in send(diego, number, accion="vista", adjuntos=files).text
    assert "adjúntelos otra vez" not in send(diego, number, accion="vista").text


@pytest.fixture
def articles(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    for slug, title, public in (
        ("correo-gmail", "No llegan correos de Gmail [MX]", True),
        ("otro-tema", "Renovar un dominio", True),
        ("oculto", "Secreto de Gmail y correos", False),
    ):
        text = ArticleText(
            title=title, slug=slug, category_id=shelf, summary="", tags=(), lang="es", body=title
        )
        save_article(actor=cast.elena, text=text, publish=public, now=START)
    outbox.drain(clock.now())


def test_articles_are_inserted_as_links_without_sending(
    articles: None, diego: FlaskClient, number: int
) -> None:
    page = send(diego, number, insertar="correo-gmail", texto="Hola")
    assert page.status_code == 200
    link = r"[No llegan correos de Gmail \[MX\]](http://localhost/preguntas/correo-gmail)"
    assert box(page.text) == f"Hola\n\n{link}"
    for slug in ("oculto", "no-existe"):
        assert box(send(diego, number, insertar=slug, texto="Hola").text) == "Hola"
    assert replies_to(number) == []


def test_any_published_article_is_found_and_what_was_typed_stays(
    articles: None, diego: FlaskClient, number: int
) -> None:
    page = send(diego, number, accion="buscar", buscar_articulo="dominio")
    assert page.status_code == 200
    assert box(page.text) == "Hola **Ana**"
    assert "Renovar un dominio" in page.text
    found = diego.get(f"/mesa/tickets/{number}/articulos?buscar_articulo=gmail").text
    assert "No llegan correos de Gmail" in found
    assert "Secreto" not in found
    nothing = diego.get(f"/mesa/tickets/{number}/articulos?buscar_articulo=zzzz").text
    assert "Ningún artículo dice «zzzz»" in nothing


def test_articles_the_customer_saw_are_marked_and_not_offered_again(
    articles: None, app: Flask, cast: Cast, diego: FlaskClient, number: int
) -> None:
    panel = 'id="sirven"'
    page = diego.get(f"/mesa/tickets/{number}").text
    assert 'value="correo-gmail"' in page.split(panel, 1)[1]
    with transaction():
        row = ticket_row(number)
        row.articles_shown, row.articles_opened = ["correo-gmail", "oculto"], ["correo-gmail"]
    page = diego.get(f"/mesa/tickets/{number}").text
    assert 'value="correo-gmail"' not in page
    seen_list = page.split('id="antes-de-escribir"', 1)[1].split("</section>", 1)[0]
    assert "No llegan correos de Gmail" in seen_list
    assert "leído" in seen_list
    assert "Secreto" not in page


def ticket_row(number: int) -> Any:
    from tickets.models import Ticket

    return db.session.get_one(Ticket, number)


def test_the_event_of_a_reply_records_which_articles_it_carried(
    articles: None, diego: FlaskClient, number: int
) -> None:
    text = (
        "http://localhost/preguntas/correo-gmail http://localhost/preguntas/oculto "
        "http://localhost/preguntas/no-existe"
    )
    assert send(diego, number, texto=text, accion="responder").status_code == 303
    query = select(TicketEvent.data).where(TicketEvent.kind == "replied")
    data = db.session.scalars(query).one()
    assert data["articles"] == ["correo-gmail"]
    assert isinstance(data["message"], int)


def test_a_resolved_answer_becomes_an_unpublished_article_once(
    articles: None, diego: FlaskClient, number: int
) -> None:
    form = {"accion": "articulo", "formulario": new_token(), "texto": "Revise el MX."}
    before = db.session.scalar(select(func.count()).select_from(Article))
    for _ in range(2):
        answer = send(diego, number, **form)
        assert answer.location == f"/mesa/tickets/{number}"
    assert ticket(number).state == "resuelto"
    rows = db.session.scalars(select(Article).order_by(Article.id.desc())).all()
    assert len(rows) == before + 1
    assert (rows[0].title, rows[0].published_at) == ("No llegan correos de Gmail", None)
    assert "borrador de artículo para los editores" in diego.get("/mesa").text


def test_an_editor_among_the_technicians_goes_on_in_the_article(
    articles: None, app: Flask, cast: Cast, number: int
) -> None:
    from accounts.models import Person

    with transaction() as session:
        person = session.get_one(Person, cast.diego.person_id)
        person.roles = person.roles | {"editor"}
    both = cast.sign_in(app, cast.diego)
    answer = send(both, number, accion="articulo", texto="Revise el MX.")
    assert answer.location.startswith("/editor/articulos/")
    page = both.get(answer.location).text
    assert "Revise el MX." in page
    assert "No llegan correos de Gmail" in page


def test_without_any_category_the_ticket_is_resolved_all_the_same(
    diego: FlaskClient, number: int
) -> None:
    assert send(diego, number, accion="articulo").status_code == 303
    assert ticket(number).state == "resuelto"
    assert db.session.scalar(select(func.count()).select_from(Article)) == 0
    assert "No hay categorías" in diego.get("/mesa").text


def test_what_is_typed_survives_a_closed_tab_and_is_nobody_elses(
    diego: FlaskClient, dora: FlaskClient, number: int
) -> None:
    address = f"/mesa/tickets/{number}/borrador"
    assert diego.post(address, data={"texto": "A medias"}).status_code == 204
    assert diego.post(address, data={"nota": "Ojo"}).status_code == 204
    page = diego.get(f"/mesa/tickets/{number}").text
    assert (box(page), box(page, "nota-texto")) == ("A medias", "Ojo")
    other = dora.get(f"/mesa/tickets/{number}").text
    assert "A medias" not in other
    assert box(other, "nota-texto") == ""


def test_sending_forgets_its_own_draft_alone(diego: FlaskClient, number: int) -> None:
    address = f"/mesa/tickets/{number}/borrador"
    diego.post(address, data={"texto": "A medias", "nota": "Ojo"})
    send(diego, number, accion="responder")
    draft = db.session.scalars(select(ReplyDraft)).one()
    assert (draft.text, draft.note) == ("", "Ojo")
    note = {"texto": "Ojo", "formulario": new_token()}
    assert diego.post(f"/mesa/tickets/{number}/notas", data=note).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(ReplyDraft)).all() == []


def test_emptied_and_oversized_drafts(diego: FlaskClient, number: int) -> None:
    address = f"/mesa/tickets/{number}/borrador"
    assert diego.post(address, data={"texto": "x" * 20_001}).status_code == 422
    diego.post(address, data={"texto": "A medias"})
    assert diego.post(address, data={"texto": " "}).status_code == 204
    assert db.session.scalars(select(ReplyDraft)).all() == []


def test_drafts_nobody_came_back_to_are_forgotten(cast: Cast, number: int) -> None:
    save_draft(number=number, actor=cast.diego, text="Vieja", now=START)
    save_draft(number=number, actor=cast.dora, text="Nueva", now=START + DRAFTS_KEPT_FOR)
    assert purge(now=START + DRAFTS_KEPT_FOR + timedelta(hours=1)) == 1
    assert db.session.scalars(select(ReplyDraft.text)).all() == ["Nueva"]


def beat(client: FlaskClient, number: int, writes: str = "no") -> str:
    answer = client.post(f"/mesa/tickets/{number}/presencia", data={"escribe": writes})
    assert answer.status_code == 200
    return str(answer.json["texto"])


def test_two_people_on_one_thread_see_each_other(
    app: Flask, cast: Cast, diego: FlaskClient, dora: FlaskClient, number: int
) -> None:
    assert beat(diego, number) == ""
    assert beat(dora, number) == "Diego Vargas también lo está viendo."
    assert beat(diego, number, "si") == "Dora Luna también lo está viendo."
    assert beat(dora, number) == "Diego Vargas está escribiendo."
    assert "Diego Vargas está escribiendo." in dora.get(f"/mesa/tickets/{number}").text
    other = filed(cast.carla)
    assert beat(dora, other) == ""
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "Dora" not in page


def test_who_left_or_fell_silent_is_no_longer_there(
    diego: FlaskClient, dora: FlaskClient, number: int
) -> None:
    beat(dora, number)
    gone = dora.post(f"/mesa/tickets/{number}/presencia", data={"escribe": "sale"})
    assert gone.status_code == 204
    assert beat(diego, number) == ""
    beat(dora, number)
    with transaction() as session:
        for row in session.scalars(select(Presence)):
            row.seen_at = clock.now() - timedelta(seconds=46)
    assert beat(diego, number) == ""


def test_a_beat_with_nothing_new_writes_nothing(diego: FlaskClient, number: int) -> None:
    beat(diego, number)
    first = db.session.scalars(select(Presence.seen_at)).one()
    beat(diego, number)
    db.session.rollback()
    assert db.session.scalars(select(Presence.seen_at)).one() == first


def customer_writes(cast: Cast, number: int, text: str) -> None:
    actions.reply_as_customer(
        number=number, actor=cast.ana, text=text, form_id=new_token(), now=clock.now()
    )


def test_a_reply_against_an_older_thread_shows_what_came_in_between(
    cast: Cast, diego: FlaskClient, number: int
) -> None:
    visto = seen(diego.get(f"/mesa/tickets/{number}").text)
    customer_writes(cast, number, "Ya lo resolví yo")
    handling.note(
        number=number, actor=cast.dora, text="Está de viaje", form_id=new_token(), now=clock.now()
    )
    token = new_token()
    page = send(diego, number, visto=visto, accion="esperar", formulario=token)
    assert page.status_code == 409
    between = page.text.split('id="mientras"', 1)[1].split("</ol>", 1)[0]
    assert re.findall(r"<p>(Ya lo[^<]*|Está de[^<]*)</p>", between) == [
        "Ya lo resolví yo",
        "Está de viaje",
    ]
    assert box(page.text) == "Hola **Ana**"
    assert re.search(r'name="accion" value="esperar">Enviar de todos modos', page.text)
    assert replies_to(number) == ["Está de viaje"]
    again = send(diego, number, visto=seen(page.text), accion="esperar", formulario=token)
    assert again.status_code == 303
    assert ticket(number).state == "esperando_cliente"


def test_own_notes_and_repeated_presses_do_not_stop_a_reply(
    cast: Cast, diego: FlaskClient, number: int
) -> None:
    form = {
        "visto": seen(diego.get(f"/mesa/tickets/{number}").text),
        "formulario": new_token(),
        "accion": "responder",
    }
    handling.note(number=number, actor=cast.diego, text="Mía", form_id=new_token(), now=clock.now())
    assert send(diego, number, **form).status_code == 303
    customer_writes(cast, number, "Gracias")
    assert send(diego, number, **form).status_code == 303
    assert replies_to(number) == ["Mía", "Hola **Ana**"]


def test_a_ticket_that_changed_hands_keeps_what_was_typed(
    cast: Cast, diego: FlaskClient, number: int
) -> None:
    answered(number, cast.diego, Then.WAIT)
    customer_writes(cast, number, "Aquí está")
    assert taken(cast.dora) == number
    page = send(diego, number, accion="resolver", texto="Esto costó mucho escribir")
    assert page.status_code == 409
    assert "Ahora lo atiende Dora Luna." in page.text
    assert box(page.text, "texto-guardado") == "Esto costó mucho escribir"
    later = diego.get(f"/mesa/tickets/{number}").text
    assert box(later, "texto-guardado") == "Esto costó mucho escribir"


@pytest.mark.parametrize("visto", ["x", "-1", "9" * 30, ""])
def test_a_made_up_place_in_the_thread_is_no_error(
    diego: FlaskClient, number: int, visto: str
) -> None:
    assert send(diego, number, accion="responder", visto=visto).status_code == 303


def queries_of(client: FlaskClient, path: str) -> int:
    count = 0

    def note(*_rest: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return count


def test_a_long_thread_costs_as_many_queries_as_a_short_one(
    articles: None, app: Flask, cast: Cast, diego: FlaskClient, number: int
) -> None:
    without_undo()
    path, theirs = f"/mesa/tickets/{number}", f"/tickets/{number}"
    ana = cast.sign_in(app, cast.ana)
    answered(number, cast.diego, Then.STAY)
    assert (diego.get(path).status_code, ana.get(theirs).status_code) == (200, 200)
    before = queries_of(diego, path), queries_of(ana, theirs)
    for turn in range(200):
        if turn % 2:
            customer_writes(cast, number, f"Mensaje {turn}")
        else:
            answered(number, cast.diego, Then.STAY, text=f"Respuesta {turn}")
    beat(cast.sign_in(app, cast.dora), number)
    assert (queries_of(diego, path), queries_of(ana, theirs)) == before
