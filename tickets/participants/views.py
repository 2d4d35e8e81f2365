"""Participants as customers change them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_use_tickets
from core import clock
from tickets.models import Ticket
from tickets.participants import actions
from tickets.participants.forms import ParticipantForm
from tickets.participants.queries import participation
from tickets.refusals import NotAllowed
from tickets.views import ticket_or_404

blueprint = Blueprint("participants", __name__, url_prefix="/tickets")


@blueprint.post("/<number:number>/participantes")
@requires(may_use_tickets)
def add(number: int) -> ResponseReturnValue:
    return added(ticket_or_404(number), back_to="tickets.show")


def added(ticket: Ticket, *, back_to: str) -> ResponseReturnValue:
    """Add whom the form names; `back_to` is the endpoint of the ticket on this side.

    Raises NotFound for whom may not, whatever they sent.
    """
    actor = signed_in_actor()
    known = participation(actor, ticket)
    if not known.may_add:
        raise NotFound
    form = ParticipantForm().offer(known.candidates)
    here = url_for(back_to, number=ticket.number)
    try:
        if form.validate():
            person_id = int(form.persona.data)
            actions.add(number=ticket.number, person_id=person_id, actor=actor, now=clock.now())
            flash(_("Ahora participa en el ticket. Le avisamos por correo."), "success")
            return redirect(here, 303)
    except NotAllowed:
        raise NotFound from None
    except actions.NotACandidate:
        pass
    return render_template("participants/add.html", ticket=ticket, form=form, here=here), 422


@blueprint.post("/<number:number>/participantes/<number:person_id>/retiro")
@requires(may_use_tickets)
def take_out(number: int, person_id: int) -> ResponseReturnValue:
    ticket = ticket_or_404(number)
    taken_out(ticket, person_id)
    if person_id == signed_in_actor().person_id:
        # It may well be a ticket that they no longer see.
        return redirect(url_for("tickets.index"), 303)
    return redirect(url_for("tickets.show", number=number), 303)


def taken_out(ticket: Ticket, person_id: int) -> None:
    """End somebody's part. Raises NotFound for whom may not."""
    try:
        actions.take_out(
            number=ticket.number, person_id=person_id, actor=signed_in_actor(), now=clock.now()
        )
    except NotAllowed:
        raise NotFound from None
    flash(_("Ya no participa en el ticket."), "success")
