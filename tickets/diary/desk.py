"""The diary of accesses at the desk: one page a ticket, and a short form beside the thread."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_read_desk, may_work_desk
from core import clock
from core.errors import error_page
from core.tokens import new_token
from core.web import clean_number
from tickets.diary import actions, queries
from tickets.diary.forms import EntryForm, LeaveForm
from tickets.diary.policy import Wrong
from tickets.models import Ticket
from tickets.views import ticket_or_404

blueprint = Blueprint("diary", __name__, url_prefix="/mesa/tickets/<number:number>/entradas")


@blueprint.get("")
@requires(may_read_desk)
def index(number: int) -> ResponseReturnValue:
    ticket = ticket_or_404(number)
    wrong = clean_number(request.args.get("corrige"))
    form = EntryForm(formdata=None, formulario=new_token())
    if wrong is not None:
        form = _correction(ticket, wrong)
    return _page(ticket, form)


def _correction(ticket: Ticket, entry_id: int) -> EntryForm:
    """The form with what the wrong line says. Raises NotFound where there is no such line."""
    entry = queries.entry_of(ticket, entry_id)
    if entry is None:
        raise NotFound
    return EntryForm(
        formdata=None,
        formulario=new_token(),
        corrige=str(entry.id),
        servidor=entry.server,
        motivo=entry.reason,
        desde=clock.in_lima(entry.entered_at).replace(tzinfo=None),
        hasta=clock.in_lima(entry.left_at).replace(tzinfo=None) if entry.left_at else None,
    )


def _page(
    ticket: Ticket,
    form: EntryForm,
    status: int = 200,
    *,
    left: int | None = None,
    leave_form: LeaveForm | None = None,
) -> ResponseReturnValue:
    """The diary with its forms; `leave_form` is what was sent for the entry `left`."""
    diary = queries.diary_of(ticket)
    leave_forms = {
        line.entry.id: leave_form
        if leave_form and line.entry.id == left
        else LeaveForm(formdata=None).of_entry(line.entry.id)
        for line in diary
        if line.is_inside
    }
    html = render_template(
        "diary/index.html",
        ticket=ticket,
        entry_form=form,
        leave_form=leave_form,
        leave_forms=leave_forms,
        diary=diary,
    )
    return html, status


@blueprint.post("")
@requires(may_work_desk)
def enter(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), EntryForm()
    if not form.validate():
        return _page(ticket, form, 422)
    try:
        entry_id = actions.enter(
            number=number,
            actor=signed_in_actor(),
            told=form.told,
            form_id=form.formulario.data or "",
            corrects=form.corrige.data,
            now=clock.now(),
        )
    except actions.AlreadyCorrected:
        return _say_it_was_corrected()
    except actions.Refused as refused:
        _explain(form, refused.wrong)
        return _page(ticket_or_404(number), form, 422)
    flash(_("La entrada quedó anotada; el cliente la ve en su ticket."), "success")
    return redirect(url_for("desk.show", number=number, _anchor=f"entrada-{entry_id}"), 303)


def _say_it_was_corrected() -> ResponseReturnValue:
    return error_page(409, text=_("Otra línea ya corrige esa entrada. Revise las entradas."))


def _explain(form: EntryForm | LeaveForm, wrong: Wrong) -> None:
    if wrong == Wrong.NOT_AUTHORISED:
        form.form_errors.append(
            _(
                "El acceso no está autorizado para ese momento: no entre al servidor. Pida en el "
                "ticket que alguien de la empresa con ese permiso lo autorice."
            )
        )
        return
    name, words = {
        Wrong.ENTERS_LATER: ("desde", _("Esa hora todavía no llega.")),
        Wrong.LEAVES_LATER: ("hasta", _("Esa hora todavía no llega.")),
        Wrong.BACKWARDS: ("hasta", _("La salida es anterior a la entrada.")),
        Wrong.TOO_OLD: ("desde", _("Sólo se anotan entradas de los últimos 30 días.")),
    }[wrong]
    form[name].errors = [words]


@blueprint.post("/<number:entry_id>/salida")
@requires(may_work_desk)
def leave(number: int, entry_id: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), LeaveForm().of_entry(entry_id)
    if queries.entry_of(ticket, entry_id) is None:
        raise NotFound
    empty = EntryForm(formdata=None, formulario=new_token())
    if not form.validate():
        return _page(ticket, empty, 422, left=entry_id, leave_form=form)
    try:
        actions.leave(
            number=number,
            entry_id=entry_id,
            actor=signed_in_actor(),
            left=form.hasta.moment,
            now=clock.now(),
        )
    except actions.AlreadyCorrected:
        return _say_it_was_corrected()
    except actions.Refused as refused:
        _explain(form, refused.wrong)
        return _page(ticket_or_404(number), empty, 422, left=entry_id, leave_form=form)
    flash(_("La salida quedó anotada."), "success")
    return redirect(url_for("desk.show", number=number, _anchor=f"entrada-{entry_id}"), 303)
