"""Participants as the desk changes them."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from accounts.access import requires
from accounts.permissions import may_work_desk
from tickets.participants.views import added, taken_out
from tickets.views import ticket_or_404

blueprint = Blueprint("desk_participants", __name__, url_prefix="/mesa/tickets")


@blueprint.post("/<number:number>/participantes")
@requires(may_work_desk)
def add(number: int) -> ResponseReturnValue:
    return added(ticket_or_404(number), back_to="desk.show")


@blueprint.post("/<number:number>/participantes/<number:person_id>/retiro")
@requires(may_work_desk)
def take_out(number: int, person_id: int) -> ResponseReturnValue:
    taken_out(ticket_or_404(number), person_id)
    return redirect(url_for("desk.show", number=number), 303)
