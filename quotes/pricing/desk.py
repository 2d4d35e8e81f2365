"""One quote as sales sees it, and its verbs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_sell
from core import clock
from core.ratelimit import limiter
from core.web import clean_number, external_url
from quotes.answers.actions import answer_question
from quotes.lifecycle import Step, StepRefused
from quotes.paper import views as paper
from quotes.pricing import actions, drafting, links, queries
from quotes.pricing.forms import AnswerForm, SendForm
from quotes.pricing.list_desk import blueprint, today
from quotes.pricing.models import Quote, QuoteVersion
from quotes.pricing.pieces import Changed
from quotes.words import state_label


@blueprint.get("/<number:quote_id>")
@requires(may_sell)
def detail(quote_id: int) -> ResponseReturnValue:
    """One quote: its newest version, what can be done, what happened."""
    return detail_page(_quote_or_404(quote_id))


@blueprint.get("/<number:quote_id>/versiones/<number:version>")
@requires(may_sell)
def version(quote_id: int, version: int) -> ResponseReturnValue:
    """An earlier version, as it was sent."""
    quote, found = _quote_or_404(quote_id), _version_or_404(quote_id, version)
    return render_template("pricing/version.html", quote=quote, version=found, today=today())


@blueprint.get("/<number:quote_id>/versiones/<number:version>/pdf")
@requires(may_sell)
@limiter.limit("120/hour")
def pdf(quote_id: int, version: int) -> ResponseReturnValue:
    """The paper of any version; a draft says that it is one."""
    return paper.answer(_version_or_404(quote_id, version))


@blueprint.post("/<number:quote_id>/envio")
@requires(may_sell)
def send(quote_id: int) -> ResponseReturnValue:
    """Fix the draft and mail it."""
    quote, form = _quote_or_404(quote_id), SendForm()
    if not form.validate():
        return detail_page(quote, send_form=form, status=422)
    try:
        actions.send(
            actor=signed_in_actor(), quote_id=quote_id, email=form.correo.address,
            revision=clean_number(form.revision.data) or 0, now=clock.now(),
        )  # fmt: skip
    except (Changed, StepRefused, actions.Unready) as refused:
        return detail_page(quote, send_form=form, refused=_refusal(refused), status=409)
    flash(_("Enviada a %(email)s.", email=form.correo.address), "success")
    return _to(quote_id)


@blueprint.post("/<number:quote_id>/reenvio")
@requires(may_sell)
@limiter.limit("20/hour")
def send_again(quote_id: int) -> ResponseReturnValue:
    """Mail the same version once more."""
    quote = _quote_or_404(quote_id)
    try:
        actions.send_again(
            actor=signed_in_actor(), quote_id=quote_id,
            now=clock.now(),
        )  # fmt: skip
    except StepRefused as refused:
        return detail_page(quote, refused=_refusal(refused), status=409)
    flash(_("Enviada otra vez."), "success")
    return _to(quote_id)


@blueprint.post("/<number:quote_id>/versiones")
@requires(may_sell)
def begin_version(quote_id: int) -> ResponseReturnValue:
    """Begin the next version."""
    quote = _quote_or_404(quote_id)
    try:
        drafting.begin_version(actor=signed_in_actor(), quote_id=quote_id, now=clock.now())
    except StepRefused as refused:
        return detail_page(quote, refused=_refusal(refused), status=409)
    return redirect(url_for("pricing_edit.edit", quote_id=quote_id), 303)


@blueprint.post("/<number:quote_id>/versiones/<number:version>/retiro")
@requires(may_sell)
def withdraw(quote_id: int, version: int) -> ResponseReturnValue:
    """Take a version back."""
    quote, taken = _quote_or_404(quote_id), _version_or_404(quote_id, version)
    try:
        actions.withdraw(
            actor=signed_in_actor(), quote_id=quote_id, version=version, now=clock.now()
        )
    except StepRefused as refused:
        return detail_page(quote, refused=_refusal(refused), status=409)
    if taken.sent_at is None:
        flash(_("Borrador descartado."), "success")
    else:
        flash(_("Retirada. Quien abra el enlace leerá que ya no está disponible."), "success")
    return _to(quote_id)


@blueprint.post("/<number:quote_id>/enlace")
@requires(may_sell)
def renew_link(quote_id: int) -> ResponseReturnValue:
    """A new private address."""
    _quote_or_404(quote_id)
    try:
        actions.renew_link(actor=signed_in_actor(), quote_id=quote_id, now=clock.now())
    except LookupError:
        raise NotFound from None
    flash(_("Hay un enlace nuevo. El anterior ya no abre nada."), "success")
    return _to(quote_id)


@blueprint.post("/<number:quote_id>/enlace/retiro")
@requires(may_sell)
def withdraw_link(quote_id: int) -> ResponseReturnValue:
    """End the private address."""
    _quote_or_404(quote_id)
    actions.withdraw_link(actor=signed_in_actor(), quote_id=quote_id, now=clock.now())
    flash(_("El enlace ya no abre nada. Puede hacer otro."), "success")
    return _to(quote_id)


@blueprint.post("/<number:quote_id>/preguntas/<number:question_id>/respuesta")
@requires(may_sell)
def answer(quote_id: int, question_id: int) -> ResponseReturnValue:
    """Answer a question by mail; the customer's page shows it too."""
    quote, form = _quote_or_404(quote_id), AnswerForm()
    if not any(one.id == question_id for one in queries.questions(quote_id)):
        raise NotFound
    if not form.validate():
        return detail_page(quote, answer_form=form, question_id=question_id, status=422)
    text = (form.respuesta.data or "").strip()
    was_first = answer_question(
        actor=signed_in_actor(), question_id=question_id, text=text, now=clock.now()
    )
    if not was_first:
        refused = _("Otra persona ya respondió esa pregunta. Lo suyo sigue abajo.")
        return detail_page(
            quote, answer_form=form, question_id=question_id, refused=refused, status=409
        )
    flash(_("Respuesta enviada."), "success")
    return _to(quote_id)


