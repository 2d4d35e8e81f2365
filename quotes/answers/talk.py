"""After the acceptance the rest of the talk is a ticket (journey D, decision 0036)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_open
from core.tokens import once_key
from quotes.answers.queries import is_theirs, ticket_state
from quotes.pricing.models import Quote, QuoteVersion
from tickets import drafts
from tickets.actions import reply_as_customer
from tickets.lifecycle import OPEN_STATES, State, StepNotAllowed
from tickets.models import Draft
from tickets.opening import file_draft
from tickets.places import current_policy
from tickets.policy import Mark, Typology
from tickets.refusals import NotAllowed

#: What no affection of the table names: a question or a request like any other, without a head
#: start, and of the lowest mark: a sale never goes before somebody's trouble.
AFFECTION = "otra-consulta"
_LIVE = frozenset({*(state.value for state in OPEN_STATES), State.RESOLVED.value})


def may_talk(actor: Actor | None, quote: Quote, version: QuoteVersion) -> bool:
    """Whether this person's talk about the quote is a ticket, once it is accepted."""
    return may_open(actor, incident=False) and is_theirs(actor, quote, version)


def adopt(actor: Actor | None, quote: Quote, version: QuoteVersion) -> None:
    """A quote that is nobody's yet becomes theirs who answers it from their confirmed address."""
    is_nobodys = quote.company_id is None and quote.person_id is None
    if actor is not None and is_nobodys and is_theirs(actor, quote, version):
        quote.company_id, quote.person_id = actor.company_id, actor.person_id


def goes_to_ticket(actor: Actor | None, quote: Quote, version: QuoteVersion) -> bool:
    """Whether what this person writes now goes into the ticket of the accepted quote."""
    if version.accepted_at is None or not is_live(quote.ticket_number):
        return False
    return may_talk(actor, quote, version)


def is_live(number: int | None) -> bool:
    """Whether a ticket still takes messages."""
    return ticket_state(number) in _LIVE


def open_ticket(
    session: Session,
    quote: Quote,
    *,
    actor: Actor,
    subject: str,
    text: str,
    shown: int | None,
    now: datetime,
    address: str = "",
) -> int:
    """File the ticket of a quote in the caller's transaction, which guards the queue; its number.

    Raises what `tickets.opening.file_draft` raises.
    """
    draft = Draft(
        id=once_key("quote", quote.id, quote.ticket_number, now.isoformat()),
        owner=drafts.owner_of(actor, ""),
        subject=subject[: drafts.SUBJECT_LIMIT],
        description=text[: drafts.DESCRIPTION_LIMIT],
        affection=_affection(),
        mark=Mark.LOW.value,
        created_at=now,
        updated_at=now,
        attachments=[],
        shown=[],
        opened=[],
        searched=[],
    )
    session.add(draft)
    session.flush()
    number = file_draft(session, draft, actor=actor, shown=shown, now=now, address=address)
    quote.ticket_number = number
    return number


def write_in_ticket(number: int, *, actor: Actor, text: str, form_id: str, now: datetime) -> bool:
    """Add to the ticket of a quote, once per `form_id`; whether it still takes messages."""
    if not is_live(number):
        return False
    try:
        reply_as_customer(number=number, actor=actor, text=text, form_id=form_id, now=now)
    except (NotAllowed, StepNotAllowed, LookupError):
        return False
    return True


def _affection() -> str:
    affections = current_policy().affections
    if AFFECTION in affections:
        return AFFECTION
    requests = [one for one in affections.values() if one.typology == Typology.REQUEST]
    return min(requests, key=lambda one: (one.head_start, one.code)).code
