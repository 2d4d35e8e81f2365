"""Journey B: describe, read what may solve it, and send. Works with forms alone."""

from __future__ import annotations

from collections.abc import Sequence

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
from core.wording import clean_line
from kb.queries import published_article
from kb.search import Suggestion, suggest_articles
from tickets import drafts, opening, places, queries, refusals, two_problems
from tickets.duplicates import duplicates_of
from tickets.forms import TicketForm, choice_text
from tickets.models import Draft
from tickets.vault import moving
from tickets.vault.queries import positions_of_draft

#: Only the provider can mend these: no article is held against the customer (SEARCH.md).
STRAIGHT_TO_SENDING = frozenset({"corte-de-red", "maquina-no-arranca"})
SUGGESTED = 5


def add_routes(blueprint: Blueprint) -> None:
    """The addresses of journey B on the blueprint of tickets."""
    add = blueprint.add_url_rule
    add("/tickets/nuevo", "new", new, methods=["GET"])
    add("/tickets/nuevo", "write", write, methods=["POST"])
    add("/tickets/nuevo/sugerencias", "suggestions", suggestions, methods=["POST"])
    own = "/tickets/borradores/<token:draft_id>"
    add(f"{own}/solucion", "solved", solved, methods=["GET"])
    add(f"{own}/solucion", "solve", solve, methods=["POST"])
    add(f"{own}/eliminacion", "discard", discard, methods=["POST"])
    add(f"{own}/lecturas/<slug:slug>", "opened", opened, methods=["POST"])


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
    found = _suggestions(form) if draft is not None else []
    return form_page(form, draft, found if draft is not None else None)


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
    form: TicketForm, draft: Draft | None, found: Sequence[Suggestion] | None, status: int = 200
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
        suggestions=found,
        hidden=positions_of_draft(draft.id) if draft else [],
        straight=form.afeccion.data in STRAIGHT_TO_SENDING,
        duplicates=duplicates_of(actor, **_words(form)) if found is not None else None,
        division=two_problems.divide(draft.subject, draft.description)
        if draft and found is not None
        else None,
        waiting=queries.made_by_dividing(draft) if draft else None,
        choice_text=choice_text(places.current_policy()),
        conditions=agreed,
        may_open=actor is None or may_open_any(actor),
        authorises=actor is None or may_authorise_access(actor, company_id=actor.company_id or 0),
    )
    return html, status


def _words(form: TicketForm) -> dict[str, str]:
    written = form.written
    return {
        "subject": written.subject,
        "description": written.description,
        "affection": written.affection,
    }


def _suggestions(form: TicketForm) -> list[Suggestion]:
    if form.afeccion.data in STRAIGHT_TO_SENDING:
        return []
    return suggest_articles(form.asunto.data or "", form.descripcion.data or "", limit=SUGGESTED)


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
    draft_id = _keep(form)
    if not complete or form.adjuntos.errors or form.form_errors:
        return form_page(form, own_draft(draft_id), None, 422)
    if not sending:
        return _suggest(form, draft_id)
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


def _keep(form: TicketForm) -> str:
    """Store the draft whatever is still wrong with it; its id, a new one where it must be."""
    form.borrador.data = form.borrador.data or new_token()
    visitor_key(create=current_actor() is None)
    try:
        has_room = _save(form)
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


def _save(form: TicketForm) -> bool:
    return drafts.save_draft(
        draft_id=form.borrador.data,
        owner=owner(),
        # Until its writer decides what becomes of a password, it is stored nowhere.
        written=form.masked if form.noticed else form.written,
        uploads=form.uploads,
        dropped=[n for n in map(clean_number, request.form.getlist("quitar")) if n],
        now=clock.now(),
    )


def _save_another(form: TicketForm, reason: str) -> bool:
    form.borrador.data = new_token()
    form.form_errors.append(reason)
    return _save(form)


def _suggest(form: TicketForm, draft_id: str) -> ResponseReturnValue:
    found = _suggestions(form)
    drafts.record_shown(draft_id=draft_id, owner=owner(), slugs=[s.slug for s in found])
    return form_page(form, own_draft(draft_id), found)


def _file(form: TicketForm, draft_id: str, actor: Actor) -> ResponseReturnValue:
    try:
        number = opening.file_ticket(
            draft_id=draft_id,
            owner=owner(),
            actor=actor,
            shown=form.condiciones.data,
            now=clock.now(),
            address=request.remote_addr or "",
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
    """The answers beside the form while somebody types; stores nothing."""
    form = TicketForm()
    return render_template(
        "tickets/_suggestions.html",
        suggestions=_suggestions(form),
        straight=form.afeccion.data in STRAIGHT_TO_SENDING,
        duplicates=duplicates_of(current_actor(), **_words(form)),
        draft_id="",
        live=True,
    )


@open_to_all
def solve(draft_id: str) -> ResponseReturnValue:
    slug = clean_line(request.form.get("articulo", ""), 200)
    if published_article(slug) is None or not drafts.solve(
        draft_id=draft_id, owner=owner(), slug=slug, now=clock.now()
    ):
        raise NotFound
    return redirect(url_for("tickets.solved", draft_id=draft_id), 303)


@open_to_all
def solved(draft_id: str) -> ResponseReturnValue:
    draft = queries.draft_for(owner(), draft_id)
    if draft is None or draft.solved_by is None:
        raise NotFound
    return render_template("tickets/solved.html", draft=draft)


@open_to_all
def opened(draft_id: str, slug: str) -> ResponseReturnValue:
    if published_article(slug) is not None:
        drafts.record_opened(draft_id=draft_id, owner=owner(), slug=slug)
    return "", 204


@open_to_all
def discard(draft_id: str) -> ResponseReturnValue:
    not_for_staff()
    if not drafts.discard(draft_id=draft_id, owner=owner()):
        raise NotFound
    flash(_("El borrador se descartó."), "info")
    return redirect(url_for("tickets.new"), 303)
