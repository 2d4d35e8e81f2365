"""A signed-in customer's quotes: the list, and each with what its private address can do."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_ask_quotes, may_have_quotes
from core import clock
from core.ratelimit import limiter
from core.web import Page, checked_page, page_number
from quotes.answers import pages_views as pages
from quotes.answers import queries
from quotes.answers.views import ANSWERS, PAPERS

blueprint = Blueprint("own_quotes", __name__, url_prefix="/cotizaciones")
PAGE_SIZE = 20


def _door(quote_id: int) -> pages.Door:
    known = queries.own_quote_id(signed_in_actor(), quote_id)
    return pages.door_to(known, "own_quotes", quote_id=quote_id)


@blueprint.get("")
@requires(may_have_quotes)
def index() -> str:
    """What was sent to this person, or to the company."""
    actor, number = signed_in_actor(), page_number()
    rows, total = queries.own_quotes(actor, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render_template(
        "answers/index.html",
        page=checked_page(Page(rows, number, PAGE_SIZE, total)),
        requests=queries.own_requests(actor) if number == 1 else [],
        may_ask=may_ask_quotes(actor),
        today=clock.in_lima(clock.now()).date(),
    )


@blueprint.get("/<number:quote_id>")
@requires(may_have_quotes)
def show(quote_id: int) -> ResponseReturnValue:
    return pages.show(_door(quote_id))


@blueprint.get("/<number:quote_id>/pdf")
@requires(may_have_quotes)
@limiter.limit(PAPERS)
def pdf(quote_id: int) -> ResponseReturnValue:
    return pages.paper_of(_door(quote_id))


@blueprint.post("/<number:quote_id>/aceptacion")
@requires(may_have_quotes)
@limiter.limit(ANSWERS)
def accept(quote_id: int) -> ResponseReturnValue:
    return pages.accept_from(_door(quote_id))


@blueprint.post("/<number:quote_id>/rechazo")
@requires(may_have_quotes)
@limiter.limit(ANSWERS)
def decline(quote_id: int) -> ResponseReturnValue:
    return pages.decline_from(_door(quote_id))


@blueprint.post("/<number:quote_id>/preguntas")
@requires(may_have_quotes)
@limiter.limit(ANSWERS)
def ask(quote_id: int) -> ResponseReturnValue:
    return pages.ask_from(_door(quote_id))
