"""Reading products and requests for a quote."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Company, Person
from accounts.permissions import Actor, Role, may_sell
from core.db import db
from quotes.models import Product, ProductPlan, QuoteItem, QuoteRequest

_WITH_ITEMS = selectinload(QuoteRequest.items).options(
    joinedload(QuoteItem.product), joinedload(QuoteItem.plan)
)


def products() -> Sequence[Product]:
    """What can be asked for, in the order of the price list."""
    return db.session.scalars(
        select(Product)
        .where(Product.retired_at.is_(None))
        .order_by(Product.position, Product.id)
        .options(selectinload(Product.plans).joinedload(ProductPlan.product))
    ).all()


def by_token(token: str) -> QuoteRequest | None:
    """The request whose receipt has this private address."""
    return db.session.scalar(
        select(QuoteRequest).where(QuoteRequest.token == token).options(_WITH_ITEMS)
    )


def request_with_items(request_id: int) -> QuoteRequest | None:
    """One request, for a mail about it."""
    return db.session.scalar(
        select(QuoteRequest).where(QuoteRequest.id == request_id).options(_WITH_ITEMS)
    )


def request_for(actor: Actor | None, request_id: int) -> QuoteRequest | None:
    """One request as sales reads it; None when it is missing, and for anybody else."""
    if not may_sell(actor):
        return None
    return db.session.scalar(
        select(QuoteRequest)
        .where(QuoteRequest.id == request_id)
        .options(_WITH_ITEMS, joinedload(QuoteRequest.attendant))
    )


def requests(*, offset: int, limit: int) -> tuple[Sequence[QuoteRequest], int]:
    """Requests in order of arrival, those nobody attended first, and how many there are."""
    rows = (
        select(QuoteRequest)
        .order_by(QuoteRequest.attended_at.is_not(None), QuoteRequest.received_at, QuoteRequest.id)
        .options(_WITH_ITEMS, joinedload(QuoteRequest.attendant))
        .offset(offset)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).select_from(QuoteRequest)) or 0
    return db.session.scalars(rows).all(), total


def ruc_of(company_id: int | None) -> str:
    """The RUC of a company; empty when it has none."""
    return db.session.scalar(select(Company.ruc).where(Company.id == company_id)) or ""


def is_own_address(request: QuoteRequest) -> bool:
    """Whether this is the confirmed address of the signed-in person who asked."""
    return reader_of(request.person_id, request.email) is not None


def reader_of(person_id: int | None, email: str) -> Person | None:
    """This person, where the address is theirs, confirmed, and their account open."""
    if person_id is None:
        return None
    return db.session.scalar(
        select(Person).where(
            Person.id == person_id,
            Person.email == email,
            Person.confirmed_at.is_not(None),
            Person.disabled_at.is_(None),
        )
    )


def locale_of(person_id: int | None) -> str:
    """The language to write to this person; Spanish to whom we do not know."""
    return db.session.scalar(select(Person.locale).where(Person.id == person_id)) or "es"


def salespeople() -> Sequence[Person]:
    """Who sells and can be reached."""
    return db.session.scalars(
        select(Person)
        .where(
            type_coerce(Person.roles, Text).contains(Role.SALES.value),
            Person.disabled_at.is_(None),
            Person.confirmed_at.is_not(None),
        )
        .order_by(Person.id)
    ).all()
