"""Merging, undoing it, splitting: the matter keeps its place, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, outbox
from core.db import db
from core.files import check_file
from core.mail import MemorySender
from core.tokens import new_token
from tests.accounts.mailbox import news_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, ticket
from tests.world import PNG
from tickets import actions, joining, places, queries, refusals
from tickets.drafts import Upload
from tickets.handling import Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Attachment, Message
from tickets.participants import actions as participants
from tickets.proof.actions import audit

MINUTE = timedelta(minutes=1)


def merge(number: int, other: int, cast: Cast, *, now: object = START) -> int:
    return joining.merge(number=number, other=other, actor=cast.diego, now=now)  # type: ignore[arg-type]


def order() -> list[int]:
    db.session.rollback()
    return [t.number for t in places.queue(offset=0, limit=20)]


def bodies(number: int, cast: Cast) -> list[str]:
    return [m.body for m in queries.thread_of(cast.ana, ticket(number))]


def messages_of(number: int) -> list[Message]:
    query = select(Message).where(Message.ticket_number == number).order_by(Message.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize("round_about", [False, True])
def test_the_older_survives_with_both_threads(cast: Cast, round_about: bool) -> None:
    old = filed(cast.ana, description="Primero.")
    other = filed(cast.carla, now=START + MINUTE)
    new = filed(
        cast.ana,
        description="Otra vez.",
        affection="servidor-parado",
        mark="urgente",
        now=START + 2 * MINUTE,
    )
    assert order() == [new, old, other]
    pair = (new, old) if round_about else (old, new)
    assert merge(*pair, cast) == old
    # The newer had a better place; the matter keeps the place of the older (R3, R5).
    assert order() == [old, other]
    assert bodies(old, cast) == ["Primero.", "Otra vez."]
    assert (ticket(new).state, ticket(new).merged_into) == ("unido", old)
    assert audit(now=clock.now()).problem is None


def test_a_merge_is_undone_within_the_day(cast: Cast) -> None:
    old, new = filed(cast.ana), filed(cast.ana, description="Otra vez.", now=START + MINUTE)
    merge(old, new, cast)
    joining.unmerge(number=new, actor=cast.dora, now=START + timedelta(hours=24))
    assert order() == [old, new]
    row = ticket(new)
    assert (row.merged_into, row.merged_at, row.state) == (None, None, "en_cola")
    assert "Otra vez." not in bodies(old, cast)
    assert audit(now=clock.now()).problem is None


def test_a_merge_of_yesterday_stays(cast: Cast) -> None:
    old, new = filed(cast.ana), filed(cast.ana)
    merge(old, new, cast)
    with pytest.raises(refusals.CannotMerge, match="late"):
        joining.unmerge(number=new, actor=cast.diego, now=START + timedelta(hours=24, minutes=1))
    with pytest.raises(StepNotAllowed):
        joining.unmerge(number=old, actor=cast.diego, now=START)


def test_what_waits_for_the_customer_is_queued_by_their_other_ticket(cast: Cast) -> None:
    old = filed(cast.ana)
    taken(cast.diego)
    answered(old, cast.diego, Then.WAIT)
    new = filed(cast.ana, now=START + MINUTE)
    merge(old, new, cast)
    assert order() == [old]
    assert audit(now=clock.now()).problem is None


def test_what_cannot_be_merged(cast: Cast) -> None:
    one, mine, other = filed(cast.ana), filed(cast.ana), filed(cast.carla)
    for number, with_, reason in (
        (one, one, "same"),
        (one, 999_999, "same"),
        (one, other, "company"),
    ):
        with pytest.raises(refusals.CannotMerge, match=reason):
            merge(number, with_, cast)
    for nobody in (cast.ana, cast.gloria):
        with pytest.raises(refusals.NotAllowed):
            joining.merge(number=one, other=mine, actor=nobody, now=START)
    taken(cast.dora)
    taken(cast.dora)
    with pytest.raises(refusals.CannotMerge, match="holder"):
        merge(one, mine, cast)
    answered(mine, cast.dora, Then.RESOLVE)
    with pytest.raises(refusals.CannotMerge, match="ended"):
        merge(one, mine, cast)
    assert {ticket(n).state for n in (one, mine, other)} == {"en_atencion", "resuelto", "en_cola"}


def test_a_chain_of_merges_is_one_thread(cast: Cast) -> None:
    first, second, third = (filed(cast.ana, description=word) for word in ("Uno", "Dos", "Tres"))
    merge(second, third, cast)
    merge(first, second, cast)
    assert bodies(first, cast) == ["Uno", "Dos", "Tres"]


def test_files_of_a_merged_ticket_are_read_in_the_thread(app: Flask, cast: Cast) -> None:
    file = Upload(check_file("captura.png", PNG), PNG)
    old, new = filed(cast.ana), filed(cast.ana, uploads=(file,))
    merge(old, new, cast)
    attachment = db.session.scalars(select(Attachment.id)).one()
    for number in (old, new):
        address = f"/tickets/{number}/adjuntos/{attachment}"
        assert cast.sign_in(app, cast.ana).get(address).data == PNG
        assert cast.sign_in(app, cast.carla).get(address).status_code == 404


def test_the_page_of_a_merged_ticket_leads_to_the_one_that_goes_on(app: Flask, cast: Cast) -> None:
    old, new = filed(cast.ana), filed(cast.ana)
    merge(old, new, cast)
    client = cast.sign_in(app, cast.ana)
    page = client.get(f"/tickets/{new}")
    assert (page.status_code, page.location) == (303, f"/tickets/{old}")
    reply = client.post(
        f"/tickets/{new}/respuestas", data={"texto": "Más", "formulario": new_token()}
    )
    assert reply.status_code == 409


def test_the_author_of_a_merged_ticket_takes_part_in_the_one_that_goes_on(
    app: Flask, cast: Cast
) -> None:
    old = filed(cast.ana, subject="Secreto de Ana")
    own = filed(cast.beto)
    client = cast.sign_in(app, cast.beto)
    assert client.get(f"/tickets/{old}").status_code == 404
    merge(old, own, cast)
    assert client.get(f"/tickets/{own}").location == f"/tickets/{old}"
    assert client.get(f"/tickets/{old}").status_code == 200
    joining.unmerge(number=own, actor=cast.diego, now=START + MINUTE)
    assert client.get(f"/tickets/{old}").status_code == 404
    assert client.get(f"/tickets/{own}").status_code == 200


def test_who_follows_a_merged_ticket_follows_the_one_that_goes_on(app: Flask, cast: Cast) -> None:
    old, gone = filed(cast.ana, subject="Secreto de Ana"), filed(cast.ana)
    participants.add(number=gone, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    merge(old, gone, cast)
    client = cast.sign_in(app, cast.beto)
    assert client.get(f"/tickets/{old}").status_code == 200
    joining.unmerge(number=gone, actor=cast.diego, now=START + MINUTE)
    assert client.get(f"/tickets/{old}").status_code == 404
    assert client.get(f"/tickets/{gone}").status_code == 200


def test_who_was_taken_out_of_the_survivor_is_told_without_its_words(
    app: Flask, cast: Cast
) -> None:
    old = filed(cast.ana, subject="Secreto de Ana")
    own = filed(cast.beto)
    merge(old, own, cast)
    participants.take_out(number=old, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    page = cast.sign_in(app, cast.beto).get(f"/tickets/{own}")
    assert page.status_code == 200
    assert f"Se unió al ticket {old}" in page.text
    assert "Secreto" not in page.text


def test_the_author_of_a_merged_ticket_is_told_by_mail(cast: Cast, mails: MemorySender) -> None:
    old, new = filed(cast.ana), filed(cast.beto)
    merge(old, new, cast)
    outbox.drain(clock.now())
    letter = [m for m in mails.sent if m["To"] == "beto@example.com"][-1]
    assert news_of(letter) == f"El ticket {new} se unió al {old}"


def split(number: int, message: int, cast: Cast) -> int:
    return joining.split(
        number=number,
        message_id=message,
        actor=cast.diego,
        part=joining.Part("El otro problema", "spam", "Son dos asuntos."),
        now=START + timedelta(hours=5),
    )


def test_a_split_ticket_arrived_with_its_message(cast: Cast) -> None:
    file = Upload(check_file("captura.png", PNG), PNG)
    first = filed(cast.ana)
    actions.reply_as_customer(
        number=first, actor=cast.ana, text="Además llega SPAM.", form_id=new_token(),
        uploads=(file,), now=START + 10 * MINUTE,
    )  # fmt: skip
    later = filed(cast.carla, affection="spam", now=START + 20 * MINUTE)
    message = messages_of(first)[-1]
    new = split(first, message.id, cast)
    row = ticket(new)
    assert (row.opened_at, row.author_id, row.company_id) == (
        START + 10 * MINUTE, cast.ana.person_id, cast.ana.company_id,
    )  # fmt: skip
    assert row.authorised_by == cast.ana.person_id
    assert order() == [first, new, later]
    copy = messages_of(new)[0]
    assert (copy.body, copy.written_at) == ("Además llega SPAM.", START + 10 * MINUTE)
    assert bodies(first, cast)[-1] == "Además llega SPAM."
    db.session.refresh(copy, ["attachments"])
    assert [a.name for a in copy.attachments] == ["captura.png"]
    assert audit(now=clock.now()).problem is None


def test_a_message_is_split_once(cast: Cast) -> None:
    first = filed(cast.ana)
    message = messages_of(first)[0].id
    assert split(first, message, cast) == split(first, message, cast)
    assert len(order()) == 2


def test_an_old_message_of_an_ended_ticket_is_no_way_to_the_front(cast: Cast) -> None:
    first = filed(cast.ana)
    message = messages_of(first)[0].id
    taken(cast.dora)
    with pytest.raises(refusals.NotAllowed, match="holder"):
        split(first, message, cast)
    answered(first, cast.dora, Then.RESOLVE)
    with pytest.raises(StepNotAllowed):
        split(first, message, cast)
    assert order() == []


def test_an_incident_and_a_request_are_not_merged(cast: Cast) -> None:
    request, incident = filed(cast.ana), filed(cast.ana, affection="corte-de-red")
    with pytest.raises(refusals.CannotMerge, match="typology"):
        merge(request, incident, cast)
    assert order() == [incident, request]


def test_what_came_before_the_question_is_no_answer_to_it(cast: Cast) -> None:
    old, new = filed(cast.ana), filed(cast.ana)
    taken(cast.diego)
    answered(old, cast.diego, Then.WAIT, now=START + MINUTE)
    merge(old, new, cast, now=START + 2 * MINUTE)
    assert ticket(old).state == "esperando_cliente"
    assert order() == []


def test_only_a_customers_message_of_the_thread_is_split(app: Flask, cast: Cast) -> None:
    first, other = filed(cast.ana), filed(cast.carla)
    taken(cast.diego)
    answered(first, cast.diego, Then.STAY)
    for message in (messages_of(first)[-1].id, messages_of(other)[0].id, 999_999):
        with pytest.raises(LookupError):
            split(first, message, cast)
        path = f"/mesa/tickets/{first}/mensajes/{message}/division"
        assert cast.sign_in(app, cast.diego).get(path).status_code == 404


def test_the_pages_split_and_merge(app: Flask, cast: Cast) -> None:
    first = filed(cast.ana)
    message = messages_of(first)[0].id
    client = cast.sign_in(app, cast.diego)
    path = f"/mesa/tickets/{first}/mensajes/{message}/division"
    assert path in client.get(f"/mesa/tickets/{first}").text
    form = {"asunto": "Otro", "afeccion": "spam", "motivo": "Son dos asuntos."}
    made = client.post(path, data=form)
    assert made.status_code == 303
    new = int(made.location.rsplit("/", 1)[1])
    page = client.get(made.location).text
    assert f"Era parte del ticket {first}" in page
    assert "Son dos asuntos." in page
    kept = client.post(f"/mesa/tickets/{new}/union", data={"ticket": f"#{first}"})
    assert (kept.status_code, kept.location) == (303, f"/mesa/tickets/{first}")
    undone = client.post(f"/mesa/tickets/{new}/separacion")
    assert (undone.status_code, undone.location) == (303, f"/mesa/tickets/{new}")
    refused = client.post(f"/mesa/tickets/{new}/union", data={"ticket": "999999"})
    assert refused.status_code == 422
    assert "No hay otro ticket con ese número." in refused.text
