"""A note that calls a colleague: the list, the mail, and having seen it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from accounts.models import Person
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import filed
from tickets import handling
from tickets.mentions.models import Mention
from tickets.models import Message

LIST = "Le mencionan"


def note(app: Flask, cast: Cast, number: int, text: str, by: str = "diego") -> str:
    """Send a note through its form; the page that follows."""
    client = cast.sign_in(app, getattr(cast, by))
    sent = client.post(
        f"/mesa/tickets/{number}/notas", data={"texto": text, "formulario": new_token()}
    )
    assert sent.status_code == 303
    page: str = client.get(sent.location).text
    return page


def mentions() -> list[tuple[int, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(Mention).order_by(Mention.message_id, Mention.person_id))
    return [(row.person_id, row.seen_at is not None) for row in rows]


def test_a_note_calls_whom_it_names_and_they_see_it_on_the_desk(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, subject="Correo lento")
    page = note(app, cast, number, "@dora, ¿puedes ver el MX? <b>urgente</b>")
    assert "La nota quedó guardada" not in page
    assert mentions() == [(cast.dora.person_id, False)]
    dora = cast.sign_in(app, cast.dora)
    desk = dora.get("/mesa").text
    assert LIST in desk
    assert "¿puedes ver el MX? &lt;b&gt;urgente" in desk
    assert "Una nota de este ticket le menciona" in dora.get(f"/mesa/tickets/{number}").text
    # Reading a page marks nothing.
    assert mentions() == [(cast.dora.person_id, False)]
    seen = dora.post(f"/mesa/tickets/{number}/menciones/lectura")
    message = db.session.scalars(select(Message.id).where(Message.internal)).one()
    assert (seen.status_code, seen.location) == (303, f"/mesa/tickets/{number}#m{message}")
    assert mentions() == [(cast.dora.person_id, True)]
    assert "sin ver" not in dora.get("/mesa").text
    assert "le menciona" not in dora.get(f"/mesa/tickets/{number}").text


def test_only_ones_own_mentions_are_seen(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    note(app, cast, number, "@dora y @gloria")
    cast.sign_in(app, cast.gloria).post(f"/mesa/tickets/{number}/menciones/lectura")
    assert sorted(mentions()) == sorted(
        [(cast.dora.person_id, False), (cast.gloria.person_id, True)]
    )
    assert LIST not in cast.sign_in(app, cast.diego).get("/mesa").text


def test_those_not_seen_come_first(app: Flask, cast: Cast) -> None:
    first, second = filed(cast.ana, subject="Primero"), filed(cast.ana, subject="Segundo")
    for number in (first, second):
        note(app, cast, number, "@dora")
    dora = cast.sign_in(app, cast.dora)
    dora.post(f"/mesa/tickets/{second}/menciones/lectura")
    section = dora.get("/mesa").text.split(LIST, 1)[1].split("</section>", 1)[0]
    assert section.index("Primero") < section.index("Segundo")


@pytest.mark.parametrize("name", ["pepe", "ana", "elena", "carla"])
def test_a_name_that_is_nobody_of_the_desk_is_said_and_the_note_kept(
    app: Flask, cast: Cast, name: str
) -> None:
    number = filed(cast.ana)
    page = note(app, cast, number, f"@{name} mira")
    assert f"No hay nadie en la mesa que se llame @{name}." in page
    assert f"@{name} mira" in page
    assert mentions() == []


def test_a_name_of_two_people_is_asked_for_in_full(app: Flask, cast: Cast) -> None:
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == cast.gloria.person_id).values(name="Dora Paz")
        )
        session.execute(
            update(Person).where(Person.id == cast.dora.person_id).values(email="dl@example.com")
        )
    page = note(app, cast, filed(cast.ana), "@dora")
    assert "puede ser más de una persona: escriba @dora.luna, @dora.paz." in page
    assert mentions() == []


def test_nobody_calls_themselves_or_whose_account_is_closed(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == cast.dora.person_id).values(disabled_at=START)
        )
    page = note(app, cast, number, "@diego y @dora")
    assert mentions() == []
    assert "@dora." in page


def test_a_note_sent_twice_calls_once(app: Flask, cast: Cast) -> None:
    number, form_id = filed(cast.ana), new_token()
    for _ in range(2):
        handling.note(number=number, actor=cast.diego, text="@dora", form_id=form_id, now=START)
    assert mentions() == [(cast.dora.person_id, False)]


def post(mails: MemorySender) -> list[str]:
    before = len(mails.sent)
    db.session.rollback()
    outbox.drain(clock.now())
    assert (outbox.failed(), outbox.pending()) == (0, 0)
    return [f"{mail['To']}: {mail['Subject']}" for mail in mails.sent[before:]]


def test_the_mail_carries_the_note_to_staff_alone(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana, subject="Correo lento")
    post(mails)
    note(app, cast, number, "@dora el cliente es moroso")
    assert post(mails) == [f"dora@example.com: [Ticket {number}] Correo lento"]
    assert "@dora el cliente es moroso" in text_of(mails.sent[-1])


@pytest.mark.parametrize("change", [{"disabled_at": START}, {"roles": frozenset({"editor"})}])
def test_rights_are_asked_when_the_mail_leaves(
    app: Flask, cast: Cast, mails: MemorySender, change: dict[str, object]
) -> None:
    number = filed(cast.ana)
    post(mails)
    note(app, cast, number, "@dora el cliente es moroso")
    with transaction() as session:
        session.execute(update(Person).where(Person.id == cast.dora.person_id).values(**change))
    assert post(mails) == []


def test_the_list_asks_the_database_the_same_however_long(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    dora = cast.sign_in(app, cast.dora)

    def asked() -> int:
        statements: list[str] = []

        def note_it(_c: object, _cu: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note_it)
        try:
            dora.get("/mesa")
        finally:
            event.remove(db.engine, "before_cursor_execute", note_it)
        return len(statements)

    note(app, cast, number, "@dora uno")
    asked()
    one = asked()
    for place in range(29):
        note(app, cast, number, f"@dora {place}")
    assert asked() == one


def test_what_customers_write_calls_nobody(app: Flask, cast: Cast) -> None:
    filed(cast.ana, description="@dora ayúdeme")
    assert mentions() == []
