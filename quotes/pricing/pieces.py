"""Pieces of the verbs of quotes: finding the row, noting what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Actor, may_sell
from core import audit, clock
from kb.analysis import fold
from quotes.lifecycle import Step, after
from quotes.policy import Discount, Line, Totals
from quotes.pricing.models import Quote, QuoteEvent, QuoteLine, QuoteVersion
from quotes.pricing.sheet import Read


class Changed(Exception):
    """Somebody saved the draft meanwhile."""


def locked(session: Session, quote_id: int) -> Quote:
    """The quote, kept from everybody else until the transaction ends. Raises LookupError."""
    quote = session.scalar(
        select(Quote)
        .where(Quote.id == quote_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if quote is None:
        raise LookupError(quote_id)
    return quote


def sold(session: Session, actor: Actor, quote_id: int) -> Quote:
    """The same, for sales. Raises LookupError."""
    if not may_sell(actor):
        raise LookupError(quote_id)
    return locked(session, quote_id)


def version_of(session: Session, quote_id: int, version: int | None = None) -> QuoteVersion:
    """One version with its lines, the newest when none is named. Raises LookupError."""
    which = QuoteVersion.is_latest if version is None else QuoteVersion.version == version
    found = session.scalar(
        select(QuoteVersion)
        .where(QuoteVersion.quote_id == quote_id, which)
        .options(selectinload(QuoteVersion.lines))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise LookupError(quote_id, version)
    return found


def require(version: QuoteVersion, step: Step, now: datetime) -> None:
    """Raises StepRefused when the table does not allow it."""
    after(version.state(clock.in_lima(now).date()), step)


def note(
    session: Session,
    quote_id: int,
    version: int,
    kind: str,
    *,
    actor_id: int | None,
    now: datetime,
    detail: str = "",
) -> QuoteEvent:
    """Add a line to the history, and an audit entry; the line has its id."""
    event = QuoteEvent(
        quote_id=quote_id, version=version, kind=kind, at=now, actor_id=actor_id,
        detail=detail[:300],
    )  # fmt: skip
    session.add(event)
    session.flush()
    audit.record(f"quotes.{kind}", f"quote:{quote_id}", actor_id=actor_id, now=now, version=version)
    return event


def put_lines(
    version: QuoteVersion, lines: Sequence[Read], discount: Discount, totals: Totals | None
) -> None:
    """Store the lines and what they come to."""
    version.discount_kind, version.discount_value = discount.kind.value, discount.value
    version.subtotal = totals.subtotal if totals else 0
    version.discount = totals.discount if totals else 0
    version.tax = totals.tax if totals else 0
    version.total = totals.total if totals else 0
    nets = totals.nets if totals else ()
    version.lines = [
        QuoteLine(
            position=position,
            plan_id=read.plan_id,
            description=read.description,
            quantity=read.line.quantity,
            unit_price=read.line.unit_price,
            discount_kind=read.line.discount.kind.value,
            discount_value=read.line.discount.value,
            net=net,
        )
        for position, (read, net) in enumerate(zip(lines, nets, strict=True), start=1)
    ]


def words_of(version: QuoteVersion) -> str:
    """What a version is found by."""
    told = (version.customer, version.contact, version.email, version.ruc or "")
    return fold("\n".join(told))


def read_of(line: QuoteLine) -> Read:
    """A stored line as the sheet reads one."""
    return Read(
        line.description,
        Line(line.quantity, line.unit_price, line.own_discount),
        line.plan_id,
    )
