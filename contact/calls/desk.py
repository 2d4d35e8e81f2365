"""Requests to be called, as the desk works them: in order of arrival."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_answer_calls, may_open
from accounts.sessions import actor_for
from contact.calls import handling, queries
from contact.calls.desk_forms import AttemptForm, ConvertForm, JoinForm
from contact.calls.models import CallRequest
from contact.calls.policy import ENDING, subject_of
from contact.calls.threads import About
from contact.calls.words import thread_text
from core import clock
from core.tokens import new_token
from core.web import Form, Page, checked_page, page_number
from tickets import places, refusals
from tickets.lifecycle import StepNotAllowed
from tickets.policy import Typology

blueprint = Blueprint("calls", __name__, url_prefix="/mesa/llamadas")
PAGE_SIZE = 30
#: The views of the list, the first unless another is asked for.
VIEWS = ("espera", "atendidas", "mias")


@blueprint.get("")
@requires(may_answer_calls)
def index() -> str:
    """Those that wait, by arrival; those that ended; those of this technician."""
    number, asked = page_number(), request.args.get("ver", "")
    which = asked if asked in VIEWS else VIEWS[0]
    rows, total = queries.calls(
        signed_in_actor(),
        which,
        offset=(number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        now=clock.now(),
    )
    page = checked_page(Page(rows, number, PAGE_SIZE, total))
    return render_template(
        "calls/index.html", page=page, which=which, waiting=queries.how_many_wait()
    )


@blueprint.get("/<number:call_id>")
@requires(may_answer_calls)
def detail(call_id: int) -> ResponseReturnValue:
    """One request, who asks, what was tried, and the forms that go on with it."""
    return _page(_call(call_id))


@blueprint.post("/<number:call_id>/toma")
@requires(may_answer_calls)
def take(call_id: int) -> ResponseReturnValue:
    """«La llamo yo»."""
    call = _call(call_id)
    try:
        handling.take(call_id, actor=signed_in_actor(), now=clock.now())
    except (handling.AlreadyAttendedError, handling.TakenByOtherError) as refused:
        return _refused(call, refused)
    return redirect(url_for("calls.detail", call_id=call_id), 303)


@blueprint.post("/<number:call_id>/toma/retiro")
@requires(may_answer_calls)
def leave(call_id: int) -> ResponseReturnValue:
    """Let go of a call that one took."""
    _call(call_id)
    handling.leave(call_id, actor=signed_in_actor())
    return redirect(url_for("calls.detail", call_id=call_id), 303)


@blueprint.post("/<number:call_id>/intentos")
@requires(may_answer_calls)
def note_attempt(call_id: int) -> ResponseReturnValue:
    """Note a call and how it ended; some ways of ending attend the request."""
    call, form = _call(call_id), AttemptForm()
    if not form.validate():
        return _page(call, 422, attempt=form)
    attempt = form.attempt
    try:
        handling.note_attempt(call_id, attempt, actor=signed_in_actor(), now=clock.now())
    except (handling.AlreadyAttendedError, handling.TakenByOtherError) as refused:
        return _refused(call, refused, form)
    flash(_("El intento quedó anotado."), "success")
    if attempt.result in ENDING:
        return redirect(url_for("calls.index"), 303)
    return redirect(url_for("calls.detail", call_id=call_id), 303)


@blueprint.post("/<number:call_id>/union")
@requires(may_answer_calls)
def join(call_id: int) -> ResponseReturnValue:
    """Write the request into an open ticket of the company."""
    call, form = _call(call_id), _join_form(_call(call_id), JoinForm())
    if not form.validate():
        return _page(call, 422, join=form)
    try:
        actor, now = signed_in_actor(), clock.now()
        handling.join(call_id, form.number, text=_text(call), actor=actor, now=now)
    except (refusals.NotAllowed, StepNotAllowed, handling.NobodyKnownError):
        form.ticket.errors = [_("Ese ticket ya no está abierto. Elija otro.")]
        return _page(_call(call_id), 409, join=form)
    flash(_("El pedido quedó escrito en el ticket, que conserva su lugar."), "success")
    return redirect(url_for("desk.show", number=form.number), 303)


@blueprint.post("/<number:call_id>/ticket")
@requires(may_answer_calls)
def convert(call_id: int) -> ResponseReturnValue:
    """Make a ticket of the request, which arrived when the request did."""
    call = _call(call_id)
    form = _convert_form(call, ConvertForm())
    if not form.validate():
        return _page(call, 422, convert=form)
    about = About(_text(call), subject=form.asunto.data or "", affection=form.afeccion.data)
    try:
        number = handling.convert(call_id, about, actor=signed_in_actor(), now=clock.now())
    except (refusals.NotAllowed, refusals.Incomplete, handling.NobodyKnownError):
        form.form_errors.append(_("Este cliente no puede abrir tickets de ese tipo."))
        return _page(_call(call_id), 409, convert=form)
    flash(_("El pedido es ahora el ticket %(number)s.", number=number), "success")
    return redirect(url_for("desk.show", number=number), 303)


def _text(call: CallRequest) -> str:
    own = [call.matter, *(one.matter for one in call.additions if one.is_own and one.matter)]
    locale = call.person.locale if call.person else None
    return thread_text(call.phone, call.part_of_day, "\n\n".join(own), locale)


def _call(call_id: int) -> CallRequest:
    call = queries.call_for(signed_in_actor(), call_id)
    if call is None:
        raise NotFound
    return call


def _refused(
    call: CallRequest, refused: Exception, form: AttemptForm | None = None
) -> ResponseReturnValue:
    form = form or AttemptForm(formdata=None, formulario=new_token())
    if isinstance(refused, handling.TakenByOtherError):
        form.form_errors.append(_("Un colega la tomó: no la llamen dos a la vez."))
    else:
        form.form_errors.append(_("Este pedido ya se atendió, o lo retiró quien lo hizo."))
    return _page(_call(call.id), 409, attempt=form)


def _join_form(call: CallRequest, form: JoinForm) -> JoinForm:
    tied = {one.ticket_number for one in call.joined}
    rows = queries.open_tickets_of_company(call)
    form.offer([ticket for ticket in rows if ticket.number not in tied])
    return form


def _convert_form(call: CallRequest, form: ConvertForm) -> ConvertForm:
    person, policy = call.person, places.current_policy()
    author = actor_for(person, "") if person is not None else None
    form.offer(
        [
            code
            for code, known in policy.affections.items()
            if may_open(author, incident=known.typology == Typology.INCIDENT)
        ]
    )
    return form


def _page(call: CallRequest, status: int = 200, **sent: Form) -> ResponseReturnValue:
    """The one screen of a request; `sent` are forms that were refused, as they came."""
    blank: dict[str, Form] = {
        "attempt": AttemptForm(formdata=None, formulario=new_token()),
        "join": _join_form(call, JoinForm(formdata=None)),
        "convert": _convert_form(
            call, ConvertForm(formdata=None, data={"asunto": subject_of(call.matter)})
        ),
    }
    html = render_template(
        "calls/detail.html",
        **{f"{name}_form": form for name, form in {**blank, **sent}.items()},
        call=call,
        others=queries.others_of(call),
        tickets=queries.open_tickets_of_company(call),
    )
    return html, status
