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


def send(person: Person, name: str, **given: Any) -> None:
    """The mail `name` to one person, unless they stopped its kind; takes what `compose` takes."""
    letter = compose(person, name, **given)
    if letter is not None:
        mail.deliver(letter)


def compose(
    person: Person,
    name: str,
    *,
    reference: str,
    kind: MailKind | None = None,
    why: object = mail_words.WHY_ACCOUNT,
    thread: str | None = None,
    reply_to: str = "",
    **facts: Any,
) -> mail.Letter | None:
    """The mail `name` as it leaves now; None where the person stopped this kind of mail.

    `kind` is the table's where it is not given.
    """
    kind = kind or kind_of(name)
    if kind is not None and kind.value in stopped(person.id):
        return None
    foot = [FootLine(why), FootLine(mail_words.CHOOSE, external_url("accounts.mail_choices"))]
    unsubscribe = ""
    if kind is not None:
        unsubscribe = external_url("accounts.mail_stop", token=token_for(person.id, kind))
        foot.append(FootLine(mail_words.STOP, unsubscribe))
    return mail.render(
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
