"""Who is told what another did to an account."""

from __future__ import annotations

from flask import Flask

from accounts import membership
from accounts.permissions import Role
from admin.actions import change_roles, close_person
from core import clock, outbox
from core.mail import MemorySender
from tests.accounts.mailbox import text_of
from tests.cast import Cast


def left(mails: MemorySender) -> list[tuple[str, str]]:
    mails.sent.clear()
    outbox.drain(clock.now())
    return [(str(m["To"]).partition("@")[0], str(m["Subject"])) for m in mails.sent]


def test_rights_that_change_are_told_to_whose_they_are(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    beto = cast.beto.person_id
    for _ in range(2):
        membership.change_rights(
            actor=cast.ana, person_id=beto, rights=frozenset({"ask_quotes"}), now=clock.now()
        )
    assert left(mails) == [("beto", "Cambiaron sus permisos en NetSolution")]
    body = text_of(mails.sent[0])
    assert "Ana Quispe los cambió. Ahora usted puede:\n- Pedir cotizaciones\n\n" in body
    membership.change_rights(actor=cast.ana, person_id=beto, rights=frozenset(), now=clock.now())
    assert left(mails) == [("beto", "Cambiaron sus permisos en NetSolution")]
    assert "- Sólo leer lo suyo" in text_of(mails.sent[0])


def test_account_that_is_closed_and_opened_is_told(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    beto = cast.beto.person_id
    for _ in range(2):
        membership.close(actor=cast.ana, person_id=beto, now=clock.now())
    assert left(mails) == [("beto", "Su cuenta en NetSolution quedó cerrada")]
    membership.reopen(actor=cast.ana, person_id=beto, now=clock.now())
    assert left(mails) == [("beto", "Su cuenta en NetSolution está abierta de nuevo")]
    membership.close(actor=cast.ana, person_id=beto, now=clock.now())
    membership.reopen(actor=cast.ana, person_id=beto, now=clock.now())
    # What holds no longer when the mail leaves is not told.
    assert left(mails) == [("beto", "Su cuenta en NetSolution está abierta de nuevo")]


def test_who_leaves_or_changes_their_own_account_is_not_told(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    membership.leave(actor=cast.beto, now=clock.now())
    both = frozenset({Role.ADMINISTRATOR, Role.SALES})
    change_roles(cast.gloria.person_id, both, actor=cast.gloria, now=clock.now())
    assert left(mails) == []


def test_staff_are_told_of_their_roles_and_of_the_end(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    dora = cast.dora.person_id
    change_roles(dora, frozenset({Role.EDITOR}), actor=cast.gloria, now=clock.now())
    assert left(mails) == [("dora", "Cambió su trabajo en NetSolution")]
    assert "- editor\n" in text_of(mails.sent[0])
    close_person(dora, actor=cast.gloria, now=clock.now())
    assert left(mails) == [("dora", "Su cuenta en NetSolution quedó cerrada")]
    assert "tickets siguen" not in text_of(mails.sent[0])
