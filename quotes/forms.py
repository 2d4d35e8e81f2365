"""The form of a request for a quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from accounts.guest_forms import MailField, NameField
from core.guest_forms import GuestForm, PhoneField
from core.web import LineField, TextField
from quotes.models import Product, ProductPlan
from quotes.ruc_forms import RucField
from quotes.words import plan_title

MOST = 9999
NEEDS_LENGTH = 5_000
_QUANTITY = re.compile(r"[0-9]{1,4}")


class QuantityField(StringField):
    """How many of a product: empty, or a whole number from 1 to `MOST`."""

    def __init__(self, product: Product, plan: ProductPlan | None = None, **kwargs: Any) -> None:
        super().__init__(plan_title(plan) if plan else product.name, **kwargs)
        self.product = product
        self.plan = plan

    @property
    def quantity(self) -> int | None:
        text = (self.data or "").strip()
        return int(text) if _QUANTITY.fullmatch(text) else None

    def pre_validate(self, form: object) -> None:
        if (self.data or "").strip() and not self.quantity:
            raise ValidationError(
                _("Escriba un número entero de 1 a %(most)s, o déjelo vacío.", most=MOST)
            )


@dataclass(frozen=True)
class Group:
    """Products that are shown together."""

    name: str
    fields: Sequence[QuantityField]


class QuoteForm(GuestForm):
    """Who asks and what for; `quote_form` adds a field for each product."""

    nombre = NameField()
    correo = MailField()
    telefono = PhoneField(_l("Su teléfono"))
    empresa = LineField(
        _l("Su empresa"),
        [Length(max=160, message=_l("Use hasta 160 caracteres."))],
        render_kw={"autocomplete": "organization", "maxlength": 160},
    )
    ruc = RucField()
    necesidad = TextField(
        _l("¿Qué necesita?"),
        [Length(max=NEEDS_LENGTH, message=_l("Use hasta 5000 caracteres."))],
        render_kw={"rows": 6},
    )

    @property
    def quantity_fields(self) -> Sequence[QuantityField]:
        return [field for field in self if isinstance(field, QuantityField)]

    @property
    def groups(self) -> list[Group]:
        """The quantities by group of products, in the order of the price list."""
        groups: dict[str, list[QuantityField]] = {}
        for field in self.quantity_fields:
            groups.setdefault(field.product.group, []).append(field)
        return [Group(name, fields) for name, fields in groups.items()]

    @property
    def quantities(self) -> dict[int, int]:
        """Ids of products without plans and how many of each, those nobody asked for left out."""
        fields = self.quantity_fields
        return {f.product.id: f.quantity for f in fields if f.quantity and f.plan is None}

    @property
    def plans(self) -> dict[int, int]:
        """Ids of plans and how many of each."""
        return {f.plan.id: f.quantity for f in self.quantity_fields if f.quantity and f.plan}

    @property
    def _asks(self) -> bool:
        return any(f.quantity for f in self.quantity_fields)

    def validate_necesidad(self, field: TextField) -> None:
        has_problem = any(f.errors for f in self.quantity_fields)
        if not (field.data or "").strip() and not self._asks and not has_problem:
            raise ValidationError(
                _("Ponga la cantidad de al menos un producto, o cuéntenos qué necesita.")
            )


def quote_form(products: Sequence[Product], **kwargs: Any) -> QuoteForm:
    """The form with a quantity for each of `products`, named `cantidad-<slug>`, or for each of
    its plans, named `cantidad-<slug>-<id>`.
    """
    fields = {}
    for product in products:
        plans = [plan for plan in product.plans if plan.retired_at is None]
        for plan in [*plans] if plans else [None]:
            ending = f"-{plan.id}" if plan else ""
            fields[f"cantidad_{product.id}{ending}"] = QuantityField(
                product=product,
                plan=plan,
                name=f"cantidad-{product.slug}{ending}",
                render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4},
            )
    form: QuoteForm = type("ProductsForm", (QuoteForm,), fields)(**kwargs)
    return form
