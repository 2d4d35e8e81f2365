"""Two tickets that the desk reads together: no place changes, and no other company learns of it."""

from __future__ import annotations

import pytest
from flask import Flask

from core import clock
from core.db import db
from tests.cast import START, Cast
from tests.tickets.builders import filed
from tickets import joining, links, places, queries, refusals
from tickets.proof.actions import audit


def order() -> list[int]:
    db.session.rollback()
    return [t.number for t in places.queue(offset=0, limit=9)]


def test_linking_is_shown_at_the_desk_and_moves_nothing(app: Flask, cast: Cast) -> None:
    first, other = filed(cast.ana), filed(cast.carla, subject="Secreto de Costa")
    before = order()
    client = cast.sign_in(app, cast.diego)
    for _ in range(2):
        sent = client.post(f"/mesa/tickets/{first}/enlaces", data={"ticket": str(other)})
        assert sent.status_code == 303
    for number, linked in ((first, other), (other, first)):
        assert f'href="/mesa/tickets/{linked}"' in client.get(f"/mesa/tickets/{number}").text
    assert order() == before
    assert audit(now=clock.now()).problem is None
    own = cast.sign_in(app, cast.ana).get(f"/tickets/{first}").text
    assert "Secreto" not in own
    assert str(other) not in own


def test_a_customer_reads_a_link_to_what_they_may_see(app: Flask, cast: Cast) -> None:
    first, other = filed(cast.ana), filed(cast.ana, subject="El otro asunto")
    links.relate(number=other, other=first, actor=cast.diego, now=START)
    assert "El otro asunto" in cast.sign_in(app, cast.ana).get(f"/tickets/{first}").text


def test_a_link_is_taken_away_on_either_page(app: Flask, cast: Cast) -> None:
    first, other = filed(cast.ana), filed(cast.ana)
    links.relate(number=first, other=other, actor=cast.diego, now=START)
    client = cast.sign_in(app, cast.dora)
    assert client.post(f"/mesa/tickets/{other}/enlaces/{first}/retiro").status_code == 303
    ticket = queries.ticket_for(cast.dora, first)
    assert ticket is not None
    assert links.of(cast.dora, ticket) == []


@pytest.mark.parametrize("wanted", ["999999", "0", "abc", "", "99999999999999"])
def test_a_number_that_is_no_other_ticket_is_refused(app: Flask, cast: Cast, wanted: str) -> None:
    number = filed(cast.ana)
    client = cast.sign_in(app, cast.diego)
    for asked in (wanted, str(number)):
        page = client.post(f"/mesa/tickets/{number}/enlaces", data={"ticket": asked})
        assert page.status_code == 422
    with pytest.raises(refusals.NotAllowed):
        links.relate(number=number, other=number, actor=cast.ana, now=START)


def test_what_was_split_off_is_linked_with_where_it_came_from(cast: Cast) -> None:
    first = filed(cast.ana)
    ticket = queries.ticket_for(cast.ana, first)
    assert ticket is not None
    message = queries.thread_of(cast.ana, ticket)[0].id
    new = joining.split(
        number=first,
        message_id=message,
        actor=cast.diego,
        part=joining.Part("Otro", "spam", "Son dos asuntos."),
        now=START,
    )
    assert [(one.number, one.kind) for one in links.of(cast.ana, ticket)] == [(new, "dividido")]
