"""Consent as a record (R12): who declared what, when, under which text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import conditions.queries
from conditions.actions import publish
from core.db import db, transaction
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import filed, taken, ticket
from tickets import actions, refusals
from tickets.consents.models import Consent
from tickets.consents.policy import Declared, Kind, was_authorised
from tickets.models import TicketEvent

HOUR = timedelta(hours=1)


def declared(number: int) -> list[tuple[str, int, str]]:
    db.session.rollback()
    rows = select(Consent).where(Consent.ticket_number == number).order_by(Consent.id)
    return [(one.kind, one.person_id, one.address) for one in db.session.scalars(rows)]


def kinds(number: int) -> list[str]:
    rows = select(TicketEvent.kind).where(TicketEvent.ticket_number == number)
    return list(db.session.scalars(rows.order_by(TicketEvent.seq)))


def test_filing_records_acceptance_and_authorisation(cast: Cast) -> None:
    number = filed(cast.ana)
    assert declared(number) == [
        ("accepted", cast.ana.person_id, ""),
        ("given", cast.ana.person_id, ""),
    ]
    in_force = conditions.queries.current()
    assert in_force
    row = db.session.scalars(select(Consent)).first()
    assert row
    assert (row.conditions_version, row.text_hash, row.at) == (1, in_force.sha256, START)


def test_filing_without_the_right_records_acceptance_alone(cast: Cast) -> None:
    number = filed(cast.beto)
    assert declared(number) == [("accepted", cast.beto.person_id, "")]
    assert ticket(number).authorised_at is None


def test_consent_names_the_conditions_of_the_ticket_and_not_later_ones(cast: Cast) -> None:
    number = filed(cast.beto)
    first = conditions.queries.current()
    assert first
    shown = first.sha256
    publish(title="Otras", body="Otro texto.", after=1, actor=cast.gloria, now=START)
    actions.authorise(number=number, actor=cast.ana, now=START + HOUR, address="192.0.2.7")
    row = db.session.scalars(select(Consent).where(Consent.kind == "given")).one()
    assert (row.conditions_version, row.text_hash, row.address) == (1, shown, "192.0.2.7")


def test_withdrawing_clears_the_authorisation_and_says_so(cast: Cast) -> None:
    number = filed(cast.ana)
    actions.withdraw_authorisation(number=number, actor=cast.ana, now=START + HOUR)
    row = ticket(number)
    assert (row.authorised_at, row.authorised_by) == (None, None)
    assert [kind for kind, _who, _where in declared(number)] == ["accepted", "given", "withdrawn"]
    assert kinds(number) == ["filed", "authorised", "authorisation_withdrawn"]
    actions.withdraw_authorisation(number=number, actor=cast.ana, now=START + 2 * HOUR)
    assert len(declared(number)) == 3


def test_withdrawing_needs_the_right_in_that_company(cast: Cast) -> None:
    number = filed(cast.ana)
    for stranger in (cast.beto, cast.carla, cast.diego, cast.gloria):
        with pytest.raises(refusals.NotAllowed):
            actions.withdraw_authorisation(number=number, actor=stranger, now=START)
    assert ticket(number).authorised_at == START


def test_an_old_press_that_arrives_again_undoes_nothing(cast: Cast) -> None:
    number, press = filed(cast.beto), new_token()
    actions.authorise(number=number, actor=cast.ana, now=START, form_id=press)
    actions.withdraw_authorisation(number=number, actor=cast.ana, now=START + HOUR, form_id=press)
    actions.authorise(number=number, actor=cast.ana, now=START + 2 * HOUR, form_id=press)
    assert ticket(number).authorised_at is None
    assert [kind for kind, _who, _where in declared(number)] == ["accepted", "given", "withdrawn"]


def test_address_comes_from_the_request_and_is_cut(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto)
    client = cast.sign_in(app, cast.ana)
    place = {"REMOTE_ADDR": "2001:db8::1"}
    assert (
        client.post(f"/tickets/{number}/autorizacion", environ_overrides=place).status_code == 303
    )
    again = filed(cast.beto)
    actions.authorise(number=again, actor=cast.ana, now=START, address="x" * 99)
    assert declared(number)[-1] == ("given", cast.ana.person_id, "2001:db8::1")
    assert declared(again)[-1] == ("given", cast.ana.person_id, "x" * 45)


def test_customer_page_withdraws_and_the_desk_says_so_at_once(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    ana, diego = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.diego)
    assert "Retirar la autorización" in ana.get(f"/tickets/{number}").text
    assert "Autorización de acceso retirada" not in diego.get(f"/mesa/tickets/{number}").text
    sent = ana.post(f"/tickets/{number}/autorizacion/retiro")
    assert (sent.status_code, sent.location) == (303, f"/tickets/{number}")
    assert "Autorización de acceso retirada" in diego.get(f"/mesa/tickets/{number}").text
    page = ana.get(f"/tickets/{number}").text
    assert "Autorizar el acceso" in page
    assert "Retirar la autorización" not in page


def test_addresses_are_for_the_desk_and_for_who_manages_members(app: Flask, cast: Cast) -> None:
    """Beto may see the company's tickets here, and still not from where Ana agreed."""
    from accounts.models import Person

    with transaction() as session:
        session.get_one(Person, cast.beto.person_id).rights = frozenset({"see_company_tickets"})
    number = filed(cast.ana)
    actions.withdraw_authorisation(number=number, actor=cast.ana, now=START, address="192.0.2.77")
    seen = {
        actor.name: "192.0.2.77" in cast.sign_in(app, actor).get(path).text
        for actor, path in (
            (cast.ana, f"/tickets/{number}"),
            (cast.beto, f"/tickets/{number}"),
            (cast.diego, f"/mesa/tickets/{number}"),
        )
    }
    assert seen == {cast.ana.name: True, cast.beto.name: False, cast.diego.name: True}
    assert "Retiró la autorización" in cast.sign_in(app, cast.beto).get(f"/tickets/{number}").text


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-1, False), (0, True), (9, True), (10, False), (19, False), (20, True), (600, True)],
)
def test_was_authorised_follows_the_last_declaration(minutes: int, expected: bool) -> None:
    def at(minute: int) -> timedelta:
        return timedelta(minutes=minute, seconds=30)

    told = [
        Declared(Kind.GIVEN, START + at(20)),
        Declared(Kind.ACCEPTED, START + at(-99)),
        Declared(Kind.GIVEN, START + at(0)),
        Declared(Kind.WITHDRAWN, START + at(10)),
    ]
    assert was_authorised(told, START + timedelta(minutes=minutes)) is expected


def test_without_a_declaration_nothing_was_authorised() -> None:
    assert was_authorised([], START) is False
    assert was_authorised([Declared(Kind.ACCEPTED, START)], START) is False
