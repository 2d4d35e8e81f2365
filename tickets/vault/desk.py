"""Secrets at the desk: read on a click by whoever holds the ticket, and never otherwise."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_read_desk, may_work_desk
from core import clock
from core.errors import error_page
from tickets.refusals import NotAllowed
from tickets.vault import actions, queries
from tickets.vault.sealing import WrongKey
from tickets.vault.views import remove_or_404
from tickets.views import ticket_or_404

blueprint = Blueprint("vault_desk", __name__, url_prefix="/mesa/tickets/<number:number>/secretos")


@blueprint.post("/<number:secret_id>/lecturas")
@requires(may_work_desk)
def read(number: int, secret_id: int) -> ResponseReturnValue:
    """Answers with the page itself: an address that shows the value must not exist."""
    ticket, actor = ticket_or_404(number), signed_in_actor()
    try:
        value = actions.read(number=number, secret_id=secret_id, actor=actor, now=clock.now())
    except NotAllowed:
        raise NotFound from None
    except actions.Ended:
        return error_page(409, text=_("Este dato ya no está: venció o se borró."))
    except WrongKey:
        return error_page(
            409,
            title=_("No se puede descifrar"),
            text=_(
                "Se guardó con otra clave del sitio (SECRET_KEY). Pídale al cliente que lo guarde "
                "otra vez y avise a quien administra el sitio."
            ),
        )
    secret = queries.secret_of(actor, ticket, secret_id)
    return render_template("vault/read.html", ticket=ticket, secret=secret, value=value)


@blueprint.post("/<number:secret_id>/eliminacion")
@requires(may_read_desk)
def remove(number: int, secret_id: int) -> ResponseReturnValue:
    ticket_or_404(number)
    remove_or_404(number, secret_id)
    return redirect(url_for("desk.show", number=number, _anchor="secretos"), 303)
