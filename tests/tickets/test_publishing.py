"""Publishing a table: every open ticket gets its key at once, and the log says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, transaction
from core.models import AuditEntry
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, ticket
from tests.tickets.test_policy_changes import table
from tickets import actions, publishing
from tickets.handling import Then
from tickets.models import PolicyVersion, Ticket, TicketEvent
from tickets.policy import DEFAULT_POLICY, Mark, Policy, Typology, key_for
from tickets.refusals import NotAllowed

LATER = START + timedelta(days=2)


def publish(cast: Cast, proposed: Policy, *, form_id: str = "", reason: str = "Hay campaña") -> int:
    return publishing.publish(
        proposed=proposed, reason=reason, actor=cast.gloria, form_id=form_id, now=LATER
    )


def keys() -> dict[int, tuple[int, int, datetime]]:
    db.session.rollback()
    rows = db.session.execute(
        select(
            Ticket.number, Ticket.policy_version, Ticket.typology, Ticket.effective_arrival
        ).order_by(Ticket.number)
    )
    return {number: (version, typology, at) for number, version, typology, at in rows}


def versions() -> list[int]:
    return list(db.session.scalars(select(PolicyVersion.version).order_by(PolicyVersion.version)))


def keys_under(policy: Policy) -> dict[int, tuple[int, int, datetime]]:
    found = {}
    for one in db.session.scalars(select(Ticket)):
        key = key_for(
            policy,
            affection=one.affection,
            mark=Mark(one.mark),
            opened_at=one.opened_at,
            number=one.number,
        )
        found[one.number] = (policy.version, int(key.typology), key.effective_arrival)
    return dict(sorted(found.items()))


def rekeyings() -> dict[int, dict[str, object]]:
    rows = db.session.scalars(select(TicketEvent).where(TicketEvent.kind == "rekeyed"))
    return {row.ticket_number: row.data for row in rows}


def test_every_open_ticket_is_keyed_by_the_table_to_the_microsecond(app: Flask, cast: Cast) -> None:
    odd = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    for affection in DEFAULT_POLICY.affections:
        for mark in Mark:
            odd += timedelta(days=1, microseconds=7)
            filed(cast.ana, affection=affection, mark=mark.value, now=odd)
    proposed = table(corte_de_red=7.5, spam=720, otra_consulta=1 / 60, servidor_parado=0)
    assert publish(cast, proposed) == 2
    assert keys() == keys_under(proposed)


def test_open_states_are_rekeyed_and_ended_tickets_are_not(app: Flask, cast: Cast) -> None:
    held, waiting, resolved = (filed(cast.ana, affection="spam") for _ in range(3))
    for number, then in ((held, Then.STAY), (waiting, Then.WAIT), (resolved, Then.RESOLVE)):
        assert taken(cast.diego) == number
        answered(number, cast.diego, then)
    queued = filed(cast.ana, affection="spam")
    before = keys()
    publish(cast, table(spam=1))
    after = keys()
    assert {n for n in after if after[n] != before[n]} == {held, waiting, queued}
    assert after[resolved] == before[resolved]
    assert ticket(held).state == "en_atencion"
    assert ticket(held).holder_id == cast.diego.person_id


def test_the_log_says_which_key_changed_and_the_audit_who_did_it(app: Flask, cast: Cast) -> None:
    spam, other = filed(cast.ana, affection="spam"), filed(cast.ana, affection="otra-consulta")
    publish(cast, table(spam=1))
    assert keys()[other][0] == 2
    assert rekeyings() == {
        spam: {
            "policy": 2,
            "affection": "spam",
            "mark": "normal",
            "typology": int(Typology.REQUEST),
            "effective_arrival": (START - timedelta(hours=1, minutes=30)).isoformat(),
        }
    }
    event = db.session.scalars(select(TicketEvent).where(TicketEvent.kind == "rekeyed")).one()
    assert (event.actor_id, event.at) == (cast.gloria.person_id, LATER)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "policy.published")
    ).one()
    assert (entry.subject, entry.actor_id) == ("policy:2", cast.gloria.person_id)
    assert entry.data == {"reason": "Hay campaña", "minutes": {"spam": [240, 60]}, "rekeyed": 1}
    row = db.session.get_one(PolicyVersion, 2)
    assert (row.reason, row.published_by, row.published_at) == (
        "Hay campaña",
        cast.gloria.person_id,
        LATER,
    )


def test_the_head_of_the_queue_is_that_of_the_new_table(app: Flask, cast: Cast) -> None:
    filed(cast.ana, affection="error-de-codigo")
    spam = filed(cast.ana, affection="spam", now=START + timedelta(hours=3))
    incident = filed(cast.ana, affection="otra-falla-del-proveedor", now=START + timedelta(days=1))
    publish(cast, table(spam=24))
    assert taken(cast.diego, now=LATER) == incident
    assert taken(cast.diego, now=LATER) == spam


def test_who_comes_back_comes_back_with_the_new_key(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana, affection="spam")
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    publish(cast, table(spam=1))
    actions.reply_as_customer(
        number=number, actor=cast.ana, text="Listo", form_id=new_token(), now=LATER
    )
    assert keys() == keys_under(table(spam=1))


@pytest.mark.parametrize("who", ["ana", "diego", "elena", "fabio"])
def test_only_administrators_publish(app: Flask, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        publishing.publish(
            proposed=table(spam=1), reason="x", actor=getattr(cast, who), form_id="", now=LATER
        )
    assert versions() == [1]


def test_a_table_written_from_an_older_version_is_refused(app: Flask, cast: Cast) -> None:
    publish(cast, table(spam=1))
    with pytest.raises(publishing.Outdated):
        publish(cast, table(spam=3))
    with pytest.raises(publishing.Outdated):
        publish(cast, replace(table(spam=3), version=4))
    assert versions() == [1, 2]


def test_what_changes_nothing_is_not_published(app: Flask, cast: Cast) -> None:
    with pytest.raises(publishing.NothingChanged):
        publish(cast, replace(DEFAULT_POLICY, version=2))


@pytest.mark.parametrize("removed", [False, True])
def test_no_table_changes_what_is_an_incident(app: Flask, cast: Cast, removed: bool) -> None:
    number = filed(cast.ana, affection="spam")
    before = keys()
    affections = dict(table(spam=1).affections)
    if removed:
        del affections["spam"]
    else:
        affections["spam"] = replace(affections["spam"], typology=Typology.INCIDENT)
    with pytest.raises(publishing.TypologyChanged):
        publish(cast, replace(table(), affections=affections))
    assert keys() == before
    assert number in before


def test_the_same_form_publishes_once(app: Flask, cast: Cast) -> None:
    form_id = new_token()
    assert publish(cast, table(spam=1), form_id=form_id) == 2
    assert publish(cast, table(spam=1), form_id=form_id) == 2
    assert versions() == [1, 2]


def test_two_administrators_publish_one_after_the_other(app: Flask, cast: Cast) -> None:
    filed(cast.ana, affection="spam")
    ready, said = Barrier(2), []

    def one(hours: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                said.append(publish(cast, table(spam=hours)))
            except publishing.Outdated:
                said.append(0)

    threads = [Thread(target=one, args=(hours,)) for hours in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [0, 2]
    published = Policy.from_json(db.session.get_one(PolicyVersion, 2).table)
    assert keys() == keys_under(published)


def test_a_failure_leaves_everything_as_it_was(app: Flask, cast: Cast) -> None:
    filed(cast.ana, affection="spam")
    before = keys()
    with transaction() as session:
        # The number of the next event is taken: writing the log fails at the very end.
        last = session.scalars(select(TicketEvent.seq).order_by(TicketEvent.seq.desc())).first()
        session.add(
            TicketEvent(
                seq=(last or 0) + 1,
                ticket_number=next(iter(before)),
                at=START,
                kind="x",
                data={},
                previous="",
                hash="",
            )
        )
    with pytest.raises(Exception, match=r"(?i)unique"):
        publish(cast, table(spam=1))
    assert keys() == before
    assert versions() == [1]
