"""Outages as everybody reads them, and «A mí también me afecta»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

import conditions.queries
from accounts.access import current_actor, open_to_all, requires, signed_in_actor
from accounts.permissions import Actor, may_authorise_access, may_open, may_use_tickets
from core import clock
from core.errors import error_page
from core.pagecache import cacheable
from core.tokens import new_token
from core.web import clean_number, external_url, generation
from tickets import places, refusals
from tickets.models import Ticket
from tickets.outages import joining, queries
from tickets.outages.actions import Resolved
from tickets.outages.forms import ReportForm
from tickets.outages.models import Outage
from tickets.outages.queries import Notice, Standing
from tickets.policy import Policy, Typology

blueprint = Blueprint("outages", __name__, url_prefix="/averias")
_kept: dict[tuple[str, int], tuple[Notice, ...]] = {}


@dataclass(frozen=True)
class Door:
    """What a customer can do about an outage. `is_incident`: the typology of its affection."""

    outage: Notice | Outage
    standing: Standing
    may_open: bool
    is_incident: bool
    form_id: str


def open_notices() -> tuple[Notice, ...]:
    """The open outages, read again only when public content changed."""
    key = (current_app.config["SITE"].database_url, generation())
    if key not in _kept:
        _kept.clear()
        _kept[key] = queries.open_notices()
    return _kept[key]


def doors(known: Sequence[Notice | Outage]) -> list[Door]:
    """How the signed-in customer stands to these outages; none for anybody else."""
    actor = current_actor()
    if actor is None or not may_use_tickets(actor) or not known:
        return []
    table = places.current_policy()
    standings = queries.standings(actor, known)
    return [_door(actor, outage, standings[outage.number], table) for outage in known]


def _door(actor: Actor, outage: Notice | Outage, standing: Standing, table: Policy) -> Door:
    found = table.affections.get(outage.affection)
    incident = found is not None and found.typology == Typology.INCIDENT
    allowed = found is not None and may_open(actor, incident=incident)
    return Door(outage, standing, allowed, incident, new_token())


def outage_of(ticket: Ticket) -> Outage | None:
    """The outage that explains a ticket, for its pages."""
    return queries.outage_of(ticket.number)


def register(app: Flask) -> None:
    """The hooks of templates: pages of packages below show outages without knowing of them."""
    app.jinja_env.globals.update(open_outages=open_notices, outage_doors=doors, outage_of=outage_of)


@blueprint.get("")
@open_to_all
@cacheable
def index() -> str:
    """What is known now, and what was resolved of late."""
    return render_template(
        "outages/index.html",
        known=queries.open_outages(),
        recent=queries.recent_outages(clock.now()),
        canonical=external_url("outages.index"),
    )


@blueprint.get("/<number:outage_number>")
@open_to_all
@cacheable
def show(outage_number: int) -> ResponseReturnValue:
    return _page(outage_or_404(outage_number))


def outage_or_404(number: int) -> Outage:
    """An outage; everybody may read each."""
    outage = queries.outage_for(number)
    if outage is None:
        raise NotFound
    return outage


def _page(outage: Outage, form: ReportForm | None = None, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    door = doors([outage]) if outage.resolved_at is None else []
    own = [] if door or actor is None else _own_ticket(actor, outage)
    html = render_template(
        "outages/show.html",
        outage=outage,
        door=door[0] if door else None,
        own=own[0] if own else None,
        form=form,
        conditions=conditions.queries.current() if door else None,
        authorises=may_authorise_access(actor, company_id=actor.company_id or 0)
        if actor
        else False,
        canonical=external_url("outages.show", outage_number=outage.number),
    )
    return html, status


def _own_ticket(actor: Actor, outage: Outage) -> list[int]:
    if actor.company_id is None:
        return []
    theirs = queries.reported_by(actor.company_id, [outage.number]).get(outage.number, [])
    seen = queries.first_seen(actor, theirs)
    return [] if seen is None else [seen]


@blueprint.post("/<number:outage_number>/afectados")
@requires(may_use_tickets)
def report(outage_number: int) -> ResponseReturnValue:
    """«A mí también me afecta»."""
    outage, form = outage_or_404(outage_number), ReportForm()
    if not form.validate():
        return _page(outage, form, 422)
    try:
        made = joining.report(
            outage_number=outage_number,
            actor=signed_in_actor(),
            seen=form.linea.data or "",
            form_id=form.formulario.data or "",
            shown=form.condiciones.data,
            now=clock.now(),
        )
    except (refusals.NotAllowed, refusals.ConditionsChanged) as refused:
        return _refused(outage, form, refused)
    except (Resolved, refusals.Incomplete):
        return say_it_ended()
    return _lead_to(made, outage_number)


def _refused(outage: Outage, form: ReportForm, refused: Exception) -> ResponseReturnValue:
    if isinstance(refused, refusals.ConditionsChanged):
        form.form_errors.append(
            _("Las condiciones cambiaron mientras escribía. Léalas abajo y vuelva a enviar.")
        )
    else:
        form.form_errors.append(_("Su usuario no puede abrir este ticket."))
    return _page(outage, form, 422)


def say_it_ended() -> Response:
    """What cannot be done to an outage that was resolved meanwhile."""
    return error_page(
        409,
        text=_("La avería ya se dio por resuelta. Si a usted le sigue fallando, cree un ticket."),
    )


def _lead_to(made: joining.Report, outage_number: int) -> ResponseReturnValue:
    if made.number is None:
        flash(_("Su empresa ya informó de esta avería."), "info")
        return redirect(url_for("outages.show", outage_number=outage_number), 303)
    if made.is_new:
        flash(_("Recibimos su ticket %(number)s.", number=made.number), "success")
    else:
        flash(_("Su empresa ya informó de esta avería en este ticket."), "info")
    return redirect(url_for("tickets.show", number=made.number), 303)


@blueprint.post("/<number:outage_number>/tickets")
@requires(may_use_tickets)
def add_own(outage_number: int) -> ResponseReturnValue:
    """Join an open ticket instead of a second one about the same."""
    outage_or_404(outage_number)
    number = clean_number(request.form.get("ticket"))
    try:
        joining.add_own(
            outage_number=outage_number,
            number=number or 0,
            actor=signed_in_actor(),
            now=clock.now(),
        )
    except refusals.NotAllowed:
        raise NotFound from None
    except Resolved:
        return say_it_ended()
    except joining.NotJoinable:
        return error_page(409, text=_("Ese ticket ya no puede unirse a esta avería."))
    flash(_("El ticket quedó unido a la avería. Conserva su lugar."), "success")
    return redirect(url_for("tickets.show", number=number), 303)
