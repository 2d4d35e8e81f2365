"""The catalogue and the quotes of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from accounts.models import Company
from accounts.permissions import Actor
from core import clock, settings
from core.db import db, transaction
from core.tokens import once_key
from quotes import terms
from quotes.actions import Asked, receive
from quotes.answers.actions import Signed, accept, answer_question, ask
from quotes.catalogue.queries import offered_plans
from quotes.models import Product, ProductPlan
from quotes.policy import Discount, DiscountKind, Line
from quotes.pricing import actions, drafting
from quotes.pricing.models import Quote, QuoteQuestion
from quotes.pricing.sheet import Read
from quotes.queries import by_token

#: Nobody of the demonstration has a mailbox.
QUOTE_MAILS = (
    "quotes.received", "quotes.requested", "quotes.sent", "quotes.accepted", "quotes.accepted_copy",
    "quotes.declined", "quotes.asked", "quotes.answered",
)  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    """A plan as it is kept beside the transactions of this load."""

    id: int
    title: str
    prices: Mapping[str, int | None]


def load_products(told: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """The catalogue, with its plans; what is there already is passed over."""
    with transaction() as session:
        known = set(session.scalars(select(Product.slug)))
        for position, one in enumerate(told, start=1):
            if one["slug"] in known:
                continue
            values = {key: value for key, value in one.items() if key != "plans"}
            plans = [
                ProductPlan(
                    name=plan["name"],
                    period=plan["period"],
                    price_pen=plan.get("pen"),
                    price_usd=plan.get("usd"),
                    position=place,
                    public_at=now if plan.get("public") else None,
                )
                for place, plan in enumerate(one.get("plans", ()), start=1)
            ]
            session.add(Product(position=position, plans=plans, **values))


def load_quotes(
    told: Sequence[Mapping[str, Any]], people: Mapping[str, Actor], *, now: datetime
) -> None:
    """Requests that wait, and quotes at every step; nothing when there is one already."""
    if db.session.scalar(select(func.count()).select_from(Quote)):
        return
    plans = {
        plan.title: _Plan(plan.id, plan.title, {"PEN": plan.price_pen, "USD": plan.price_usd})
        for plan in offered_plans()
    }
    for place, one in enumerate(told):
        at = now - timedelta(hours=one["hours_ago"])
        request_id = _request(one, people.get(one.get("by", "")), plans, place, at)
        if one["state"] != "waiting":
            _quote(one, people, plans, request_id, at)


def _request(
    one: Mapping[str, Any], actor: Actor | None, plans: Mapping[str, _Plan], place: int,
    at: datetime,
) -> int:  # fmt: skip
    ruc = db.session.scalar(
        select(Company.ruc).where(Company.id == (actor.company_id if actor else None))
    )
    asked = Asked(
        contact=actor.name if actor else one["contact"],
        company=actor.company_name if actor else one["company"],
        ruc=ruc or one.get("ruc"),
        email=actor.email if actor else one["email"],
        phone=one["phone"],
        needs=one["needs"],
        plans={plans[line["plan"]].id: line["quantity"] for line in one["lines"] if "plan" in line},
    )
    token = once_key("demo-quote", place, settings.load().name)
    receive(asked, token=token, actor=actor, now=at)
    stored = by_token(token)
    return stored.id if stored else 0


def _quote(
    one: Mapping[str, Any],
    people: Mapping[str, Actor],
    plans: Mapping[str, _Plan],
    request_id: int,
    at: datetime,
) -> None:
    seller, customer = people["fabio"], people.get(one.get("by", ""))
    at += timedelta(hours=1)
    text = drafting.QuoteText(
        currency=one["currency"],
        contact=customer.name if customer else one["contact"],
        email=customer.email if customer else one["email"],
        customer=customer.company_name if customer else one["company"],
        phone=one["phone"],
        valid_until=clock.in_lima(at).date() + timedelta(days=one.get("days", 15)),
        discount=_off(one),
        conditions=terms.load().conditions,
        notes=one.get("notes", ""),
        lines=[_line(line, plans, one["currency"]) for line in one["lines"]],
    )
    quote_id = drafting.begin(actor=seller, text=text, form_id="", request_id=request_id, now=at)
    if one["state"] == "draft":
        return
    at += timedelta(minutes=10)
    actions.send(actor=seller, quote_id=quote_id, revision=1, email=text.email, now=at)
    if one.get("question"):
        _talk(quote_id, one, seller, at + timedelta(minutes=30))
    if one["state"] == "accepted":
        moment = at + timedelta(hours=2)
        accept(quote_id=quote_id, version=1, name=text.contact, by=Signed(), now=moment)


def _talk(quote_id: int, one: Mapping[str, Any], seller: Actor, at: datetime) -> None:
    form_id = once_key("demo-question", quote_id)
    ask(quote_id=quote_id, version=1, text=one["question"], form_id=form_id, by=Signed(), now=at)
    found = db.session.scalars(select(QuoteQuestion.id).order_by(QuoteQuestion.id.desc())).first()
    later = at + timedelta(minutes=20)
    if found and one.get("answer"):
        answer_question(actor=seller, question_id=found, text=one["answer"], now=later)


def _line(line: Mapping[str, Any], plans: Mapping[str, _Plan], currency: str) -> Read:
    if "plan" not in line:
        return Read(line["text"], Line(line["quantity"], line["price"]))
    plan = plans[line["plan"]]
    price = plan.prices[currency] or 0
    return Read(plan.title, Line(line["quantity"], price, _off(line)), plan.id)


def _off(told: Mapping[str, Any]) -> Discount:
    percent = told.get("discount", 0)
    return Discount(DiscountKind.PERCENT, percent * 100) if percent else Discount()
