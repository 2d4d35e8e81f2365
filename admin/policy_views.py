"""The order of the queue: the table in force, its versions, and publishing another."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_administer, may_read_desk
from admin.policy_forms import ProposalForm, proposal_form
from admin.policy_words import furthest, why_it_moves
from core import clock
from core.tokens import new_token
from core.web import Page, checked_page, page_number
from tickets import places, policy_queries, publishing
from tickets.models import PolicyVersion
from tickets.policy import Policy
from tickets.policy_changes import differences, same_order, what_changes
from tickets.words import duration

blueprint = Blueprint("policy", __name__, url_prefix="/admin/orden")
PAGE_SIZE = 30
#: So many of the tickets that would move most are listed.
MOST_MOVES = 20


@blueprint.get("")
@requires(may_read_desk)
def index() -> str:
    """The table in force, in words, and every version with who, when and why."""
    number = page_number()
    rows, total = policy_queries.versions(offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    page = checked_page(Page(rows, number, PAGE_SIZE, total))
    in_force = policy_queries.newest()
    return render_template(
        "policy/index.html", page=page, in_force=in_force, table=_table(in_force), duration=duration
    )


@blueprint.get("/<number:version>")
@requires(may_read_desk)
def show(version: int) -> str:
    """One version, and what it changed."""
    shown, before = policy_queries.version(version), policy_queries.version(version - 1)
    if shown is None:
        raise NotFound
    changed: dict[str, tuple[timedelta, timedelta]] = {}
    if before is not None:
        changed = differences(_table(before), _table(shown))
    return render_template(
        "policy/show.html",
        shown=shown,
        table=_table(shown),
        changed=changed,
        in_force=policy_queries.newest().version,
        duration=duration,
    )


@blueprint.get("/tabla")
@requires(may_read_desk)
def download() -> ResponseReturnValue:
    """A table as a file for the simulation: the one in force, or the one of the address."""
    table = in_force = places.current_policy()
    if request.args:
        form = proposal_form(in_force, request.args)
        form.desde.data, form.motivo.validators = str(in_force.version), []
        proposed = form.proposed() if form.validate() else None
        if proposed is None:
            raise NotFound
        table = proposed
    text = json.dumps(table.to_json(), ensure_ascii=False, indent=2) + "\n"
    name = f"orden-{table.version}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/nueva")
@requires(may_administer)
def propose() -> str:
    """The table in force, to write the next one from it."""
    form = proposal_form(places.current_policy())
    form.desde.data, form.formulario.data = str(form.in_force.version), new_token()
    return _form_page(form)


@blueprint.post("/nueva")
@requires(may_administer)
def write() -> ResponseReturnValue:
    """Show what the table would change, or publish it once that was seen."""
    form = proposal_form(places.current_policy(), request.form)
    proposed = form.proposed() if form.validate() else None
    if proposed is None:
        return _form_page(form), 422
    publishes = request.form.get("accion") == "publicar"
    seen = form.vista.data == publishing.seal(proposed)
    if publishes and seen:
        return _publish(form, proposed)
    if form.base != form.in_force.version:
        return _outdated(form)
    if same_order(form.in_force, proposed):
        return _unchanged(form)
    if publishes:
        form.form_errors.append(_("La tabla no es la que vio. Revise abajo qué cambiaría."))
    return _form_page(form, proposed), 422 if publishes else 200


def _publish(form: ProposalForm, proposed: Policy) -> ResponseReturnValue:
    try:
        version = publishing.publish(
            proposed=proposed,
            reason=form.motivo.data or "",
            actor=signed_in_actor(),
            form_id=form.form_id,
            now=clock.now(),
        )
    except publishing.Outdated:
        return _outdated(form)
    except publishing.NothingChanged:
        return _unchanged(form)
    flash(_("La versión %(n)s ya ordena la cola.", n=version), "success")
    return redirect(url_for("policy.show", version=version), 303)


def _outdated(form: ProposalForm) -> ResponseReturnValue:
    """The form with everything that was typed, beside the table that came in between."""
    form.in_force = places.current_policy()
    form.desde.data = str(form.in_force.version)
    form.form_errors.append(
        _(
            "Mientras usted escribía se publicó la versión %(n)s. Compare con lo que rige ahora y "
            "vuelva a ver qué cambiaría.",
            n=form.in_force.version,
        )
    )
    return _form_page(form), 409


def _unchanged(form: ProposalForm) -> ResponseReturnValue:
    form.form_errors.append(_("Esta tabla ya es la vigente. No hay nada que publicar."))
    return _form_page(form), 422


def _form_page(form: ProposalForm, proposed: Policy | None = None) -> str:
    changes = None
    if proposed is not None:
        changes = what_changes(form.in_force, proposed, policy_queries.open_standings())
    form.vista.data = publishing.seal(proposed) if proposed is not None else ""
    return render_template(
        "policy/propose.html",
        form=form,
        proposed=proposed,
        changes=changes,
        differences=differences(form.in_force, proposed) if proposed is not None else {},
        furthest=furthest(changes) if changes is not None else [],
        shown_moves=changes.moves[:MOST_MOVES] if changes is not None else (),
        why_it_moves=why_it_moves,
        duration=duration,
    )


def _table(version: PolicyVersion) -> Policy:
    return Policy.from_json(version.table)
