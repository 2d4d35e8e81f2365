"""The page of notices, the bell in the header, and the question whether something is new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, func, insert, select, update
from werkzeug.test import TestResponse

from accounts.bell import actions, policy
from accounts.bell import notices as bell_notices
from accounts.bell.actions import forget, ring
from accounts.bell.models import Notice
from accounts.models import Person, UserSession
from accounts.permissions import Actor
from accounts.sessions import CUSTOMER_IDLE, SEEN_EVERY
from core import clock, outbox
from core.db import db, transaction
from core.pace import Pace
from tests.cast import START, Cast
from tests.tickets.builders import filed, withdraw_rights

HOSTILE = '"><img src=x onerror=MARK>'


def told(
    actor: Actor, reference: str, *, about: str = "outage:1", kind: str = "ticket_replied"
) -> int:
    """Ring for somebody; the notice's id."""
    with transaction() as session:
        ring(
            session,
            person_id=actor.person_id,
            kind=kind,
            reference=reference,
            about=about,
            facts={"who": HOSTILE},
            now=clock.now(),
        )
        return session.scalars(select(Notice.id).where(Notice.reference == reference)).one()


def flood(actor: Actor, count: int, *, about: str = "") -> None:
    """So many notices for somebody, each about a thing of its own unless `about` is given."""
    rows = [
        {
            "person_id": actor.person_id,
            "kind": "ticket_replied",
            "reference": f"many-{number}",
            "about": about or f"ticket:{number}",
            "facts": {},
            "at": START,
            "read_at": None,
        }
        for number in range(1, count + 1)
    ]
    with transaction() as session:
        session.execute(insert(Notice), rows)


def unread(actor: Actor) -> list[int]:
    db.session.rollback()
    mine = select(Notice.id).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    return list(db.session.scalars(mine.order_by(Notice.id)))


def statements(client: FlaskClient, path: str) -> list[str]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code in {200, 204}
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return [one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))]


def ask(client: FlaskClient, known: int, newest: int) -> TestResponse:
    return client.get(f"/avisos/nuevos?desde={newest}&sin_leer={known}")


def test_visitors_have_no_bell(client: FlaskClient) -> None:
    assert "data-bell" not in client.get("/").text
    assert client.get("/avisos").status_code == 302
    refused = client.get("/avisos/nuevos")
    assert (refused.status_code, refused.text) == (401, "")
    assert "no-store" in refused.headers["Cache-Control"]


