"""Filing, answering, reopening: the verbs on both databases."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import outbox
from core.db import db
from core.mail import MemorySender
from core.models import Job
from core.tokens import new_token
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, draft, filed, taken, ticket, withdraw_rights
from tickets import actions, drafts, events, handling, opening, places, queries, refusals
from tickets.handling import Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Message, Ticket, TicketEvent

HOUR = timedelta(hours=1)


def kinds(number: int) -> list[str]:
    rows = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(rows.order_by(TicketEvent.seq)))


def test_filing_stores_the_key_of_the_policy(cast: Cast) -> None:
    number = filed(cast.ana, affection="corte-de-red", mark="urgente")
    row = ticket(number)
    assert (row.typology, row.effective_arrival) == (0, START - 10 * HOUR)
    assert (row.state, row.opened_at, row.policy_version) == ("en_cola", START, 1)
    assert (row.conditions_version, row.authorised_by) == (1, cast.ana.person_id)
    assert kinds(number) == ["filed", "authorised"]


def test_filing_a_draft_twice_makes_one_ticket(cast: Cast) -> None:
    draft_id, owner = draft(cast.ana), drafts.owner_of(cast.ana, "")
    first = opening.file_ticket(draft_id=draft_id, owner=owner, actor=cast.ana, now=START)
    again = opening.file_ticket(draft_id=draft_id, owner=owner, actor=cast.ana, now=START)
    assert first == again
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 1
    jobs = db.session.scalars(select(Job.payload).where(Job.kind == "tickets.filed")).all()
    assert jobs == [{"number": first}]


def test_numbers_follow_the_order_of_filing_without_gaps(cast: Cast) -> None:
    assert [filed(cast.ana), filed(cast.carla), filed(cast.ana)] == [1001, 1002, 1003]


def test_filing_needs_the_right_for_the_typology(cast: Cast) -> None:
    with pytest.raises(refusals.NotAllowed, match="incident"):
        filed(cast.beto, affection="corte-de-red")
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0
    number = filed(cast.beto, affection="spam")
    assert ticket(number).authorised_at is None


def test_filing_somebody_elses_draft_is_refused(cast: Cast) -> None:
    draft_id = draft(cast.ana)
    with pytest.raises(drafts.NotYours):
        opening.file_ticket(
            draft_id=draft_id,
            owner=drafts.owner_of(cast.carla, ""),
            actor=cast.carla,
            now=START,
        )


def test_an_incomplete_draft_is_not_filed(cast: Cast) -> None:
    draft_id = draft(cast.ana, affection="")
    with pytest.raises(refusals.Incomplete):
        opening.file_ticket(
            draft_id=draft_id, owner=drafts.owner_of(cast.ana, ""), actor=cast.ana, now=START
        )


def test_the_queue_stands_in_the_order_of_the_policy(cast: Cast) -> None:
    late_incident = filed(cast.carla, affection="otra-falla-del-proveedor", now=START + 9 * HOUR)
    early_request = filed(cast.ana, affection="otra-consulta", now=START)
    down_request = filed(cast.ana, affection="servidor-parado", now=START + 7 * HOUR)
    network = filed(cast.ana, affection="corte-de-red", now=START + 9 * HOUR)
    order = [t.number for t in places.queue(offset=0, limit=10)]
    assert order == [network, late_incident, down_request, early_request]


def test_ahead_is_counted_by_reason_and_names_nobody(cast: Cast) -> None:
    filed(cast.carla, affection="corte-de-red")
    filed(cast.carla, affection="corte-de-red")
    filed(cast.carla, affection="otra-consulta", now=START - HOUR)
    filed(cast.carla, affection="servidor-parado", now=START + HOUR)
    filed(cast.carla, affection="otra-consulta", now=START + HOUR)
    mine = filed(cast.ana, affection="otra-consulta", now=START)
    rows = places.ahead_of(ticket(mine))
    assert [(r.typology, r.affection, r.older, r.count) for r in rows] == [
        (0, "corte-de-red", False, 2),
        (1, "servidor-parado", False, 1),
        (1, "", True, 1),
    ]
    assert places.count_ahead(ticket(mine)) == 4


def test_take_next_hands_out_the_head(cast: Cast) -> None:
    request = filed(cast.ana, affection="servidor-parado")
    incident = filed(cast.carla, affection="corte-de-red", now=START + HOUR)
    assert taken(cast.diego) == incident
    assert taken(cast.dora) == request
    row = ticket(incident)
    assert (row.state, row.holder_id) == ("en_atencion", cast.diego.person_id)
    assert handling.take_next(actor=cast.diego, limit=3, form_id="x", now=START) is None


def test_take_next_with_the_same_form_gives_the_same_ticket(cast: Cast) -> None:
    filed(cast.ana)
    filed(cast.ana)
    first = handling.take_next(actor=cast.diego, limit=3, form_id="form-1", now=START)
    again = handling.take_next(actor=cast.diego, limit=3, form_id="form-1", now=START)
    assert first == again
    assert len(queries.held_by(cast.diego)) == 1


def test_take_next_stops_at_the_limit(cast: Cast) -> None:
    for _ in range(3):
        filed(cast.ana)
    taken(cast.diego)
    taken(cast.diego)
    with pytest.raises(refusals.HoldsEnough):
        handling.take_next(actor=cast.diego, limit=2, form_id="y", now=START)
    assert len(queries.held_by(cast.diego)) == 2


@pytest.mark.parametrize("who", ["ana", "elena", "fabio", "gloria"])
def test_take_next_is_for_technicians(cast: Cast, who: str) -> None:
    filed(cast.ana)
    with pytest.raises(handling.NotAllowed):
        handling.take_next(actor=getattr(cast, who), limit=3, form_id="z", now=START)
    assert places.queue_length() == 1


def test_only_the_holder_replies_in_public(cast: Cast) -> None:
    filed(cast.ana)
    number = taken(cast.diego)
    with pytest.raises(handling.NotAllowed, match="holder"):
        answered(number, cast.dora, Then.RESOLVE)
    assert ticket(number).state == "en_atencion"


def test_waiting_leaves_the_queue_and_the_answer_brings_it_back_in_its_place(cast: Cast) -> None:
    number = filed(cast.ana, now=START)
    filed(cast.carla, now=START + HOUR)
    key = ticket(number).effective_arrival
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    assert [t.number for t in places.queue(offset=0, limit=9)] == [number + 1]
    state = actions.reply_as_customer(
        number=number, actor=cast.ana, text="Aquí está.", form_id=new_token(), now=START + 5 * HOUR
    )
    assert state == "en_cola"
    assert [t.number for t in places.queue(offset=0, limit=9)] == [number, number + 1]
    row = ticket(number)
    assert (row.effective_arrival, row.holder_id, row.opened_at) == (key, None, START)


def test_a_thank_you_never_reopens(cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    state = actions.reply_as_customer(
        number=number, actor=cast.ana, text="Gracias", form_id=new_token(), now=START
    )
    assert state == "resuelto"
    assert ticket(number).state == "resuelto"


def test_reopening_keeps_the_first_arrival(cast: Cast) -> None:
    number = filed(cast.ana, now=START)
    later = filed(cast.carla, now=START + HOUR)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    actions.reopen(
        number=number, actor=cast.ana, text="Sigue igual", form_id="f" * 43, now=START + 9 * HOUR
    )
    assert [t.number for t in places.queue(offset=0, limit=9)] == [number, later]
    assert ticket(number).opened_at == START
    assert kinds(number)[-1] == "reopened"
    with pytest.raises(StepNotAllowed):
        actions.reopen(number=number, actor=cast.ana, text="Otra", form_id="g" * 43, now=START)


def test_the_same_form_writes_one_message(cast: Cast) -> None:
    number = filed(cast.ana)
    for _ in range(2):
        actions.reply_as_customer(
            number=number, actor=cast.ana, text="Más datos", form_id="a" * 43, now=START
        )
    count = select(func.count()).where(Message.ticket_number == number)
    assert db.session.scalar(count) == 2


def test_a_stranger_and_a_colleague_without_rights_cannot_write(cast: Cast) -> None:
    number = filed(cast.ana)
    for actor in (cast.carla, cast.beto):
        with pytest.raises(refusals.NotAllowed):
            actions.reply_as_customer(
                number=number, actor=actor, text="Hola", form_id=new_token(), now=START
            )
    assert kinds(number) == ["filed", "authorised"]


def test_closing_withdraws_from_the_queue(cast: Cast) -> None:
    number = filed(cast.ana)
    actions.close(number=number, actor=cast.ana, now=START)
    assert ticket(number).state == "cerrado"
    assert places.queue_length() == 0


def test_closing_is_refused_while_a_technician_is_on_it(cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    with pytest.raises(StepNotAllowed):
        actions.close(number=number, actor=cast.ana, now=START)


def test_a_colleague_with_the_right_authorises_afterwards(cast: Cast) -> None:
    number = filed(cast.beto, affection="spam")
    with pytest.raises(refusals.NotAllowed):
        actions.authorise(number=number, actor=cast.beto, now=START)
    actions.authorise(number=number, actor=cast.ana, now=START + HOUR)
    row = ticket(number)
    assert (row.authorised_at, row.authorised_by) == (START + HOUR, cast.ana.person_id)


def test_events_are_numbered_without_gaps(cast: Cast) -> None:
    filed(cast.ana)
    filed(cast.carla)
    taken(cast.diego)
    seqs = list(db.session.scalars(select(TicketEvent.seq).order_by(TicketEvent.seq)))
    assert seqs == list(range(1, len(seqs) + 1))


def test_the_receipt_says_the_place_and_goes_to_the_author(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    filed(cast.carla, affection="corte-de-red")
    filed(cast.ana)
    outbox.drain(START, kinds=["tickets.filed"])
    assert [m["To"] for m in mails.sent] == ["carla@example.com", "ana@example.com"]
    body = text_of(mails.sent[1])
    assert "1 incidencia por corte de red" in body
    assert "Pesquera" not in body
    assert "http://localhost/tickets/1002" in body


def test_no_mail_goes_to_who_may_no_longer_see_the_ticket(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    from accounts.models import Person
    from core.db import transaction

    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).disabled_at = START
    outbox.drain(START, kinds=["tickets.filed", "tickets.replied"])
    assert mails.sent == []


def test_a_member_without_rights_keeps_nothing(cast: Cast) -> None:
    withdraw_rights(cast.ana)
    with pytest.raises(refusals.NotAllowed):
        filed(_again(cast))


def _again(cast: Cast):  # type: ignore[no-untyped-def]
    from accounts import sessions
    from core import clock

    token = sessions.start(cast.ana.person_id, browser="", now=clock.now())
    actor = sessions.actor_of(token, now=clock.now())
    assert actor is not None
    return actor


def test_old_drafts_are_forgotten_with_their_files(cast: Cast) -> None:
    draft(cast.ana, now=START)
    kept = draft(cast.ana, now=START + drafts.KEPT_FOR)
    assert drafts.purge(now=START + drafts.KEPT_FOR + HOUR) == 1
    assert queries.draft_for(drafts.owner_of(cast.ana, ""), kept) is not None


def test_events_need_a_transaction(cast: Cast) -> None:
    number = filed(cast.ana)
    before = kinds(number)
    events.record(number, "taken", actor_id=None, now=START)
    db.session.rollback()
    assert kinds(number) == before


def test_an_unconfirmed_address_files_but_authorises_nothing(cast: Cast) -> None:
    stranger = dataclasses.replace(cast.ana, is_confirmed=False)
    number = filed(stranger)
    assert ticket(number).authorised_at is None
    with pytest.raises(refusals.NotAllowed):
        actions.authorise(number=number, actor=stranger, now=START)
    actions.authorise(number=number, actor=cast.ana, now=START)
    assert ticket(number).authorised_by == cast.ana.person_id
