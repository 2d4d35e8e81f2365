"""Journey B: describe, read what may solve it, and send. Works with forms alone."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

import conditions.queries
from accounts.access import current_actor, open_to_all
from accounts.permissions import Actor, may_authorise_access, may_open_any
from core import clock
from core.protection import accepts_files
from core.ratelimit import limiter
from core.tokens import clean_token, new_token
from core.web import clean_number, visitor_key
from tickets import drafts, opening, places, queries, refusals, suggesting, two_problems
from tickets.forms import TicketForm, choice_text
from tickets.models import Draft
from tickets.outages.views import open_notices
from tickets.outcomes.before_filing import searched_before, searchers
from tickets.outcomes.policy import Seen, seen_from
from tickets.suggesting import Offered
from tickets.vault import moving
from tickets.vault.queries import positions_of_draft


def add_routes(blueprint: Blueprint) -> None:
    """The addresses of journey B on the blueprint of tickets."""
    add = blueprint.add_url_rule
    add("/tickets/nuevo", "new", new, methods=["GET"])
    add("/tickets/nuevo", "write", write, methods=["POST"])
    add("/tickets/nuevo/sugerencias", "suggestions", suggestions, methods=["POST"])
    own = "/tickets/borradores/<token:draft_id>"
    add(f"{own}/eliminacion", "discard", discard, methods=["POST"])


def owner() -> str:
    return drafts.owner_of(current_actor(), visitor_key())


def not_for_staff() -> Actor | None:
    actor = current_actor()
    if actor is not None and not actor.is_customer:
        raise NotFound
    return actor


@open_to_all
def new() -> ResponseReturnValue:
    not_for_staff()
    draft_id = clean_token(request.args.get("borrador"))
    draft = queries.draft_for(owner(), draft_id) if draft_id else None
    if draft is not None and draft.ticket_number is not None:
        return redirect(url_for("tickets.show", number=draft.ticket_number), 303)
    form = _filled(draft)
    return form_page(form, draft, _offered(form) if draft is not None else None)


def _filled(draft: Draft | None) -> TicketForm:
    values = {"borrador": new_token(), "asunto": request.args.get("asunto", "")[:200]}
    if draft is not None:
        values = {
            "borrador": draft.id,
            "asunto": draft.subject,
            "descripcion": draft.description,
            "afeccion": draft.affection,
            "prioridad": draft.mark,
        }
    form = TicketForm(formdata=None, data=values)
    form.offer(places.current_policy())
    return form


def form_page(
    form: TicketForm, draft: Draft | None, offer: Offered | None, status: int = 200
) -> ResponseReturnValue:
    actor, agreed = current_actor(), conditions.queries.current()
    in_force = agreed.version if agreed else None
    if form.condiciones.data not in {None, in_force}:
        form.form_errors.append(
            _("Las condiciones cambiaron mientras escribía. Léalas abajo y vuelva a enviar.")
        )
    form.condiciones.data = in_force
    html = render_template(
        "tickets/new.html",
        form=form,
        draft=draft,
        unsent=[] if draft else queries.unsent_drafts(owner()),
        offer=offer,
        hidden=positions_of_draft(draft.id) if draft else [],
        straight=form.afeccion.data in suggesting.STRAIGHT_TO_SENDING,
        division=two_problems.divide(draft.subject, draft.description)
        if draft and offer is not None
        else None,
        waiting=queries.made_by_dividing(draft) if draft else None,
        choice_text=choice_text(places.current_policy()),
        conditions=agreed,
        may_open=actor is None or may_open_any(actor),
        authorises=actor is None or may_authorise_access(actor, company_id=actor.company_id or 0),
    )
    return html, status


def _offered(form: TicketForm) -> Offered:
    return suggesting.offered(current_actor(), form.written, open_notices())


@accepts_files
@open_to_all
@limiter.limit("120/hour")
def write() -> ResponseReturnValue:
    actor = not_for_staff()
    form = TicketForm()
    form.offer(places.current_policy())
    sending = request.form.get("accion") == "enviar"
    complete = form.validate() if sending else form.enough_to_suggest()
    complete = complete and _hide(form, actor)
    offer = _offered(form) if complete and not sending else None
    draft_id = keep(form, offer=offer)
    if not complete or form.adjuntos.errors or form.form_errors:
        return form_page(form, own_draft(draft_id), None, 422)
    if offer is not None:
        offer = suggesting.read_again(offer, actor, form.written)
        return form_page(form, own_draft(draft_id), offer)
    if actor is None:
        flash(_("Ingrese o cree su cuenta para enviarlo. Su borrador está guardado."), "info")
        here = url_for("tickets.new", borrador=draft_id)
        return redirect(url_for("accounts.sign_in", next=here), 303)
    return _file(form, draft_id, actor)


def _hide(form: TicketForm, actor: Actor | None) -> bool:
    return moving.hide_in_draft(
        form, form.borrador.data, owner=owner(), actor=actor, now=clock.now()
    )


def own_draft(draft_id: str) -> Draft | None:
    return queries.draft_for(owner(), draft_id)


def keep(form: TicketForm, *, offer: Offered | None = None, solving: bool = False) -> str:
    """Store the draft whatever is still wrong with it; its id, a new one where it must be.

    With it goes what was shown meanwhile, and `offer`, which is about to be.
    """
    form.borrador.data = form.borrador.data or new_token()
    visitor_key(create=current_actor() is None)
    try:
        has_room = _save(form, offer, solving)
    except drafts.AlreadyFiled as filed:
        before = own_draft(form.borrador.data)
        if before is not None and drafts.is_repeat(before, form.written, form.uploads):
            return before.id
        has_room = _save_another(
            form,
            _(
                "Ese borrador ya es el ticket %(number)s. Lo que escribió después no se ha "
                "enviado: si es otro asunto, envíelo; si no, añádalo al ticket.",
                number=filed.number,
            ),
        )
    except drafts.NotYours:
        has_room = _save_another(form, _("El borrador era de otra sesión. Vuelva a enviarlo."))
    if not has_room:
        form.adjuntos.errors = [_("Adjunte como máximo 5 archivos en total. Quite alguno antes.")]
    return str(form.borrador.data)


def _save(form: TicketForm, offer: Offered | None = None, solving: bool = False) -> bool:
    return drafts.save_draft(
        draft_id=form.borrador.data,
        owner=owner(),
        # Until its writer decides what becomes of a password, it is stored nowhere.
        written=form.masked if form.noticed else form.written,
        uploads=form.uploads,
        dropped=[n for n in map(clean_number, request.form.getlist("quitar")) if n],
        seen=_seen(offer),
        solving=solving,
        now=clock.now(),
    )


def _seen(offer: Offered | None) -> Seen:
    """What the page says it showed while it was typed in, and what it is going to show."""
    live = seen_from(request.form.getlist("visto"), request.form.getlist("leido"))
    next_ = [(s.slug, place) for place, s in enumerate(offer.articles if offer else (), 1)]
    return replace(live, shown=[*live.shown, *next_], searched=searched_before())


def _save_another(form: TicketForm, reason: str) -> bool:
    form.borrador.data = new_token()
    form.form_errors.append(reason)
    return _save(form)


def _file(form: TicketForm, draft_id: str, actor: Actor) -> ResponseReturnValue:
    try:
        number = opening.file_ticket(
            draft_id=draft_id,
            owner=owner(),
            actor=actor,
            shown=form.condiciones.data,
            now=clock.now(),
            address=request.remote_addr or "",
            searched_by=searchers(),
        )
    except refusals.ConditionsChanged:
        return form_page(form, own_draft(draft_id), None, 422)
    except refusals.NotAllowed as refused:
        form.afeccion.errors = [_who_to_ask(refused.reason)]
        return form_page(form, own_draft(draft_id), None, 422)
    flash(_("Recibimos su ticket %(number)s.", number=number), "success")
    draft = own_draft(draft_id)
    if draft is not None and queries.made_by_dividing(draft) is not None:
        flash(_("Falta enviar el segundo problema: está en sus borradores sin enviar."), "info")
    return redirect(url_for("tickets.show", number=number), 303)


def _who_to_ask(reason: str) -> str:
    if reason == "incident":
        return _(
            "Su usuario no puede abrir incidencias. Pida ese permiso al administrador de su "
            "empresa, o llámenos si su servidor está caído."
        )
    return _(
        "Su usuario no puede abrir peticiones. Pida ese permiso a quien administra su empresa."
    )


@open_to_all
@limiter.limit("600/hour")
def suggestions() -> ResponseReturnValue:
    """The candidates beside the form while somebody types; stores nothing."""
    form = TicketForm()
    return render_template(
        "tickets/_live.html",
        offer=_offered(form),
        draft_id=form.borrador.data,
        may_open=current_actor() is None or may_open_any(current_actor()),
    )


@open_to_all
def discard(draft_id: str) -> ResponseReturnValue:
    not_for_staff()
    if not drafts.discard(draft_id=draft_id, owner=owner()):
        raise NotFound
    flash(_("El borrador se descartó."), "info")
    return redirect(url_for("tickets.new"), 303)
