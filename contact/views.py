"""Ways to talk to us: being called, and the chat's door."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all
from accounts.permissions import Actor, may_use_tickets
from contact import actions, queries
from contact.forms import CallForm, part_of_day_label
from core import clock
from core.guest_forms import PER_CLIENT, made_something, sent_token
from core.identifiers import normalise_phone
from core.pagecache import cacheable
from core.ratelimit import limiter
from tickets.places import Placed, open_tickets_with_place

blueprint = Blueprint("contact", __name__)


def _was_received() -> bool:
    return queries.by_token(sent_token()) is not None


@blueprint.get("/llamada")
@open_to_all
def callback() -> str:
    """The telephone, and the form to be called."""
    form = CallForm(formdata=None)
    actor = current_actor()
    if actor is not None:
        form.nombre.data = actor.name
    form.hand_out()
    return _page(form, actor)


@blueprint.post("/llamada")
@open_to_all
@limiter.limit(PER_CLIENT, deduct_when=made_something, exempt_when=_was_received)
def create() -> ResponseReturnValue:
    """Receive the request and go to its receipt."""
    form = CallForm()
    if not form.accepts():
        return _page(form, current_actor()), 422
    token = str(form.token.data)
    actions.receive(_asked(form), token=token, actor=current_actor(), now=clock.now())
    return redirect(url_for("contact.receipt", token=token), 303)


@blueprint.get("/llamada/<token:token>")
@open_to_all
def receipt(token: str) -> Response:
    """What was asked, and what happens next. The address is private."""
    call = queries.by_token(token)
    if call is None:
        raise NotFound
    page = render_template(
        "contact/receipt.html",
        call=call,
        phone=normalise_phone(call.phone).display,
        part_of_day=part_of_day_label(call.part_of_day),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/chat")
@open_to_all
@cacheable
def chat() -> str:
    """The door of the chat, which leads to the other ways while nobody attends it."""
    return render_template("contact/chat.html", tickets=_open_tickets(current_actor()))


def _page(form: CallForm, actor: Actor | None) -> str:
    tickets = _open_tickets(actor)
    return render_template("contact/callback.html", form=form, tickets=tickets)


def _open_tickets(actor: Actor | None) -> Sequence[Placed]:
    # While a ticket is open, everything about it goes through the ticket (R7).
    return open_tickets_with_place(actor, limit=5) if actor and may_use_tickets(actor) else ()


def _asked(form: CallForm) -> actions.CallAsked:
    return actions.CallAsked(
        name=form.nombre.data or "",
        phone=form.telefono.e164,
        part_of_day=form.momento.data or "",
        matter=(form.asunto.data or "").strip(),
    )
