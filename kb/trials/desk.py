"""The editor's trial questions: how they stand, writing them, accepting results, files."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.protection import accepts
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from kb.trials import actions, policy, queries, running, sheet
from kb.trials.forms import ImportForm, TrialForm, texts_of, why_unreadable
from kb.trials.models import Trial
from kb.trials.policy import Change, Kind
from kb.trials.queries import Stand, Standing
from kb.trials.sheet import Unreadable

blueprint = Blueprint("trials", __name__, url_prefix="/editor/pruebas")
LISTED = 50
#: Names of the lists in the address.
LISTS = ("fallan", "empeoro", "mejoro")


@blueprint.get("")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    chosen = request.args.get("ver", "")
    found, number = queries.standing(), page_number()
    rows = _chosen(found, chosen)
    page = Page(rows[(number - 1) * LISTED : number * LISTED], number, LISTED, len(rows))
    return render_template(
        "trials/index.html",
        found=found,
        page=checked_page(page),
        chosen=chosen if chosen in LISTS else "",
        failing=sum(not s.passes and s.change is not Change.UNKNOWN for s in found.stands),
        most=policy.MOST_TRIALS,
        first=policy.FIRST,
    )


@blueprint.route("/nueva", methods=["GET", "POST"])
@requires(may_edit_articles)
def new() -> ResponseReturnValue:
    form = TrialForm()
    if request.method == "POST":
        return _written(form, None)
    form.pregunta.data = clean_line(request.args.get("q", ""), policy.MAX_TICKET)
    return _form_page(form, None)


@blueprint.route("/<number:trial_id>", methods=["GET", "POST"])
@requires(may_edit_articles)
def edit(trial_id: int) -> ResponseReturnValue:
    trial, form = _trial_or_404(trial_id), TrialForm()
    if request.method == "POST":
        return _written(form, trial)
    form.show(trial)
    return _form_page(form, trial)


@blueprint.post("/<number:trial_id>/eliminacion")
@requires(may_edit_articles)
def delete(trial_id: int) -> ResponseReturnValue:
    try:
        actions.delete_trial(actor=signed_in_actor(), trial_id=trial_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    flash(_("Eliminada."), "success")
    return redirect(url_for("trials.index"), 303)


@blueprint.post("/ejecucion")
@requires(may_edit_articles)
def run() -> ResponseReturnValue:
    actions.ask_for_run(now=clock.now())
    flash(_("Se están probando. Vuelva a cargar la página para ver el avance."), "info")
    return redirect(url_for("trials.index"), 303)


@blueprint.post("/aceptacion")
@requires(may_edit_articles)
def accept() -> ResponseReturnValue:
    found, key = queries.standing(), running.present_key()
    if found.waiting or not key:
        flash(_("Faltan preguntas por probar. Pruébelas antes de aceptar."), "warning")
        return redirect(url_for("trials.index"), 303)
    places = {stand.trial.id: stand.place for stand in found.stands}
    actions.accept(actor=signed_in_actor(), places=places, key=key, now=clock.now())
    flash(_("Aceptado. Los próximos cambios se comparan con estos resultados."), "success")
    return redirect(url_for("trials.index"), 303)


@blueprint.get("/pruebas.csv")
@requires(may_edit_articles)
def export() -> ResponseReturnValue:
    rows = [
        (Kind(trial.kind), trial.question, [article.slug for article in trial.articles])
        for trial in queries.all_trials()
    ]
    return Response(
        sheet.written(rows).encode(errors="replace"),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="pruebas.csv"'},
    )


@blueprint.route("/importacion", methods=["GET", "POST"])
@requires(may_edit_articles)
@accepts(2 * sheet.MAX_BYTES)
def import_file() -> ResponseReturnValue:
    form = ImportForm()
    if request.method == "GET":
        return render_template("trials/import.html", form=form, header=", ".join(sheet.HEADER))
    try:
        texts = texts_of(form.rows())
        added = actions.import_trials(actor=signed_in_actor(), texts=texts, now=clock.now())
    except (Unreadable, actions.TooMany) as error:
        unread = error if isinstance(error, Unreadable) else Unreadable("many")
        form.archivo.errors = [why_unreadable(unread)]
        page = render_template("trials/import.html", form=form, header=", ".join(sheet.HEADER))
        return page, 422
    flash(ngettext("%(num)d pregunta nueva.", "%(num)d preguntas nuevas.", added), "success")
    return redirect(url_for("trials.index"), 303)


def _written(form: TrialForm, trial: Trial | None) -> ResponseReturnValue:
    if request.form.get("accion") == "buscar":
        return _form_page(form, trial)
    if not form.validate():
        return _form_page(form, trial, 422)
    trial_id = trial.id if trial else None
    try:
        actions.save_trial(
            actor=signed_in_actor(), text=form.text(), trial_id=trial_id, now=clock.now()
        )
    except actions.Gone as error:
        raise NotFound from error
    except actions.TooMany:
        form.form_errors.append(why_unreadable(Unreadable("many")))
        return _form_page(form, None, 422)
    flash(_("Guardada."), "success")
    return redirect(url_for("trials.index"), 303)


def _form_page(form: TrialForm, trial: Trial | None, status: int = 200) -> ResponseReturnValue:
    """The form beside what is found for its question now; what was named comes first."""
    question = form.question[: policy.longest(form.kind)]
    lang = trial.lang if trial else "es"
    found = running.found_for(form.kind, question, lang) if question else []
    named = {article.slug: article.title for article in form.expected.values()}
    places = {slug: place for place, (_id, slug, _title) in enumerate(found, 1)}
    titles = {**named, **{slug: title for _id, slug, title in found}}
    html = render_template(
        "trials/edit.html",
        form=form,
        trial=trial,
        candidates=[(slug, title, places.get(slug)) for slug, title in titles.items()],
        named=set(named),
    )
    return html, status


def _chosen(found: Standing, chosen: str) -> list[Stand]:
    """The rows of a list: first what got worse, then what fails."""
    rows = list(found.stands)
    if chosen == "fallan":
        rows = [s for s in rows if not s.passes and s.change is not Change.UNKNOWN]
    elif chosen in LISTS:
        rows = found.having(Change(chosen))
    return sorted(rows, key=lambda s: (s.change is not Change.WORSE, s.passes))


def _trial_or_404(trial_id: int) -> Trial:
    trial = queries.trial_to_edit(trial_id)
    if trial is None:
        raise NotFound
    return trial


@blueprint.app_context_processor
def _for_templates() -> dict[str, object]:
    """What the page of results asks before it offers a trial."""
    return {"may_try": may_edit_articles}
