"""Asking to be called: the form, which looks for an open ticket first, and its private receipt."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

import conditions.queries
from accounts.access import current_actor, open_to_all
from accounts.permissions import Actor, may_authorise_access, may_open, may_use_tickets
from contact.calls import actions, queries
from contact.calls.forms import CallForm, ChangeForm
from contact.calls.models import CallRequest
from contact.calls.policy import subject_of
from contact.calls.queries import Receipt
from contact.calls.threads import About
from contact.calls.words import thread_text
from core import clock
from core.errors import error_page
from core.guest_forms import PER_ADDRESS, PER_CLIENT, made_something, sent_token
from core.identifiers import IdentifierRefused, normalise_phone
from core.ratelimit import limiter
from core.tokens import token_hash
from core.web import clean_number
from tickets import places, refusals
from tickets.lifecycle import StepNotAllowed
from tickets.policy import Policy, Typology

#: Changes of one request, from one network.
CHANGES = "20 per hour"


def add_routes(blueprint: Blueprint) -> None:
    """The addresses of calls on the blueprint of the ways to talk to us."""
    add = blueprint.add_url_rule
    add("/llamada", "callback", callback, methods=["GET"])
    add("/llamada", "create", create, methods=["POST"])
    add("/llamada/<token:token>", "receipt", receipt, methods=["GET"])
    add("/llamada/<token:token>/cambios", "change", change, methods=["POST"])
    add("/llamada/<token:token>/retiro", "withdraw", withdraw, methods=["POST"])


def _was_received() -> bool:
    return queries.was_received(sent_token())


def _is_known() -> bool:
    # Customers say who they are: the limit by number keeps strangers from filling a list.
    return _was_received() or current_actor() is not None


def _number_key() -> str:
    """The key of limits by number: a hash, so that no table lists numbers."""
    typed = request.form.get("telefono", "")
    try:
        return token_hash(normalise_phone(typed).e164)
    except IdentifierRefused:
        return token_hash(typed[:80])


@open_to_all
def callback() -> str:
    """The telephone, and the form to be called."""
    actor = current_actor()
    asked = clean_number(request.args.get("ticket"))
    waiting = queries.waiting_of(actor)
    form = _offered(CallForm(formdata=None), actor, asked)
    _fill_in(form, actor, waiting, asked)
    form.hand_out()
    return _page(form, actor, waiting)


def callback_with(name: str, matter: str) -> str:
    """The form to be called, with what somebody typed elsewhere filled in."""
    actor = current_actor()
    waiting = queries.waiting_of(actor)
    form = _offered(CallForm(formdata=None), actor)
    _fill_in(form, actor, waiting, None)
    form.nombre.data = form.nombre.data or name
    form.asunto.data = matter
    form.hand_out()
    return _page(form, actor, waiting)


def _fill_in(
    form: CallForm, actor: Actor | None, waiting: CallRequest | None, asked: int | None
) -> None:
    known = [value for value, _words in form.sobre.choices]
    if actor is not None:
        form.nombre.data = actor.name
    if waiting is not None:
        form.telefono.data = waiting.phone
        form.momento.data = waiting.part_of_day
        asked = asked or next((one.ticket_number for one in waiting.joined), None)
    form.sobre.data = str(asked) if str(asked) in known else None


@open_to_all
@limiter.limit(PER_CLIENT, deduct_when=made_something, exempt_when=_was_received)
@limiter.limit(PER_ADDRESS, key_func=_number_key, deduct_when=made_something, exempt_when=_is_known)
def create() -> ResponseReturnValue:
    """Receive the request and go to its receipt."""
    actor, sent = current_actor(), clean_number(request.form.get("sobre"))
    form = _offered(CallForm(), actor, sent)
    if _was_received():
        return redirect(url_for("contact.receipt", token=sent_token()), 303)
    if not form.accepts():
        return _page(form, actor, queries.waiting_of(actor)), 422
    token = str(form.token.data)
    try:
        _receive(form, token, actor)
    except (refusals.NotAllowed, refusals.ConditionsChanged, StepNotAllowed) as refused:
        _say_why(form, refused)
        return _page(_offered(form, actor), actor, queries.waiting_of(actor)), 409
    return redirect(url_for("contact.receipt", token=token), 303)


def _receive(form: CallForm, token: str, actor: Actor | None) -> None:
    asked = actions.CallAsked(
        name=form.nombre.data or "",
        phone=form.telefono.e164,
        part_of_day=form.momento.data or "",
        matter=form.telefono.with_extension((form.asunto.data or "").strip()),
    )
    about = _about(form, asked, actor)
    actions.receive(asked, token=token, actor=actor, about=about, now=clock.now())


def _say_why(form: CallForm, refused: Exception) -> None:
    if isinstance(refused, refusals.ConditionsChanged):
        form.form_errors.append(
            _("Las condiciones cambiaron mientras escribía. Léalas abajo y vuelva a enviar.")
        )
        return
    form.sobre.data = None
    form.sobre.errors = [_("Ese ticket ya no está abierto. Elija otra vez.")]


def _offered(form: CallForm, actor: Actor | None, asked: int | None = None) -> CallForm:
    if actor is None or not may_use_tickets(actor):
        form.offer((), (), None)
        return form
    policy = places.current_policy()
    opens = [code for code in policy.affections if _may_open(actor, policy, code)]
    form.offer(queries.tickets_to_choose(actor, asked), opens, policy)
    return form


def _may_open(actor: Actor, policy: Policy, code: str) -> bool:
    found = policy.affections.get(code)
    return found is not None and may_open(actor, incident=found.typology == Typology.INCIDENT)


def _about(form: CallForm, asked: actions.CallAsked, actor: Actor | None) -> About | None:
    """Where a customer's request belongs; None for a call that stays a call."""
    if actor is None or not may_use_tickets(actor):
        return None
    text = thread_text(asked.phone, asked.part_of_day, asked.matter, actor.locale)
    if form.number is not None:
        return About(text, number=form.number)
    if not _may_open(actor, places.current_policy(), form.afeccion.data or ""):
        return None
    return About(
        text,
        subject=subject_of(asked.matter),
        affection=form.afeccion.data,
        shown=form.condiciones.data,
        address=request.remote_addr or "",
    )


