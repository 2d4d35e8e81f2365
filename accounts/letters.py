"""Mails to people who have an account: in their language, unless they want this kind no longer."""

from __future__ import annotations

from typing import Any

from accounts import mail_words
from accounts.mail_choices import MailKind, kind_of
from accounts.mail_stops import stopped, token_for
from accounts.models import Person
from core import mail
from core.mail import FootLine
from core.web import external_url


def send(
    person: Person,
    name: str,
    *,
    reference: str,
    kind: MailKind | None = None,
    why: object = mail_words.WHY_ACCOUNT,
    thread: str | None = None,
    reply_to: str = "",
    **facts: Any,
) -> None:
    """The mail `name` to one person. `kind` is the table's where it is not given; what a person
    stopped is asked when the mail leaves."""
    kind = kind or kind_of(name)
    if kind is not None and kind.value in stopped(person.id):
        return
    foot = [FootLine(why), FootLine(mail_words.CHOOSE, external_url("accounts.mail_choices"))]
    unsubscribe = ""
    if kind is not None:
        unsubscribe = external_url("accounts.mail_stop", token=token_for(person.id, kind))
        foot.append(FootLine(mail_words.STOP, unsubscribe))
    letter = mail.render(
        name,
        to=person.email,
        locale=person.locale,
        reference=reference,
        thread=thread,
        reply_to=reply_to,
        unsubscribe=unsubscribe,
        foot=foot,
        reader=person.name,
        **facts,
    )
    mail.deliver(letter)
