"""What the page of an offer does, whichever door its reader came through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

import conditions.queries
from accounts.access import current_actor
from accounts.permissions import Actor, may_authorise_access
from core import clock, visits
from core.errors import error_page
from core.tokens import new_token
from quotes.answers import actions, queries
from quotes.answers.forms import AcceptForm, AnswerBase, DeclineForm, QuestionForm
from quotes.answers.queries import Offer
from quotes.answers.talk import goes_to_ticket, is_live, may_talk
from quotes.lifecycle import READABLE, State, Step, StepRefused, may
from quotes.paper import views as paper
from quotes.words import state_label
from tickets.refusals import ConditionsChanged


@dataclass(frozen=True)
class Door:
    """The offer somebody may read, and the addresses of its page: a blueprint and what names
    the offer in it."""

    offer: Offer
    blueprint: str
    key: Mapping[str, Any]

    def url(self, name: str) -> str:
        return url_for(f"{self.blueprint}.{name}", **self.key)


def door_to(quote_id: int | None, blueprint: str, /, **key: Any) -> Door:
    """Raises NotFound for what is not there, or not for this reader."""
    offer = None
    if quote_id is not None:
        offer = queries.offer(quote_id, today=clock.in_lima(clock.now()).date())
    if offer is None:
        raise NotFound
    return Door(offer, blueprint, key)


def private(response: Response) -> Response:
    """Headers of a page that only whoever holds its address may read (V72)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def gone(words: str) -> ResponseReturnValue:
    """410, and whom to ask."""
    answer = error_page(410, title=_("Esta cotización ya no está disponible"), text=words)
    return private(make_response(answer))


def show(door: Door) -> ResponseReturnValue:
    """The offer."""
    actor = current_actor()
    if door.offer.state in READABLE and (actor is None or actor.is_customer):
        visits.note(k="quote", o=door.offer.version.id)
    return page(door)