def _page(form: CallForm, actor: Actor | None, waiting: CallRequest | None) -> str:
    authorises = actor is not None and may_authorise_access(actor, company_id=actor.company_id or 0)
    return render_template(
        "contact/callback.html",
        form=form,
        waiting=waiting,
        conditions=conditions.queries.current() if form.afeccion.choices else None,
        authorises=authorises,
    )


@open_to_all
def receipt(token: str) -> ResponseReturnValue:
    """What was asked, where it stands, and what happens next. The address is private."""
    found = queries.receipt_of(token)
    if found is None:
        raise NotFound
    form = ChangeForm(formdata=None, momento=found.call.part_of_day)
    form.hand_out()
    return _receipt_page(found, form)


def _receipt_page(found: Receipt, form: ChangeForm, status: int = 200) -> Response:
    actor, call = current_actor(), found.call
    page = render_template(
        "contact/receipt.html" if found.addition is None else "contact/added.html",
        call=call,
        addition=found.addition,
        form=form,
        tickets=queries.seen_tickets(actor, call),
        may_change=queries.may_change(actor, call) and call.waits,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@open_to_all
@limiter.limit(CHANGES, deduct_when=made_something)
def change(token: str) -> ResponseReturnValue:
    """Another part of the day, or more of the matter."""
    found, form = _changeable(token), ChangeForm()
    if not form.accepts():
        return _receipt_page(found, form, 422)
    try:
        actions.change(
            found.call.token,
            part_of_day=form.momento.data,
            matter=(form.asunto.data or "").strip(),
            form_id=str(form.token.data),
            actor=current_actor(),
            now=clock.now(),
        )
    except actions.NotWaitingError:
        return _say_it_ended()
    flash(_("Su pedido quedó cambiado. Conserva su lugar en la lista."), "success")
    return redirect(url_for("contact.receipt", token=found.call.token), 303)


@open_to_all
def withdraw(token: str) -> ResponseReturnValue:
    """«Ya no hace falta»."""
    try:
        actions.withdraw(token, actor=current_actor(), now=clock.now())
    except LookupError:
        raise NotFound from None
    except actions.NotWaitingError:
        return _say_it_ended()
    flash(_("Retiró su pedido. Ya no lo llamaremos por esto."), "success")
    return redirect(url_for("contact.receipt", token=token), 303)


def _changeable(token: str) -> Receipt:
    found = queries.receipt_of(token)
    if found is None or found.addition is not None:
        raise NotFound
    if not queries.may_change(current_actor(), found.call):
        raise NotFound
    return found


def _say_it_ended() -> ResponseReturnValue:
    return error_page(409, text=_("Ese pedido ya se atendió o se retiró. Pida otra llamada."))
