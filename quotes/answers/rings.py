"""The bell of who sells and of the customer, in the transaction of what happened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.bell import actions as bell
from accounts.models import Person
from accounts.permissions import may_see_quote
from accounts.sessions import actor_for
from quotes.answers.queries import sellers
from quotes.pricing.models import Quote


def about(quote_id: int) -> str:
    """What notices about a quote point to."""
    return f"offer:{quote_id}"


def to_sales(session: Session, quote: Quote, kind: str, event: int, *, now: datetime) -> None:
    """Ring for those whom the mail of the same event goes to."""
    bell.ring_all(
        session,
        people=[person.id for person in sellers(quote)],
        kind=kind,
        reference=f"{kind}-{event}",
        about=about(quote.id),
        now=now,
    )


def to_customer(
    session: Session, quote: Quote, kind: str, event: int, *, to: int | None = None, now: datetime
) -> None:
    """Ring for `to`, else for whose the quote is; nobody without an account hears it."""
    person_id = to or quote.person_id
    if person_id is not None and _may_hear(session, person_id, quote):
        bell.ring(
            session,
            person_id=person_id,
            kind=kind,
            reference=f"{kind}-{event}",
            about=about(quote.id),
            now=now,
        )


def _may_hear(session: Session, person_id: int, quote: Quote) -> bool:
    """Who only holds the private link has no page of their own to be led to."""
    person = session.get_one(Person, person_id)
    actor = actor_for(person, "")
    return may_see_quote(actor, company_id=quote.company_id, person_id=quote.person_id)