def page(
    door: Door,
    *,
    accept: AcceptForm | None = None,
    decline: DeclineForm | None = None,
    question: QuestionForm | None = None,
    refused: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page, with the form that was not right; of what was withdrawn nothing is shown."""
    if door.offer.state not in READABLE:
        return _withdrawn()
    actor = current_actor()
    accept = accept or AcceptForm(formdata=None, nombre=actor.name if actor else "")
    question = question or QuestionForm(formdata=None)
    decline = decline or DeclineForm(formdata=None, prefix="")
    for form in (accept, question, decline):
        form.version.data = str(door.offer.version.version)
    # What changed meanwhile is agreed to anew.
    accept.conforme.data = accept.conforme.data and not refused
    accept.condiciones.data = str(conditions.queries.current_version())
    question.hand_out()
    rendered = render_template(
        "answers/show.html",
        door=door,
        offer=door.offer,
        version=door.offer.version,
        quote=door.offer.quote,
        may_answer=may(door.offer.state, Step.ACCEPT),
        refused=refused,
        new_form=new_token(),
        accept_form=accept,
        decline_form=decline,
        question_form=question,
        **_talk_of(door.offer, actor),
    )
    return private(make_response(rendered, status))


def _talk_of(offer: Offer, actor: Actor | None) -> dict[str, Any]:
    """Where what this reader says goes, and what accepting means for them."""
    has_ticket = is_live(offer.quote.ticket_number)
    company_id = (actor.company_id if actor else None) or 0
    return {
        "opens_ticket": may_talk(actor, offer.quote, offer.version) and not has_ticket,
        "in_ticket": goes_to_ticket(actor, offer.quote, offer.version),
        "is_theirs": queries.is_theirs(actor, offer.quote, offer.version),
        "authorises": may_authorise_access(actor, company_id=company_id),
    }


def accept_from(door: Door) -> ResponseReturnValue:
    """Accept, once."""
    form = AcceptForm()
    if not form.validate():
        return _unfit(door, form, accept=form)
    try:
        actions.accept(
            quote_id=door.offer.quote.id, version=form.number, name=form.nombre.data or "",
            by=_signed(form.shown), now=clock.now(),
        )  # fmt: skip
    except (StepRefused, ConditionsChanged, LookupError) as refused:
        return page(_again(door), accept=form, refused=_words(refused), status=409)
    flash(_("Gracias: la cotización quedó aceptada."), "success")
    return redirect(door.url("show"), 303)


def decline_from(door: Door) -> ResponseReturnValue:
    """Decline, with a reason."""
    form = DeclineForm()
    if not form.validate():
        return _unfit(door, form, decline=form)
    try:
        actions.decline(
            quote_id=door.offer.quote.id, version=form.number, reason=form.motivo.data,
            text=(form.texto.data or "").strip(), by=_signed(), now=clock.now(),
        )  # fmt: skip
    except (StepRefused, LookupError) as refused:
        again = _again(door)
        # Where nothing can be declined any more, what was typed waits to be sent as a message.
        kept = None if may(again.offer.state, Step.DECLINE) else _message(form.texto.data or "")
        return page(again, decline=form, question=kept, refused=_words(refused), status=409)
    flash(_("Quedó como rechazada. Gracias por decirnos el motivo."), "success")
    return redirect(door.url("show"), 303)


def ask_from(door: Door) -> ResponseReturnValue:
    """Keep a question, or that a new version is wanted."""
    form = QuestionForm()
    if form.is_renewal and not (form.texto.data or "").strip():
        form.texto.data = _("Quisiera una versión nueva de esta cotización.")
    if not form.validate():
        return _unfit(door, form, question=form)
    try:
        number = actions.ask(
            quote_id=door.offer.quote.id, version=form.number, text=(form.texto.data or "").strip(),
            form_id=form.formulario.data or new_token(), renewal=form.is_renewal,
            by=_signed(), now=clock.now(),
        )  # fmt: skip
    except (StepRefused, LookupError) as refused:
        return page(_again(door), question=form, refused=_words(refused), status=409)
    if number is None:
        flash(_("Recibimos su mensaje. La respuesta llega a su correo y queda aquí."), "success")
    else:
        flash(_("Su mensaje está en el ticket %(number)s.", number=number), "success")
    return redirect(door.url("show"), 303)


def paper_of(door: Door) -> ResponseReturnValue:
    """The paper of the offer."""
    if door.offer.state not in READABLE:
        return _withdrawn()
    return private(make_response(paper.answer(door.offer.version)))


def _withdrawn() -> ResponseReturnValue:
    return gone(_("La retiramos. Si la necesita, pídanos otra."))


def _unfit(door: Door, form: AnswerBase, **shown: Any) -> ResponseReturnValue:
    """The page with a form that lacks something, saying it where it was about a former version."""
    is_former = 0 < form.number < door.offer.version.version
    refused = _words(StepRefused(State.REPLACED, Step.ACCEPT)) if is_former else ""
    return page(door, refused=refused, status=422, **shown)


def _message(text: str) -> QuestionForm:
    return QuestionForm(formdata=None, texto=text)


def _again(door: Door) -> Door:
    """The same door, with what is there now."""
    return door_to(door.offer.quote.id, door.blueprint, **door.key)


def _signed(shown: int | None = None) -> actions.Signed:
    actor = current_actor()
    customer = actor if actor is not None and actor.is_customer else None
    return actions.Signed(customer, shown, request.remote_addr or "")


def _words(refused: Exception) -> str:
    if isinstance(refused, ConditionsChanged):
        return _("Las condiciones de atención cambiaron mientras leía. Léalas y vuelva a enviar.")
    if isinstance(refused, StepRefused) and refused.state is State.EXPIRED:
        return _("La cotización venció. Puede pedir una versión nueva.")
    if isinstance(refused, StepRefused) and refused.state is State.REPLACED:
        return _("Hay una versión más nueva: es la que ve ahora. Revísela antes de responder.")
    if isinstance(refused, StepRefused):
        return _("No se puede: está «%(state)s».", state=state_label(refused.state))
    return _("Esa versión ya no existe. Revise la que ve ahora.")
