"""Asking for a quote: the form and its receipt."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all
from accounts.addresses import canonical
from accounts.permissions import Actor, may_ask_quotes
from core import clock
from core.guest_forms import PER_ADDRESS, PER_CLIENT, address_key, made_something, sent_token
from core.identifiers import normalise_phone
from core.ratelimit import limiter
from quotes import actions, queries
from quotes.forms import QuoteForm, quote_form

blueprint = Blueprint("quotes", __name__)


def _was_received() -> bool:
    return queries.by_token(sent_token()) is not None


@blueprint.get("/cotizacion")
@open_to_all
def new() -> ResponseReturnValue:
    """The form, filled in with what we know of the person."""
    form = quote_form(queries.products(), formdata=None)
    actor = current_actor()
    if actor is not None:
        _fill_in(form, actor)
    form.hand_out()
    return _page(form, actor)


@blueprint.post("/cotizacion")
@open_to_all
@limiter.limit(PER_CLIENT, deduct_when=made_something, exempt_when=_was_received)
@limiter.limit(
    PER_ADDRESS, key_func=address_key, deduct_when=made_something, exempt_when=_was_received
)
def create() -> ResponseReturnValue:
    """Receive the request and go to its receipt."""
    actor = current_actor()
    if not may_ask_quotes(actor):
        raise NotFound
    form = quote_form(queries.products())
    if not form.accepts():
        return _page(form, actor), 422
    token = str(form.token.data)
    actions.receive(_asked(form), token=token, actor=actor, now=clock.now())
    return redirect(url_for("quotes.receipt", token=token), 303)


@blueprint.get("/cotizacion/<token:token>")
@open_to_all
def receipt(token: str) -> Response:
    """What was asked, and what happens next. The address is private."""
    quote_request = queries.by_token(token)
    if quote_request is None:
        raise NotFound
    phone = normalise_phone(quote_request.phone).display
    page = render_template("quotes/receipt.html", request_=quote_request, phone=phone)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _page(form: QuoteForm, actor: Actor | None) -> str:
    return render_template("quotes/new.html", form=form, may_ask=may_ask_quotes(actor))


def _fill_in(form: QuoteForm, actor: Actor) -> None:
    form.nombre.data = actor.name
    form.correo.data = actor.email
    form.empresa.data = actor.company_name
    form.ruc.data = queries.ruc_of(actor.company_id)


def _asked(form: QuoteForm) -> actions.Asked:
    return actions.Asked(
        contact=form.nombre.data or "",
        company=form.empresa.data or "",
        ruc=form.ruc.digits,
        email=canonical(form.correo.data or ""),
        phone=form.telefono.e164,
        needs=form.telefono.with_extension((form.necesidad.data or "").strip()),
        quantities=form.quantities,
        plans=form.plans,
    )
