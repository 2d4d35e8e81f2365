"""The private address of a quote: whoever holds it reads and answers; it signs nobody in (V95)."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import open_to_all
from core import clock
from core.ratelimit import limiter
from quotes.answers import actions
from quotes.answers import pages_views as pages
from quotes.pricing.links import LinkGone, quote_behind

blueprint = Blueprint("quote_pages", __name__, url_prefix="/cotizacion/ver")
#: Of one network: an answer is given once, questions are few, a paper costs a moment to draw.
ANSWERS, PAPERS = "30 per hour", "120 per hour"


@blueprint.errorhandler(LinkGone)
def gone(_error: LinkGone) -> ResponseReturnValue:
    """The address ended, or sales withdrew it."""
    return pages.gone(_("El enlace venció o se cambió. Pídanos uno nuevo."))


def _door(token: str) -> pages.Door:
    quote_id = quote_behind(token, now=clock.now())
    return pages.door_to(quote_id, "quote_pages", token=token)


@blueprint.get("/<token:token>")
@open_to_all
def show(token: str) -> ResponseReturnValue:
    return pages.show(_door(token))


@blueprint.get("/<token:token>/pdf")
@open_to_all
@limiter.limit(PAPERS)
def pdf(token: str) -> ResponseReturnValue:
    return pages.paper_of(_door(token))


@blueprint.post("/<token:token>/aceptacion")
@open_to_all
@limiter.limit(ANSWERS)
def accept(token: str) -> ResponseReturnValue:
    return pages.accept_from(_door(token))


@blueprint.post("/<token:token>/rechazo")
@open_to_all
@limiter.limit(ANSWERS)
def decline(token: str) -> ResponseReturnValue:
    return pages.decline_from(_door(token))


@blueprint.post("/<token:token>/preguntas")
@open_to_all
@limiter.limit(ANSWERS)
def ask(token: str) -> ResponseReturnValue:
    return pages.ask_from(_door(token))


def register(app: Flask) -> None:
    """Note which offers were opened."""
    app.extensions["visits"].listeners.append(actions.record_opened)
