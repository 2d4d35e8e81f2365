"""A reply reaches the customer after the time in which it can be undone, and not before."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock, outbox
from core.db import db, transaction
from core.files import check_file
from core.mail import MemorySender
from core.models import Job
from core.tokens import new_token
from tests.accounts.mailbox import news_of, text_of
from tests.cast import START, Cast
from tests.tickets.builders import filed, taken, ticket, without_undo
from tests.world import PNG
from tickets import actions, handling, queries, refusals
from tickets.drafts import Upload
from tickets.handling import Reply, Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.refusals import HoldsEnough
from tickets.workbench.actions import undo_reply
from tickets.workbench.models import ReplyDraft

HOLD = timedelta(seconds=15)
SECRET = "Secreto que se puede deshacer"


def now() -> datetime:
    return clock.now()


def sent(
    number: int, cast: Cast, then: Then = Then.WAIT, *, text: str = SECRET, **more: Any
) -> int:
    """Reply as Diego with time to undo; the number of the message."""
    answer = Reply(text, then, new_token(), hold=HOLD, **more)
    done = handling.reply(number=number, actor=cast.diego, answer=answer, now=now())
    assert done.message_id is not None
    return done.message_id


def undone(number: int, message_id: int, cast: Cast) -> str:
    done = undo_reply(number=number, message_id=message_id, actor=cast.diego, now=now())
    return done.state.value


def time_passes() -> None:
    """What was held back is let go, as after fifteen seconds."""
    with transaction() as session:
        for message in session.scalars(select(Message).where(Message.released_at.is_not(None))):
            message.released_at = now() - timedelta(seconds=1)
        for row in session.scalars(select(Ticket).where(Ticket.settles_at.is_not(None))):
            row.settles_at = now() - timedelta(seconds=1)


def kinds(number: int) -> list[str]:
    db.session.rollback()
    query = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(query.order_by(TicketEvent.seq)))


def seen_by_ana(cast: Cast, number: int) -> tuple[list[str], list[str]]:
    """The messages and the kinds of events that Ana reads."""
    db.session.rollback()
    row = queries.ticket_for(cast.ana, number)
    assert row is not None
    texts = [message.body for message in queries.thread_of(cast.ana, row)[1:]]
    return texts, [event.kind for event in queries.events_of(cast.ana, row)]


@pytest.fixture
def number(cast: Cast) -> int:
    filed(cast.ana)
    return taken(cast.diego)


@pytest.fixture
def ana(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.ana)


BEFORE = ["filed", "authorised", "taken"]


@pytest.mark.parametrize(("then", "kind"), [(Then.WAIT, "asked"), (Then.RESOLVE, "resolved")])
def test_the_customer_learns_nothing_until_the_time_is_over(
    cast: Cast, ana: FlaskClient, number: int, then: Then, kind: str
) -> None:
    file = Upload(check_file("captura.png", PNG), PNG)
    sent(number, cast, then, uploads=(file,))
    attachment = db.session.scalars(select(Attachment.id)).one()
    assert seen_by_ana(cast, number) == ([], BEFORE)
    for path in (f"/tickets/{number}", "/tickets", "/"):
        page = ana.get(path).text
        assert SECRET not in page
        assert "En atención" in page, path
        assert "captura.png" not in page
    assert ana.get(f"/tickets/{number}/adjuntos/{attachment}").status_code == 404
    time_passes()
    assert seen_by_ana(cast, number) == ([SECRET], [*BEFORE, kind])
    assert "En atención" not in ana.get(f"/tickets/{number}").text
    assert ana.get(f"/tickets/{number}/adjuntos/{attachment}").status_code == 200


def test_the_mail_waits_until_it_can_no_longer_be_undone(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    sent(number, cast, Then.RESOLVE)
    outbox.drain(now(), kinds=["tickets.replied"])
    assert mails.sent == []
    outbox.drain(now() + HOLD, kinds=["tickets.replied"])
    assert [mail["To"] for mail in mails.sent] == ["ana@example.com"]
    assert SECRET in text_of(mails.sent[0])


@pytest.mark.parametrize("then", list(Then))
def test_undoing_gives_the_text_back_and_the_ticket(
    cast: Cast, mails: MemorySender, number: int, then: Then
) -> None:
    file = Upload(check_file("captura.png", PNG), PNG)
    message_id = sent(number, cast, then, uploads=(file,))
    assert undone(number, message_id, cast) == "en_atencion"
    row = ticket(number)
    assert (row.state, row.holder_id) == ("en_atencion", cast.diego.person_id)
    assert (row.resolved_at, row.settles_at) == (None, None)
    draft = db.session.get_one(ReplyDraft, (number, cast.diego.person_id))
    assert (draft.text, draft.note) == (SECRET, "")
    assert db.session.scalars(select(Message.body)).all() == [
        "Desde ayer los correos de Gmail no aparecen en la bandeja."
    ]
    assert db.session.scalar(select(func.count()).select_from(Attachment)) == 0
    was = handling.REPLY_EVENTS[then]
    assert kinds(number) == [*BEFORE, was, "reply_undone"]
    data = db.session.scalars(select(TicketEvent.data).order_by(TicketEvent.seq.desc())).first()
    data = dict(data or {})
    data.pop("limit", None)
    assert data == {"was": was, "message": message_id, "state": "en_atencion"}
    assert seen_by_ana(cast, number) == ([], BEFORE)
    outbox.drain(now() + HOLD, kinds=["tickets.replied"])
    assert (mails.sent, outbox.failed()) == ([], 0)


def test_the_number_of_an_undone_reply_is_never_given_to_another_message(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    message_id = sent(number, cast)
    undone(number, message_id, cast)
    handling.note(
        number=number, actor=cast.dora, text="Sólo para la mesa", form_id=new_token(), now=now()
    )
    newest = db.session.scalar(select(func.max(Message.id)))
    assert newest > message_id
    outbox.drain(now() + HOLD, kinds=["tickets.replied"])
    assert mails.sent == []


def test_undoing_twice_is_as_good_as_once(cast: Cast, number: int) -> None:
    message_id = sent(number, cast)
    assert undone(number, message_id, cast) == undone(number, message_id, cast)
    assert kinds(number) == [*BEFORE, "asked", "reply_undone"]


def test_after_the_time_nothing_is_undone(cast: Cast, number: int) -> None:
    message_id = sent(number, cast)
    time_passes()
    with pytest.raises(refusals.TooLateToUndo):
        undone(number, message_id, cast)
    assert kinds(number) == [*BEFORE, "asked"]
    assert ticket(number).state == "esperando_cliente"


def test_only_the_writer_undoes_and_only_a_public_reply(cast: Cast, number: int) -> None:
    message_id = sent(number, cast)
    for other in (cast.dora, cast.ana, cast.gloria):
        with pytest.raises(refusals.NotAllowed):
            undo_reply(number=number, message_id=message_id, actor=other, now=now())
    handling.note(number=number, actor=cast.diego, text="Nota", form_id=new_token(), now=now())
    note = db.session.scalars(select(Message.id).where(Message.internal)).one()
    with pytest.raises(refusals.NotAllowed):
        undone(number, note, cast)
    assert kinds(number) == [*BEFORE, "asked", "noted"]


def test_a_customer_who_writes_meanwhile_keeps_the_ticket_in_the_queue(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    key = ticket(number).effective_arrival
    message_id = sent(number, cast, Then.WAIT)
    state = actions.reply_as_customer(
        number=number, actor=cast.ana, text="Un dato más", form_id=new_token(), now=now()
    )
    assert state == "en_cola"
    assert undone(number, message_id, cast) == "en_cola"
    row = ticket(number)
    assert (row.state, row.holder_id, row.effective_arrival) == ("en_cola", None, key)
    assert seen_by_ana(cast, number) == (["Un dato más"], [*BEFORE, "answered"])


def test_a_message_that_crosses_a_resolution_is_read_by_somebody(
    cast: Cast, mails: MemorySender, number: int
) -> None:
    sent(number, cast, Then.RESOLVE)
    state = actions.reply_as_customer(
        number=number, actor=cast.ana, text="Tampoco funciona el webmail", form_id=new_token(),
        now=now(),
    )  # fmt: skip
    assert (state, ticket(number).state, ticket(number).resolved_at) == ("en_cola", "en_cola", None)
    assert kinds(number) == [*BEFORE, "resolved", "reopened"]
    outbox.drain(now() + HOLD, kinds=["tickets.replied"])
    assert news_of(mails.sent[0]) == "Hay una respuesta en el ticket"
    assert "resuelto" not in text_of(mails.sent[0])


def test_a_thank_you_after_the_time_still_does_not_reopen(cast: Cast, number: int) -> None:
    sent(number, cast, Then.RESOLVE)
    time_passes()
    state = actions.reply_as_customer(
        number=number, actor=cast.ana, text="Gracias", form_id=new_token(), now=now()
    )
    assert state == "resuelto"


def test_a_customer_cannot_end_or_judge_what_they_do_not_know_of(cast: Cast, number: int) -> None:
    sent(number, cast, Then.RESOLVE)
    who: dict[str, Any] = {"number": number, "actor": cast.ana, "now": now()}
    for act in (
        lambda: actions.close(**who),
        lambda: actions.rate(satisfied=True, comment="", **who),
        lambda: actions.reopen(text="No", form_id=new_token(), **who),
    ):
        with pytest.raises(StepNotAllowed):
            act()
    assert ticket(number).state == "resuelto"
    assert kinds(number) == [*BEFORE, "resolved"]


def test_the_second_of_two_replies_is_undone_alone(cast: Cast, number: int) -> None:
    first = sent(number, cast, Then.WAIT)
    second = sent(number, cast, Then.RESOLVE, text="Y esto también")
    assert undone(number, first, cast) == "resuelto"
    assert undone(number, second, cast) == "en_atencion"


def post_reply(client: FlaskClient, number: int, **more: str) -> Any:
    form = {"texto": SECRET, "accion": "resolver", "formulario": new_token(), **more}
    return client.post(f"/mesa/tickets/{number}/respuestas", data=form)


def undo_address(page: str) -> list[str]:
    return re.findall(r'action="(/mesa/tickets/\d+/respuestas/\d+/retirada)"', page)


def test_the_next_page_offers_to_undo_and_the_ticket_comes_back(
    app: Flask, cast: Cast, number: int
) -> None:
    other = filed(cast.carla)
    diego, dora = cast.sign_in(app, cast.diego), cast.sign_in(app, cast.dora)
    answer = post_reply(diego, number, siguiente="on")
    assert answer.location == f"/mesa/tickets/{other}"
    (address,) = undo_address(diego.get(answer.location).text)
    assert address.startswith(f"/mesa/tickets/{number}/")
    assert undo_address(diego.get("/mesa").text) == [address]
    for page in (f"/mesa/tickets/{number}", "/mesa"):
        assert undo_address(dora.get(page).text) == []
    assert dora.post(address).status_code == 404
    back = diego.post(address)
    assert (back.status_code, back.location) == (303, f"/mesa/tickets/{number}#responder")
    page = diego.get(f"/mesa/tickets/{number}").text
    assert re.search(rf"<textarea[^>]*>\s*{SECRET}</textarea>", page)
    assert undo_address(page) == []


@pytest.mark.parametrize("with_file", [True, False])
def test_undoing_says_that_files_are_gone(
    app: Flask, cast: Cast, number: int, with_file: bool
) -> None:
    uploads = (Upload(check_file("captura.png", PNG), PNG),) if with_file else ()
    message = sent(number, cast, uploads=uploads)
    diego = cast.sign_in(app, cast.diego)
    diego.post(f"/mesa/tickets/{number}/respuestas/{message}/retirada")
    page = diego.get(f"/mesa/tickets/{number}").text
    assert ("adjúntelos otra vez" in page) == with_file


def test_too_late_is_said_in_words(app: Flask, cast: Cast, number: int) -> None:
    diego = cast.sign_in(app, cast.diego)
    post_reply(diego, number)
    (address,) = undo_address(diego.get("/mesa").text)
    time_passes()
    answer = diego.post(address)
    assert answer.status_code == 409
    assert "Ya no se puede deshacer" in answer.text


def test_the_setting_can_switch_it_off(
    app: Flask, cast: Cast, mails: MemorySender, number: int
) -> None:
    without_undo()
    diego = cast.sign_in(app, cast.diego)
    post_reply(diego, number)
    assert undo_address(diego.get(f"/mesa/tickets/{number}").text) == []
    assert seen_by_ana(cast, number)[0] == [SECRET]
    outbox.drain(now(), kinds=["tickets.replied"])
    assert len(mails.sent) == 1
    assert db.session.scalar(select(Job.id).where(Job.done_at.is_(None), Job.kind == "x")) is None


def test_undoing_is_no_way_around_the_limit(cast: Cast) -> None:
    """One ticket too many is the price of undoing after the next was taken; two are refused."""
    sent: list[tuple[int, int]] = []
    for _ in range(3):
        number = filed(cast.ana)
        assert taken(cast.diego) == number
        hold = timedelta(hours=1)
        answer = handling.Reply("¿Qué ve?", Then.WAIT, new_token(), hold=hold)
        done = handling.reply(number=number, actor=cast.diego, answer=answer, now=START)
        assert done.message_id is not None
        sent.append((number, done.message_id))
    for number, message_id in sent[:2]:
        undo_reply(number=number, message_id=message_id, actor=cast.diego, limit=1, now=START)
    number, message_id = sent[2]
    with pytest.raises(HoldsEnough):
        undo_reply(number=number, message_id=message_id, actor=cast.diego, limit=1, now=START)
    assert ticket(number).state == "esperando_cliente"
