"""Quotes as their customers read them: by the private address, or signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Person
from accounts.permissions import Actor, may_ask_quotes, may_have_quotes, may_see_quote
from core.db import db
from quotes.lifecycle import State
from quotes.models import QuoteItem, QuoteRequest
from quotes.pricing.models import Quote, QuoteQuestion, QuoteVersion
from quotes.pricing.queries import questions
from quotes.queries import salespeople
from tickets.models import Ticket


@dataclass(frozen=True)
class Offer:
    """What a customer sees of a quote: the newest version that was sent."""

    quote: Quote
    version: QuoteVersion
    state: State
    questions: Sequence[QuoteQuestion]


def offer(quote_id: int, *, today: date) -> Offer | None:
    """The offer of a quote; None before the first was sent. Whoever asks has been let in."""
    version = db.session.scalar(
        select(QuoteVersion)
        .join(QuoteVersion.quote)
        .where(QuoteVersion.quote_id == quote_id, QuoteVersion.version == Quote.current)
        .options(selectinload(QuoteVersion.lines), joinedload(QuoteVersion.quote))
    )
    if version is None:
        return None
    return Offer(version.quote, version, version.state(today), questions(quote_id))


def own_quote_id(actor: Actor | None, quote_id: int) -> int | None:
    """The same id where this customer may read the quote; None when not, and when missing."""
    row = db.session.execute(
        select(Quote.company_id, Quote.person_id).where(Quote.id == quote_id, Quote.current > 0)
    ).first()
    if row is None:
        return None
    may = may_see_quote(actor, company_id=row.company_id, person_id=row.person_id)
    return quote_id if may else None


def _own_quotes(actor: Actor) -> ColumnElement[bool]:
    own = Quote.person_id == actor.person_id
    if may_ask_quotes(actor) and actor.company_id is not None:
        own = or_(own, Quote.company_id == actor.company_id)
    return and_(own, Quote.current > 0)


def own_quotes(actor: Actor, *, offset: int, limit: int) -> tuple[Sequence[QuoteVersion], int]:
    """What was sent to this person, or with the right to the company; the newest first."""
    if not may_have_quotes(actor):
        return [], 0
    where = _own_quotes(actor)
    total = db.session.scalar(select(func.count()).select_from(Quote).where(where)) or 0
    rows = db.session.scalars(
        select(QuoteVersion)
        .join(QuoteVersion.quote)
        .where(where, QuoteVersion.version == Quote.current)
        .order_by(QuoteVersion.sent_at.desc(), QuoteVersion.id.desc())
        .options(joinedload(QuoteVersion.quote).joinedload(Quote.person))
        .offset(offset)
        .limit(limit)
    ).all()
    return rows, total


def own_requests(actor: Actor, *, limit: int = 50) -> Sequence[QuoteRequest]:
    """Requests of this person that no quote answers yet; the newest first."""
    answered = select(Quote.request_id).where(Quote.request_id.is_not(None), Quote.current > 0)
    return db.session.scalars(
        select(QuoteRequest)
        .where(QuoteRequest.person_id == actor.person_id, QuoteRequest.id.not_in(answered))
        .order_by(QuoteRequest.received_at.desc(), QuoteRequest.id.desc())
        .options(selectinload(QuoteRequest.items).joinedload(QuoteItem.product))
        .limit(limit)
    ).all()


def is_theirs(actor: Actor | None, quote: Quote, version: QuoteVersion) -> bool:
    """Whether a signed-in customer's own talk belongs to this quote: theirs or their company's,
    or nobody's yet and sent to their confirmed address.
    """
    if may_see_quote(actor, company_id=quote.company_id, person_id=quote.person_id):
        return True
    if actor is None or not actor.is_customer or not actor.is_confirmed:
        return False
    return quote.company_id is None and quote.person_id is None and actor.email == version.email


def sellers(quote: Quote) -> Sequence[Person]:
    """Who is told: whoever began it while they still sell, else everybody in sales."""
    everybody = salespeople()
    own = [person for person in everybody if person.id == quote.created_by]
    return own or everybody


def ticket_state(number: int | None) -> str:
    """Where the ticket of a quote stands; '' without one."""
    return db.session.scalar(select(Ticket.state).where(Ticket.number == number)) or ""