def test_the_bell_says_the_count_in_words(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    ana = cast.sign_in(app, cast.ana)
    assert "No tiene avisos sin leer" in ana.get("/").text
    told(cast.ana, "one", about=f"ticket:{number}")
    told(cast.carla, "hers")
    assert "1 aviso sin leer" in ana.get("/").text
    told(cast.ana, "two", about=f"ticket:{number}")
    page = ana.get("/preguntas").text
    assert "2 avisos sin leer" in page
    assert "data-about" not in page
    assert f'data-about="ticket:{number}"' in ana.get(f"/tickets/{number}").text


def test_every_page_asks_once_for_the_bell(app: Flask, cast: Cast) -> None:
    told(cast.ana, "one")
    ana = cast.sign_in(app, cast.ana)
    for path in ("/", "/tickets", "/preguntas", "/avisos"):
        ana.get(path)
        asked = [one for one in statements(ana, path) if "count(*)" in one and "notices" in one]
        # The page of notices also counts those about each thing.
        assert len(asked) == (2 if path == "/avisos" else 1), path


def test_notices_are_grouped_by_what_they_are_about(app: Flask, cast: Cast) -> None:
    number, other = filed(cast.ana, subject="Correo"), filed(cast.ana, subject=HOSTILE)
    for reference in ("a", "b", "c"):
        told(cast.ana, reference, about=f"ticket:{number}")
    told(cast.ana, "d", about=f"ticket:{other}", kind="ticket_written")
    page = cast.sign_in(app, cast.ana).get("/avisos").text
    assert f"Ticket {number}: Correo" in page
    assert "3 novedades. La última: El equipo técnico respondió." in page
    assert page.count("bell-line unread") == 2
    assert page.count(">Nuevo<") == 2
    assert "onerror=MARK" in page
    assert "<img src=x" not in page
    assert "Hoy" in page


def test_the_page_is_empty_and_says_so(app: Flask, cast: Cast) -> None:
    page = cast.sign_in(app, cast.ana).get("/avisos").text
    assert "Todavía no tiene avisos" in page
    assert "Marcar todo" not in page


def test_notices_are_said_in_the_readers_language(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    told(cast.ana, "one", about=f"ticket:{number}")
    ana = cast.sign_in(app, cast.ana)
    spanish = ana.get("/avisos").text
    ana.set_cookie("idioma", "en")
    english = ana.get("/avisos")
    assert english.status_code == 200
    assert 'lang="en"' in english.text
    assert "El equipo técnico respondió" in spanish


def test_a_pressed_notice_is_read_with_those_before_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    first = told(cast.ana, "a", about=f"ticket:{number}")
    second = told(cast.ana, "b", about=f"ticket:{number}")
    elsewhere = told(cast.ana, "c")
    meanwhile = told(cast.ana, "d", about=f"ticket:{number}")
    assert unread(cast.ana) == [first, second, elsewhere, meanwhile]
    pressed = cast.sign_in(app, cast.ana).post(f"/avisos/{second}")
    assert (pressed.status_code, pressed.location) == (303, f"/tickets/{number}")
    assert unread(cast.ana) == [elsewhere, meanwhile]


def test_the_desk_is_led_to_its_own_page(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    notice = told(cast.diego, "a", about=f"ticket:{number}")
    pressed = cast.sign_in(app, cast.diego).post(f"/avisos/{notice}")
    assert pressed.location == f"/mesa/tickets/{number}"


def test_notices_of_others_are_missing_and_stay_new(app: Flask, cast: Cast) -> None:
    hers = told(cast.carla, "a", about=f"ticket:{filed(cast.carla)}")
    ana = cast.sign_in(app, cast.ana)
    assert ana.post(f"/avisos/{hers}").status_code == 404
    ana.post("/avisos/lectura", data={"hasta": "999999999"})
    ana.post("/avisos/vistos", data={"tema": "ticket:1001", "hasta": "999999999"})
    assert unread(cast.carla) == [hers]


def test_all_is_read_up_to_what_was_shown(app: Flask, cast: Cast) -> None:
    shown = told(cast.ana, "a")
    ana = cast.sign_in(app, cast.ana)
    assert f'name="hasta" value="{shown}"' in ana.get("/avisos").text
    meanwhile = told(cast.ana, "b")
    done = ana.post("/avisos/lectura", data={"hasta": str(shown)})
    assert (done.status_code, done.location) == (303, "/avisos")
    assert unread(cast.ana) == [meanwhile]


@pytest.mark.parametrize("value", ["", "-1", "x", "1' OR 1=1", "٣", "9" * 40])
def test_odd_values_change_and_tell_nothing(app: Flask, cast: Cast, value: str) -> None:
    mine = told(cast.ana, "a")
    told(cast.carla, "hers", about="ticket:1")
    ana = cast.sign_in(app, cast.ana)
    assert ana.post("/avisos/lectura", data={"hasta": value}).status_code == 303
    assert ana.post("/avisos/vistos", data={"tema": value, "hasta": value}).status_code == 200
    assert unread(cast.ana) == [mine]
    assert ana.get("/avisos", query_string={"antes": value}).status_code == 200
    answer = ana.get("/avisos/nuevos", query_string={"desde": value, "sin_leer": value})
    assert answer.status_code == 200
    assert 'data-unread="1"' in answer.text


def test_a_thing_that_was_looked_at_is_no_longer_new(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    upto = told(cast.ana, "a", about=f"ticket:{number}")
    elsewhere = told(cast.ana, "b")
    meanwhile = told(cast.ana, "c", about=f"ticket:{number}")
    ana = cast.sign_in(app, cast.ana)
    ana.get(f"/tickets/{number}")
    assert len(unread(cast.ana)) == 3
    seen = ana.post("/avisos/vistos", data={"tema": f"ticket:{number}", "hasta": str(upto)})
    assert 'data-unread="2"' in seen.text
    assert unread(cast.ana) == [elsewhere, meanwhile]


def test_asking_says_nothing_until_something_changes(app: Flask, cast: Cast) -> None:
    ana = cast.sign_in(app, cast.ana)
    assert ask(ana, 0, 0).status_code == 204
    first = told(cast.ana, "a")
    told(cast.carla, "hers")
    answer = ask(ana, 0, 0)
    assert answer.status_code == 200
    assert f'data-unread="1" data-newest="{first}"' in answer.text
    assert ask(ana, 1, first).status_code == 204
    # Read in another window: there is one less.
    actions.read_all(actor=cast.ana, upto=first, now=START)
    assert 'data-unread="0"' in ask(ana, 1, first).text


def test_asking_in_vain_costs_two_queries(app: Flask, cast: Cast) -> None:
    newest = told(cast.ana, "a")
    ana = cast.sign_in(app, cast.ana)
    path = f"/avisos/nuevos?desde={newest}&sin_leer=1"
    ana.get(path)
    assert len(statements(ana, path)) == 2


def test_who_may_no_longer_see_a_ticket_reads_nothing_of_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Secreto de Andina")
    for actor in (cast.beto, cast.carla):
        notice = told(actor, f"to-{actor.person_id}", about=f"ticket:{number}")
        client = cast.sign_in(app, actor)
        for path in ("/avisos", "/avisos/nuevos"):
            page = client.get(path).text
            assert "Secreto" not in page
            assert str(number) not in page
            assert "usted ya no puede ver" in page
        assert client.post(f"/avisos/{notice}").location == "/avisos"


def test_who_left_the_desk_reads_nothing_of_its_tickets(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Secreto de Andina")
    told(cast.diego, "a", about=f"ticket:{number}")
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == cast.diego.person_id).values(roles={"editor"})
        )
    page = cast.sign_in(app, cast.diego).get("/avisos").text
    assert "Secreto" not in page


def test_own_tickets_are_seen_without_any_right(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto, affection="otra-consulta", subject="Lo mío")
    told(cast.beto, "a", about=f"ticket:{number}")
    withdraw_rights(cast.beto)
    assert "Lo mío" in cast.sign_in(app, cast.beto).get("/avisos").text


@pytest.mark.parametrize("about", ["", ":", "ticket:", "ticket:x", "mars:1", "ticket:999999"])
def test_a_notice_that_nobody_knows_is_a_plain_line(app: Flask, cast: Cast, about: str) -> None:
    notice = told(cast.ana, "a", about=about, kind="from-the-future")
    ana = cast.sign_in(app, cast.ana)
    assert "Ya no está disponible" in ana.get("/avisos").text
    assert ana.post(f"/avisos/{notice}").status_code == 303
    assert unread(cast.ana) == []


def test_facts_of_another_version_are_a_plain_line(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    with transaction() as session:
        for kind, reference in (("ticket_written", "a"), ("from-the-future", "b")):
            ring(
                session,
                person_id=cast.ana.person_id,
                kind=kind,
                reference=reference,
                about=f"ticket:{number}",
                now=START,
            )
        session.execute(update(Notice).values(read_at=START))
    page = cast.sign_in(app, cast.ana).get("/avisos").text
    assert page.count("Hay una novedad.") == 2


def test_a_disabled_person_gets_nothing_more(app: Flask, cast: Cast) -> None:
    told(cast.ana, "a")
    ana = cast.sign_in(app, cast.ana)
    assert ask(ana, 0, 0).status_code == 200
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == cast.ana.person_id).values(disabled_at=START)
        )
    assert ask(ana, 0, 0).status_code == 401
    assert ana.post("/avisos/lectura").status_code == 401


def test_a_page_left_open_keeps_no_session_alive(app: Flask, cast: Cast) -> None:
    ana = cast.sign_in(app, cast.ana)
    before = clock.now() - 2 * SEEN_EVERY
    with transaction() as session:
        session.execute(update(UserSession).values(seen_at=before))
    assert ask(ana, 0, 0).status_code == 204
    assert ana.post("/avisos/vistos").status_code == 200
    assert set(db.session.scalars(select(UserSession.seen_at))) == {before}
    ana.get("/avisos")
    db.session.rollback()
    assert before not in set(db.session.scalars(select(UserSession.seen_at)))
    with transaction() as session:
        old = clock.now() - CUSTOMER_IDLE - timedelta(seconds=1)
        session.execute(update(UserSession).values(seen_at=old))
    assert ask(ana, 0, 0).status_code == 401


def test_who_asks_without_end_is_slowed_down(strict_app: Flask, cast: Cast) -> None:
    pace = Pace(policy.MOST_IN_A_MINUTE)
    allowed = [pace.allows(1, START) for _ in range(policy.MOST_IN_A_MINUTE + 3)]
    assert allowed.count(False) == 3
    assert pace.allows(2, START)
    assert pace.allows(1, START + timedelta(minutes=1))
    ana = cast.sign_in(strict_app, cast.ana)
    answers = [ask(ana, 0, 0) for _ in range(2 * policy.MOST_IN_A_MINUTE + 1)]
    assert {one.status_code for one in answers} == {204, 429}
    assert {one.headers.get("Retry-After") for one in answers} == {None, "60"}


def test_five_thousand_notices_are_read_by_page(app: Flask, cast: Cast) -> None:
    flood(cast.ana, 5000)
    ana = cast.sign_in(app, cast.ana)
    first = ana.get("/avisos").text
    assert first.count("bell-line unread") == policy.PAGE_SIZE
    assert "5000 avisos sin leer" in first
    assert "99+" in first
    older = first.split("/avisos?antes=", 1)[1].split('"', 1)[0]
    second = ana.get(f"/avisos?antes={older}").text
    assert second.count("bell-line unread") == policy.PAGE_SIZE
    assert "Marcar todo" not in second
    last = ana.get("/avisos?antes=1")
    assert "No hay avisos más antiguos" in last.text


def test_list_costs_the_same_for_one_and_for_thirty(app: Flask, cast: Cast) -> None:
    ana = cast.sign_in(app, cast.ana)
    told(cast.ana, "one", about=f"ticket:{filed(cast.ana)}")
    ana.get("/avisos")
    one = len(statements(ana, "/avisos"))
    for turn in range(30):
        told(cast.ana, f"more-{turn}", about=f"ticket:{filed(cast.ana)}")
    assert len(statements(ana, "/avisos")) == one


def test_many_about_one_ticket_are_one_line(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    flood(cast.ana, 5000, about=f"ticket:{number}")
    page = cast.sign_in(app, cast.ana).get("/avisos").text
    assert page.count("bell-line unread") == 1
    assert "5000 novedades" in page


def test_what_is_old_or_too_much_is_forgotten(cast: Cast) -> None:
    flood(cast.ana, policy.MOST_KEPT + 20)
    kept = told(cast.carla, "hers")
    assert forget(now=START + timedelta(days=1)) == 20
    references = set(
        db.session.scalars(select(Notice.reference).where(Notice.person_id == cast.ana.person_id))
    )
    assert {f"many-{number}" for number in range(1, 21)}.isdisjoint(references)
    actions.read_all(actor=cast.ana, upto=10**9, now=START)
    assert forget(now=START + policy.READ_KEPT) == 0
    assert forget(now=START + policy.READ_KEPT + timedelta(seconds=1)) == policy.MOST_KEPT
    assert unread(cast.carla) == [kept]


def test_the_worker_forgets_each_day(cast: Cast) -> None:
    actions.ask_to_forget(now=START)
    for moment in (clock.now(), clock.now() + timedelta(days=2)):
        assert outbox.run_due(moment, kinds=[actions.FORGET_JOB]) == 1
        assert outbox.pending([actions.FORGET_JOB]) == 1
    bell_notices.catch_up()
    assert outbox.pending([actions.FORGET_JOB]) == 1


def test_notices_go_with_their_person(cast: Cast) -> None:
    with transaction() as session:
        person = Person(
            email="z@example.com", name="Z", password_hash="", created_at=START, roles=frozenset()
        )
        session.add(person)
        session.flush()
        ring(session, person_id=person.id, kind="k", reference="r", about="ticket:1", now=START)
        session.execute(delete(Person).where(Person.id == person.id))
    assert db.session.scalar(select(func.count(Notice.id))) == 0
