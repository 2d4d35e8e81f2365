"""Reading the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.permissions import Actor, may_sell
from core.db import db
from quotes.models import Product, ProductPlan

_ORDER = (Product.position, Product.id)


def catalogue(*, retired: bool) -> Sequence[Product]:
    """The products with their plans, as sales edits them."""
    is_retired = Product.retired_at.is_not(None) if retired else Product.retired_at.is_(None)
    return db.session.scalars(
        select(Product).where(is_retired).order_by(*_ORDER).options(selectinload(Product.plans))
    ).all()


def counts() -> tuple[int, int]:
    """How many products are offered, and how many are not any more."""
    offered = func.count().filter(Product.retired_at.is_(None))
    gone = func.count().filter(Product.retired_at.is_not(None))
    return tuple(db.session.execute(select(offered, gone).select_from(Product)).one())  # type: ignore[return-value]


def product_for(actor: Actor | None, product_id: int) -> Product | None:
    """One product with its plans; None when it is missing, and for who does not sell."""
    if not may_sell(actor):
        return None
    return db.session.scalar(
        select(Product).where(Product.id == product_id).options(selectinload(Product.plans))
    )


def offered_plans() -> Sequence[ProductPlan]:
    """What a line can be made of, in the order of the catalogue."""
    return db.session.scalars(
        select(ProductPlan)
        .join(ProductPlan.product)
        .where(ProductPlan.retired_at.is_(None), Product.retired_at.is_(None))
        .order_by(*_ORDER, ProductPlan.position, ProductPlan.id)
        .options(joinedload(ProductPlan.product))
    ).all()


def group_names() -> Sequence[str]:
    """The groups that are used, to choose from."""
    return db.session.scalars(
        select(Product.group).where(Product.group != "").distinct().order_by(Product.group)
    ).all()
