"""Choosing one's mails, and stopping a kind by the link that a mail carries."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from flask import Flask

from accounts.mail_choices import CUSTOMERS, DESK, MailKind, kind_of, kinds_for
from accounts.mail_stops import stopped, token_for
from accounts.models import MailStop, Person
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from tests.accounts.mailbox import count, html_of, text_of
from tests.cast import Cast
from tests.tickets.builders import answered, filed, taken
from tickets.handling import Then

PAGE = "/cuenta/correos"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link_of(message: EmailMessage) -> str:
    found = re.fullmatch(r"<http://localhost(/\S+)>", str(message["List-Unsubscribe"]))
    assert found
    return found.group(1)


def receipt(cast: Cast, mails: MemorySender) -> EmailMessage:
    filed(cast.ana, now=clock.now())
    outbox.drain(clock.now())
    return mails.sent[-1]


def off(person_id: int) -> frozenset[str]:
    db.session.rollback()
    return stopped(person_id)


def test_a_mail_that_is_not_essential_can_be_stopped_with_one_click(
    app: Flask, strict_app: Flask, cast: Cast, mails: MemorySender
) -> None:
    strict_app.extensions["mail_sender"] = mails
    mail = receipt(cast, mails)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = link_of(mail)
    assert f"http://localhost{link}" in text_of(mail)
    assert f'href="http://localhost{link}"' in html_of(mail)
    machine = strict_app.test_client()
    # A mail server: no cookie, no token of a session, no page before.
    done = machine.post(link, data=ONE_CLICK)
    assert done.status_code == 200
    assert off(cast.ana.person_id) == {"recibos"}
    assert machine.get(PAGE).status_code == 302
    filed(cast.ana, now=clock.now())
    before = len(mails.sent)
    outbox.drain(clock.now())
    assert len(mails.sent) == before


def test_opening_the_link_stops_nothing_and_the_button_can_be_taken_back(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    link = link_of(receipt(cast, mails))
    visitor = app.test_client()
    assert "¿Dejar de recibir estos correos?" in visitor.get(link).text
    assert count(MailStop) == 0
    for _ in range(2):
        assert "Ya no le llegarán" in visitor.post(link, data={"accion": "parar"}).text
    assert count(MailStop) == 1
    for _ in range(2):
        assert "Le volverán a llegar" in visitor.post(link, data={"accion": "recibir"}).text
    assert count(MailStop) == 0


def test_essential_mails_carry_no_such_link_and_go_out_whatever_was_stopped(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    with transaction() as session:
        for kind in MailKind:
            session.add(
                MailStop(person_id=cast.ana.person_id, kind=kind.value, stopped_at=clock.now())
            )
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    outbox.drain(clock.now())
    (reply,) = mails.sent
    assert "Necesitamos su respuesta" in text_of(reply)
    assert reply["List-Unsubscribe"] is None
    assert "/correos/baja/" not in text_of(reply)
    assert "http://localhost/cuenta/correos" in text_of(reply)


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_that_was_made_up_leads_nowhere(app: Flask, cast: Cast, method: str) -> None:
    good = token_for(cast.ana.person_id, MailKind.PLACE)
    person, kind, signature = good.split("-")
    forged = [
        f"{cast.beto.person_id}-{kind}-{signature}",
        f"{person}-recibos-{signature}",
        f"{person}-todo-{signature}",
        f"{person}-{kind}-{'0' * 32}",
        f"{person}-{kind}-{signature[:-1]}",
        f"0{person}-{kind}-{signature}",
        token_for(999_999, MailKind.PLACE),
        "x" * 43,
    ]
    client = app.test_client()
    for token in forged:
        assert getattr(client, method)(f"/correos/baja/{token}").status_code == 404, token
    assert count(MailStop) == 0


def test_page_offers_what_can_reach_a_person_and_keeps_the_rest(app: Flask, cast: Cast) -> None:
    ana = cast.sign_in(app, cast.ana)
    page = ana.get(PAGE).text
    assert re.findall(r'name="recibir" value="(\w+)" checked', page) == [k.value for k in CUSTOMERS]
    with transaction() as session:
        row = MailStop(person_id=cast.ana.person_id, kind="menciones", stopped_at=clock.now())
        session.add(row)
    assert ana.post(PAGE, data={"recibir": ["lugar", "averias", "zzz"]}).status_code == 303
    assert off(cast.ana.person_id) == {"recibos", "colegas", "menciones"}
    assert ana.post(PAGE, data={}).status_code == 303
    assert off(cast.ana.person_id) == {k.value for k in CUSTOMERS} | {"menciones"}
    assert off(cast.beto.person_id) == frozenset()
    diego = cast.sign_in(app, cast.diego).get(PAGE).text
    assert re.findall(r'name="recibir" value="(\w+)"', diego) == [k.value for k in DESK]
    assert "No hay nada que elegir" in cast.sign_in(app, cast.fabio).get(PAGE).text


def test_what_is_not_in_the_table_is_essential() -> None:
    for name in ("confirm", "reset", "ticket_replied", "quote_sent", "whatever"):
        assert kind_of(name) is None
    assert kinds_for(is_customer=False, reads_desk=False, administers=False) == ()
    everything = kinds_for(is_customer=True, reads_desk=True, administers=True)
    assert sorted(everything) == sorted(MailKind)


def test_stopping_in_english_and_for_a_closed_account_is_no_error(app: Flask, cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Person, cast.ana.person_id).disabled_at = clock.now()
    client = app.test_client()
    client.set_cookie("idioma", "en")
    address = f"/correos/baja/{token_for(cast.ana.person_id, MailKind.PLACE)}"
    assert client.get(address).status_code == 200
    assert client.post(address, data=ONE_CLICK).status_code == 200
