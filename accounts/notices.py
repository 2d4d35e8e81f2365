"""Mails to people about their accounts. Each reads the present state and may run twice.

A mail to an address that nobody has confirmed carries no word that a visitor typed.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from typing import Any

from flask import current_app

from accounts import letters, links, mail_words, member_news, queries
from accounts.forms import RIGHT_WORDS
from accounts.models import OneTimeLink
from core import clock, mail, outbox
from core.outbox import Payload
from core.web import external_url


@outbox.handles("accounts.confirm")
def send_confirmation(payloads: Sequence[Payload]) -> None:
    """The link that confirms an address; to its owner, where it has one, a word of warning."""
    for payload in payloads:
        found = queries.link(payload["link"])
        person = queries.person(found.person_id or 0) if found else None
        if found is None or person is None or person.confirmed_at is not None:
            continue
        link, token = _written(found, payload, person.id)
        owner = queries.confirmed_person(found.email)
        if link is not None and owner is not None:
            _send(
                "already_registered",
                link,
                owner.locale,
                person_name=owner.name,
                sign_in_url=external_url("accounts.sign_in"),
                forgot_url=external_url("accounts.forgot"),
            )
        elif link is not None:
            url = external_url("accounts.confirm", token=token)
            _send("confirm", link, person.locale, url=url)


@outbox.handles("accounts.reset")
def send_reset(payloads: Sequence[Payload]) -> None:
    """The link that sets a new password, if the address is somebody's."""
    for payload in payloads:
        found = queries.link(payload["link"])
        person = queries.person_to_reset(found.email) if found else None
        if found is None or person is None:
            continue
        link, token = _written(found, payload, person.id)
        if link is not None:
            url = external_url("accounts.new_password", token=token)
            _send("reset", link, person.locale, url=url)


@outbox.handles("accounts.invite")
def send_invitation(payloads: Sequence[Payload]) -> None:
    """The invitation; an address that has an account is told to write to us instead."""
    for payload in payloads:
        found = queries.link(payload["link"])
        sender = queries.person(found.person_id or 0) if found else None
        if found is None or sender is None:
            continue
        link, token = _written(found, payload, sender.id)
        if link is not None:
            owner = queries.confirmed_person(link.email)
            _send(
                "invitation",
                link,
                owner.locale if owner else sender.locale,
                url=external_url("accounts.invitation", token=token),
                sender=sender.email,
                has_account=owner is not None,
            )


@outbox.handles("accounts.password_changed")
def send_password_changed(payloads: Sequence[Payload]) -> None:
    """Tell the owner of a confirmed address that the password is another one."""
    for payload in payloads:
        person = queries.person(payload["person"])
        if person is None or person.confirmed_at is None:
            continue
        letters.send(
            person,
            "password_changed",
            reference=f"password-{person.id}-{re.sub('[^0-9]', '', payload['at'])}",
            person_name=person.name,
            url=external_url("accounts.forgot"),
        )


@outbox.handles(member_news.JOB)
def send_member_news(payloads: Sequence[Payload]) -> None:
    """What was done to somebody's account by another; to whoever invited, that it was accepted."""
    for payload in payloads:
        person = queries.person(payload["person_id"])
        by = queries.person(payload["by"])
        if person is None or by is None or person.confirmed_at is None:
            continue
        what = payload["what"]
        if (person.disabled_at is not None) != (what == "closed"):
            continue
        letters.send(
            person,
            "account_news",
            reference=f"account-{what}-{payload['at']}-{person.id}-{by.id}",
            what=what,
            who=by.name,
            is_member=person.company_id is not None,
            rights=[words for right, words in RIGHT_WORDS.items() if right in person.rights],
            roles=[words for role, words in mail_words.ROLES.items() if role in person.roles],
            url=external_url("accounts.members" if what == "joined" else "accounts.sign_in"),
        )


def _written(
    found: OneTimeLink, payload: Payload, person_id: int | None
) -> tuple[OneTimeLink | None, str]:
    # Made of the job's seed and the site's key: the database alone does not give it away, and
    # a job that runs twice mails the same link twice.
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.digest(key, f"one-time-link:{payload['seed']}".encode(), "sha256")
    token = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return links.write(found.id, token, person_id=person_id, now=clock.now()), token


def _send(name: str, link: OneTimeLink, locale: str, **values: Any) -> None:
    message = mail.render(
        name,
        to=link.email,
        locale=locale,
        reference=f"link-{link.id}",
        **values,
    )
    mail.deliver(message)
