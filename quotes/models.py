"""Products and requests for a quote."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class Product(Base):
    """Something the company sells. It can be asked for while `retired_at` is empty.

    With plans it is asked for by plan. `revision` counts the times it was saved.
    """

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    group: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    plans: Mapped[list[ProductPlan]] = relationship(
        lazy="raise", order_by="ProductPlan.position, ProductPlan.id", back_populates="product"
    )


class Period(StrEnum):
    """How often a plan is paid."""

    ONCE = "once"
    MONTHLY = "monthly"
    YEARLY = "yearly"


PERIOD_WORDS = {Period.ONCE: "pago único", Period.MONTHLY: "mensual", Period.YEARLY: "anual"}


class ProductPlan(Base):
    """One way to buy a product. Prices are cents without tax, each where there is one; they are
    for new quotes only. Visitors read the one in soles from `public_at` on.
    """

    __tablename__ = "product_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    period: Mapped[str] = mapped_column(String(10), default=Period.ONCE.value)
    price_pen: Mapped[int | None] = mapped_column(BigInteger)
    price_usd: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(default=0)
    public_at: Mapped[datetime | None] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)

    product: Mapped[Product] = relationship(lazy="raise", back_populates="plans")

    @property
    def title(self) -> str:
        """«VPS · 4 GB (mensual)»: how requests and lines name it, on paper in Spanish."""
        return f"{self.product.name} · {self.name} ({PERIOD_WORDS[Period(self.period)]})"

    def price(self, currency: str) -> int | None:
        """The price in this currency, None where there is none."""
        return self.price_usd if currency == "USD" else self.price_pen


class QuoteRequest(Base):
    """A request as it came in. `token` is the private address of its receipt, and the form it
    was sent with: sending the form twice makes one request.
    """

    __tablename__ = "quote_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    contact: Mapped[str] = mapped_column(String(120))
    company: Mapped[str] = mapped_column(String(160))
    ruc: Mapped[str | None] = mapped_column(String(11))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20))
    needs: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    attended_at: Mapped[datetime | None] = mapped_column(Moment)
    attended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    attendant: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[attended_by])
    items: Mapped[list[QuoteItem]] = relationship(lazy="raise", order_by="QuoteItem.id")


class QuoteItem(Base):
    """How many of which product, and of which plan; `label` is how both were called then."""

    __tablename__ = "quote_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("quote_requests.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("product_plans.id"))
    label: Mapped[str] = mapped_column(String(220), default="", server_default="")
    quantity: Mapped[int]

    product: Mapped[Product] = relationship(lazy="raise")
    plan: Mapped[ProductPlan | None] = relationship(lazy="raise")
