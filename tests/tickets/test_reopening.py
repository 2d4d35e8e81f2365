"""Why a ticket is reopened, what is another matter, and the two faces (R6, R11)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import outbox
from core.db import db
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, form, taken, ticket
from tests.tickets.outages.builders import queries_of
from tickets import actions, drafts, links, opening, queries
from tickets.handling import Then
from tickets.models import Draft, Message, Ticket, TicketEvent, TicketLink


def solved(cast: Cast) -> int:
    """A ticket of Ana that Diego resolved."""
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    return number


def said(case: str = "", text: str = "Sigue sin llegar nada") -> dict[str, str]:
    found = {"texto": text, "formulario": new_token()}
    return {**found, "caso": case} if case else found


def test_a_resolved_ticket_asks_which_of_the_three(app: Flask, cast: Cast) -> None:
    number = solved(cast)
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert re.findall(r'type="radio" id="[^"]*" name="caso" value="([^"]*)"', page) == [
        "no-resuelto",
        "volvio-a-fallar",
        "otra-cosa",
    ]


@pytest.mark.parametrize(
    ("case", "reason", "words"),
    [
        ("", "no-resuelto", "no quedó resuelto"),
        ("no-resuelto", "no-resuelto", "no quedó resuelto"),
        ("volvio-a-fallar", "volvio-a-fallar", "volvió a fallar"),
    ],
)
def test_reopening_keeps_the_reason_and_both_sides_read_it(
    app: Flask, cast: Cast, case: str, reason: str, words: str
) -> None:
    number = solved(cast)
    client = cast.sign_in(app, cast.ana)
    sent = client.post(f"/tickets/{number}/reapertura", data=said(case))
    assert sent.status_code == 303
    assert (ticket(number).state, ticket(number).opened_at) == ("en_cola", START)
    event = db.session.scalars(select(TicketEvent).where(TicketEvent.kind == "reopened")).one()
    assert event.data == {"reason": reason}
    assert f"Se reabrió; conserva su llegada: {words}" in client.get(f"/tickets/{number}").text
    desk = cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text
    assert f"Lo reabrió; conserva su llegada: {words} · Ana Quispe" in desk


@pytest.mark.parametrize("case", ["x", "reopen", "otra-cosa\x00"])
def test_another_case_is_refused_and_the_text_stays(app: Flask, cast: Cast, case: str) -> None:
    number = solved(cast)
    page = cast.sign_in(app, cast.ana).post(f"/tickets/{number}/reapertura", data=said(case))
    assert page.status_code == 422
    assert "Sigue sin llegar nada" in page.text
    assert ticket(number).state == "resuelto"


def test_another_matter_begins_a_draft_and_the_old_ticket_stays_resolved(
    app: Flask, cast: Cast
) -> None:
    number = solved(cast)
    client = cast.sign_in(app, cast.ana)
    typed = said("otra-cosa", "Ahora no carga la web.\nDesde el martes.")
    sent = client.post(f"/tickets/{number}/reapertura", data=typed)
    again = client.post(f"/tickets/{number}/reapertura", data=typed)
    assert sent.status_code == 303
    assert sent.location == again.location
    assert ticket(number).state == "resuelto"
    assert db.session.scalar(select(func.count()).where(Message.ticket_number == number)) == 2
    row = db.session.scalars(select(Draft).where(Draft.ticket_number.is_(None))).one()
    assert (row.subject, row.description) == ("Ahora no carga la web.", typed["texto"])
    assert (row.affection, row.origin_number) == ("", number)
    page = client.get(sent.location).text
    assert f"Quedará enlazado con el ticket {number}" in page
    filing = form(
        accion="enviar", borrador=row.id, asunto="No carga la web", descripcion="Desde el martes"
    )
    assert client.post("/tickets/nuevo", data=filing).location == "/tickets/1002"
    # The same form once more leads to what came of it.
    assert client.get(
        client.post(f"/tickets/{number}/reapertura", data=typed).location
    ).status_code in {200, 303}
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 2
    assert "No carga la web" in client.get(f"/tickets/{number}").text
    assert f'href="/tickets/{number}"' in client.get("/tickets/1002").text
    desk = cast.sign_in(app, cast.diego).get("/mesa/tickets/1002").text
    assert f'href="/mesa/tickets/{number}"' in desk


def _apart(cast: Cast, origin: int) -> int:
    """A ticket of Ana filed out of another."""
    draft_id = links.begin_apart(
        origin=origin, actor=cast.ana, text="Otra cosa", form_id=new_token(), now=START
    )
    owner = drafts.owner_of(cast.ana, "")
    drafts.save_draft(
        draft_id=draft_id,
        owner=owner,
        written=drafts.Written("Secreto de Ana", "Otra cosa", "spam", "normal"),
        now=START,
    )
    return opening.file_ticket(draft_id=draft_id, owner=owner, actor=cast.ana, now=START)


def test_links_show_only_tickets_that_the_reader_may_see(app: Flask, cast: Cast) -> None:
    old = filed(cast.beto, affection="spam", subject="De Beto")
    new = _apart(cast, old)
    assert [(x.number, x.outgoing, x.kind) for x in links.of(cast.ana, ticket(new))] == [
        (old, True, "otra_cosa")
    ]
    assert [(x.number, x.outgoing) for x in links.of(cast.diego, ticket(old))] == [(new, False)]
    assert links.of(cast.beto, ticket(old)) == []
    page = cast.sign_in(app, cast.beto).get(f"/tickets/{old}").text
    assert "Secreto de Ana" not in page
    assert str(new) not in page


def test_a_ticket_that_the_filer_may_not_see_any_more_is_not_linked(cast: Cast) -> None:
    other = filed(cast.carla, subject="De otra empresa")
    _apart(cast, other)
    assert db.session.scalar(select(func.count()).select_from(TicketLink)) == 0


def test_a_link_is_made_once_and_never_to_itself(cast: Cast) -> None:
    from core.db import transaction

    first, second = filed(cast.ana), filed(cast.ana)

    def add(from_number: int, to_number: int) -> bool:
        with transaction() as session:
            return links.add(
                session,
                from_number=from_number,
                to_number=to_number,
                kind="relacionado",
                actor_id=cast.diego.person_id,
                now=START,
            )

    assert [add(first, second), add(first, second), add(first, first)] == [True, False, False]
    assert [x.number for x in links.of(cast.diego, ticket(second))] == [first]


def test_links_cost_the_same_for_one_and_for_thirty(app: Flask, cast: Cast) -> None:

    origin = filed(cast.ana)
    client, path = cast.sign_in(app, cast.ana), f"/tickets/{origin}"
    _apart(cast, origin)
    client.get(path)
    one = len(queries_of(client, path))
    for _ in range(29):
        _apart(cast, origin)
    assert len(queries_of(client, path)) == one


@pytest.mark.parametrize("who", ["carla", "beto"])
def test_a_draft_apart_is_for_whom_may_write_in_the_ticket(
    app: Flask, cast: Cast, who: str
) -> None:
    number = solved(cast)
    client = cast.sign_in(app, getattr(cast, who))
    assert client.post(f"/tickets/{number}/reapertura", data=said("otra-cosa")).status_code == 404
    assert db.session.scalar(select(func.count()).where(Draft.ticket_number.is_(None))) == 0


def test_a_long_first_line_becomes_a_short_subject(cast: Cast) -> None:
    number = solved(cast)
    links.begin_apart(
        origin=number, actor=cast.ana, text="palabra " * 60, form_id=new_token(), now=START
    )
    subject = db.session.scalars(select(Draft.subject).where(Draft.ticket_number.is_(None))).one()
    assert subject == "palabra " * 11 + "palabra…"


@pytest.mark.parametrize("text", ["gracias", "Gracias!", "Muchas gracias, quedó perfecto"])
def test_a_thank_you_leaves_the_ticket_resolved(app: Flask, cast: Cast, text: str) -> None:
    number = solved(cast)
    sent = cast.sign_in(app, cast.ana).post(
        f"/tickets/{number}/respuestas", data={"texto": text, "formulario": new_token()}
    )
    assert sent.status_code == 303
    assert ticket(number).state == "resuelto"


def test_no_quedo_bien_leads_to_the_choices_with_what_was_said(app: Flask, cast: Cast) -> None:
    number = solved(cast)
    client = cast.sign_in(app, cast.ana)
    sent = client.post(
        f"/tickets/{number}/satisfaccion",
        data={"satisfecho": "no", "comentario": "Siguen sin llegar"},
    )
    assert sent.location == f"/tickets/{number}#reabrir"
    page = client.get(sent.location).text
    assert re.search(r'id="reabrir"><details class="fold" open>', page)
    assert re.search(r'<textarea[^>]*id="motivo"[^>]*>\s*Siguen sin llegar<', page)


def test_the_last_answer_counts_and_the_desk_reads_it(app: Flask, cast: Cast) -> None:
    number = solved(cast)
    client = cast.sign_in(app, cast.ana)
    for answer, words in (("no", "Mal"), ("si", "Al final bien")):
        client.post(
            f"/tickets/{number}/satisfaccion", data={"satisfecho": answer, "comentario": words}
        )
    rating = queries.last_rating(ticket(number))
    assert rating is not None
    assert (rating.satisfied, rating.comment) == (True, "Al final bien")
    desk = cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text
    assert "sí, quedó bien" in desk
    assert "Al final bien" in desk
    page = client.get(f"/tickets/{number}").text
    assert '<details class="fold" open>' not in page


def test_the_mail_of_a_resolved_ticket_leads_to_the_faces(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = solved(cast)
    outbox.drain(START)
    body = text_of(mails.sent[-1])
    assert f"http://localhost/tickets/{number}#solucion" in body
    assert 'id="solucion"' in cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text


def test_a_place_is_not_kept_by_closing_and_reopening(app: Flask, cast: Cast) -> None:
    """Nobody attended it: there is no solution to be unhappy with (R11), only a place (R3)."""
    number = filed(cast.ana)
    actions.close(number=number, actor=cast.ana, now=START)
    client = cast.sign_in(app, cast.ana)
    page = client.get(f"/tickets/{number}").text
    assert "abra otro ticket" in page
    assert "¿Quedó resuelto?" not in page
    sent = client.post(f"/tickets/{number}/reapertura", data={"texto": "Ahora sí es esto."})
    assert sent.status_code == 409
    assert ticket(number).state == "cerrado"
