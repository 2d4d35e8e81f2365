"""The form of a product and its plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import DataRequired, Length

from core.web import Form, LineField, clean_number
from core.wording import clean_line
from quotes.catalogue.actions import PlanText, ProductText
from quotes.models import Period, Product, ProductPlan
from quotes.money import MoneyRefused, parse_money, plain_amount
from quotes.refusal_words import money_refusal

MOST_PLANS = 30
#: Empty rows to write new plans in.
SPARE = 3
_KEYS = ("plan_id", "plan_nombre", "plan_periodo", "plan_pen", "plan_usd")


class ProductForm(Form):
    """A product without its plans."""

    nombre = LineField(
        _l("Nombre"),
        [DataRequired(_l("Escriba el nombre.")), Length(max=120)],
        render_kw={"maxlength": 120},
    )
    grupo = LineField(
        _l("Grupo"),
        [Length(max=80)],
        render_kw={"maxlength": 80, "list": "grupos", "autocomplete": "off"},
    )
    descripcion = LineField(_l("Descripción"), [Length(max=300)], render_kw={"maxlength": 300})
    revision = HiddenField()

    def show(self, product: Product) -> None:
        """Fill it in with what is stored."""
        self.nombre.data, self.grupo.data = product.name, product.group
        self.descripcion.data = product.description
        self.revision.data = str(product.revision)

    def text(self, plans: Sequence[PlanText]) -> ProductText:
        return ProductText(
            self.nombre.data or "", self.descripcion.data or "", self.grupo.data or "", plans
        )


@dataclass
class PlanRow:
    """One row as it was typed; `errors` by column."""

    plan_id: str = ""
    name: str = ""
    period: str = Period.MONTHLY.value
    pen: str = ""
    usd: str = ""
    is_public: bool = False
    is_retired: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.plan_id or self.name or self.pen or self.usd)


def rows_of(plans: Sequence[ProductPlan]) -> list[PlanRow]:
    """The rows of stored plans, and empty ones."""
    rows = [
        PlanRow(
            str(plan.id), plan.name, plan.period, _shown(plan.price_pen), _shown(plan.price_usd),
            plan.public_at is not None, plan.retired_at is not None,
        )
        for plan in plans
    ]  # fmt: skip
    return with_spare(rows)


def with_spare(rows: list[PlanRow]) -> list[PlanRow]:
    """The rows that say something, and empty ones below."""
    kept = [row for row in rows if not row.is_blank]
    return kept + [PlanRow() for _n in range(min(SPARE, MOST_PLANS - len(kept)))]


def typed_rows(form: MultiDict[str, str]) -> list[PlanRow]:
    """The rows that were sent, in their order."""
    columns = [[clean_line(text, 1000) for text in form.getlist(key)] for key in _KEYS]
    shown, gone = set(form.getlist("publico")), set(form.getlist("retirado"))
    rows = []
    for place, (plan_id, name, period, pen, usd) in enumerate(zip(*columns, strict=False)):
        wanted = period if period in set(Period) else Period.MONTHLY.value
        row = PlanRow(plan_id, name, wanted, pen, usd, str(place) in shown, str(place) in gone)
        rows.append(row)
    return rows


def plans_in(rows: Sequence[PlanRow]) -> list[PlanText]:
    """The plans that the rows say; what is wrong is noted in the rows."""
    return [_plan(row) for row in rows if not row.is_blank]


def _plan(row: PlanRow) -> PlanText:
    if not row.name:
        row.errors["name"] = _("Escriba el nombre del plan.")
    elif len(row.name) > 80:
        row.errors["name"] = _("Use hasta 80 caracteres.")
    prices = {key: _price(row, key) for key in ("pen", "usd")}
    return PlanText(
        clean_number(row.plan_id), row.name, row.period, prices["pen"], prices["usd"],
        row.is_public, row.is_retired,
    )  # fmt: skip


def _price(row: PlanRow, key: str) -> int | None:
    text: str = getattr(row, key)
    if not text:
        return None
    try:
        return parse_money(text)
    except MoneyRefused as refused:
        row.errors[key] = money_refusal(refused)
        return None


def row_errors(rows: Sequence[PlanRow]) -> list[tuple[str, str]]:
    """(id of the control, words) for the summary on top."""
    found = [
        (f"plan-{place}-{key}", text)
        for place, row in enumerate(rows)
        for key, text in row.errors.items()
    ]
    if len([row for row in rows if not row.is_blank]) > MOST_PLANS:
        found.append(
            ("plan-0-name", _("Un producto tiene hasta %(most)s planes.", most=MOST_PLANS))
        )
    return found


def _shown(cents: int | None) -> str:
    return "" if cents is None else plain_amount(cents)
