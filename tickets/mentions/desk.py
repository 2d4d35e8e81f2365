"""Having seen the notes that call one by name."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_read_desk
from core import clock
from tickets.mentions import actions
from tickets.views import ticket_or_404

blueprint = Blueprint("mentions", __name__, url_prefix="/mesa/tickets")


@blueprint.post("/<number:number>/menciones/lectura")
@requires(may_read_desk)
def see(number: int) -> ResponseReturnValue:
    """Open a ticket from «Le mencionan»: the note that calls is what one gets to see."""
    ticket_or_404(number)
    note = actions.mark_seen(number=number, actor=signed_in_actor(), now=clock.now())
    anchor = f"m{note}" if note else None
    return redirect(url_for("desk.show", number=number, _anchor=anchor), 303)
