"""What can be done with a draft instead of filing it: add it to an open ticket (R8), or make two
of it (R6). Neither ever stands in the way of filing.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all, requires, signed_in_actor
from accounts.permissions import may_use_tickets
from core import clock
from core.errors import error_page
from core.protection import accepts_files
from core.web import clean_number
from tickets import actions, dividing, places
from tickets.drafts import AlreadyFiled, NotYours, save_draft
from tickets.filing import form_page, keep, not_for_staff, own_draft, owner
from tickets.forms import TicketForm
from tickets.lifecycle import StepNotAllowed
from tickets.models import Draft
from tickets.refusals import Incomplete, NotAllowed


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of tickets."""
    own = "/tickets/borradores/<token:draft_id>"
    blueprint.add_url_rule(f"{own}/union", "join", join, methods=["POST"])
    blueprint.add_url_rule(f"{own}/division", "divide", divide, methods=["POST"])


@accepts_files
@requires(may_use_tickets)
def join(draft_id: str) -> ResponseReturnValue:
    refused = _save_what_was_typed(own_draft(draft_id), draft_id)
    if refused is not None:
        return refused
    try:
        number = actions.add_draft_to_ticket(
            draft_id=draft_id,
            owner=owner(),
            number=clean_number(request.form.get("ticket")) or 0,
            actor=signed_in_actor(),
            now=clock.now(),
        )
    except (NotAllowed, Incomplete):
        raise NotFound from None
    except StepNotAllowed:
        return error_page(409, text=_("Ese ticket ya no está abierto. Su borrador sigue guardado."))
    flash(_("Su información quedó en el ticket %(number)s.", number=number), "success")
    return redirect(url_for("tickets.show", number=number), 303)


@accepts_files
@open_to_all
def divide(draft_id: str) -> ResponseReturnValue:
    not_for_staff()
    refused = _save_what_was_typed(own_draft(draft_id), draft_id)
    if refused is not None:
        return refused
    if dividing.divide_draft(draft_id=draft_id, owner=owner(), now=clock.now()):
        flash(_("Hicimos dos borradores. Éste es el primero."), "success")
    return redirect(url_for("tickets.new", borrador=draft_id), 303)


def _save_what_was_typed(draft: Draft | None, draft_id: str) -> ResponseReturnValue | None:
    """The buttons send the whole form, so that what was typed since is not lost; the page again
    where it cannot be taken. Raises NotFound where there is neither a draft nor a form.
    """
    if "descripcion" not in request.form:
        if draft is None:
            raise NotFound
        return None
    form = TicketForm()
    form.offer(places.current_policy())
    form.borrador.data = draft_id
    if draft is None:
        return _begun_again(form)
    if not form.enough_to_suggest():
        return form_page(form, own_draft(draft.id), None, 422)
    dropped = [n for n in map(clean_number, request.form.getlist("quitar")) if n]
    try:
        has_room = save_draft(
            draft_id=draft.id,
            owner=owner(),
            written=form.written,
            uploads=form.uploads,
            dropped=dropped,
            now=clock.now(),
        )
    except (AlreadyFiled, NotYours):
        # Pressed twice: the verb that follows leads to the ticket.
        return None
    if has_room:
        return None
    form.adjuntos.errors = [_("Adjunte como máximo 5 archivos en total. Quite alguno antes.")]
    return form_page(form, own_draft(draft.id), None, 422)


def _begun_again(form: TicketForm) -> ResponseReturnValue:
    """The draft is kept no longer, or was discarded elsewhere: what was typed makes another."""
    form.enough_to_suggest()
    form.form_errors.append(_("El borrador ya no estaba. Lo guardamos de nuevo: revíselo y siga."))
    draft_id = keep(form)
    return form_page(form, own_draft(draft_id), None, 422)
