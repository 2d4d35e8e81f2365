"""Who may write by mail, where it lands, what is explained, and what ends quietly."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models import Person
from accounts.permissions import PRESETS
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.models import Mail
from core.text import plain_text
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken, ticket, without_undo
from tests.tickets.inbound.messages import mail, part, parts
from tests.tickets.inbound.messages.programs import file_part
from tests.tickets.inbound.pictures import PDF, picture
from tests.tickets.inbound.round import (
    MAILBOX,
    address_of,
    last_message,
    letter,
    listening,
    messages,
    received_row,
    rows,
)
from tests.tickets.test_views import _queries as queries_of
from tickets import actions as tickets
from tickets import joining
from tickets.handling import Then
from tickets.inbound import actions, policy, queries
from tickets.inbound.addresses import Token, reply_address, token_of
from tickets.inbound.models import InboundMail
from tickets.inbound.policy import Outcome
from tickets.lifecycle import State
from tickets.participants import actions as participants
from tickets.proof.actions import audit
from tickets.vault.models import Secret

KEY = "k" * 64


@pytest.fixture
def open_box(app: Flask, cast: Cast) -> None:
    listening()


def receive(raw: bytes, **more: object) -> Outcome:
    return actions.receive(raw=raw, now=clock.now(), **more)  # type: ignore[arg-type]


def explained(mails: MemorySender) -> list[str]:
    """To whom the explanations of this outbox went."""
    before = len(mails.sent)
    outbox.drain(clock.now())
    new = mails.sent[before:]
    return [str(m["To"]) for m in new if m["Auto-Submitted"] == "auto-replied"]


# Addresses


def test_token_survives_a_change_of_case_and_nothing_else() -> None:
    address = reply_address(MAILBOX, Token(1001, 7), key=KEY)
    assert token_of(address.upper(), MAILBOX, key=KEY) == Token(1001, 7)
    assert token_of(address, MAILBOX, key="l" * 64) is None
    assert token_of(address.replace("t1001.", "t1002."), MAILBOX, key=KEY) is None
    assert token_of(address.replace(".7.", ".8."), MAILBOX, key=KEY) is None
    assert token_of(address.replace("correo.example", "otro.example"), MAILBOX, key=KEY) is None
    assert token_of(MAILBOX, MAILBOX, key=KEY) is None
    assert len(address.partition("@")[0]) <= 64


def test_mail_about_a_ticket_says_where_to_answer_and_staff_mail_does_not(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    outbox.drain(clock.now())
    (receipt,) = mails.sent
    assert receipt["Reply-To"] == address_of(number, cast.ana)
    text = receipt.get_body(("plain",)).get_content()
    assert text.startswith("--- Escriba su respuesta por encima de esta línea ---")
    assert address_of(number, cast.diego) == ""


def test_without_an_address_mails_are_as_before(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    filed(cast.ana)
    outbox.drain(clock.now())
    assert mails.sent[0]["Reply-To"] is None
    assert "por encima" not in mails.sent[0].get_body(("plain",)).get_content()


# Landing


def test_answer_to_a_question_puts_the_ticket_back_in_its_place(open_box: None, cast: Cast) -> None:
    without_undo()
    number = filed(cast.ana)
    assert taken(cast.diego) == number
    answered(number, cast.diego, Then.WAIT)
    assert receive(letter(to=address_of(number, cast.ana), sender=cast.ana.email)) == Outcome.LANDED
    assert ticket(number).state == State.QUEUED
    message = last_message(number)
    assert (message.author_id, message.internal, message.from_staff) == (
        cast.ana.person_id, False, False,
    )  # fmt: skip
    assert audit(now=clock.now()).problem is None


def test_recipient_named_by_the_server_is_enough(open_box: None, cast: Cast) -> None:
    number = filed(cast.ana)
    raw = letter(to=MAILBOX, sender=cast.ana.email)
    assert receive(raw, recipients=(address_of(number, cast.ana),)) == Outcome.LANDED


def test_mail_that_answers_ours_lands_by_its_headers(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    participants.add(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    without_undo()
    taken(cast.diego)
    answered(number, cast.diego, Then.STAY)
    outbox.drain(clock.now())
    outbox.drain(clock.now())
    reply, copy = mails.sent[-2:]
    assert (reply["To"], copy["To"]) == (cast.ana.email, cast.beto.email)
    root = f"References: {copy['References']}"
    for n, (sender, headers, outcome) in enumerate(
        [
            (cast.ana, (f"In-Reply-To: {reply['Message-ID']}", root), Outcome.LANDED),
            (cast.beto, (f"In-Reply-To: {copy['Message-ID']}", root), Outcome.LANDED),
            # What everybody in the thread knows proves nothing, nor does the mail to another.
            (cast.ana, (root,), Outcome.NO_TICKET),
            (cast.ana, (f"In-Reply-To: {copy['Message-ID']}",), Outcome.NOT_YOURS),
            (cast.beto, (f"In-Reply-To: {reply['Message-ID']}",), Outcome.NOT_YOURS),
            (cast.ana, (f"In-Reply-To: <ticket-{number}-1@localhost>",), Outcome.NO_TICKET),
            (cast.ana, (f"Subject: [Ticket {number}]",), Outcome.NO_TICKET),
        ]
    ):
        raw = letter("Sí.", *headers, to=MAILBOX, sender=sender.email, name=f"<{n}@x>")
        assert receive(raw) == outcome, n


@pytest.mark.parametrize("sender", ["beto", "carla", "diego", "nobody"])
def test_an_address_with_anothers_token_opens_nothing(
    open_box: None, cast: Cast, mails: MemorySender, sender: str
) -> None:
    number = filed(cast.ana)
    outbox.drain(clock.now())
    email = getattr(cast, sender).email if sender != "nobody" else "eva@example.com"
    raw = letter("SECRETO <b>", to=address_of(number, cast.ana), sender=email)
    assert receive(raw) in {Outcome.NOT_YOURS, Outcome.STAFF, Outcome.STRANGER}
    assert len(messages(number)) == 1
    assert explained(mails) == [email]
    answer = mails.sent[-1]
    assert "SECRETO" not in answer.as_string()
    assert "No llegan correos de Gmail" not in answer.as_string()
    assert answer["Reply-To"] is None


def test_rights_are_asked_when_the_mail_comes(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    participants.add(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    to = address_of(number, cast.beto)
    assert receive(letter("uno", to=to, sender=cast.beto.email)) == Outcome.LANDED
    participants.take_out(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    assert receive(letter("dos", to=to, sender=cast.beto.email)) == Outcome.NOT_YOURS
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == cast.ana.person_id).values(disabled_at=START)
        )
    mine = address_of(number, cast.ana)
    assert receive(letter("tres", to=mine, sender=cast.ana.email)) == Outcome.STRANGER


@pytest.mark.parametrize("change", [{"disabled_at": START}, {"confirmed_at": None}])
def test_account_that_is_closed_or_unconfirmed_is_told_nothing_of_itself(
    open_box: None, cast: Cast, mails: MemorySender, change: dict[str, object]
) -> None:
    to = address_of(filed(cast.ana), cast.ana)
    outbox.drain(clock.now())
    with transaction() as session:
        session.execute(update(Person).where(Person.id == cast.ana.person_id).values(**change))
    for n in range(2):
        raw = letter("SECRETO", to=to, sender=cast.ana.email, name=f"<{n}@x>")
        assert receive(raw) == Outcome.STRANGER
    assert explained(mails) == [cast.ana.email]
    said = text_of(mails.sent[-1])
    assert "no tiene una cuenta confirmada" in said
    assert "no confirmed account" in said
    for untold in ("SECRETO", cast.ana.name, "No llegan correos de Gmail"):
        assert untold not in said


def test_reader_may_not_write(open_box: None, cast: Cast) -> None:
    number = filed(cast.ana)
    to = address_of(number, cast.beto)
    with transaction() as session:
        beto = session.get_one(Person, cast.beto.person_id)
        beto.rights = PRESETS["lectura"]
    assert receive(letter(to=to, sender=cast.beto.email)) == Outcome.NOT_YOURS


def test_closed_ticket_takes_no_mail_and_says_so_once(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    number, other = filed(cast.ana), filed(cast.ana)
    for one in (number, other):
        tickets.close(number=one, actor=cast.ana, now=START)
    outbox.drain(clock.now())
    for n, one in enumerate((number, number, other)):
        raw = letter(to=address_of(one, cast.ana), sender=cast.ana.email, name=f"<{n}@x>")
        assert receive(raw) == Outcome.CLOSED
    assert explained(mails) == [cast.ana.email] * 2
    assert f"/tickets/{other}" in mails.sent[-1].get_body(("plain",)).get_content()


def test_resolved_ticket_takes_the_words_and_says_that_it_stays_resolved(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    without_undo()
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    outbox.drain(clock.now())
    assert receive(letter(to=address_of(number, cast.ana), sender=cast.ana.email)) == Outcome.LANDED
    assert ticket(number).state == State.RESOLVED
    assert explained(mails) == [cast.ana.email]
    # What answers by itself without saying so gets no second answer that day.
    away = letter("Estoy de vacaciones.", to=address_of(number, cast.ana), sender=cast.ana.email)
    assert receive(away) == Outcome.LANDED
    assert explained(mails) == []


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", Outcome.UNREADABLE),
        (
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSigue igual.\n\n"
            "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n",
            Outcome.LANDED,
        ),
    ],
)
def test_words_sealed_or_signed_in_the_text_itself(
    open_box: None, cast: Cast, mails: MemorySender, text: str, outcome: Outcome
) -> None:
    number = filed(cast.ana)
    raw = letter(text, to=address_of(number, cast.ana), sender=cast.ana.email)
    assert receive(raw) == outcome
    if outcome == Outcome.LANDED:
        assert last_message(number).body == "Sigue igual."


def test_mail_to_a_merged_ticket_lands_where_it_went(open_box: None, cast: Cast) -> None:
    number, other = filed(cast.ana), filed(cast.beto)
    joining.merge(number=other, other=number, actor=cast.diego, now=START)
    assert (
        receive(letter(to=address_of(other, cast.beto), sender=cast.beto.email)) == Outcome.LANDED
    )
    assert last_message(number).author_id == cast.beto.person_id


def test_same_mail_twice_is_one_message(open_box: None, cast: Cast) -> None:
    number = filed(cast.ana)
    to = address_of(number, cast.ana)
    raw = letter(to=to, sender=cast.ana.email)
    for again in (raw, raw, b"Received: from otro\r\n" + raw):
        assert receive(again) == Outcome.LANDED
    assert receive(letter("Otra cosa.", to=to, sender=cast.ana.email)) == Outcome.LANDED
    assert [plain_text(m.body) for m in messages(number)][1:] == ["Desde las 9.", "Otra cosa."]
    assert len(rows()) == 2


def test_message_and_row_are_stored_together_or_not_at_all(
    open_box: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = filed(cast.ana)
    raw = letter(to=address_of(number, cast.ana), sender=cast.ana.email)

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tickets.inbound.landing._keep", dies)
        with pytest.raises(KeyboardInterrupt):
            receive(raw)
    assert (len(messages(number)), rows()) == (1, [])
    assert receive(raw) == Outcome.LANDED
    assert len(messages(number)) == 2


def test_password_in_a_mail_is_kept_encrypted(open_box: None, cast: Cast) -> None:
    number = filed(cast.ana)
    words = "La clave del cpanel es: Xy12$abcZ9\n\nEl 27/11/26 a las 10:03, X escribió:\n> hola\n"
    receive(letter(words, to=address_of(number, cast.ana), sender=cast.ana.email))
    assert last_message(number).body == "La clave del cpanel es: [dato cifrado 1]"
    assert db.session.scalar(select(func.count()).select_from(Secret)) == 1
    original = queries.original_for(cast.diego, number, last_message(number).id)
    assert original is not None
    assert "Xy12" not in original.text


def test_long_text_lands_in_part_and_staff_see_the_whole(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana)
    outbox.drain(clock.now())
    receive(letter("palabra " * 5_000, to=address_of(number, cast.ana), sender=cast.ana.email))
    message = last_message(number)
    assert len(plain_text(message.body)) < 20_200
    original = queries.original_for(cast.diego, number, message.id)
    assert original is not None
    assert original.text.count("palabra") == 5_000
    assert queries.original_for(cast.ana, number, message.id) is None
    assert explained(mails) == [cast.ana.email]


def test_files_follow_the_rules_of_the_form(open_box: None, cast: Cast) -> None:
    number = filed(cast.ana)
    pieces = [file_part(f"f{n}.png", picture(400, 400 + n), "image/png") for n in range(7)]
    large = file_part("grande.pdf", PDF + bytes(11_000_000), "application/pdf")
    body, kind = parts("mixed", part("Van."), *pieces[:3], large, *pieces[3:])
    raw = mail(body, kind=kind).replace(b"@@TO@@", address_of(number, cast.ana).encode())
    assert receive(raw.replace(b"@@FROM@@", cast.ana.email.encode())) == Outcome.LANDED
    message = last_message(number)
    assert [file.name for file in message.attachments] == [f"f{n}.png" for n in range(5)]
    assert all(name in message.body for name in ("grande.pdf", "f5.png", "f6.png"))


# Quiet ends


def test_stranger_is_told_once_a_day_and_all_strangers_within_a_limit(
    open_box: None, cast: Cast, mails: MemorySender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "ANSWERS_TO_STRANGERS", 3)
    for n in range(4):
        receive(letter(f"{n}", to=MAILBOX, sender="eva@example.com"))
    assert explained(mails) == ["eva@example.com"]
    words = text_of(mails.sent[-1])
    assert "nadie lo leerá" in words
    assert "nobody will read it" in words
    for n in range(5):
        receive(letter("x", to=MAILBOX, sender=f"p{n}@example.com"))
    assert len(explained(mails)) == 2
    tomorrow = clock.now() + timedelta(hours=25)
    actions.receive(raw=letter("y", to=MAILBOX, sender="eva@example.com"), now=tomorrow)
    outbox.drain(tomorrow)
    assert mails.sent[-1]["To"] == "eva@example.com"


def test_flood_ends_quietly(
    open_box: None, cast: Cast, mails: MemorySender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "FROM_ONE", 3)
    number = filed(cast.ana)
    outbox.drain(clock.now())
    to = address_of(number, cast.ana)
    found = [receive(letter(f"{n}", to=to, sender=cast.ana.email)) for n in range(5)]
    assert found == [Outcome.LANDED] * 3 + [Outcome.FLOOD] * 2
    assert explained(mails) == []


def test_two_sites_that_answer_each_other_stop_at_once(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    receive(letter(to=MAILBOX, sender="eva@example.com"))
    outbox.drain(clock.now())
    answer = mails.sent[-1].as_bytes().replace(b"eva@example.com", MAILBOX.encode())
    assert receive(answer) == Outcome.AUTO_REPLY


def test_bounce_is_noted_with_its_ticket_and_address(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    from tests.tickets.inbound.messages.automatic import CASES

    number = filed(cast.ana)
    outbox.drain(clock.now())
    case = next(case for case in CASES if case.name == "delivery-report")
    raw = case.addressed(to=MAILBOX, sender=cast.ana.email, ours=mails.sent[-1]["Message-ID"])
    assert receive(raw) == Outcome.BOUNCE
    row = received_row()
    assert (row.ticket_number, row.note) == (number, "ana@andina.example")
    sent = db.session.scalars(select(Mail)).one()
    assert sent.bounced_at is not None
    assert sent.bounce is not None
    assert "5.1.1" in sent.bounce


def test_bounce_of_a_mail_that_is_still_tried_or_is_not_ours_marks_nothing(
    open_box: None, cast: Cast, mails: MemorySender
) -> None:
    from tests.tickets.inbound.messages.automatic import CASES

    filed(cast.ana)
    outbox.drain(clock.now())
    ours = mails.sent[-1]["Message-ID"]
    case = next(case for case in CASES if case.name == "delivery-report")
    raw = case.addressed(to=MAILBOX, sender=cast.ana.email, ours=ours)
    assert b"Action: failed" in raw
    forged = ours.replace("@", "0@")
    for other in (raw.replace(b"Action: failed", b"Action: delayed"),
                  case.addressed(to=MAILBOX, sender=cast.ana.email, ours=forged)):  # fmt: skip
        assert receive(other) == Outcome.BOUNCE
    assert db.session.scalars(select(Mail.bounced_at)).all() == [None]


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("mx.netsolution.example; dmarc=pass header.from=andina.example", Outcome.LANDED),
        ("mx.netsolution.example; spf=pass; dkim=pass header.d=andina.example", Outcome.LANDED),
        ("mx.netsolution.example; dkim=pass header.d=malo.example", Outcome.UNVERIFIED),
        ("mx.netsolution.example; dmarc=fail header.from=andina.example", Outcome.UNVERIFIED),
        ("otro.example; dmarc=pass header.from=andina.example", Outcome.UNVERIFIED),
        ("mx.netsolution.example; dmarc=fail (dmarc=pass)", Outcome.UNVERIFIED),
        ("", Outcome.UNVERIFIED),
    ],
)
def test_server_that_is_trusted_must_vouch_for_the_sender(
    open_box: None, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch,
    results: str, outcome: Outcome,
) -> None:  # fmt: skip
    site = dataclasses.replace(app.config["SITE"], mail_in_trusts="mx.netsolution.example")
    monkeypatch.setitem(app.config, "SITE", site)
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == cast.ana.person_id).values(email="ana@andina.example")
        )
    number = filed(cast.ana)
    header = f"Authentication-Results: {results}"
    raw = letter("x", header, to=address_of(number, cast.ana), sender="ana@andina.example")
    assert receive(raw) == outcome


# Pages


def test_administrators_see_what_became_of_each_mail(
    open_box: None, app: Flask, cast: Cast
) -> None:
    number = filed(cast.ana)
    receive(letter("PALABRAS", to=address_of(number, cast.ana), sender=cast.ana.email))
    receive(letter("x", to=MAILBOX, sender='"><img/src=x>@example.com'.replace('"', "")))
    client = cast.sign_in(app, cast.gloria)
    page = client.get("/admin/correo-entrante").text
    assert "Quedó en su ticket" in page
    assert "PALABRAS" not in page
    assert f"Llega a {MAILBOX}" in page
    assert "<img/src" not in page
    only = client.get("/admin/correo-entrante?final=landed&q=ANA").text
    assert "Quedó en su ticket</span>" in only
    assert "Sin un remitente claro</span>" not in only
    assert client.get("/admin/correo-entrante?final=%27&q=%25&pagina=1").status_code == 200


def test_list_asks_as_often_for_one_mail_as_for_many(
    open_box: None, app: Flask, cast: Cast
) -> None:
    client = cast.sign_in(app, cast.gloria)
    client.get("/admin/correo-entrante")
    counts = []
    for many in (1, 30):
        with transaction() as session:
            for n in range(many):
                session.add(
                    InboundMail(
                        fingerprint=f"{many}-{n}", sender=cast.ana.email, received_at=START,
                        size=9, outcome="landed", person_id=cast.ana.person_id, note="",
                    )
                )  # fmt: skip
        counts.append(queries_of(client, "/admin/correo-entrante"))
    assert counts[0] == counts[1]


def test_desk_leads_to_the_whole_mail_and_customers_do_not_see_it(
    open_box: None, app: Flask, cast: Cast
) -> None:
    number = filed(cast.ana)
    words = "Sí.\n\nEl 27/11/26 a las 10:03, X escribió:\n> hola <b>CITA</b>\n"
    receive(letter(words, to=address_of(number, cast.ana), sender=cast.ana.email))
    path = f"/mesa/tickets/{number}/mensajes/{last_message(number).id}/correo"
    desk = cast.sign_in(app, cast.diego)
    assert path in desk.get(f"/mesa/tickets/{number}").text
    assert "&lt;b&gt;CITA" in desk.get(path).text
    mine = cast.sign_in(app, cast.ana)
    assert "correo completo" not in mine.get(f"/tickets/{number}").text
    assert mine.get(path).status_code == 404
    other = filed(cast.carla)
    assert desk.get(path.replace(f"/{number}/", f"/{other}/")).status_code == 404


def test_old_rows_are_forgotten_and_messages_stay(open_box: None, cast: Cast) -> None:
    number = filed(cast.ana)
    receive(letter(to=address_of(number, cast.ana), sender=cast.ana.email))
    assert actions.purge(now=clock.now() + timedelta(days=91)) == 1
    assert (rows(), len(messages(number))) == ([], 2)
