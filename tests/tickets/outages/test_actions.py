"""Declaring, telling, resolving: what technicians do with an outage, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import outbox
from core.counters import content_generation
from core.db import db
from core.mail import MemorySender
from core.models import AuditEntry
from core.tokens import new_token
from tests.accounts.mailbox import news_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, ticket
from tests.tickets.outages.builders import history, joined, outaged
from tickets import actions as customers
from tickets import handling, places, refusals
from tickets.handling import Then
from tickets.lifecycle import Reopening
from tickets.models import Message
from tickets.outages import actions, joining, queries, resolving
from tickets.outages.actions import Told
from tickets.outages.models import Outage, OutageUpdate
from tickets.outages.policy import ANSWERED_AT_ONCE

TOLD = Told("Red de Lima caída", "No se llega a los servidores.", "corte-de-red")


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def resolved(outage: int, cast: Cast, numbers: list[int], form_id: str = "") -> int:
    return resolving.resolve(
        number=outage,
        actor=cast.diego,
        text="Se cambió el equipo.",
        numbers=numbers,
        form_id=form_id or new_token(),
        now=START,
    )


def test_the_same_form_declares_one_outage(cast: Cast) -> None:
    form = new_token()
    numbers = [
        actions.declare(actor=cast.diego, told=TOLD, form_id=form, now=START) for _ in range(2)
    ]
    assert numbers == [1, 1]
    assert count(Outage) == 1
    audited = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [a for a in audited if a.startswith("outages.")] == ["outages.declared"]


@pytest.mark.parametrize("who", ["ana", "elena", "fabio", "gloria"])
def test_outages_are_told_by_technicians(cast: Cast, who: str) -> None:
    actor, outage = getattr(cast, who), outaged(cast.diego)
    with pytest.raises(refusals.NotAllowed):
        actions.declare(actor=actor, told=TOLD, form_id=new_token(), now=START)
    with pytest.raises(refusals.NotAllowed):
        actions.edit(number=outage, actor=actor, told=TOLD, now=START)
    with pytest.raises(refusals.NotAllowed):
        actions.add_update(number=outage, actor=actor, body="x", form_id="f" * 43, now=START)
    with pytest.raises(refusals.NotAllowed):
        resolving.resolve(
            number=outage, actor=actor, text="x", numbers=[], form_id="f" * 43, now=START
        )
    assert (count(Outage), count(OutageUpdate)) == (1, 0)


def test_every_change_moves_the_content_on(cast: Cast) -> None:
    seen = [content_generation()]

    def moved() -> bool:
        db.session.rollback()
        seen.append(content_generation())
        return seen[-1] > seen[-2]

    outage = outaged(cast.diego)
    assert moved()
    actions.edit(number=outage, actor=cast.dora, told=TOLD, now=START)
    assert moved()
    for body in ("Vamos al centro de datos.", "Cambiamos el equipo."):
        actions.add_update(
            number=outage, actor=cast.dora, body=body, form_id=new_token(), now=START
        )
        assert moved()
    resolved(outage, cast, [])
    assert moved()
    found = queries.outage_for(outage)
    assert found is not None
    assert [line.body for line in found.updates] == [
        "Se cambió el equipo.",
        "Cambiamos el equipo.",
        "Vamos al centro de datos.",
    ]


def test_the_same_form_adds_one_line_and_an_ended_outage_takes_none(cast: Cast) -> None:
    outage = outaged(cast.diego)
    for _ in range(2):
        actions.add_update(
            number=outage, actor=cast.diego, body="Vamos", form_id="f" * 43, now=START
        )
    assert count(OutageUpdate) == 1
    resolved(outage, cast, [])
    with pytest.raises(actions.Resolved):
        actions.add_update(number=outage, actor=cast.diego, body="Más", form_id="g" * 43, now=START)


def test_one_answer_resolves_the_ticked_tickets_in_every_open_state(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    outage = outaged(cast.diego)
    active = joined(outage, cast.ana)
    waiting = joined(outage, cast.carla)
    taken(cast.dora), taken(cast.diego)
    answered(waiting, cast.diego, Then.WAIT)
    queued, unticked = (
        filed(person, affection="corte-de-red") for person in (cast.ana, cast.carla)
    )
    for number in (queued, unticked):
        joining.attach(outage_number=outage, number=number, actor=cast.diego, now=START)
    stranger = filed(cast.carla)
    outbox.drain(START)
    mails.sent.clear()
    assert resolved(outage, cast, [active, waiting, queued, stranger]) == 3
    states = {n: ticket(n).state for n in (active, waiting, queued, unticked, stranger)}
    assert states == {
        active: "resuelto",
        waiting: "resuelto",
        queued: "resuelto",
        unticked: "en_cola",
        stranger: "en_cola",
    }
    assert history(queued)[-1] == ("resolved_with_outage", outage)
    assert ticket(queued).resolved_at == START
    outbox.drain(START)
    assert [(m["To"], news_of(m) == "Resolvimos el ticket") for m in mails.sent] == [
        ("ana@example.com", True),
        ("carla@example.com", True),
        ("ana@example.com", True),
        # Hers was left open: she is told that the outage is over.
        ("carla@example.com", False),
    ]
    assert [t.number for t in places.queue(offset=0, limit=9)] == [unticked, stranger]


def test_the_same_form_answers_once(cast: Cast) -> None:
    outage = outaged(cast.diego)
    number, form = joined(outage, cast.ana), new_token()
    assert [resolved(outage, cast, [number], form) for _ in range(2)] == [1, 0]
    customers.reopen(
        number=number,
        actor=cast.ana,
        text="Sigue",
        form_id=new_token(),
        reason=Reopening.NOT_SOLVED,
        now=START,
    )
    assert resolved(outage, cast, [number], form) == 0
    assert ticket(number).state == "en_cola"
    texts = db.session.scalars(select(Message.body).where(Message.from_staff)).all()
    assert texts == ["Se cambió el equipo."]


def test_what_was_left_open_is_answered_later_without_a_second_end(cast: Cast) -> None:
    outage = outaged(cast.diego)
    first, second = joined(outage, cast.ana), joined(outage, cast.carla)
    assert resolved(outage, cast, [first]) == 1
    assert queries.joined_counts([outage]) == {outage: queries.Joined(all=2, open=1)}
    assert resolved(outage, cast, [first, second]) == 1
    assert count(OutageUpdate) == 1


def test_a_holder_keeps_nothing_that_the_outage_resolved(cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = joined(outage, cast.ana)
    taken(cast.dora)
    resolved(outage, cast, [number])
    filed(cast.carla)
    assert handling.take_next(actor=cast.dora, limit=1, form_id=new_token(), now=START) == 1002


def test_a_large_outage_is_answered_in_lots(cast: Cast) -> None:
    outage = outaged(cast.diego)
    many = [filed(cast.carla, affection="corte-de-red") for _ in range(12)]
    for number in many:
        joining.attach(outage_number=outage, number=number, actor=cast.diego, now=START)
    lot = queries.joined_tickets(outage, only_open=True, limit=5)
    assert [t.number for t in lot] == many[:5]
    assert resolved(outage, cast, many) == 12
    # Ticks, token, texts: below the number of parts that a form may have.
    assert ANSWERED_AT_ONCE < 500
