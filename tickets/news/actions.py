"""Planning the mails of an event, inside the transaction that makes it happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core import outbox
from tickets.models import Ticket
from tickets.news.policy import CONCERNS, Audience, What
from tickets.participants.queries import participants_of

NEWS_JOB = "tickets.news"
OUTAGE_JOB = "tickets.outage_news"


def tell(
    ticket: Ticket,
    what: What,
    *,
    by: int,
    now: datetime,
    without: Iterable[int] = (),
    **about: object,
) -> None:
    """One mail to each person whom it concerns, but not to who did it nor to `without`.

    `about` holds ids that the mail needs: a message, another ticket, an outage.
    """
    for person_id in sorted(_concerned(ticket, what) - {by, *without}):
        payload = {
            "number": ticket.number,
            "person_id": person_id,
            "what": what.value,
            "by": by,
            "at": int(now.timestamp() * 1000),
            "about": about,
        }
        outbox.enqueue(NEWS_JOB, payload, now=now)


def tell_outage(outage: int, what: What, *, by: int, now: datetime) -> None:
    """The same to the authors of every open ticket of an outage, by a job: they may be many."""
    at = int(now.timestamp() * 1000)
    payload = {"outage": outage, "what": what.value, "by": by, "at": at}
    outbox.enqueue(OUTAGE_JOB, payload, now=now)


def _concerned(ticket: Ticket, what: What) -> set[int]:
    wanted, found = CONCERNS[what], set()
    if Audience.AUTHOR in wanted:
        found.add(ticket.author_id)
    if Audience.HOLDER in wanted and ticket.holder_id is not None:
        found.add(ticket.holder_id)
    if Audience.PARTICIPANTS in wanted:
        found |= {row.person_id for row in participants_of(ticket)} - {ticket.author_id}
    return found
