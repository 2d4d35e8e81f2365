"""Writing quotes: begin one, save its draft, begin the next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.permissions import Actor, may_sell
from core import clock
from core.counters import next_value
from core.db import transaction
from quotes import terms
from quotes.lifecycle import FOLLOWED, Step, StepRefused
from quotes.models import QuoteRequest
from quotes.policy import Discount, totals_of
from quotes.pricing.models import Quote, QuoteVersion
from quotes.pricing.pieces import (
    Changed,
    note,
    put_lines,
    read_of,
    require,
    sold,
    version_of,
    words_of,
)
from quotes.pricing.sheet import Read


@dataclass(frozen=True)
class QuoteText:
    """A draft as its form says it. `lines` are right: `pricing.sheet` has read them."""

    currency: str
    contact: str
    email: str
    valid_until: date
    phone: str = ""
    customer: str = ""
    ruc: str | None = None
    discount: Discount = field(default_factory=Discount)
    conditions: str = ""
    notes: str = ""
    internal_notes: str = ""
    lines: Sequence[Read] = ()


@dataclass(frozen=True)
class Owner:
    """Whose a quote is, where they have an account."""

    person_id: int | None = None
    company_id: int | None = None


def begin(
    *, actor: Actor, text: QuoteText, form_id: str, request_id: int | None = None, now: datetime
) -> int:
    """Make a quote with its first draft, once per form and once per request; its id.

    Beginning from a request attends it. Raises LookupError for who does not sell.
    """
    try:
        return _begin(actor, text, form_id, request_id, now)
    except IntegrityError:
        # The same form at the same moment, or the first number of a year: now the row is there.
        return _begin(actor, text, form_id, request_id, now)


def _begin(
    actor: Actor, text: QuoteText, form_id: str, request_id: int | None, now: datetime
) -> int:
    with transaction() as session:
        if not may_sell(actor):
            raise LookupError(request_id)
        same = Quote.request_id == request_id if request_id else Quote.form_id == form_id
        known = session.scalar(select(Quote.id).where(same))
        if known is not None:
            return known
        owner = _owner(session, request_id, text.email)
        year = clock.in_lima(now).year
        quote = Quote(
            number=f"COT-{year}-{next_value(f'quote-{year}'):04d}",
            request_id=request_id,
            form_id=form_id or None,
            person_id=owner.person_id,
            company_id=owner.company_id,
            created_at=now,
            created_by=actor.person_id,
        )
        session.add(quote)
        session.flush()
        _add_draft(session, quote, 1, text, actor, now)
        if request_id:
            _attend(session, request_id, actor, now)
        note(session, quote.id, 1, "created", actor_id=actor.person_id, now=now)
        return quote.id


def _owner(session: Session, request_id: int | None, email: str) -> Owner:
    """Who asked while signed in; without a request, the confirmed person sales writes to.

    A visitor's request makes nobody its owner: they may have typed any address (G13).
    """
    if request_id is not None:
        is_theirs = (
            Person.id
            == select(QuoteRequest.person_id).where(QuoteRequest.id == request_id).scalar_subquery()
        )
    else:
        is_theirs = Person.email == email
    row = session.execute(
        select(Person.id, Person.company_id).where(
            is_theirs,
            Person.company_id.is_not(None),
            Person.confirmed_at.is_not(None),
            Person.disabled_at.is_(None),
        )
    ).first()
    return Owner(*row) if row else Owner()


def settle_owner(session: Session, quote: Quote, email: str) -> None:
    """Before a quote without a request is sent for the first time, it is whose address it names
    now; an address that was corrected shows it to nobody."""
    if quote.request_id is None and not quote.current:
        owner = _owner(session, None, email)
        quote.person_id, quote.company_id = owner.person_id, owner.company_id


def _attend(session: Session, request_id: int, actor: Actor, now: datetime) -> None:
    session.execute(
        update(QuoteRequest)
        .where(QuoteRequest.id == request_id, QuoteRequest.attended_at.is_(None))
        .values(attended_at=now, attended_by=actor.person_id)
    )


def _add_draft(
    session: Session, quote: Quote, number: int, text: QuoteText, actor: Actor, now: datetime,
    *, after: int = 0,
) -> None:  # fmt: skip
    # Revisions of one version are none of another: a page that is old is known by its own.
    draft = QuoteVersion(
        quote_id=quote.id, version=number, is_latest=True, revision=after, lines=[], issuer={},
        changed_at=now, changed_by=actor.person_id,
    )  # fmt: skip
    _write(draft, text, actor, now)
    session.add(draft)
    session.flush()


def _write(version: QuoteVersion, text: QuoteText, actor: Actor, now: datetime) -> None:
    # Read first: reading stores what was begun, and it is not whole before the end.
    version.tax_points = terms.load().tax_points
    version.currency, version.valid_until = text.currency, text.valid_until
    version.contact, version.email, version.phone = text.contact, text.email, text.phone
    version.customer, version.ruc = text.customer, text.ruc
    version.conditions, version.notes = text.conditions, text.notes
    version.internal_notes = text.internal_notes
    version.words = words_of(version)
    version.revision += 1
    version.changed_at, version.changed_by = now, actor.person_id
    lines = [read.line for read in text.lines]
    totals = (
        totals_of(lines, tax_points=version.tax_points, discount=text.discount) if lines else None
    )
    put_lines(version, text.lines, text.discount, totals)


def save_draft(
    *, actor: Actor, quote_id: int, text: QuoteText, revision: int, now: datetime
) -> None:
    """Store the newest version, while it is a draft.

    What is stored so already, as from a button pressed twice, changes nothing. Raises
    LookupError, StepRefused, Changed when `revision` is not the last, PriceRefused.
    """
    with transaction() as session:
        quote = sold(session, actor, quote_id)
        version = version_of(session, quote_id)
        require(version, Step.EDIT, now)
        if version.revision > revision and text_of(version) == text:
            return
        if version.revision != revision:
            raise Changed
        settle_owner(session, quote, text.email)
        _write(version, text, actor, now)


def begin_version(*, actor: Actor, quote_id: int, now: datetime) -> None:
    """Begin the next version with what the newest says; a draft that is there stays.

    Raises LookupError, StepRefused after an acceptance.
    """
    with transaction() as session:
        quote = sold(session, actor, quote_id)
        last = version_of(session, quote_id)
        today = clock.in_lima(now).date()
        if last.sent_at is None and last.withdrawn_at is None:
            return
        if last.state(today) not in FOLLOWED:
            raise StepRefused(last.state(today), Step.REPLACE)
        last.is_latest = False
        session.flush()
        text = text_of(last, valid_until=today + timedelta(days=terms.load().valid_days))
        version, revision = session.execute(
            select(func.max(QuoteVersion.version), func.max(QuoteVersion.revision)).where(
                QuoteVersion.quote_id == quote_id
            )
        ).one()
        number = version + 1
        _add_draft(session, quote, number, text, actor, now, after=revision)
        note(session, quote_id, number, "version", actor_id=actor.person_id, now=now)


def text_of(version: QuoteVersion, *, valid_until: date | None = None) -> QuoteText:
    """What a version says, as its form would."""
    return QuoteText(
        currency=version.currency,
        contact=version.contact,
        email=version.email,
        valid_until=valid_until or version.valid_until,
        phone=version.phone,
        customer=version.customer,
        ruc=version.ruc,
        discount=version.whole_discount,
        conditions=version.conditions,
        notes=version.notes,
        internal_notes=version.internal_notes,
        lines=[read_of(line) for line in version.lines],
    )
