"""Keeping, reading and wiping secrets: who may, what is recorded, and what is never left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from accounts.permissions import Actor
from core import clock, outbox
from core.db import db, transaction
from core.models import Job
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import answered, draft, filed, taken
from tickets import actions as tickets_actions
from tickets import drafts, handling, opening
from tickets.handling import Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Draft, TicketEvent
from tickets.refusals import NotAllowed
from tickets.vault import actions, sealing, wiping
from tickets.vault.models import Secret, SecretReading
from tickets.vault.noticing import Kind

VALUE = "Xy12$abc"


def kept(number: int, actor: Actor, *, days: int = 7, form_id: str = "") -> Secret:
    value = actions.Value(VALUE, Kind.PASSWORD, "Acceso a cPanel", days)
    actions.keep(number=number, actor=actor, value=value, form_id=form_id, now=START)
    return stored()[-1]


def stored() -> list[Secret]:
    db.session.rollback()
    rows = select(Secret).options(undefer(Secret.sealed)).order_by(Secret.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def events(number: int) -> list[tuple[str, object]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_number == number).order_by(TicketEvent.seq)
    )
    return [(row.kind, row.data) for row in rows if "secret" in row.kind]


def read(number: int, secret: Secret, actor: Actor) -> str:
    return actions.read(number=number, secret_id=secret.id, actor=actor, now=START)


def test_what_is_kept_is_encrypted_and_the_holder_reads_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret = kept(number, cast.ana)
    assert secret.sealed is not None
    assert VALUE.encode() not in secret.sealed
    taken(cast.diego)
    assert read(number, secret, cast.diego) == VALUE
    reading = db.session.scalars(select(SecretReading)).one()
    assert (reading.person_id, reading.at) == (cast.diego.person_id, START)
    assert events(number) == [("secret_kept", {"secret": 1}), ("secret_read", {"secret": 1})]


def test_nobody_but_the_holder_reads_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret = kept(number, cast.ana)
    everybody = [v for v in vars(cast).values() if isinstance(v, Actor)]
    for actor in everybody:
        with pytest.raises(NotAllowed):
            read(number, secret, actor)
    taken(cast.diego)
    for actor in everybody:
        if actor != cast.diego:
            with pytest.raises(NotAllowed):
                read(number, secret, actor)
    answered(number, cast.diego, Then.RESOLVE)
    with pytest.raises(NotAllowed):
        read(number, secret, cast.diego)
    assert db.session.scalars(select(SecretReading)).all() == []


def test_a_secret_of_one_ticket_is_not_read_through_another(app: Flask, cast: Cast) -> None:
    mine, other = filed(cast.ana), filed(cast.carla)
    secret = kept(other, cast.carla)
    taken(cast.diego)
    with pytest.raises(NotAllowed):
        read(mine, secret, cast.diego)


def test_waiting_for_the_customer_its_holder_still_reads(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret = kept(number, cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    assert read(number, secret, cast.diego) == VALUE


def test_it_expires_and_the_worker_wipes_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    secret = kept(number, cast.ana, days=1)
    taken(cast.diego)
    due = db.session.scalars(select(Job.run_at).where(Job.kind == "tickets.wipe_secrets")).one()
    assert due == START + timedelta(days=1)
    with pytest.raises(actions.Ended):
        actions.read(
            number=number, secret_id=secret.id, actor=cast.diego, now=START + timedelta(days=1)
        )
    assert wiping.wipe_due(now=START + timedelta(hours=23)) == 0
    assert wiping.wipe_due(now=START + timedelta(days=1)) == 1
    after = stored()[0]
    assert (after.sealed, after.wiped_why) == (None, "expired")
    assert after.wiped_at == START + timedelta(days=1)


def test_the_job_wipes_what_is_due(app: Flask, cast: Cast) -> None:
    kept(filed(cast.ana), cast.ana, days=1)
    outbox.drain(START + timedelta(days=2), kinds=["tickets.wipe_secrets"])
    assert clock.now() > START + timedelta(days=2)
    assert stored()[0].sealed is None


def test_closing_the_ticket_wipes_it(app: Flask, cast: Cast) -> None:
    number, other = filed(cast.ana), filed(cast.carla)
    kept(number, cast.ana)
    kept(other, cast.carla)
    tickets_actions.close(number=number, actor=cast.ana, now=START)
    assert [(s.ticket_number, s.sealed is None, s.wiped_why) for s in stored()] == [
        (number, True, "closed"),
        (other, False, None),
    ]
    with pytest.raises(StepNotAllowed):
        kept(number, cast.ana)


def test_its_author_or_whoever_authorises_wipes_it_at_once(app: Flask, cast: Cast) -> None:
    number = filed(cast.beto)
    for remover in (cast.beto, cast.ana):
        secret = kept(number, cast.beto)
        for stranger in (cast.carla, cast.diego, cast.gloria, cast.elena):
            with pytest.raises(NotAllowed):
                actions.remove(number=number, secret_id=secret.id, actor=stranger, now=START)
        actions.remove(number=number, secret_id=secret.id, actor=remover, now=START)
        actions.remove(number=number, secret_id=secret.id, actor=remover, now=START)
    assert [(s.sealed, s.wiped_why) for s in stored()] == [(None, "removed")] * 2
    assert [kind for kind, _ in events(number)] == ["secret_kept", "secret_removed"] * 2


def test_who_may_not_write_keeps_nothing(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    for actor in (cast.beto, cast.carla, cast.diego, cast.elena, cast.gloria):
        with pytest.raises(NotAllowed):
            kept(number, actor)
    assert stored() == []


def test_the_same_form_keeps_one(app: Flask, cast: Cast) -> None:
    number, form_id = filed(cast.ana), new_token()
    for _ in range(2):
        kept(number, cast.ana, form_id=form_id)
    assert len(stored()) == 1


def test_another_key_or_another_row_does_not_open_it(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    first, second = kept(number, cast.ana), kept(number, cast.ana)
    taken(cast.diego)
    with transaction() as session:
        session.execute(update(Secret).where(Secret.id == second.id).values(sealed=first.sealed))
    with pytest.raises(sealing.WrongKey):
        read(number, second, cast.diego)
    before, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another" * 8
    try:
        with pytest.raises(sealing.WrongKey):
            read(number, first, cast.diego)
    finally:
        app.config["SECRET_KEY"] = before
    assert read(number, first, cast.diego) == VALUE
    assert [kind for kind, _ in events(number)][2:] == ["secret_read"]


def test_sealing_the_same_twice_looks_different(app: Flask) -> None:
    assert sealing.seal(VALUE, "a") != sealing.seal(VALUE, "a")
    for damaged in (b"", b"\x01", sealing.seal(VALUE, "a")[:-1]):
        with pytest.raises(sealing.WrongKey):
            sealing.unseal(damaged, "a")


def hide(number: int, actor: Actor, text: str, **more: object) -> str:
    return actions.hide_in_ticket(
        number=number, actor=actor, text=text, form_id="f" * 43, now=START, **more
    )  # type: ignore[arg-type]


def test_values_leave_a_message_and_keep_their_numbers(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    text = f"Entre con root, clave: {VALUE}\npassword: hunter22"
    hidden = "Entre con root, clave: [dato cifrado 1]\npassword: [dato cifrado 2]"
    assert hide(number, cast.ana, text) == hidden
    assert hide(number, cast.ana, text) == hidden
    assert [(s.position, s.internal, s.author_id) for s in stored()] == [
        (1, False, cast.ana.person_id),
        (2, False, cast.ana.person_id),
    ]
    assert hide(number, cast.ana, "pwd: otra2025") == "pwd: [dato cifrado 3]"
    taken(cast.diego)
    assert [read(number, s, cast.diego) for s in stored()] == [VALUE, "hunter22", "otra2025"]


def test_a_note_hides_inside(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    assert hide(number, cast.dora, "clave: Xy12$abc", internal=True) == "clave: [dato cifrado 1]"
    with pytest.raises(NotAllowed):
        hide(number, cast.dora, "clave: Xy12$abc")
    with pytest.raises(NotAllowed):
        hide(number, cast.ana, "clave: Xy12$abc", internal=True, reopens=True)
    assert events(number) == [("internal_secret_kept", {"secret": 1})]
    with pytest.raises(NotAllowed):
        actions.remove(number=number, secret_id=stored()[0].id, actor=cast.ana, now=START)


def test_what_a_draft_kept_goes_with_the_ticket(app: Flask, cast: Cast) -> None:
    text = f"Mi clave es {VALUE} y no entra"
    draft_id = draft(cast.ana, description=text)
    owner = drafts.owner_of(cast.ana, "")
    texts = actions.hide_in_draft(
        draft_id=draft_id, owner=owner, actor=cast.ana, texts=["Asunto", text], now=START
    )
    assert texts == ["Asunto", "Mi clave es [dato cifrado 1] y no entra"]
    later = START + timedelta(days=3)
    number = opening.file_ticket(draft_id=draft_id, owner=owner, actor=cast.ana, now=later)
    secret = stored()[0]
    assert (secret.ticket_number, secret.author_id) == (number, cast.ana.person_id)
    assert secret.expires_at == later + timedelta(days=7)
    handling.take_next(actor=cast.diego, limit=3, form_id=new_token(), now=later)
    assert actions.read(number=number, secret_id=secret.id, actor=cast.diego, now=later) == VALUE
    # The same press once more finds its numbers; anything new is not for a filed draft.
    again = {"draft_id": draft_id, "owner": owner, "actor": cast.ana, "now": later}
    assert actions.hide_in_draft(texts=["Asunto", text], **again) == texts  # type: ignore[arg-type]
    assert actions.hide_in_draft(texts=["pwd: otra2025", ""], **again) is None  # type: ignore[arg-type]
    assert len(stored()) == 1


def test_nobody_puts_secrets_into_the_draft_of_another(app: Flask, cast: Cast) -> None:
    draft_id = draft(cast.ana)
    for owner in ("", drafts.owner_of(cast.beto, ""), "v:" + "0" * 64):
        hidden = actions.hide_in_draft(
            draft_id=draft_id, owner=owner, actor=cast.beto, texts=["pwd: otra2025"], now=START
        )
        assert hidden is None
    assert stored() == []


def test_a_draft_that_is_forgotten_takes_its_secrets_along(app: Flask, cast: Cast) -> None:
    owner = drafts.owner_of(cast.ana, "")
    for _ in range(2):
        actions.hide_in_draft(
            draft_id=draft(cast.ana), owner=owner, actor=None, texts=["pwd: otra2025"], now=START
        )
    first, _second = db.session.scalars(select(Draft.id)).all()
    assert drafts.discard(draft_id=first, owner=owner)
    assert len(stored()) == 1
    drafts.purge(now=START + timedelta(days=15))
    assert stored() == []
