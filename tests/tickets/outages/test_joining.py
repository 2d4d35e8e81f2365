"""Tickets join an outage, each with its own arrival, and nobody jumps."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import outbox
from core.db import db
from core.mail import MemorySender
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, ticket
from tests.tickets.outages.builders import history, joined, outaged, reported
from tickets import places, refusals
from tickets.handling import Then
from tickets.models import Message, Ticket
from tickets.outages import actions, joining, resolving
from tickets.outages.models import OutageTicket

HOUR = timedelta(hours=1)


def order() -> list[int]:
    db.session.rollback()
    return [t.number for t in places.queue(offset=0, limit=50)]


def members(outage: int) -> list[int]:
    db.session.rollback()
    rows = select(OutageTicket.ticket_number).where(OutageTicket.outage_number == outage)
    return list(db.session.scalars(rows.order_by(OutageTicket.ticket_number)))


def test_reporting_files_a_ticket_with_the_outages_words_and_its_own_arrival(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    outage = outaged(cast.diego)
    made = reported(outage, cast.ana, seen="Desde las 10 no entra nada", now=START + HOUR)
    assert (made.number, made.is_new) == (1001, True)
    row = ticket(1001)
    assert (row.subject, row.affection, row.mark) == (
        "No llegan correos de Gmail",
        "corte-de-red",
        "normal",
    )
    assert (row.opened_at, row.effective_arrival) == (START + HOUR, START - 7.5 * HOUR)
    assert (row.company_id, row.authorised_by) == (cast.ana.company_id, cast.ana.person_id)
    assert db.session.scalars(select(Message.body)).all() == [
        "Desde las 10 no entra nada\n\n> Los correos de Gmail **no entran**."
    ]
    assert history(1001) == [("filed", None), ("authorised", None), ("joined_outage", outage)]
    outbox.drain(START + HOUR, kinds=["tickets.filed"])
    assert [m["To"] for m in mails.sent] == ["ana@example.com"]


def test_joining_moves_nobody_in_the_queue(cast: Cast) -> None:
    outage = outaged(cast.diego)
    first = filed(cast.carla, affection="corte-de-red", now=START)
    own = filed(cast.ana, affection="corte-de-red", now=START + HOUR)
    late = joined(outage, cast.carla, now=START + 2 * HOUR)
    before = order()
    assert before == [first, own, late]
    keys = {n: ticket(n).effective_arrival for n in before}
    joining.add_own(outage_number=outage, number=own, actor=cast.ana, now=START + 3 * HOUR)
    joining.attach(outage_number=outage, number=first, actor=cast.diego, now=START + 3 * HOUR)
    assert order() == before
    assert {n: ticket(n).effective_arrival for n in before} == keys
    joining.detach(number=first, actor=cast.diego, now=START + 3 * HOUR)
    assert order() == before
    assert members(outage) == [own, late]


def test_a_company_reports_an_outage_once(cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = joined(outage, cast.ana)
    assert reported(outage, cast.ana) == joining.Report(number, is_new=False)
    other = joined(outage, cast.carla)
    assert members(outage) == [number, other]


def test_a_colleague_who_may_not_see_the_ticket_is_not_told_its_number(cast: Cast) -> None:
    outage = outaged(cast.diego)
    joined(outage, cast.ana)
    assert reported(outage, cast.beto) == joining.Report(None, is_new=False)
    reader = dataclasses.replace(cast.beto, rights=frozenset({"see_company_tickets"}))
    assert reported(outage, reader).number == 1001


def test_the_same_form_files_once_even_after_the_ticket_was_taken_out(cast: Cast) -> None:
    outage, form = outaged(cast.diego), new_token()

    def press() -> joining.Report:
        return joining.report(
            outage_number=outage, actor=cast.ana, seen="", form_id=form, shown=None, now=START
        )

    number = press().number
    assert number is not None
    joining.detach(number=number, actor=cast.diego, now=START)
    assert press() == joining.Report(number, is_new=False)
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_reporting_needs_the_right_for_the_typology(cast: Cast) -> None:
    incident, request = outaged(cast.diego), outaged(cast.diego, affection="spam")
    with pytest.raises(refusals.NotAllowed, match="incident"):
        reported(incident, cast.beto)
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0
    number = joined(request, cast.beto)
    assert ticket(number).authorised_at is None


@pytest.mark.parametrize("who", ["diego", "elena", "fabio", "gloria"])
def test_reporting_is_for_customers(cast: Cast, who: str) -> None:
    outage = outaged(cast.diego)
    with pytest.raises(refusals.NotAllowed):
        reported(outage, getattr(cast, who))


def test_other_conditions_than_those_in_force_are_refused(cast: Cast) -> None:
    outage = outaged(cast.diego)
    with pytest.raises(refusals.ConditionsChanged):
        joining.report(
            outage_number=outage, actor=cast.ana, seen="", form_id="", shown=99, now=START
        )
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_an_outage_that_ended_takes_no_more_tickets(cast: Cast) -> None:
    outage = outaged(cast.diego)
    own = filed(cast.carla, affection="corte-de-red")
    resolving.resolve(
        number=outage, actor=cast.diego, text="Listo", numbers=[], form_id="f" * 43, now=START
    )
    with pytest.raises(actions.Resolved):
        reported(outage, cast.ana)
    with pytest.raises(actions.Resolved):
        joining.add_own(outage_number=outage, number=own, actor=cast.carla, now=START)
    with pytest.raises(actions.Resolved):
        joining.attach(outage_number=outage, number=own, actor=cast.diego, now=START)
    assert members(outage) == []


def test_a_customer_adds_only_an_open_ticket_of_the_same_affection(cast: Cast) -> None:
    outage, other = outaged(cast.diego), outaged(cast.diego)
    same = filed(cast.ana, affection="corte-de-red")
    another = filed(cast.ana, affection="spam")
    foreign = filed(cast.carla, affection="corte-de-red")
    with pytest.raises(joining.NotJoinable):
        joining.add_own(outage_number=outage, number=another, actor=cast.ana, now=START)
    with pytest.raises(refusals.NotAllowed):
        joining.add_own(outage_number=outage, number=foreign, actor=cast.ana, now=START)
    with pytest.raises(refusals.NotAllowed):
        joining.add_own(outage_number=outage, number=same, actor=cast.beto, now=START)
    for _ in range(2):
        joining.add_own(outage_number=outage, number=same, actor=cast.ana, now=START)
    with pytest.raises(joining.NotJoinable):
        joining.add_own(outage_number=other, number=same, actor=cast.ana, now=START)
    assert history(same)[2:] == [("joined_outage", outage)]
    assert reported(outage, cast.ana) == joining.Report(same, is_new=False)


def test_a_technician_moves_a_ticket_from_one_outage_to_another(cast: Cast) -> None:
    outage, other = outaged(cast.diego), outaged(cast.diego)
    number = filed(cast.ana, affection="corte-de-red")
    for target in (outage, outage, other):
        joining.attach(outage_number=target, number=number, actor=cast.dora, now=START)
    joining.detach(number=number, actor=cast.diego, now=START)
    joining.detach(number=number, actor=cast.diego, now=START)
    assert history(number)[2:] == [
        ("joined_outage", outage),
        ("left_outage", outage),
        ("joined_outage", other),
        ("left_outage", other),
    ]
    assert members(other) == []


def test_a_ticket_that_ended_is_not_attached(cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    with pytest.raises(joining.NotJoinable):
        joining.attach(outage_number=outage, number=number, actor=cast.diego, now=START)


@pytest.mark.parametrize("who", ["ana", "elena", "fabio", "gloria"])
def test_attaching_is_for_technicians(cast: Cast, who: str) -> None:
    outage, number = outaged(cast.diego), filed(cast.ana)
    actor = getattr(cast, who)
    with pytest.raises(refusals.NotAllowed):
        joining.attach(outage_number=outage, number=number, actor=actor, now=START)
    with pytest.raises(refusals.NotAllowed):
        joining.detach(number=number, actor=actor, now=START)


def test_eight_presses_at_once_file_one_ticket_of_the_company(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    browsers = [cast.sign_in(app, cast.ana) for _ in range(8)]

    def press(place: int) -> str:
        answer = browsers[place].post(
            f"/averias/{outage}/afectados", data={"formulario": new_token()}
        )
        return str(answer.location)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(8))) == {"/tickets/1001"}
    assert members(outage) == [1001]


def test_what_was_filed_as_something_else_is_corrected_before_it_joins(cast: Cast) -> None:
    """One answer for many must be no way past the queue (R3)."""
    outage = outaged(cast.diego)
    number = filed(cast.ana, affection="otra-consulta")
    with pytest.raises(joining.NotJoinable):
        joining.attach(outage_number=outage, number=number, actor=cast.dora, now=START)
