"""Canned answers: who writes them, what the list shows, and how they come into a reply."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from accounts.models import Person
from core.db import db, transaction
from core.models import AuditEntry
from core.promises import find_promise
from core.tokens import new_token
from tests.cast import START, Cast
from tests.home.counting import statements
from tests.tickets.builders import answered, filed, taken
from tests.tickets.test_desk_page import box, main_of
from tickets.canned import queries
from tickets.canned.actions import (
    CannedText,
    archive_answer,
    change_answer,
    create_answer,
    restore_answer,
)
from tickets.canned.models import CannedAnswer
from tickets.handling import Then
from tickets.models import Message
from tickets.refusals import NotAllowed

LIST = "/mesa/respuestas-listas"


def form(**more: str) -> dict[str, str]:
    return {
        "titulo": "Pedir el registro",
        "texto": "Hola, {{cliente}}: adjunte el registro.",
        "afeccion": "",
        "idioma": "es",
        "formulario": new_token(),
        **more,
    }


def made(cast: Cast, title: str, body: str = "Hola, {{cliente}}.", **more: str) -> int:
    text = CannedText(title, body, more.get("affection", ""), more.get("lang", "es"))
    return create_answer(actor=cast.diego, text=text, form_id="", now=START)


def stored() -> list[tuple[str, str, str, str, int]]:
    db.session.rollback()
    rows = select(CannedAnswer).order_by(CannedAnswer.id)
    return [(a.title, a.body, a.affection, a.lang, a.revision) for a in db.session.scalars(rows)]


def offered(page: str) -> list[str]:
    """The titles of the panel above the reply, in order."""
    panel = page.split('id="listas"', 1)
    return re.findall(r"<strong>([^<]*)</strong>", panel[1].split("</ul>")[0]) if panel[1:] else []


def listed(page: str) -> list[str]:
    return re.findall(r'<span class="suggest-title">([^<]*)</span>', page)


@pytest.mark.parametrize("name", ["diego", "gloria"])
def test_an_answer_is_written_once_however_often_it_is_sent(
    app: Flask, cast: Cast, name: str
) -> None:
    client, data = cast.sign_in(app, getattr(cast, name)), form(afeccion="spam", idioma="en")
    for _ in range(2):
        answer = client.post(f"{LIST}/nueva", data=data)
        assert (answer.status_code, answer.location) == (303, LIST)
    assert stored() == [(data["titulo"], data["texto"], "spam", "en", 1)]
    told = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("canned.%")))
    assert list(told) == ["canned.created"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("titulo", "  ", "Escriba un título."),
        ("titulo", "x" * 121, "Escriba hasta 120 caracteres."),
        ("texto", " \n ", "Escriba el texto."),
        ("texto", "x" * 10_001, "Escriba hasta 10000 caracteres."),
        ("texto", "Hola {{nombre}} {{7*7}}", "No existe {{nombre}}, {{7*7}}: corríjalo o quítelo."),
        ("texto", "Mañana queda.", "Promete un tiempo: «Mañana»."),
        ("afeccion", "inventada", "Elija una afección de la lista."),
        ("idioma", "fr", "Elija un idioma."),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    app: Flask, cast: Cast, field: str, value: str, words: str
) -> None:
    client, data = cast.sign_in(app, cast.diego), form(**{field: value})
    page = client.post(f"{LIST}/nueva", data=data)
    assert (page.status_code, stored()) == (422, [])
    assert words in html.unescape(main_of(page.text))
    assert html.unescape(box(page.text, "texto")) == data["texto"].strip()


def test_a_promise_is_stored_at_the_second_press(app: Flask, cast: Cast) -> None:
    client, data = cast.sign_in(app, cast.diego), form(texto="El corte termina: mañana queda.")
    page = client.post(f"{LIST}/nueva", data=data)
    key = re.search(r'name="promesa" value="([\w-]+)"', page.text)
    assert key
    assert page.status_code == 422
    answer = client.post(f"{LIST}/nueva", data={**data, "promesa": key[1]})
    assert (answer.status_code, len(stored())) == (303, 1)


def test_the_second_of_two_writers_sees_both_texts(app: Flask, cast: Cast) -> None:
    answer_id = made(cast, "Saludo", "El texto guardado")
    client, path = cast.sign_in(app, cast.dora), f"{LIST}/{answer_id}"
    assert box(client.get(path).text, "texto") == "El texto guardado"
    first = form(titulo="Saludo", texto="El primero", revision="1")
    second = form(titulo="Saludo", texto="El segundo", revision="1")
    assert client.post(path, data=first).status_code == 303
    page = client.post(path, data=second)
    assert page.status_code == 409
    assert (box(page.text, "texto"), box(page.text, "guardado")) == ("El segundo", "El primero")
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page.text)
    assert revision
    assert client.post(path, data={**second, "revision": revision[1]}).status_code == 303
    assert stored() == [("Saludo", "El segundo", "", "es", 3)]


@pytest.mark.parametrize("revision", ["", "abc", "9" * 40, "-1", "0", "7"])
def test_a_made_up_revision_changes_nothing(app: Flask, cast: Cast, revision: str) -> None:
    answer_id = made(cast, "Saludo", "Hola")
    client = cast.sign_in(app, cast.diego)
    page = client.post(f"{LIST}/{answer_id}", data=form(revision=revision))
    assert (page.status_code, stored()) == (409, [("Saludo", "Hola", "", "es", 1)])


def test_an_archived_answer_is_offered_no_more_until_it_is_restored(app: Flask, cast: Cast) -> None:
    answer_id = made(cast, "Saludo")
    filed(cast.ana)
    number = taken(cast.diego)
    client = cast.sign_in(app, cast.diego)
    assert client.post(f"{LIST}/{answer_id}/archivo").status_code == 303
    assert client.post(f"{LIST}/{answer_id}/archivo").status_code == 303
    assert listed(client.get(LIST).text) == []
    assert listed(client.get(f"{LIST}?estado=archivadas").text) == ["Saludo"]
    assert offered(client.get(f"/mesa/tickets/{number}").text) == []
    page = client.post(
        f"/mesa/tickets/{number}/respuestas", data={"texto": "Hola", "lista": str(answer_id)}
    )
    assert (page.status_code, box(page.text, "texto")) == (200, "Hola")
    assert "Esa respuesta lista ya no está en uso." in page.text
    assert client.post(f"{LIST}/{answer_id}/restauracion").status_code == 303
    assert listed(client.get(LIST).text) == ["Saludo"]
    assert offered(client.get(f"/mesa/tickets/{number}").text) == ["Saludo"]
    kinds = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    found = [kind for kind in kinds if kind.startswith("canned.")]
    assert found == ["canned.created", "canned.archived", "canned.restored"]


@pytest.mark.parametrize("name", ["ana", "elena", "fabio"])
def test_nobody_else_may_write(app: Flask, cast: Cast, name: str) -> None:
    actor, text = getattr(cast, name), CannedText("Otro", "Hola", "", "es")
    answer_id = made(cast, "Saludo", "Hola")
    with pytest.raises(NotAllowed):
        create_answer(actor=actor, text=text, form_id="", now=START)
    with pytest.raises(NotAllowed):
        change_answer(actor=actor, answer_id=answer_id, text=text, revision=1, now=START)
    for act in (archive_answer, restore_answer):
        with pytest.raises(NotAllowed):
            act(actor=actor, answer_id=answer_id, now=START)
    assert stored() == [("Saludo", "Hola", "", "es", 1)]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Apagado", "Corte", "Índice de correo"]),
        ("?q=INDICE", ["Índice de correo"]),
        ("?q=mensaje+limite", ["Corte"]),
        ("?q=100%25", ["Apagado"]),
        ("?q=_", []),
        ("?q=nada", []),
        ("?afeccion=corte-de-red", ["Corte"]),
        ("?afeccion=generales", ["Apagado", "Índice de correo"]),
        ("?afeccion=inventada", ["Apagado", "Corte", "Índice de correo"]),
        ("?afeccion=corte-de-red&q=apagado", []),
    ],
)
def test_the_list_is_filtered_by_words_and_affection(
    app: Flask, cast: Cast, query: str, titles: list[str]
) -> None:
    made(cast, "Índice de correo", "Hola")
    made(cast, "Corte", "El límite del mensaje", affection="corte-de-red")
    made(cast, "Apagado", "Está al 100% de carga")
    assert sorted(listed(cast.sign_in(app, cast.diego).get(LIST + query).text)) == titles


def test_the_list_renders_bodies_safely(app: Flask, cast: Cast) -> None:
    made(cast, "<b>Título</b>", "<script>alert(1)</script> [x](javascript:alert(1)) **bien**")
    page = main_of(cast.sign_in(app, cast.diego).get(LIST).text)
    assert "<script>" not in page
    assert 'href="javascript' not in page
    assert "<strong>bien</strong>" in page
    assert "<b>Título" not in page


@pytest.mark.parametrize("path", [LIST, "desk"])
def test_pages_ask_the_same_whatever_there_is(app: Flask, cast: Cast, path: str) -> None:
    filed(cast.ana)
    number = taken(cast.diego)
    address = LIST if path == LIST else f"/mesa/tickets/{number}"
    client = cast.sign_in(app, cast.diego)
    made(cast, "Primera")
    one = len(statements(client, address))
    for place in range(29):
        made(cast, f"Otra {place}", affection="servicio-con-errores" if place % 2 else "")
    assert len(statements(client, address)) == one


def test_the_list_has_pages(app: Flask, cast: Cast) -> None:
    for place in range(31):
        made(cast, f"Respuesta {place:02d}")
    client = cast.sign_in(app, cast.diego)
    assert len(listed(client.get(LIST).text)) == 30
    assert listed(client.get(f"{LIST}?pagina=2").text) == ["Respuesta 30"]
    assert client.get(f"{LIST}?pagina=3").status_code == 404


def test_a_ticket_is_offered_its_own_answers_first_then_the_general_ones(
    app: Flask, cast: Cast
) -> None:
    made(cast, "A general")
    made(cast, "B propia", affection="servicio-con-errores")
    made(cast, "C ajena", affection="spam")
    made(cast, "A own", affection="servicio-con-errores", lang="en")
    filed(cast.ana)
    number = taken(cast.diego)
    client = cast.sign_in(app, cast.diego)
    page = client.get(f"/mesa/tickets/{number}").text
    assert offered(page) == ["B propia", "A own", "A general"]
    with transaction() as session:
        english = update(Person).where(Person.id == cast.ana.person_id).values(locale="en")
        session.execute(english)
    page = client.get(f"/mesa/tickets/{number}").text
    assert offered(page) == ["A own", "B propia", "A general"]


def test_whoever_cannot_reply_is_offered_nothing(app: Flask, cast: Cast) -> None:
    made(cast, "Saludo")
    number = filed(cast.ana)
    taken(cast.diego)
    for name in ("dora", "gloria"):
        page = cast.sign_in(app, getattr(cast, name)).get(f"/mesa/tickets/{number}").text
        assert offered(page) == []
    answered(number, cast.diego, Then.RESOLVE)
    assert offered(cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text) == []


def test_an_answer_is_put_below_what_was_written_and_nothing_is_sent(
    app: Flask, cast: Cast
) -> None:
    body = "Hola, {{cliente}} de {{empresa}}: {{ticket}} «{{asunto}}». {{tecnico}}"
    answer_id = made(cast, "Saludo", body)
    filed(cast.ana, subject="Falla [web] {{tecnico}}")
    number = taken(cast.diego)
    client = cast.sign_in(app, cast.diego)
    data = {
        "texto": "Buenas noches.",
        "siguiente": "y",
        "formulario": new_token(),
        "lista": str(answer_id),
    }
    page = client.post(f"/mesa/tickets/{number}/respuestas", data=data)
    filled = (
        f"Hola, Ana Quispe de Textiles Andina: {number} «Falla \\[web\\] {{{{tecnico}}}}»."
        " Diego Vargas"
    )
    assert page.status_code == 200
    assert box(page.text, "texto").replace("\r\n", "\n") == f"Buenas noches.\n\n{filled}"
    assert re.search(r'name="siguiente"[^>]*checked|checked[^>]*name="siguiente"', page.text)
    assert data["formulario"] in page.text
    rows = select(func.count()).select_from(Message).where(Message.from_staff)
    assert db.session.scalar(rows) == 0


@pytest.mark.parametrize("asked", ["999999", "x", "", "-1", "1; DROP", "9" * 40])
def test_an_answer_that_is_not_there_sends_nothing(app: Flask, cast: Cast, asked: str) -> None:
    filed(cast.ana)
    number = taken(cast.diego)
    data = {"texto": "Buenas.", "lista": asked, "accion": "resolver"}
    client = cast.sign_in(app, cast.diego)
    page = client.post(f"/mesa/tickets/{number}/respuestas", data=data)
    assert (page.status_code, box(page.text, "texto")) == (200, "Buenas.")
    rows = select(func.count()).select_from(Message).where(Message.from_staff)
    assert db.session.scalar(rows) == 0


def _with_file(client: FlaskClient, number: int, **data: str) -> str:
    file = (io.BytesIO(b"hola"), "registro.txt")
    answer = client.post(f"/mesa/tickets/{number}/respuestas", data={**data, "adjuntos": file})
    return main_of(answer.text)


def test_who_chose_files_is_told_to_choose_them_again(app: Flask, cast: Cast) -> None:
    answer_id = made(cast, "Saludo")
    filed(cast.ana)
    number = taken(cast.diego)
    client, words = cast.sign_in(app, cast.diego), "Elija otra vez los archivos antes de enviar."
    base = {"texto": "Lo tendrá mañana.", "accion": "responder", "formulario": new_token()}
    assert words in _with_file(client, number, **base, lista=str(answer_id))
    assert words in _with_file(client, number, **base)
    assert words in _with_file(client, number, **base, acuerdo="si")
    assert words not in main_of(client.get(f"/mesa/tickets/{number}").text)


@pytest.mark.parametrize("asked", [{"lista": "1"}, {"accion": "responder"}])
def test_who_no_longer_holds_the_ticket_gets_the_text_back(
    app: Flask, cast: Cast, asked: dict[str, str]
) -> None:
    made(cast, "Saludo")
    number = filed(cast.ana)
    taken(cast.diego)
    data = {"texto": "Mañana queda, sin duda.", **asked}
    client = cast.sign_in(app, cast.dora)
    page = client.post(f"/mesa/tickets/{number}/respuestas", data=data)
    assert page.status_code == 409
    assert "Mañana queda, sin duda." in page.text


def test_what_is_offered_is_at_most_what_a_page_holds(app: Flask, cast: Cast) -> None:
    for place in range(queries.OFFERED + 5):
        made(cast, f"Respuesta {place:02d}")
    filed(cast.ana)
    number = taken(cast.diego)
    page = cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text
    assert len(offered(page)) == queries.OFFERED


def test_the_demonstration_has_answers_that_promise_nothing(app: Flask, cast: Cast) -> None:
    from home.demo import FOLDER
    from home.demo_canned import load_canned
    from tickets.canned import placeholders
    from tickets.places import current_policy

    for _ in range(2):
        load_canned(FOLDER, author=cast.diego, now=START)
    rows = stored()
    assert len(rows) == 8
    assert [title for title, body, *_ in rows if find_promise(body)] == []
    assert [title for title, body, *_ in rows if placeholders.unknown(body)] == []
    assert {affection for _, _, affection, _, _ in rows} <= {"", *current_policy().affections}
