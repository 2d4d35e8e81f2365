"""Writing a quote: begin it, its form, every button of which works without a script."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_sell
from core import clock
from core.protection import accepts, accepts_fields
from core.tokens import new_token
from core.web import clean_number
from quotes import queries as request_queries
from quotes import terms
from quotes.catalogue.queries import offered_plans
from quotes.lifecycle import Step, StepRefused, may
from quotes.models import QuoteRequest
from quotes.money import Currency, MoneyRefused, plain_amount
from quotes.policy import MAX_LINES, Discount, Line
from quotes.pricing import drafting, queries
from quotes.pricing.forms import HeadForm, line_error, line_errors, typed_lines
from quotes.pricing.list_desk import today
from quotes.pricing.models import Quote, QuoteVersion
from quotes.pricing.pieces import Changed, read_of
from quotes.pricing.sheet import (
    Read,
    Reading,
    Typed,
    arranged,
    parse_discount,
    read_lines,
    typed_of,
)
from quotes.refusal_words import whole_refusal

blueprint = Blueprint("pricing_edit", __name__, url_prefix="/ventas")
#: 200 lines of five fields, with long descriptions.
FORM_BYTES, FORM_FIELDS = 1_500_000, 1_500


@blueprint.post("/<number:request_id>/cotizacion")
@requires(may_sell)
def begin(request_id: int) -> ResponseReturnValue:
    """Begin a quote from a request, its lines priced from the catalogue."""
    actor = signed_in_actor()
    asked = request_queries.request_for(actor, request_id)
    if asked is None:
        raise NotFound
    currency = request.form.get("moneda", "")
    text = _text_of_request(asked, currency if currency in set(Currency) else Currency.PEN.value)
    quote_id = drafting.begin(
        actor=actor, text=text, form_id="", request_id=request_id, now=clock.now()
    )
    return redirect(url_for("pricing_edit.edit", quote_id=quote_id), 303)


@blueprint.get("/cotizaciones/nueva")
@requires(may_sell)
def new() -> ResponseReturnValue:
    """A quote without a request."""
    form = HeadForm(formdata=None)
    form.formulario.data, form.condiciones.data = new_token(), terms.load().conditions
    form.vence.data = today() + timedelta(days=terms.load().valid_days)
    return _page(form, [Typed()], None, None)


@blueprint.post("/cotizaciones/nueva")
@requires(may_sell)
@accepts(FORM_BYTES)
@accepts_fields(FORM_FIELDS)
def create() -> ResponseReturnValue:
    """Store a new draft, or do what another button says."""
    form, rows = HeadForm(), typed_lines(request.form)
    if (arranging := _arranging(form, rows, None)) is not None:
        return arranging
    reading = _read(form, rows)
    if not form.validate() or not reading.is_right:
        return _page(form, rows, None, reading, status=422)
    quote_id = drafting.begin(
        actor=signed_in_actor(), text=form.text(reading.lines),
        form_id=form.formulario.data or new_token(), now=clock.now(),
    )  # fmt: skip
    flash(_("Borrador guardado."), "success")
    return redirect(url_for("pricing.detail", quote_id=quote_id), 303)


@blueprint.get("/cotizaciones/<number:quote_id>/edicion")
@requires(may_sell)
def edit(quote_id: int) -> ResponseReturnValue:
    """The draft as it is stored; what was sent has no form."""
    quote, version = _draft_or_404(quote_id)
    if not may(version.state(today()), Step.EDIT):
        return redirect(url_for("pricing.detail", quote_id=quote_id), 302)
    form = HeadForm(formdata=None)
    form.show(version)
    rows = [typed_of(read_of(line)) for line in version.lines] or [Typed()]
    return _page(form, rows, quote, _read(form, rows, version.whole_discount))


@blueprint.post("/cotizaciones/<number:quote_id>/edicion")
@requires(may_sell)
@accepts(FORM_BYTES)
@accepts_fields(FORM_FIELDS)
def save(quote_id: int) -> ResponseReturnValue:
    """Store the draft, or do what another button says."""
    quote, _version = _draft_or_404(quote_id)
    form, rows = HeadForm(), typed_lines(request.form)
    if (arranging := _arranging(form, rows, quote)) is not None:
        return arranging
    reading = _read(form, rows)
    if not form.validate() or not reading.is_right:
        return _page(form, rows, quote, reading, status=422)
    return _saved(form, rows, quote, reading)


def _saved(
    form: HeadForm, rows: list[Typed], quote: Quote, reading: Reading
) -> ResponseReturnValue:
    try:
        drafting.save_draft(
            actor=signed_in_actor(), quote_id=quote.id, text=form.text(reading.lines),
            revision=clean_number(form.revision.data) or 0, now=clock.now(),
        )  # fmt: skip
    except (Changed, StepRefused) as refused:
        _quote, stored = _draft_or_404(quote.id)
        # Saving from this page stores one's text over the one shown beside it, knowingly.
        form.revision.data = str(stored.revision)
        gone = stored if isinstance(refused, StepRefused) else None
        return _page(form, rows, quote, reading, stored=stored, gone=gone, status=409)
    flash(_("Borrador guardado."), "success")
    return redirect(url_for("pricing.detail", quote_id=quote.id), 303)


def _arranging(
    form: HeadForm, rows: list[Typed], quote: Quote | None
) -> ResponseReturnValue | None:
    """The same page after a button that stores nothing; None for the one that stores."""
    verb, _sep, place = request.form.get("accion", "guardar").partition("-")
    if verb == "guardar":
        return None
    if verb == "producto":
        rows = _with_plan(form, rows)
    else:
        rows = arranged(rows, verb, int(place) if place.isascii() and place.isdigit() else -1)
    form.validate()
    reading = _read(form, rows)
    if verb != "vista":
        # Whoever moves lines about is not done typing: what is missing is said when they save.
        for row in rows:
            row.errors.clear()
        form.descuento_total.errors = ()
    return _page(form, rows, quote, reading, quiet=verb != "vista")


def _with_plan(form: HeadForm, rows: list[Typed]) -> list[Typed]:
    wanted = clean_number(request.form.get("producto"))
    kept = [row for row in rows if not row.is_blank]
    for plan in offered_plans():
        if plan.id == wanted and len(kept) < MAX_LINES:
            price = plan.price(form.moneda.data or "")
            shown = "" if price is None else plain_amount(price)
            kept.append(Typed(plan.title[:300], "1", shown, "", str(plan.id)))
    return kept or [Typed()]


def _read(form: HeadForm, rows: list[Typed], discount: Discount | None = None) -> Reading:
    if discount is None:
        discount = _typed_discount(form)
        known = {plan.id for plan in offered_plans()} if any(row.plan_id for row in rows) else set()
        for row in rows:
            # Where a price came from; the number of something else is no reason to fail.
            row.plan_id = row.plan_id if clean_number(row.plan_id) in known else ""
    return read_lines(rows, discount=discount, tax_points=terms.load().tax_points)


def _typed_discount(form: HeadForm) -> Discount:
    try:
        return parse_discount(form.descuento_total.data or "")
    except MoneyRefused:
        return Discount()


def _page(
    form: HeadForm,
    rows: list[Typed],
    quote: Quote | None,
    reading: Reading | None,
    *,
    stored: QuoteVersion | None = None,
    gone: QuoteVersion | None = None,
    quiet: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    errors = [] if quiet else line_errors(rows)
    if reading and reading.refused not in {"", "rows"} and not quiet:
        errors.append(("linea-0-description", whole_refusal(reading.refused)))
    page = render_template(
        "pricing/edit.html",
        form=form,
        rows=rows or [Typed()],
        quote=quote,
        totals=reading.totals if reading else None,
        nets=list(reading.totals.nets) if reading and reading.totals else [],
        errors=errors,
        line_error=line_error,
        plans=offered_plans(),
        terms=terms.load(),
        stored=stored,
        gone=gone,
        quiet=quiet,
        most_lines=MAX_LINES,
    )
    return page, status


def _text_of_request(asked: QuoteRequest, currency: str) -> drafting.QuoteText:
    known = terms.load()
    lines = [
        Read(item.label or item.product.name, Line(item.quantity, price or 0), item.plan_id)
        for item in asked.items
        for price in [item.plan.price(currency) if item.plan else None]
    ]
    if read_lines([typed_of(one) for one in lines], discount=Discount(), tax_points=0).refused:
        # More than a quote can come to: the prices are left to whoever writes it.
        lines = [Read(one.description, Line(one.line.quantity, 0), one.plan_id) for one in lines]
    return drafting.QuoteText(
        currency=currency,
        contact=asked.contact,
        email=asked.email,
        phone=asked.phone,
        customer=asked.company,
        ruc=asked.ruc,
        valid_until=today() + timedelta(days=known.valid_days),
        conditions=known.conditions,
        lines=lines[:MAX_LINES],
    )


def _draft_or_404(quote_id: int) -> tuple[Quote, QuoteVersion]:
    quote = queries.quote_for(signed_in_actor(), quote_id)
    if quote is None:
        raise NotFound
    return quote, next(one for one in queries.versions(quote_id) if one.is_latest)
