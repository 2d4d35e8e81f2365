"""What sales does to the catalogue. Prices are for new quotes: what was quoted keeps its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Actor, may_sell
from core import audit
from core.counters import touch_content
from core.db import transaction
from quotes.models import Product, ProductPlan

T = TypeVar("T")


class Changed(Exception):
    """Somebody saved the product meanwhile."""


@dataclass(frozen=True)
class PlanText:
    """One plan as the form says it; `plan_id` None makes a new one. Prices are cents."""

    plan_id: int | None
    name: str
    period: str
    price_pen: int | None
    price_usd: int | None
    is_public: bool = False
    is_retired: bool = False


@dataclass(frozen=True)
class ProductText:
    """A product with its plans, in their order."""

    name: str
    description: str = ""
    group: str = ""
    plans: Sequence[PlanText] = field(default_factory=tuple)


def save_product(
    *, actor: Actor, text: ProductText, product_id: int | None, revision: int, now: datetime
) -> int:
    """Store a product; its id. The same again, as from a button pressed twice, changes nothing.

    Raises LookupError, and Changed when `revision` is not the last.
    """
    try:
        return _save_product(actor, text, product_id, revision, now)
    except IntegrityError:
        # The same new product at the same moment: now the row is there.
        return _save_product(actor, text, product_id, revision, now)


def _save_product(
    actor: Actor, text: ProductText, product_id: int | None, revision: int, now: datetime
) -> int:
    with transaction() as session:
        product = _product(session, actor, product_id) or _last_product(session)
        is_new = product_id is None
        if product is not None and _says(product, text) and (is_new or product.revision > revision):
            return product.id
        if product is None or is_new:
            product = _new_product(session, text)
        elif product.revision != revision:
            raise Changed
        else:
            product.revision += 1
        product.name, product.group = text.name, text.group
        product.description = text.description
        session.flush()
        _put_plans(session, product, text.plans, now)
        touch_content()
        _record("catalogue.saved", product.id, actor, now, name=text.name)
        return product.id


def retire(*, actor: Actor, product_id: int, now: datetime) -> None:
    """Offer a product no more. Raises LookupError."""
    _set_retired(actor, product_id, now, now)


def bring_back(*, actor: Actor, product_id: int, now: datetime) -> None:
    """Offer a product again. Raises LookupError."""
    _set_retired(actor, product_id, None, now)


def move(*, actor: Actor, product_id: int, up: bool, whole_group: bool, now: datetime) -> None:
    """Change places with the neighbour in its group, or its group with the one beside it.

    Raises LookupError. At an end nothing happens.
    """
    with transaction() as session:
        if not may_sell(actor):
            raise LookupError(product_id)
        rows = session.scalars(
            select(Product)
            .where(Product.retired_at.is_(None))
            .order_by(Product.position, Product.id)
            .with_for_update()
        ).all()
        moved = next((row for row in rows if row.id == product_id), None)
        if moved is None:
            raise LookupError(product_id)
        groups: dict[str, list[Product]] = {}
        for row in rows:
            groups.setdefault(row.group, []).append(row)
        order = list(groups.values())
        if whole_group:
            _swap(order, order.index(groups[moved.group]), up)
        else:
            _swap(groups[moved.group], groups[moved.group].index(moved), up)
        for position, row in enumerate([row for rows in order for row in rows], start=1):
            row.position = position
        touch_content()
        _record("catalogue.moved", product_id, actor, now)


def _swap(items: list[T], place: int, up: bool) -> None:
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]


def _product(session: Session, actor: Actor, product_id: int | None) -> Product | None:
    if not may_sell(actor):
        raise LookupError(product_id)
    if product_id is None:
        return None
    product = session.scalar(
        select(Product)
        .where(Product.id == product_id)
        .options(selectinload(Product.plans))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if product is None:
        raise LookupError(product_id)
    return product


def _last_product(session: Session) -> Product | None:
    """The one that was made last, while it is offered."""
    return session.scalar(
        select(Product)
        .where(Product.retired_at.is_(None))
        .order_by(Product.id.desc())
        .limit(1)
        .options(selectinload(Product.plans))
        .execution_options(populate_existing=True)
    )


def _says(product: Product, text: ProductText) -> bool:
    """Whether all of it is stored so already."""
    stored = [
        (plan.name, plan.period, plan.price_pen, plan.price_usd,
         plan.public_at is not None, plan.retired_at is not None)
        for plan in product.plans
    ]  # fmt: skip
    wanted = [
        (plan.name, plan.period, plan.price_pen, plan.price_usd, plan.is_public, plan.is_retired)
        for plan in text.plans
    ]
    head = (product.name, product.group, product.description)
    return head == (text.name, text.group, text.description) and stored == wanted


def _new_product(session: Session, text: ProductText) -> Product:
    last = session.scalar(select(Product.position).order_by(Product.position.desc()).limit(1))
    slug = _slug(text.name)
    taken = set(session.scalars(select(Product.slug).where(Product.slug.startswith(slug))))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(slug, n) not in taken)
    product = Product(slug=_numbered(slug, number), position=(last or 0) + 1, plans=[])
    session.add(product)
    return product


def _numbered(slug: str, number: int) -> str:
    return slug if number == 1 else f"{slug}-{number}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70].strip("-") or "producto"


def _put_plans(
    session: Session, product: Product, plans: Sequence[PlanText], now: datetime
) -> None:
    known = {plan.id: plan for plan in product.plans}
    for position, text in enumerate(plans, start=1):
        plan = known.get(text.plan_id or 0)
        if plan is None:
            plan = ProductPlan(product_id=product.id)
            session.add(plan)
        plan.name, plan.period, plan.position = text.name, text.period, position
        plan.price_pen, plan.price_usd = text.price_pen, text.price_usd
        plan.public_at = (plan.public_at or now) if text.is_public else None
        plan.retired_at = (plan.retired_at or now) if text.is_retired else None


def _set_retired(actor: Actor, product_id: int, at: datetime | None, now: datetime) -> None:
    with transaction() as session:
        product = _product(session, actor, product_id)
        if product is None or (product.retired_at is None) == (at is None):
            return
        product.retired_at = at
        touch_content()
        _record("catalogue.retired" if at else "catalogue.restored", product_id, actor, now)


def _record(action: str, product_id: int, actor: Actor, now: datetime, **data: object) -> None:
    audit.record(action, f"product:{product_id}", actor_id=actor.person_id, now=now, **data)
