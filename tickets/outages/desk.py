"""Outages at the desk: declare, tell what is new, resolve; and which tickets they explain."""

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
from core.web import Page, checked_page, clean_number, page_number
from tickets import places
from tickets.outages import actions, joining, queries, resolving
from tickets.outages.forms import OutageForm, ResolveForm, UpdateForm
from tickets.outages.models import Outage
from tickets.outages.policy import ANSWERED_AT_ONCE
from tickets.outages.views import outage_or_404, say_it_ended
from tickets.refusals import NotAllowed
from tickets.views import ticket_or_404

blueprint = Blueprint("outage_desk", __name__, url_prefix="/mesa")
PAGE_SIZE = 30
#: Joined tickets that the page of an outage lists; how many there are is said beside them.
LISTED = 100


@blueprint.get("/averias")
@requires(may_read_desk)
def index() -> str:
    """The open ones; with ?estado=resueltas those that ended."""
    is_open = request.args.get("estado", "abiertas") != "resueltas"
    number = page_number()
    rows, total = queries.outages(is_open=is_open, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render_template(
        "outage_desk/index.html",
        page=checked_page(Page(rows, number, PAGE_SIZE, total)),
        is_open=is_open,
        joined=queries.joined_counts([outage.number for outage in rows]),
    )


@blueprint.route("/averias/nueva", methods=["GET", "POST"])
@requires(may_work_desk)
def new() -> ResponseReturnValue:
    form = OutageForm()
    form.offer(places.current_policy())
    if request.method == "GET":
        form.formulario.data = new_token()
        return render_template("outage_desk/edit.html", form=form, outage=None)
    if not form.validate():
        return render_template("outage_desk/edit.html", form=form, outage=None), form.status
    number = actions.declare(
        actor=signed_in_actor(),
        told=form.told,
        form_id=form.formulario.data or new_token(),
        now=clock.now(),
    )
    flash(_("La avería está a la vista de todos."), "success")
    return redirect(url_for("outage_desk.show", outage_number=number), 303)


@blueprint.get("/averias/<number:outage_number>")
@requires(may_read_desk)
def show(outage_number: int) -> ResponseReturnValue:
    return _page(outage_or_404(outage_number))


def _page(outage: Outage, form: UpdateForm | None = None, status: int = 200) -> ResponseReturnValue:
    html = render_template(
        "outage_desk/show.html",
        outage=outage,
        form=form or UpdateForm(formdata=None, formulario=new_token()),
        joined=queries.joined_counts([outage.number]).get(outage.number, queries.Joined()),
        tickets=queries.joined_tickets(outage.number, only_open=False, limit=LISTED),
    )
    return html, status


@blueprint.route("/averias/<number:outage_number>/edicion", methods=["GET", "POST"])
@requires(may_work_desk)
def edit(outage_number: int) -> ResponseReturnValue:
    outage, form = outage_or_404(outage_number), OutageForm()
    form.offer(places.current_policy(), kept=outage.affection)
    if request.method == "GET":
        form.show(outage)
        return render_template("outage_desk/edit.html", form=form, outage=outage)
    if not form.validate():
        return render_template("outage_desk/edit.html", form=form, outage=outage), form.status
    actions.edit(number=outage_number, actor=signed_in_actor(), told=form.told, now=clock.now())
    flash(_("Los cambios están a la vista de todos."), "success")
    return redirect(url_for("outage_desk.show", outage_number=outage_number), 303)


@blueprint.post("/averias/<number:outage_number>/novedades")
@requires(may_work_desk)
def update(outage_number: int) -> ResponseReturnValue:
    outage, form = outage_or_404(outage_number), UpdateForm()
    if not form.validate():
        return _page(outage, form, form.status)
    try:
        actions.add_update(
            number=outage_number,
            actor=signed_in_actor(),
            body=form.texto.data,
            body_en=form.texto_en.data or "",
            form_id=form.formulario.data or new_token(),
            now=clock.now(),
        )
    except actions.Resolved:
        return say_it_ended()
    flash(_("La novedad está a la vista de todos."), "success")
    return redirect(url_for("outage_desk.show", outage_number=outage_number), 303)


@blueprint.route("/averias/<number:outage_number>/resolucion", methods=["GET", "POST"])
@requires(may_work_desk)
def resolve(outage_number: int) -> ResponseReturnValue:
    """One answer ends the outage, and those of its tickets that are ticked."""
    outage, form = outage_or_404(outage_number), ResolveForm()
    waiting = queries.joined_tickets(outage_number, only_open=True, limit=ANSWERED_AT_ONCE)
    form.offer(waiting, queries.joined_numbers(outage_number))
    if request.method == "GET":
        form.formulario.data = new_token()
        form.tickets.data = [str(ticket.number) for ticket in waiting]
        if outage.resolved_at is not None and outage.updates:
            # What is left over gets the same answer unless somebody says otherwise.
            form.texto.data = outage.updates[0].body
    elif form.validate():
        return _resolved(outage_number, form)
    html = render_template(
        "outage_desk/resolve.html",
        outage=outage,
        form=form,
        waiting={str(ticket.number): ticket for ticket in waiting},
        joined=queries.joined_counts([outage_number]).get(outage_number, queries.Joined()),
        at_once=ANSWERED_AT_ONCE,
    )
    return html, 422 if request.method == "POST" and not form.helped else 200


def _resolved(outage_number: int, form: ResolveForm) -> ResponseReturnValue:
    answered = resolving.resolve(
        number=outage_number,
        actor=signed_in_actor(),
        text=form.texto.data,
        text_en=form.texto_en.data or "",
        numbers=form.numbers,
        form_id=form.formulario.data or new_token(),
        now=clock.now(),
    )
    flash(
        _("La avería está resuelta. Tickets resueltos con esta respuesta: %(n)s.", n=answered),
        "success",
    )
    return redirect(url_for("outage_desk.show", outage_number=outage_number), 303)


@blueprint.post("/tickets/<number:number>/averia")
@requires(may_work_desk)
def attach(number: int) -> ResponseReturnValue:
    """This ticket is explained by an outage."""
    ticket_or_404(number)
    try:
        joining.attach(
            outage_number=clean_number(request.form.get("averia")) or 0,
            number=number,
            actor=signed_in_actor(),
            now=clock.now(),
        )
    except NotAllowed:
        flash(_("Elija una avería de la lista."), "warning")
        return redirect(url_for("desk.show", number=number), 303)
    except (actions.Resolved, joining.NotJoinable):
        return error_page(409, text=_("El ticket o la avería ya no están abiertos."))
    flash(_("El ticket quedó unido a la avería. Conserva su lugar."), "success")
    return redirect(url_for("desk.show", number=number), 303)


@blueprint.post("/tickets/<number:number>/averia/retiro")
@requires(may_work_desk)
def detach(number: int) -> ResponseReturnValue:
    """It is not explained by it after all."""
    ticket_or_404(number)
    try:
        joining.detach(number=number, actor=signed_in_actor(), now=clock.now())
    except NotAllowed:
        raise NotFound from None
    flash(_("El ticket ya no es parte de la avería. Conserva su lugar."), "success")
    return redirect(url_for("desk.show", number=number), 303)
