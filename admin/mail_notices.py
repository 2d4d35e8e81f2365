"""The test mail: it says at once how it ended, instead of trying again for hours."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Person
from accounts.permissions import may_administer
from accounts.sessions import actor_for
from admin.mail_actions import TEST_JOB
from core import mail, outbox
from core.db import db
from core.outbox import Undeliverable
from core.web import external_url


@outbox.handles(TEST_JOB)
def send_test(payloads: Sequence[outbox.Payload]) -> None:
    """«Los correos salen», to the administrator who asked."""
    for payload in payloads:
        person = db.session.get(Person, payload["person_id"])
        if person is None or not may_administer(actor_for(person, "")):
            continue
        letter = mail.render(
            "mail_test",
            to=person.email,
            locale=person.locale,
            reference=f"test-{person.id}-{payload['at']}",
            reader=person.name,
            url=external_url("mail_admin.server"),
        )
        try:
            mail.deliver(letter)
        except Undeliverable:
            raise
        except Exception as error:
            raise Undeliverable(f"{type(error).__name__}: {error}") from error
