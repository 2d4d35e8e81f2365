"""Requests for a quote, as sales works them: in order of arrival."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_sell
from core import clock
from core.identifiers import normalise_phone
from core.web import Page, checked_page, page_number
from quotes import actions, queries
from quotes.pricing.queries import quote_of_request

blueprint = Blueprint("sales", __name__, url_prefix="/ventas")
PAGE_SIZE = 30


@blueprint.get("")
@requires(may_sell)
def index() -> str:
    """Every request, those nobody attended first."""
    number = page_number()
    rows, total = queries.requests(offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    page = checked_page(Page(rows, number, PAGE_SIZE, total))
    return render_template("sales/index.html", page=page)


@blueprint.get("/<number:request_id>")
@requires(may_sell)
def detail(request_id: int) -> str:
    """One request."""
    quote_request = queries.request_for(signed_in_actor(), request_id)
    if quote_request is None:
        raise NotFound
    phone = normalise_phone(quote_request.phone).display
    quote = quote_of_request(request_id)
    return render_template("sales/detail.html", request_=quote_request, phone=phone, quote=quote)


@blueprint.post("/<number:request_id>/atencion")
@requires(may_sell)
def attend(request_id: int) -> ResponseReturnValue:
    """Mark a request as attended."""
    try:
        actions.attend(request_id, actor=signed_in_actor(), now=clock.now())
    except LookupError:
        raise NotFound from None
    flash(_("La solicitud quedó como atendida."), "success")
    return redirect(url_for("sales.detail", request_id=request_id), 303)
