"""Editors bring articles in: a file, what it would change, and then the import itself."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.db import db
from core.protection import accepts_files
from kb.importing import actions, queries, words
from kb.importing.entries import Refused
from kb.importing.forms import ImportForm
from kb.importing.running import Report, bring_in
from kb.importing.sources import read_bytes

blueprint = Blueprint("importing", __name__)
#: Lines of a report that a page shows of each kind.
SHOWN = 200
#: Articles of one file that is sent in the browser; the command takes more.
MOST = 3_000


@blueprint.get("/editor/importar")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    return _form_page(ImportForm(formdata=None))


@blueprint.post("/editor/importar")
@requires(may_edit_articles)
@accepts_files
def propose() -> ResponseReturnValue:
    form = ImportForm()
    report = _looked_at(form) if form.validate() else None
    if report is None:
        return _form_page(form, 422)
    db.session.rollback()
    number = actions.propose_import(
        actor=signed_in_actor(),
        name=form.name,
        content=form.content,
        told=report.plain(),
        now=clock.now(),
    )
    return redirect(url_for("importing.show", import_id=number), 303)


@blueprint.get("/editor/importar/<number:import_id>")
@requires(may_edit_articles)
def show(import_id: int) -> ResponseReturnValue:
    row = queries.import_by_id(import_id)
    if row is None:
        raise NotFound
    return render_template(
        "importing/show.html",
        row=row,
        told=row.told,
        shown=SHOWN,
        reason=words.reason,
        change_words=words.change_words,
    )


@blueprint.post("/editor/importar/<number:import_id>/confirmacion")
@requires(may_edit_articles)
def confirm(import_id: int) -> ResponseReturnValue:
    try:
        actions.confirm_import(actor=signed_in_actor(), import_id=import_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    return redirect(url_for("importing.show", import_id=import_id), 303)


@blueprint.post("/editor/importar/<number:import_id>/descarte")
@requires(may_edit_articles)
def discard(import_id: int) -> ResponseReturnValue:
    try:
        actions.discard_import(actor=signed_in_actor(), import_id=import_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    flash(_("Descartado. No se guardó nada."), "success")
    return redirect(url_for("importing.index"), 303)


def _looked_at(form: ImportForm) -> Report | None:
    """What the file would change; None, with the reason at its field, where it cannot be read."""
    try:
        bundle = read_bytes(form.name, form.content)
        if len(bundle.found) > MOST:
            raise Refused(0, "holds more than %(most)d articles", most=MOST)
        if not bundle.found and not bundle.refusals:
            raise Refused(0, "holds no list of articles")
    except Refused as error:
        said = words.reason(error.said, error.values)
        form.archivo.errors = [_("«%(name)s»: %(reason)s.", name=form.name, reason=said)]
        return None
    return bring_in(bundle, now=clock.now(), progress=lambda _done, _all: None, dry_run=True)


def _form_page(form: ImportForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("importing/index.html", form=form, imports=queries.latest_imports())
    return page, status
