"""Quotes: their versions, lines, private links, questions and history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Company, Person
from core.db import Base, Json, Moment
from quotes.lifecycle import Facts, State, state_of
from quotes.models import QuoteRequest
from quotes.policy import Discount, DiscountKind


class Quote(Base):
    """One matter with a price, from its first draft on; it never loses its number.

    `person_id` and `company_id` are whose it is, where they have an account. `current` is the
    newest version that was sent, 0 before the first. `ticket_number` is where its talk goes on.
    """

    __tablename__ = "quotes"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("quote_requests.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form_id: Mapped[str | None] = mapped_column(String(43), unique=True)
    current: Mapped[int] = mapped_column(default=0)
    ticket_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))

    request: Mapped[QuoteRequest | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    company: Mapped[Company | None] = relationship(lazy="raise")
    seller: Mapped[Person] = relationship(lazy="raise", foreign_keys=[created_by])


class QuoteVersion(Base):
    """What was offered, whole: once sent, nothing here but what became of it ever changes.

    Amounts are cents; `tax_points` is the IGV in basis points. `issuer` is who we were then.
    `is_latest` tells the version that lists show, the newest of each quote; `words` is what
    it is looked for by, without accents.
    """

    __tablename__ = "quote_versions"
    __table_args__ = (
        UniqueConstraint("quote_id", "version"),
        Index(
            "uq_quote_versions_latest",
            "quote_id",
            unique=True,
            sqlite_where=text("is_latest"),
            postgresql_where=text("is_latest"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), index=True)
    version: Mapped[int]
    is_latest: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    currency: Mapped[str] = mapped_column(String(3))
    contact: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20), default="")
    customer: Mapped[str] = mapped_column(String(160), default="")
    ruc: Mapped[str | None] = mapped_column(String(11))
    discount_kind: Mapped[str] = mapped_column(String(10), default="")
    discount_value: Mapped[int] = mapped_column(BigInteger, default=0)
    tax_points: Mapped[int]
    subtotal: Mapped[int] = mapped_column(BigInteger, default=0)
    discount: Mapped[int] = mapped_column(BigInteger, default=0)
    tax: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    valid_until: Mapped[date] = mapped_column(Date)
    conditions: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    internal_notes: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    issuer: Mapped[Any] = mapped_column(Json, default=dict)
    changed_at: Mapped[datetime] = mapped_column(Moment, index=True)
    changed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_name: Mapped[str] = mapped_column(String(120), default="")
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    decline_reason: Mapped[str] = mapped_column(String(20), default="")
    decline_text: Mapped[str] = mapped_column(Text, default="")
    replaced_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    quote: Mapped[Quote] = relationship(lazy="raise")
    lines: Mapped[list[QuoteLine]] = relationship(
        lazy="raise", order_by="QuoteLine.position", cascade="all, delete-orphan"
    )
    changer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[changed_by])

    @property
    def base(self) -> int:
        return self.subtotal - self.discount

    @property
    def whole_discount(self) -> Discount:
        return Discount(DiscountKind(self.discount_kind), self.discount_value)

    def state(self, today: date) -> State:
        """Where it stands on a day of Lima."""
        return state_of(
            Facts(
                self.valid_until,
                self.sent_at,
                self.accepted_at,
                self.declined_at,
                self.replaced_at,
                self.withdrawn_at,
            ),
            today,
        )


class QuoteLine(Base):
    """One line; `plan_id` says where its price was taken from, nothing more."""

    __tablename__ = "quote_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("quote_versions.id"), index=True)
    position: Mapped[int]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("product_plans.id"))
    description: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[int]
    unit_price: Mapped[int] = mapped_column(BigInteger)
    discount_kind: Mapped[str] = mapped_column(String(10), default="")
    discount_value: Mapped[int] = mapped_column(BigInteger, default=0)
    net: Mapped[int] = mapped_column(BigInteger)

    @property
    def own_discount(self) -> Discount:
        return Discount(DiscountKind(self.discount_kind), self.discount_value)


class QuoteLink(Base):
    """A private address of a quote, under the hash of its secret (`quotes.pricing.links`)."""

    __tablename__ = "quote_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(43))
    made_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class QuoteQuestion(Base):
    """What a customer asked about a quote, and what sales answered; `renewal`: they ask for a
    new version. `ticket_number` is the ticket of the accepted quote that it was written into.
    """

    __tablename__ = "quote_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), index=True)
    version: Mapped[int]
    form_id: Mapped[str] = mapped_column(String(43), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    renewal: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ticket_number: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    answerer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[answered_by])


class QuoteEvent(Base):
    """A line of a quote's history."""

    __tablename__ = "quote_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    detail: Mapped[str] = mapped_column(String(300), default="")

    actor: Mapped[Person | None] = relationship(lazy="raise")