def detail_page(
    quote: Quote,
    *,
    send_form: SendForm | None = None,
    answer_form: AnswerForm | None = None,
    question_id: int = 0,
    refused: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a quote, with the form that was not right."""
    every = queries.versions(quote.id)
    newest = next(one for one in every if one.is_latest)
    if send_form is None:
        send_form = SendForm(formdata=None, correo=newest.email)
    send_form.revision.data = str(newest.revision)
    token = links.token_of(quote.id, now=clock.now()) if quote.current else None
    page = render_template(
        "pricing/detail.html",
        quote=quote,
        version=newest,
        versions=every,
        history=queries.history(quote.id),
        questions=queries.questions(quote.id),
        send_form=send_form,
        answer_form=answer_form or AnswerForm(formdata=None),
        question_id=question_id,
        refused=refused,
        link=external_url("quote_pages.show", token=token) if token else "",
        owner=None if quote.person_id else queries.owner_of(newest.email),
        today=today(),
        Step=Step,
    )
    return page, status


def _refusal(refused: Exception) -> str:
    if isinstance(refused, Changed):
        return _(
            "Otra persona cambió el borrador. Esto es lo que hay ahora: revíselo antes de enviar."
        )
    if isinstance(refused, actions.Unready):
        return {
            "lines": _("No tiene líneas. Agregue lo que se cotiza."),
            "day": _("El último día de validez ya pasó. Cámbielo antes de enviar."),
            "tax": _("El IGV cambió después de guardarla. Edítela y guárdela otra vez."),
        }[refused.code]
    if isinstance(refused, StepRefused):
        return _("No se puede: está «%(state)s».", state=state_label(refused.state))
    return ""


def _quote_or_404(quote_id: int) -> Quote:
    quote = queries.quote_for(signed_in_actor(), quote_id)
    if quote is None:
        raise NotFound
    return quote


def _version_or_404(quote_id: int, version: int) -> QuoteVersion:
    _quote_or_404(quote_id)
    for found in queries.versions(quote_id):
        if found.version == version:
            return found
    raise NotFound


def _to(quote_id: int) -> ResponseReturnValue:
    return redirect(url_for("pricing.detail", quote_id=quote_id), 303)
