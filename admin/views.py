"""Administration: settings, conditions, people, and jobs that were given up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

import conditions.queries
from accounts.access import requires, signed_in_actor
from accounts.models import Person
from accounts.permissions import may_administer
from admin import actions, queries
from admin.forms import ConditionsForm, RolesForm, SettingsForm
from admin.words import job_words
from conditions.actions import NothingChangedError, OutdatedError, publish
from core import clock, outbox, settings
from core.protection import accepts_long_text
from core.text import render_markdown
from core.web import Page, checked_page, page_number
from core.wording import clean_line

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
PAGE_SIZE = 30


@blueprint.get("")
@requires(may_administer)
def index() -> str:
    """What there is to administer."""
    return render_template(
        "admin/index.html", failed=outbox.failed(), in_force=conditions.queries.current()
    )


@blueprint.get("/ajustes")
@requires(may_administer)
def edit_settings() -> str:
    """The settings as they are."""
    return render_template("admin/settings.html", form=SettingsForm.of(settings.load()))


@blueprint.post("/ajustes")
@requires(may_administer)
def change_settings() -> ResponseReturnValue:
    """Store the settings."""
    form = SettingsForm()
    if not form.validate():
        return render_template("admin/settings.html", form=form), 422
    settings.change(form.settings(), actor_id=signed_in_actor().person_id, now=clock.now())
    flash(_("Los ajustes quedaron guardados."), "success")
    return redirect(url_for("admin.edit_settings"), 303)


@blueprint.get("/condiciones")
@requires(may_administer)
def edit_conditions() -> str:
    """The text in force, to write the next version from it."""
    in_force = conditions.queries.current()
    form = ConditionsForm(formdata=None)
    if in_force is not None:
        form.titulo.data, form.texto.data = in_force.title, in_force.body
    form.desde.data = str(in_force.version if in_force else 0)
    return _conditions_page(form)


@blueprint.post("/condiciones")
@requires(may_administer)
@accepts_long_text
def write_conditions() -> ResponseReturnValue:
    """Show the next version as it will be read, or publish it."""
    form = ConditionsForm()
    if not form.validate():
        return _conditions_page(form), 422
    if request.form.get("accion") != "publicar":
        return _conditions_page(form, with_preview=True)
    return _publish(form)


def _publish(form: ConditionsForm) -> ResponseReturnValue:
    text = {"title": form.titulo.data or "", "body": form.texto.data or ""}
    try:
        publish(**text, after=form.base, actor=signed_in_actor(), now=clock.now())
    except NothingChangedError:
        form.form_errors.append(_("Este texto ya es el vigente. No hay nada que publicar."))
        return _conditions_page(form), 409
    except OutdatedError:
        form.form_errors.append(
            _("Otra persona publicó una versión mientras usted escribía. Revísela antes de seguir.")
        )
        return _conditions_page(form), 409
    flash(_("La nueva versión ya está vigente."), "success")
    return redirect(url_for("conditions.current"), 303)


def _conditions_page(form: ConditionsForm, *, with_preview: bool = False) -> str:
    return render_template(
        "admin/conditions.html",
        form=form,
        in_force=conditions.queries.current(),
        preview=render_markdown(form.texto.data or "").html if with_preview else None,
    )


@blueprint.get("/trabajos")
@requires(may_administer)
def jobs() -> str:
    """Jobs that were given up, with the error they met."""
    number = page_number()
    rows, total = queries.failed_jobs(offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    page = checked_page(Page(rows, number, PAGE_SIZE, total))
    return render_template(
        "admin/jobs.html", page=page, pending=outbox.waiting(clock.now()), job_words=job_words()
    )


@blueprint.post("/trabajos/<number:job_id>/reintento")
@requires(may_administer)
def retry_job(job_id: int) -> ResponseReturnValue:
    """Have a job tried again."""
    try:
        actions.retry_job(job_id, actor=signed_in_actor(), now=clock.now())
    except LookupError:
        raise NotFound from None
    flash(_("El trabajo vuelve a la fila y se intentará de nuevo."), "success")
    return redirect(url_for("admin.jobs"), 303)


@blueprint.get("/personas")
@requires(may_administer)
def people() -> str:
    """People by name, with a search."""
    words = clean_line(request.args.get("q", ""), 100)
    number = page_number()
    rows, total = queries.people(words, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    page = checked_page(Page(rows, number, PAGE_SIZE, total))
    return render_template("admin/people.html", page=page, words=words)


@blueprint.get("/personas/<number:person_id>")
@requires(may_administer)
def person(person_id: int) -> str:
    """One person: what they may do, and closing the account."""
    found = _person(person_id)
    return _person_page(found, RolesForm(formdata=None, data={"roles": sorted(found.roles)}))


@blueprint.post("/personas/<number:person_id>/cierre")
@requires(may_administer)
def close_person(person_id: int) -> ResponseReturnValue:
    """Close an account; its sessions end."""
    found = _person(person_id)
    try:
        actions.close_person(person_id, actor=signed_in_actor(), now=clock.now())
    except actions.LastAdministratorError:
        return _refused(found, _last_administrator())
    flash(_("La cuenta quedó cerrada y sus sesiones terminaron."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/personas/<number:person_id>/reapertura")
@requires(may_administer)
def open_person(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    _person(person_id)
    actions.open_person(person_id, actor=signed_in_actor(), now=clock.now())
    flash(_("La cuenta está abierta de nuevo."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/personas/<number:person_id>/roles")
@requires(may_administer)
def change_roles(person_id: int) -> ResponseReturnValue:
    """Change what a member of staff does."""
    found = _person(person_id)
    form = RolesForm()
    if found.company_id is not None:
        raise NotFound
    if not form.validate():
        return _person_page(found, form), 422
    try:
        actions.change_roles(person_id, form.chosen, actor=signed_in_actor(), now=clock.now())
    except actions.LastAdministratorError:
        return _refused(found, _last_administrator())
    flash(_("Los cambios quedaron guardados."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


def _person(person_id: int) -> Person:
    found = queries.person(person_id)
    if found is None:
        raise NotFound
    return found


def _person_page(found: Person, form: RolesForm) -> str:
    sessions = queries.open_sessions(found.id, clock.now())
    return render_template("admin/person.html", person=found, form=form, sessions=sessions)


def _refused(found: Person, reason: str) -> ResponseReturnValue:
    form = RolesForm(formdata=None, data={"roles": sorted(found.roles)})
    form.form_errors.append(reason)
    return _person_page(_person(found.id), form), 409


def _last_administrator() -> str:
    return str(_("Es el único administrador. Dé ese rol a otra persona antes de quitárselo."))
