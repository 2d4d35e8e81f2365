"""The pages of the catalogue, for sales."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_sell
from core import clock
from core.web import clean_number
from quotes.catalogue import actions, queries
from quotes.catalogue.forms import (
    MOST_PLANS,
    PlanRow,
    ProductForm,
    plans_in,
    row_errors,
    rows_of,
    typed_rows,
    with_spare,
)
from quotes.models import Period, Product

blueprint = Blueprint("catalogue", __name__, url_prefix="/ventas/productos")


@blueprint.get("")
@requires(may_sell)
def index() -> str:
    """What is offered, or what is not any more."""
    retired = request.args.get("estado") == "retirados"
    groups: dict[str, list[Product]] = {}
    for product in queries.catalogue(retired=retired):
        groups.setdefault(product.group, []).append(product)
    return render_template(
        "catalogue/index.html", groups=groups, retired=retired, counts=queries.counts()
    )


@blueprint.get("/nuevo")
@requires(may_sell)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _page(ProductForm(formdata=None), with_spare([]), None)


@blueprint.post("/nuevo")
@requires(may_sell)
def create() -> ResponseReturnValue:
    """Store a new product."""
    return _save(None)


@blueprint.get("/<number:product_id>")
@requires(may_sell)
def edit(product_id: int) -> ResponseReturnValue:
    """The product as it is."""
    product = _product_or_404(product_id)
    form = ProductForm(formdata=None)
    form.show(product)
    return _page(form, rows_of(product.plans), product)


@blueprint.post("/<number:product_id>")
@requires(may_sell)
def change(product_id: int) -> ResponseReturnValue:
    """Store the product."""
    return _save(_product_or_404(product_id))


@blueprint.post("/<number:product_id>/retiro")
@requires(may_sell)
def retire(product_id: int) -> ResponseReturnValue:
    """Offer it no more."""
    _product_or_404(product_id)
    actions.retire(actor=signed_in_actor(), product_id=product_id, now=clock.now())
    flash(_("Retirado. Ya no se ofrece; lo cotizado queda igual."), "success")
    return redirect(url_for("catalogue.index"), 303)


@blueprint.post("/<number:product_id>/regreso")
@requires(may_sell)
def bring_back(product_id: int) -> ResponseReturnValue:
    """Offer it again."""
    _product_or_404(product_id)
    actions.bring_back(actor=signed_in_actor(), product_id=product_id, now=clock.now())
    flash(_("De nuevo en el catálogo."), "success")
    return redirect(url_for("catalogue.index"), 303)


@blueprint.post("/<number:product_id>/lugar")
@requires(may_sell)
def move(product_id: int) -> ResponseReturnValue:
    """One place up or down, alone or with its group."""
    up, whole = (request.form.get(key) == value for key, value in _PLACES)
    try:
        actions.move(
            actor=signed_in_actor(), product_id=product_id, up=up, whole_group=whole,
            now=clock.now(),
        )  # fmt: skip
    except LookupError:
        raise NotFound from None
    return redirect(url_for("catalogue.index"), 303)


_PLACES = (("hacia", "arriba"), ("que", "grupo"))


def _save(product: Product | None) -> ResponseReturnValue:
    form, rows = ProductForm(), typed_rows(request.form)
    plans = plans_in(rows)
    if not form.validate() or row_errors(rows):
        return _page(form, rows, product, status=422)
    try:
        actions.save_product(
            actor=signed_in_actor(),
            text=form.text(plans),
            product_id=product.id if product else None,
            revision=clean_number(form.revision.data) or 0,
            now=clock.now(),
        )
    except actions.Changed:
        # Saving from this page stores one's text over the one shown beside it, knowingly.
        stored = _product_or_404(product.id if product else 0)
        form.revision.data = str(stored.revision)
        return _page(form, rows, stored, conflict=True, status=409)
    flash(_("Guardado. Vale para cotizaciones nuevas."), "success")
    return redirect(url_for("catalogue.index"), 303)


def _page(
    form: ProductForm,
    rows: list[PlanRow],
    product: Product | None,
    *,
    conflict: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "catalogue/edit.html",
        form=form,
        rows=rows if len(rows) > MOST_PLANS else with_spare(rows),
        product=product,
        conflict=conflict,
        errors=row_errors(rows),
        groups=queries.group_names(),
        periods=list(Period),
    )
    return page, status


def _product_or_404(product_id: int) -> Product:
    product = queries.product_for(signed_in_actor(), product_id)
    if product is None:
        raise NotFound
    return product
