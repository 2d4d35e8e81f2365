"""Suggest first over HTTP: what is offered, and what each button does."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db
from core.tokens import new_token
from tests.cast import Cast
from tests.kb.articles import index_everything, make_article
from tests.tickets.builders import filed, form, taken
from tests.tickets.outages.builders import outaged
from tickets.models import Draft, Ticket
from tickets.outcomes.models import Episode, ShownArticle

ANSWER = "no-recibo-correos"
LIVE = "/tickets/nuevo/sugerencias"


@pytest.fixture
def ids(indexed: dict[str, int]) -> dict[str, int]:
    return indexed


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def typed(**more: object) -> dict[str, object]:
    text = {"asunto": "No recibo correos", "descripcion": "El buzón está lleno desde ayer."}
    return form(**(text | more))


def draft_id_in(page: str) -> str:
    found = re.search(r'name="borrador"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_answers_while_typing_come_with_both_buttons_and_store_nothing(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    draft_id = new_token()
    page = client.post(LIVE, data=typed(borrador=draft_id))
    assert f'data-seen="1-{ANSWER}"' in page.text
    assert f'formaction="/tickets/borradores/{draft_id}/solucion"' in page.text
    assert "Esto lo resolvió" in page.text
    assert "Enviar mi ticket" in page.text
    assert (count(Draft), count(Episode)) == (0, 0)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", ""),
        ("Hola", "Buenas tardes, gracias"),
        ("correo", ""),
        ("🙂🙂🙂🙂🙂🙂", "!!!! ???? ...."),
        ("de la que los", "a la por para con sin embargo"),
        ("\x00\x01\x02", "\u202e"),
    ],
)
def test_text_that_says_too_little_is_answered_with_nothing(
    client: FlaskClient, ids: dict[str, int], subject: str, text: str
) -> None:
    page = client.post(LIVE, data=form(asunto=subject, descripcion=text))
    assert page.status_code == 200
    assert "data-seen" not in page.text


def test_worst_incidents_go_straight_to_sending(
    app: Flask, cast: Cast, ids: dict[str, int]
) -> None:
    filed(cast.ana, subject="No recibo correos", affection="corte-de-red")
    outaged(cast.diego, title="Corte en Lima", affection="corte-de-red")
    ana = cast.sign_in(app, cast.ana)
    sent = typed(afeccion="corte-de-red", borrador=new_token())
    for page in (
        ana.post(LIVE, data=sent).text,
        ana.post("/tickets/nuevo", data={**sent, "accion": "sugerir"}).text,
    ):
        main = page.split("<main", 1)[-1]
        assert "/preguntas/no-recibo-correos" not in main
        outage, alike = main.index("Corte en Lima"), main.index("Puede que ya esté informado")
        assert outage < alike < main.index("Envíelo directamente")
        assert "A mí también me afecta" in main


def test_outage_that_does_not_fit_stays_in_the_background(
    client: FlaskClient, cast: Cast, ids: dict[str, int]
) -> None:
    outaged(cast.diego, title="Corte en Lima", affection="corte-de-red")
    assert "Corte en Lima" not in client.post(LIVE, data=typed()).text
    first = client.get("/tickets/nuevo").text
    assert "Corte en Lima" in first
    page = client.post("/tickets/nuevo", data=typed(accion="sugerir")).text
    assert "Hay 1 avería conocida; no se parece a lo que cuenta" in page
    by_words = client.post(LIVE, data=typed(asunto="Corte de internet en Lima centro"))
    assert "Corte en Lima" in by_words.text


def test_five_candidates_at_most(app: Flask, cast: Cast, ids: dict[str, int]) -> None:
    for n in range(8):
        make_article(
            cast.elena,
            slug=f"correos-{n}",
            category_id=1,
            title=f"No recibo correos en el buzón, caso {n}",
            body="El buzón está lleno y no recibo correos desde ayer.",
        )
    index_everything(app)
    page = app.test_client().post(LIVE, data=typed()).text
    assert page.count("data-seen=") == 5
    filed(cast.ana, subject="No recibo correos en el buzón", description="El buzón está lleno.")
    page = cast.sign_in(app, cast.ana).post(LIVE, data=typed()).text
    assert page.count("data-seen=") == 4


def test_what_was_shown_and_opened_while_typing_travels_with_the_ticket(
    app: Flask, cast: Cast, ids: dict[str, int]
) -> None:
    ana = cast.sign_in(app, cast.ana)
    live = {"visto": [f"1-{ANSWER}", "2-disco-lleno", "x"], "leido": [ANSWER, "no-existe"]}
    sent = ana.post("/tickets/nuevo", data=typed(accion="enviar", borrador=new_token(), **live))
    assert sent.location == "/tickets/1001"
    ticket = db.session.scalars(select(Ticket)).one()
    assert ticket.articles_shown == [ANSWER, "disco-lleno"]
    assert ticket.articles_opened == [ANSWER]
    taken(cast.diego, now=clock.now())
    desk = cast.sign_in(app, cast.diego).get("/mesa/tickets/1001").text
    before = desk.split('id="antes-de-escribir"', 1)[1].split("</section>", 1)[0]
    assert "No recibo correos" in before
    assert "leído" in before
    assert f'value="{ANSWER}"' not in desk


def test_searches_of_the_last_hour_are_shown_at_the_desk(
    app: Flask, cast: Cast, ids: dict[str, int]
) -> None:
    ana = cast.sign_in(app, cast.ana)
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    ana.get("/preguntas/buscar?q=buzon+lleno+ana@andina.pe", headers=agent)
    app.extensions["visits"].flush()
    ana.post("/tickets/nuevo", data=typed(accion="enviar", borrador=new_token()), headers=agent)
    taken(cast.diego, now=clock.now())
    desk = cast.sign_in(app, cast.diego).get("/mesa/tickets/1001").text
    before = desk.split('id="antes-de-escribir"', 1)[1].split("</section>", 1)[0]
    assert "<q>buzon lleno" in before
    assert "andina.pe" not in before
    from kb.searches.models import Search

    assert db.session.scalars(select(Search.ticket_at)).one() is not None


def test_this_solved_it_keeps_what_was_typed_for_the_way_back(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    draft_id = draft_id_in(client.get("/tickets/nuevo").text)
    yes = f"/tickets/borradores/{draft_id}/solucion"
    sent = client.post(yes, data=typed(articulo=ANSWER, visto=[f"1-{ANSWER}"]))
    assert (sent.status_code, sent.location) == (303, yes)
    # Pressing twice is as good as once.
    assert client.post(yes, data=typed(articulo=ANSWER)).location == yes
    page = client.get(yes).text
    assert "Nos alegra que quedó resuelto" in page
    assert "No recibo correos" in page
    db.session.rollback()
    kept = db.session.scalars(select(Episode)).one()
    assert kept.solved_at is not None
    assert kept.returned_at is None
    back = client.post(f"/tickets/borradores/{draft_id}/regreso")
    assert back.location == f"/tickets/nuevo?borrador={draft_id}"
    again = client.get(back.location).text
    assert "El buzón está lleno desde ayer." in again
    db.session.rollback()
    assert db.session.scalars(select(Episode.returned_at)).one() is not None
    assert client.get(yes).status_code == 404


def test_yes_on_the_page_keeps_what_was_changed_since(
    client: FlaskClient, ids: dict[str, int]
) -> None:
    page = client.post("/tickets/nuevo", data=typed(accion="sugerir")).text
    draft_id = draft_id_in(page)
    changed = typed(articulo=ANSWER) | {"descripcion": "Ya vi por qué."}
    client.post(f"/tickets/borradores/{draft_id}/solucion", data=changed)
    assert db.session.scalars(select(Draft.description)).one() == "Ya vi por qué."
    assert count(ShownArticle) >= 1


def test_yes_of_others_and_of_no_article_is_missing(
    app: Flask, cast: Cast, client: FlaskClient, ids: dict[str, int]
) -> None:
    draft_id = draft_id_in(client.post("/tickets/nuevo", data=typed(accion="sugerir")).text)
    own = f"/tickets/borradores/{draft_id}"
    stranger = cast.sign_in(app, cast.carla)
    assert stranger.post(f"{own}/solucion", data={"articulo": ANSWER}).status_code == 404
    assert stranger.post(f"{own}/regreso").status_code == 404
    for slug in ("", "no-existe", "'; drop", "x" * 900):
        assert client.post(f"{own}/solucion", data={"articulo": slug}).status_code == 404
    assert count(Episode) == 1
    assert db.session.scalars(select(Episode.solved_at)).one() is None


def test_yes_after_filing_leads_to_the_ticket(app: Flask, cast: Cast, ids: dict[str, int]) -> None:
    ana, draft_id = cast.sign_in(app, cast.ana), new_token()
    ana.post("/tickets/nuevo", data=typed(accion="enviar", borrador=draft_id))
    sent = ana.post(f"/tickets/borradores/{draft_id}/solucion", data=typed(articulo=ANSWER))
    assert sent.location == "/tickets/1001"
    assert count(Draft) == 1


def test_flood_of_yes_is_thanked_and_counted_only_so_far(
    strict_app: Flask, cast: Cast, ids: dict[str, int]
) -> None:
    for _ in range(13):
        visitor = strict_app.test_client()
        page = visitor.get("/tickets/nuevo").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        sent = visitor.post(
            f"/tickets/borradores/{draft_id_in(page)}/solucion",
            data=typed(articulo=ANSWER, csrf_token=token[1]),
            headers={"Origin": "http://localhost"},
        )
        assert sent.status_code == 303
    db.session.rollback()
    said = select(func.count()).where(Episode.solved_at.is_not(None))
    assert db.session.scalar(said) == 10


def test_password_in_a_solved_draft_is_not_stored(client: FlaskClient, ids: dict[str, int]) -> None:
    draft_id = draft_id_in(client.get("/tickets/nuevo").text)
    secret = typed(articulo=ANSWER) | {"descripcion": "Mi contraseña es Tr3bol-azul-9"}
    client.post(f"/tickets/borradores/{draft_id}/solucion", data=secret)
    assert "Tr3bol" not in db.session.scalars(select(Draft.description)).one()
