"""Products and requests for a quote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from core.db import Base, Moment


class Product(Base):
    """Something the company sells. It can be asked for while `retired_at` is empty."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    group: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


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
    """How many of which product."""

    __tablename__ = "quote_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("quote_requests.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]

    product: Mapped[Product] = relationship(lazy="raise")
