"""The pages of canned answers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_canned_answers, may_read_desk
from core import clock
from core.tokens import new_token
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from tickets.canned import actions, queries
from tickets.canned.forms import CannedForm
from tickets.canned.models import EVERY, CannedAnswer
from tickets.places import current_policy

blueprint = Blueprint("canned", __name__, url_prefix="/mesa/respuestas-listas")
PAGE_SIZE = 30
#: In the address of the list: those for every ticket.
GENERAL = "generales"


@blueprint.get("")
@requires(may_read_desk)
def index() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", ""), 200)
    archived = request.args.get("estado") == "archivadas"
    codes = list(current_policy().affections)
    chosen = request.args.get("afeccion", "")
    affection = EVERY if chosen == GENERAL else chosen if chosen in codes else None
    number = page_number()
    rows, total = queries.answers(
        text=text,
        affection=affection,
        archived=archived,
        offset=(number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    return render_template(
        "canned/index.html",
        page=checked_page(Page(rows, number, PAGE_SIZE, total)),
        q=text,
        chosen=chosen if affection is not None else "",
        codes=codes,
        archived=archived,
        counts=queries.counts(),
    )


@blueprint.route("/nueva", methods=["GET", "POST"])
@requires(may_edit_canned_answers)
def new() -> ResponseReturnValue:
    form = _form()
    if request.method == "GET":
        form.formulario.data = new_token()
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None, status=form.status)
    actions.create_answer(
        actor=signed_in_actor(),
        text=form.text(),
        form_id=form.formulario.data or "",
        now=clock.now(),
    )
    flash(_("Guardada. Ya se ofrece en los tickets."), "success")
    return redirect(url_for("canned.index"), 303)


@blueprint.route("/<number:answer_id>", methods=["GET", "POST"])
@requires(may_edit_canned_answers)
def edit(answer_id: int) -> ResponseReturnValue:
    answer = _answer_or_404(answer_id)
    form = _form(answer)
    if request.method == "GET":
        form.show(answer)
        return _form_page(form, answer)
    if not form.validate():
        return _form_page(form, answer, status=form.status)
    return _changed(form, answer_id)


def _changed(form: CannedForm, answer_id: int) -> ResponseReturnValue:
    try:
        actions.change_answer(
            actor=signed_in_actor(),
            answer_id=answer_id,
            text=form.text(),
            revision=form.revision.data,
            now=clock.now(),
        )
    except actions.Changed:
        # Saving from this page stores one's text over the one shown beside it, knowingly.
        stored = _answer_or_404(answer_id)
        form.revision.data = stored.revision
        return _form_page(form, stored, conflict=True, status=409)
    flash(_("Guardada."), "success")
    return redirect(url_for("canned.index"), 303)


@blueprint.post("/<number:answer_id>/archivo")
@requires(may_edit_canned_answers)
def archive(answer_id: int) -> ResponseReturnValue:
    try:
        actions.archive_answer(actor=signed_in_actor(), answer_id=answer_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    flash(_("Archivada. Ya no se ofrece en los tickets."), "success")
    return redirect(url_for("canned.index"), 303)


@blueprint.post("/<number:answer_id>/restauracion")
@requires(may_edit_canned_answers)
def restore(answer_id: int) -> ResponseReturnValue:
    try:
        actions.restore_answer(actor=signed_in_actor(), answer_id=answer_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    flash(_("De nuevo en uso."), "success")
    return redirect(url_for("canned.index"), 303)


def _form(answer: CannedAnswer | None = None) -> CannedForm:
    """A form that offers the affections in force, and the one the answer was written for."""
    codes = list(current_policy().affections)
    if answer is not None and answer.affection not in {EVERY, *codes}:
        codes.append(answer.affection)
    form = CannedForm()
    form.offer(codes)
    return form


def _form_page(
    form: CannedForm, answer: CannedAnswer | None, *, conflict: bool = False, status: int = 200
) -> ResponseReturnValue:
    page = render_template("canned/edit.html", form=form, answer=answer, conflict=conflict)
    return page, status


def _answer_or_404(answer_id: int) -> CannedAnswer:
    answer = queries.answer_to_edit(answer_id)
    if answer is None:
        raise NotFound
    return answer
