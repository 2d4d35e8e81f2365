"""Requests to be called, as the desk works them: in order of arrival."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_answer_calls
from contact import actions, queries
from contact.forms import OutcomeForm, part_of_day_label
from contact.models import CallRequest
from core import clock
from core.identifiers import normalise_phone
from core.web import Page, checked_page, page_number

blueprint = Blueprint("calls", __name__, url_prefix="/mesa/llamadas")
PAGE_SIZE = 30
_WORDS = {
    "display_phone": lambda number: normalise_phone(number).display,
    "part_of_day_label": part_of_day_label,
}


@blueprint.get("")
@requires(may_answer_calls)
def index() -> str:
    """Every request, those nobody attended first."""
    number = page_number()
    rows, total = queries.calls(offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    page = checked_page(Page(rows, number, PAGE_SIZE, total))
    return render_template("calls/index.html", page=page, **_WORDS)


@blueprint.get("/<number:call_id>")
@requires(may_answer_calls)
def detail(call_id: int) -> str:
    """One request, and the form that notes how the call ended."""
    return _page(_call(call_id), OutcomeForm(formdata=None))


@blueprint.post("/<number:call_id>/resultado")
@requires(may_answer_calls)
def note_outcome(call_id: int) -> ResponseReturnValue:
    """Note how the call ended, which attends it."""
    form = OutcomeForm()
    call = _call(call_id)
    if not form.validate():
        return _page(call, form), 422
    outcome = (form.resultado.data or "").strip()
    try:
        actions.note_outcome(call_id, outcome, actor=signed_in_actor(), now=clock.now())
    except actions.AlreadyAttendedError:
        form.form_errors.append(_("Otra persona ya anotó el resultado de esta llamada."))
        return _page(_call(call_id), form), 409
    flash(_("El resultado quedó anotado."), "success")
    return redirect(url_for("calls.index"), 303)


def _call(call_id: int) -> CallRequest:
    call = queries.call_for(signed_in_actor(), call_id)
    if call is None:
        raise NotFound
    return call


def _page(call: CallRequest, form: OutcomeForm) -> str:
    return render_template("calls/detail.html", call=call, form=form, **_WORDS)
