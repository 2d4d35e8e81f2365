"""An article begun with an answer: without the customer in it, once, and with the way back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from core.tokens import new_token
from kb.models import Article
from tests.cast import START, Cast
from tests.kb.articles import make_categories
from tests.kb.writing.test_writing import editor_too
from tests.tickets.builders import filed, taken
from tickets.handling import Reply, Then, note, reply
from tickets.workbench.answers import Named, for_everybody

NAMED = Named({"Ana Quispe"}, {"Textiles Andina"}, {"andina.example.pe"})
ANSWER = """Hola Ana:

El buzón de ana@andina.example.pe está lleno. Entre a https://webmail.andina.example.pe, puerto
2083, desde 190.12.33.4, o llame al +51 969 782 160. RUC 20123456789.

- Vacíe la papelera del correo de Textiles Andina.
- Error 550 5.1.1 y «#1045»: vea la ana de siempre.

Saludos,
Diego"""


def test_an_answer_keeps_what_helps_and_loses_who_it_was_for() -> None:
    assert for_everybody(ANSWER, NAMED) == (
        "El buzón de [correo] está lleno. Entre a https://[dominio], puerto\n"
        "2083, desde [IP], o llame al [número]. RUC [número].\n\n"
        "- Vacíe la papelera del correo de [empresa].\n"
        "- Error 550 5.1.1 y «#1045»: vea la ana de siempre."
    )


@pytest.mark.parametrize("text", ["Hola", "Saludos", "", "Gracias.\nSaludos", "Hola Ana,\n\n"])
def test_an_answer_of_manners_alone_is_left_as_it_is(text: str) -> None:
    assert for_everybody(text, Named()) == text.strip()


def test_any_reply_of_staff_becomes_one_draft_that_knows_its_ticket(app: Flask, cast: Cast) -> None:
    make_categories()
    editor_too(cast.diego)
    number = filed(cast.ana, subject="Ana Quispe no recibe correos")
    taken(cast.diego)
    link = f"[Spam]({app.config['SITE'].public_url}/preguntas/spam)"
    answer = Reply(f"La clave es: Secreto-9x!\n\nVacíe el buzón: {link}", Then.STAY, new_token())
    sent = reply(number=number, actor=cast.diego, answer=answer, now=START)
    diego = cast.sign_in(app, cast.diego)
    door = f"/mesa/tickets/{number}/mensajes/{sent.message_id}/articulo"
    assert door in diego.get(f"/mesa/tickets/{number}").text
    made = diego.post(door)
    assert made.status_code == 303
    assert diego.post(door).location == made.location
    db.session.rollback()
    article = db.session.scalars(select(Article)).one()
    assert made.location == f"/editor/articulos/{article.id}"
    assert (article.title, article.published_at) == ("[cliente] no recibe correos", None)
    assert "Vacíe el buzón: [Spam](/preguntas/spam)" in article.body
    assert "Secreto" not in article.body
    page = diego.get(made.location).text
    assert f'href="/mesa/tickets/{number}#m{sent.message_id}"' in page
    # An editor who is not at the desk reads where it came from, and finds no way in.
    page = cast.sign_in(app, cast.elena).get(made.location).text
    assert f"Ticket {number}" in page
    assert "/mesa/tickets/" not in page


def test_a_technician_who_is_no_editor_stays_at_the_ticket(app: Flask, cast: Cast) -> None:
    make_categories()
    number = filed(cast.ana)
    taken(cast.diego)
    sent = reply(
        number=number, actor=cast.diego, answer=Reply("Listo.", Then.STAY, new_token()), now=START
    )
    diego = cast.sign_in(app, cast.diego)
    answer = diego.post(f"/mesa/tickets/{number}/mensajes/{sent.message_id}/articulo")
    assert answer.location == f"/mesa/tickets/{number}#m{sent.message_id}"
    assert "borrador de artículo para los editores" in diego.get(answer.location).text


def test_neither_notes_nor_what_customers_wrote_become_articles(app: Flask, cast: Cast) -> None:
    make_categories()
    number = filed(cast.ana)
    taken(cast.diego)
    note(
        number=number, actor=cast.diego, text="Sólo entre nosotros", form_id=new_token(), now=START
    )
    diego = cast.sign_in(app, cast.diego)
    for message_id in range(1, 6):
        door = f"/mesa/tickets/{number}/mensajes/{message_id}/articulo"
        assert diego.post(door).status_code == 404
        assert door not in diego.get(f"/mesa/tickets/{number}").text
    assert db.session.scalars(select(Article)).all() == []
