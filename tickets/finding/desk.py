"""The desk finds tickets: by number, by words, by filters; and takes the list out as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_read_desk
from core import clock
from core.ratelimit import limiter
from core.web import Page, checked_page, page_number
from tickets import places, queries
from tickets.finding import queries as finding
from tickets.finding.actions import record_export
from tickets.finding.forms import DeskFindForm, desk_state
from tickets.finding.sheet import Cell, csv_lines, moment_cell
from tickets.finding.terms import number_in
from tickets.models import Ticket
from tickets.words import affection_label, mark_label, typology_label

blueprint = Blueprint("finding", __name__, url_prefix="/mesa")
PAGE_SIZE = 50


def _form(sent: object) -> DeskFindForm:
    form = DeskFindForm(formdata=sent)
    form.offer(places.current_policy(), finding.technicians())
    form.check()
    return form


@blueprint.get("/buscar")
@requires(may_read_desk)
def index() -> ResponseReturnValue:
    form = _form(request.args)
    number = number_in(form.q.data or "")
    alone = set(form.asked()) == {"q"}
    if number and alone and queries.ticket_for(signed_in_actor(), number):
        return redirect(url_for("desk.show", number=number), 302)
    return render_template("finding/index.html", **_found(form))


def _found(form: DeskFindForm) -> dict[str, object]:
    most = finding.SHOWN_AT_MOST
    found = finding.find(signed_in_actor(), form.criteria(), limit=most + 1)
    at = page_number()
    numbers = found[:most][(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
    rows = finding.rows_of(numbers)
    return {
        "form": form,
        "page": checked_page(Page(rows, at, PAGE_SIZE, min(len(found), most))),
        "many": len(found) > most,
        "args": form.asked(),
        "most": finding.EXPORTED_AT_MOST,
        "companies": finding.companies_named(form.q.data) if form.good("q") and at == 1 else [],
    }


@blueprint.post("/buscar.csv")
@limiter.limit("60/hour")
@requires(may_read_desk)
def export() -> ResponseReturnValue:
    form = _form(request.form)
    if form.errors:
        return render_template("finding/index.html", **_found(form)), 422
    actor, now = signed_in_actor(), clock.now()
    found = finding.find(actor, form.criteria(), limit=finding.EXPORTED_AT_MOST)
    record_export(actor=actor, count=len(found), asked=form.asked(), now=now)
    lines = csv_lines(_header(), map(_cells, finding.all_rows(found)))
    name = clock.in_lima(now).strftime("tickets-%Y-%m-%d-%H%M.csv")
    return Response(
        stream_with_context(_bytes(lines)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _bytes(lines: Iterator[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode(errors="replace")


def _header() -> list[str]:
    return [
        _("Ticket"), _("Asunto"), _("Estado"), _("Tipología"), _("Afección"),
        _("Prioridad que marcó"), _("Empresa"), _("Persona"), _("Correo"), _("Lo atiende"),
        _("Llegó"), _("Último cambio"), _("Resuelto"), _("Cerrado"),
    ]  # fmt: skip


def _cells(ticket: Ticket) -> list[Cell]:
    moments = (ticket.opened_at, ticket.changed_at, ticket.resolved_at, ticket.closed_at)
    return [
        ticket.number,
        ticket.subject,
        desk_state(ticket.state),
        typology_label(ticket.typology),
        affection_label(ticket.affection),
        mark_label(ticket.mark),
        ticket.company.name,
        ticket.author.name,
        ticket.author.email,
        ticket.holder.name if ticket.holder else None,
        *(moment_cell(moment, clock.LIMA) for moment in moments),
    ]
