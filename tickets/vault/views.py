"""What customers do with secrets: add one, and wipe it. They never read it again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_use_tickets
from core import clock
from core.errors import error_page
from core.ratelimit import limiter
from core.tokens import new_token
from tickets.forms import ReplyForm
from tickets.lifecycle import StepNotAllowed
from tickets.participants.queries import may_write
from tickets.refusals import NotAllowed
from tickets.vault import actions
from tickets.vault.forms import SecretForm
from tickets.vault.noticing import Kind
from tickets.views import thread_page, ticket_or_404

blueprint = Blueprint("vault", __name__)


@blueprint.post("/tickets/<number:number>/secretos")
@requires(may_use_tickets)
@limiter.limit("60/hour")
def keep(number: int) -> ResponseReturnValue:
    ticket, actor, form = ticket_or_404(number), signed_in_actor(), SecretForm()
    if not may_write(actor, ticket):
        raise NotFound
    if not form.validate():
        form.forget()
        empty = ReplyForm(formdata=None, formulario=new_token())
        return thread_page(ticket, empty, 422, secret_form=form)
    value = actions.Value(form.valor.data, Kind.PASSWORD, form.nombre.data, int(form.dias.data))
    try:
        actions.keep(
            number=number,
            actor=actor,
            value=value,
            form_id=form.formulario.data or "",
            now=clock.now(),
        )
    except StepNotAllowed:
        return error_page(409, text=_("El ticket está cerrado: el dato no se guardó."))
    flash(_("El dato quedó guardado y cifrado."), "success")
    return redirect(url_for("tickets.show", number=number, _anchor="secretos"), 303)


@blueprint.post("/tickets/<number:number>/secretos/<number:secret_id>/eliminacion")
@requires(may_use_tickets)
def remove(number: int, secret_id: int) -> ResponseReturnValue:
    ticket_or_404(number)
    remove_or_404(number, secret_id)
    return redirect(url_for("tickets.show", number=number, _anchor="secretos"), 303)


def remove_or_404(number: int, secret_id: int) -> None:
    """Wipe it, for whoever may. Missing and forbidden look the same."""
    try:
        actions.remove(number=number, secret_id=secret_id, actor=signed_in_actor(), now=clock.now())
    except NotAllowed:
        raise NotFound from None
    flash(_("El dato cifrado se borró."), "success")
