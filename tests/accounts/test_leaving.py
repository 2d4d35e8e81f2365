"""Leaving a company, and the one who manages its members last (R10, Z5)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask

from accounts import membership
from accounts.models import Person, UserSession
from accounts.permissions import Actor
from core import clock
from core.db import db, transaction
from core.models import AuditEntry
from tests.accounts.mailbox import deliver, path_in
from tests.accounts.test_invitations import ACCEPT, EVA
from tests.accounts.test_members import ALL, give, member_url, rights_of
from tests.cast import Cast
from tests.tickets.builders import filed

LEAVE = "/cuenta/empresa/salida"


def closed(actor: Actor) -> bool:
    db.session.rollback()
    return db.session.get_one(Person, actor.person_id).disabled_at is not None


def managers_left(cast: Cast) -> int:
    """How many can still manage the members of Ana's company."""
    db.session.rollback()
    people = db.session.query(Person).filter_by(company_id=cast.ana.company_id, disabled_at=None)
    return sum("manage_members" in person.rights for person in people)


def test_a_member_leaves_and_is_out_everywhere_at_once(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto)
    here, there = cast.sign_in(app, cast.beto), cast.sign_in(app, cast.beto)
    ana = cast.sign_in(app, cast.ana)
    page = here.get(LEAVE)
    assert "Dejar Textiles Andina" in page.text
    answer = here.post(LEAVE)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Dejó la empresa" in here.get("/").text
    assert [client.get("/cuenta").status_code for client in (here, there)] == [302, 302]
    assert there.get(f"/tickets/{number}").status_code == 302
    assert {s.person_id for s in db.session.query(UserSession)} == {cast.ana.person_id}
    assert closed(cast.beto)
    assert ana.get(f"/tickets/{number}").status_code == 200
    assert "cuenta cerrada" in ana.get("/cuenta/empresa").text
    entry = db.session.query(AuditEntry).filter_by(action="member.left").one()
    assert (entry.subject, entry.actor_id) == (
        f"person:{cast.beto.person_id}",
        cast.beto.person_id,
    )


def test_looking_at_the_page_is_no_leaving(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.beto)
    assert [client.get(LEAVE).status_code, client.head(LEAVE).status_code] == [200, 200]
    assert not closed(cast.beto)


def test_a_manager_can_take_back_who_left(app: Flask, cast: Cast) -> None:
    cast.sign_in(app, cast.beto).post(LEAVE)
    ana = cast.sign_in(app, cast.ana)
    assert ana.post(f"{member_url(cast.beto)}/reapertura").status_code == 303
    assert not closed(cast.beto)
    assert rights_of(cast.beto.person_id) == cast.beto.rights


def test_the_last_manager_cannot_leave(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    answer = client.post(LEAVE)
    assert answer.status_code == 422
    assert "al menos una persona que administre" in answer.text
    assert client.get("/cuenta").status_code == 200
    assert not closed(cast.ana)
    give(cast.beto.person_id, "manage_members")
    assert client.post(LEAVE).status_code == 303
    assert closed(cast.ana)


def test_a_closed_or_unconfirmed_colleague_is_no_manager_who_stays(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, "manage_members")
    client = cast.sign_in(app, cast.ana)
    client.post(f"{member_url(cast.beto)}/cierre")
    assert client.post(LEAVE).status_code == 422
    client.post(f"{member_url(cast.beto)}/reapertura")
    with transaction() as session:
        session.get_one(Person, cast.beto.person_id).confirmed_at = None
    assert client.post(LEAVE).status_code == 422
    assert not closed(cast.ana)


def test_leaving_is_for_customers(app: Flask, cast: Cast) -> None:
    for who in (cast.diego, cast.gloria):
        assert cast.sign_in(app, who).post(LEAVE).status_code == 404
        with pytest.raises(membership.NotAllowed):
            membership.leave(actor=who, now=clock.now())
        assert not closed(who)


def test_leaving_twice_changes_nothing(app: Flask, cast: Cast) -> None:
    for _ in range(2):
        membership.leave(actor=cast.beto, now=clock.now())
    assert db.session.query(AuditEntry).filter_by(action="member.left").count() == 1


def test_what_who_left_had_invited_is_worth_nothing(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, *ALL)
    beto = cast.sign_in(app, cast.beto)
    beto.post("/cuenta/empresa/invitaciones", data={"correo": EVA, "preset": "lectura"})
    path = path_in(deliver(app)[0])
    assert app.test_client().get(path).status_code == 200
    assert beto.post(LEAVE).status_code == 303
    assert app.test_client().post(path, data=ACCEPT).status_code == 410
    assert db.session.query(Person).filter_by(email=EVA).count() == 0


def _demote(cast: Cast, who: Actor, whom: Actor) -> None:
    membership.change_rights(
        actor=who, person_id=whom.person_id, rights=frozenset(), now=clock.now()
    )


def _leave(cast: Cast, who: Actor, whom: Actor) -> None:
    membership.leave(actor=who, now=clock.now())


def _close(cast: Cast, who: Actor, whom: Actor) -> None:
    membership.close(actor=who, person_id=whom.person_id, now=clock.now())


@pytest.mark.parametrize(
    ("first", "second"),
    [(_leave, _leave), (_demote, _demote), (_leave, _demote), (_close, _leave), (_demote, _close)],
    ids=lambda verb: verb.__name__.strip("_"),
)
def test_two_managers_at_once_leave_one(
    app: Flask, cast: Cast, first: Callable[..., None], second: Callable[..., None]
) -> None:
    give(cast.beto.person_id, *ALL)
    ready, said = Barrier(2), []

    def run(verb: Callable[..., None], who: Actor, whom: Actor) -> None:
        with app.app_context():
            ready.wait()
            try:
                verb(cast, who, whom)
                said.append("done")
            except (membership.LastManager, membership.NotAllowed) as refusal:
                said.append(type(refusal).__name__)

    pairs = [(first, cast.ana, cast.beto), (second, cast.beto, cast.ana)]
    threads = [Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert managers_left(cast) >= 1
    assert len(said) == 2
    assert "done" in said
