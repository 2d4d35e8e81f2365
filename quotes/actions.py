"""What happens to a request for a quote: it is received once, and attended once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from accounts.bell import actions as bell
from accounts.permissions import Actor, may_sell
from core import audit, outbox
from core.db import transaction
from quotes import queries
from quotes.models import Product, ProductPlan, QuoteItem, QuoteRequest


@dataclass(frozen=True)
class Asked:
    """What the form says. `phone` is E.164; `quantities` maps product ids to numbers,
    `plans` ids of plans."""

    contact: str
    company: str
    ruc: str | None
    email: str
    phone: str
    needs: str
    quantities: Mapping[int, int] = field(default_factory=dict)
    plans: Mapping[int, int] = field(default_factory=dict)


def receive(asked: Asked, *, token: str, actor: Actor | None, now: datetime) -> None:
    """Store a request once per `token`, and have it confirmed by mail."""
    try:
        _store(asked, token, actor, now)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other request was stored.
        if queries.by_token(token) is None:
            raise


def _store(asked: Asked, token: str, actor: Actor | None, now: datetime) -> None:
    with transaction() as session:
        if queries.by_token(token) is not None:
            return
        request = QuoteRequest(
            token=token,
            person_id=actor.person_id if actor else None,
            contact=asked.contact,
            company=asked.company,
            ruc=asked.ruc,
            email=asked.email,
            phone=asked.phone,
            needs=asked.needs,
            received_at=now,
        )
        request.items = _items(session, asked)
        session.add(request)
        session.flush()
        audit.record(
            "quotes.received",
            f"quote_request:{request.id}",
            actor_id=request.person_id,
            now=now,
        )
        outbox.enqueue("quotes.received", {"request": request.id}, now=now)
        outbox.enqueue("quotes.requested", {"request": request.id}, now=now)
        bell.ring_staff(
            session,
            may=may_sell,
            but=actor,
            kind="quote_received",
            reference=f"quote-{request.id}",
            about=f"quote:{request.id}",
            now=now,
        )


def _items(session: Session, asked: Asked) -> list[QuoteItem]:
    """What is asked for, with the names of today: a product may be called otherwise later."""
    names = dict(
        session.execute(
            select(Product.id, Product.name).where(Product.id.in_(asked.quantities))
        ).all()
    )
    plans = session.scalars(
        select(ProductPlan)
        .where(ProductPlan.id.in_(asked.plans))
        .options(joinedload(ProductPlan.product))
    ).all()
    titles = {plan.id: plan for plan in plans}
    items = [
        QuoteItem(product_id=product_id, quantity=quantity, label=names.get(product_id, ""))
        for product_id, quantity in asked.quantities.items()
    ]
    return items + [
        QuoteItem(
            product_id=titles[plan_id].product_id,
            plan_id=plan_id,
            quantity=quantity,
            label=titles[plan_id].title,
        )
        for plan_id, quantity in asked.plans.items()
        if plan_id in titles
    ]


def attend(request_id: int, *, actor: Actor, now: datetime) -> None:
    """Mark a request as attended by `actor`; whoever was first stays. Raises LookupError."""
    with transaction() as session:
        if queries.request_for(actor, request_id) is None:
            raise LookupError(request_id)
        marked = session.scalar(
            update(QuoteRequest)
            .where(QuoteRequest.id == request_id, QuoteRequest.attended_at.is_(None))
            .values(attended_at=now, attended_by=actor.person_id)
            .returning(QuoteRequest.id)
        )
        if marked is not None:
            audit.record(
                "quotes.attended", f"quote_request:{request_id}", actor_id=actor.person_id, now=now
            )
