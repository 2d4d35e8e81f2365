"""A ticket rings with each mail about it, whether or not the mail is wanted or arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.bell import actions as bell
from accounts.models import Person
from core import clock
from core.db import transaction
from tickets.models import Ticket

#: What a notice says beside the kind of its mail, as far as a mail has it.
_FACTS = ("what", "who")


def about(number: int) -> str:
    """What the bell calls a ticket."""
    return f"ticket:{number}"


def with_mail(
    ticket: Ticket, person: Person, name: str, *, reference: str, facts: Mapping[str, Any]
) -> None:
    """The same event as a mail, in a transaction of its own; done twice it rings once.

    Whoever calls has asked whether the person may be told. Rows that were read before are read
    anew afterwards.
    """
    person_id, number = person.id, ticket.number
    with transaction() as session:
        bell.ring(
            session,
            person_id=person_id,
            kind=name,
            reference=reference,
            about=about(number),
            now=clock.now(),
            facts={fact: str(facts[fact]) for fact in _FACTS if fact in facts},
        )
