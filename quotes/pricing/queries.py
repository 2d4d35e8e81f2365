"""Reading quotes, for sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Person
from accounts.permissions import Actor, may_sell
from core.clock import LIMA
from core.db import db
from kb.analysis import fold
from quotes.lifecycle import State
from quotes.pricing.models import Quote, QuoteEvent, QuoteQuestion, QuoteVersion

_V = QuoteVersion
MAX_WORDS = 8


@dataclass(frozen=True)
class Wanted:
    """What a list of quotes is narrowed to; what is empty narrows nothing."""

    state: str = ""
    seller_id: int | None = None
    currency: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    unanswered: bool = False


def state_column(today: date) -> ColumnElement[str]:
    """The state of a version inside a statement, as `lifecycle.state_of` says it."""
    return case(
        (_V.accepted_at.is_not(None), literal(State.ACCEPTED.value)),
        (_V.declined_at.is_not(None), literal(State.DECLINED.value)),
        (_V.withdrawn_at.is_not(None), literal(State.WITHDRAWN.value)),
        (_V.replaced_at.is_not(None), literal(State.REPLACED.value)),
        (_V.sent_at.is_(None), literal(State.DRAFT.value)),
        (_V.valid_until < today, literal(State.EXPIRED.value)),
        else_=literal(State.SENT.value),
    )


def _unanswered() -> Select[int]:
    """The quotes with a question that waits for sales."""
    return select(QuoteQuestion.quote_id).where(
        QuoteQuestion.answered_at.is_(None), QuoteQuestion.ticket_number.is_(None)
    )


def unanswered(quote_ids: Sequence[int]) -> set[int]:
    """Which of these have a question that waits for sales."""
    return set(
        db.session.scalars(_unanswered().where(QuoteQuestion.quote_id.in_(quote_ids)).distinct())
    )


def unanswered_count(wanted: Wanted) -> int:
    """How many have one, whatever state is wanted."""
    narrowed = and_(*_narrowed(replace(wanted, unanswered=True)))
    rows = select(func.count()).select_from(_V).join(_V.quote).where(narrowed)
    return db.session.scalar(rows) or 0


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    """All but the state, which the counts go by."""
    conditions: list[ColumnElement[bool]] = [_V.is_latest.is_(True)]
    if wanted.seller_id is not None:
        conditions.append(Quote.created_by == wanted.seller_id)
    if wanted.currency:
        conditions.append(_V.currency == wanted.currency)
    if wanted.since:
        conditions.append(Quote.created_at >= datetime.combine(wanted.since, time.min, LIMA))
    if wanted.until:
        conditions.append(Quote.created_at <= datetime.combine(wanted.until, time.max, LIMA))
    if wanted.unanswered:
        conditions.append(Quote.id.in_(_unanswered()))
    for word in fold(wanted.words).split()[:MAX_WORDS]:
        in_number = func.lower(Quote.number).contains(word, autoescape=True)
        conditions.append(or_(in_number, _V.words.contains(word, autoescape=True)))
    return conditions


def quotes(
    wanted: Wanted, *, today: date, offset: int, limit: int
) -> tuple[Sequence[QuoteVersion], int]:
    """The newest version of each quote, last changed first, and how many there are."""
    conditions = _narrowed(wanted)
    if wanted.state:
        conditions.append(state_column(today) == wanted.state)
    base = select(_V).join(_V.quote).where(and_(*conditions))
    total = db.session.scalar(select(func.count()).select_from(base.subquery())) or 0
    rows = db.session.scalars(
        base.order_by(_V.changed_at.desc(), _V.id.desc())
        .options(joinedload(_V.quote).joinedload(Quote.seller))
        .offset(offset)
        .limit(limit)
    ).all()
    return rows, total


@dataclass(frozen=True)
class Sum:
    """How many, and how much in each currency, in cents."""

    count: int
    totals: Mapping[str, int]


def sums(wanted: Wanted, *, today: date) -> dict[str, Sum]:
    """By state, whatever state is wanted."""
    state = state_column(today).label("state")
    rows = db.session.execute(
        select(state, _V.currency, func.count(), func.sum(_V.total))
        .join(_V.quote)
        .where(and_(*_narrowed(wanted)))
        .group_by(state, _V.currency)
        .order_by(state, _V.currency)
    )
    found: dict[str, Sum] = {}
    for name, currency, count, total in rows:
        before = found.get(name, Sum(0, {}))
        found[name] = Sum(before.count + count, {**before.totals, currency: int(total or 0)})
    return found


def quote_for(actor: Actor | None, quote_id: int) -> Quote | None:
    """One quote as sales reads it; None when it is missing, and for anybody else."""
    if not may_sell(actor):
        return None
    return db.session.scalar(
        select(Quote)
        .where(Quote.id == quote_id)
        .options(
            joinedload(Quote.request),
            joinedload(Quote.person),
            joinedload(Quote.company),
            joinedload(Quote.seller),
        )
    )


def versions(quote_id: int) -> Sequence[QuoteVersion]:
    """Every version, the newest first, with its lines."""
    return db.session.scalars(
        select(_V)
        .where(_V.quote_id == quote_id)
        .order_by(_V.version.desc())
        .options(selectinload(_V.lines), joinedload(_V.changer), joinedload(_V.quote))
    ).all()


def history(quote_id: int) -> Sequence[QuoteEvent]:
    """What happened, the newest first."""
    return db.session.scalars(
        select(QuoteEvent)
        .where(QuoteEvent.quote_id == quote_id)
        .order_by(QuoteEvent.at.desc(), QuoteEvent.id.desc())
        .options(joinedload(QuoteEvent.actor))
    ).all()


def questions(quote_id: int) -> Sequence[QuoteQuestion]:
    """What was asked, in order."""
    return db.session.scalars(
        select(QuoteQuestion)
        .where(QuoteQuestion.quote_id == quote_id)
        .order_by(QuoteQuestion.asked_at, QuoteQuestion.id)
        .options(joinedload(QuoteQuestion.person), joinedload(QuoteQuestion.answerer))
    ).all()


def quote_of_request(request_id: int) -> Quote | None:
    """The quote that was begun from a request."""
    return db.session.scalar(select(Quote).where(Quote.request_id == request_id))


def owner_of(email: str) -> Person | None:
    """The confirmed customer who has this address."""
    return db.session.scalar(
        select(Person)
        .where(
            Person.email == email,
            Person.company_id.is_not(None),
            Person.confirmed_at.is_not(None),
            Person.disabled_at.is_(None),
        )
        .options(joinedload(Person.company))
    )
