"""The pages of synonyms in the editor."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.tokens import new_token
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from kb.actions import Gone
from kb.models import Article
from kb.search import PAGE_SIZE as FOUND
from kb.search import found_articles
from kb.synonyms import actions, queries
from kb.synonyms.forms import SynonymForm
from kb.synonyms.models import SynonymGroup
from kb.synonyms.phrases import phrases_of
from kb.trials import queries as trials
from kb.trials.actions import ask_for_run
from kb.vocabulary import Group, Vocabulary

blueprint = Blueprint("synonyms", __name__, url_prefix="/editor/sinonimos")
LISTED = 50
#: What is read of words in the address of the form for a new group.
PROPOSED = 300


@dataclass(frozen=True)
class Trial:
    """What a search finds without the group and with it."""

    text: str
    without: list[Article]
    with_group: list[Article]

    @property
    def is_new(self) -> set[int]:
        """Articles that only the group brings."""
        return {a.id for a in self.with_group} - {a.id for a in self.without}


@blueprint.get("")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", ""), 200)
    number = page_number()
    rows, total = queries.list_groups(text, offset=(number - 1) * LISTED, limit=LISTED)
    page = checked_page(Page(rows, number, LISTED, total))
    return render_template("synonyms/index.html", page=page, q=text)


@blueprint.route("/nuevo", methods=["GET", "POST"])
@requires(may_edit_articles)
def new() -> ResponseReturnValue:
    form = SynonymForm()
    if request.method == "POST":
        return _sent(form, None)
    form.formulario.data = new_token()
    proposed = clean_line(request.args.get("palabras", ""), PROPOSED)
    form.palabras.data, form.prueba.data = "\n".join(phrases_of(proposed)), proposed
    return _form_page(form, None)


@blueprint.route("/<number:group_id>", methods=["GET", "POST"])
@requires(may_edit_articles)
def edit(group_id: int) -> ResponseReturnValue:
    group = _group_or_404(group_id)
    form = SynonymForm()
    if request.method == "POST":
        return _sent(form, group)
    form.show(group)
    return _form_page(form, group)


@blueprint.post("/<number:group_id>/eliminacion")
@requires(may_edit_articles)
def delete(group_id: int) -> ResponseReturnValue:
    try:
        actions.delete_group(actor=signed_in_actor(), group_id=group_id, now=clock.now())
    except Gone as error:
        raise NotFound from error
    flash(_("Eliminado. Las búsquedas ya no lo usan."), "success")
    _tell_what_got_worse()
    return redirect(url_for("synonyms.index"), 303)


def _sent(form: SynonymForm, group: SynonymGroup | None) -> ResponseReturnValue:
    """What the button of the form asks for: to try the group, or to store it."""
    if not form.validate():
        return _form_page(form, group, status=422)
    if request.form.get("accion") == "probar":
        return _form_page(form, group, trial=_tried(form, group.id if group else None))
    group_id = group.id if group else None
    try:
        _store(form, group_id)
    except actions.Known:
        form.palabras.errors = [_("Ya hay un grupo con estas palabras.")]
        return _form_page(form, _again(group_id), status=422)
    except actions.TooMany:
        form.palabras.errors = [_("Ya no caben más grupos. Elimine los que no use.")]
        return _form_page(form, None, status=422)
    except actions.Changed:
        # Saving from this page stores one's words over those shown beside it, knowingly.
        stored = _group_or_404(group_id or 0)
        form.revision.data = stored.revision
        return _form_page(form, stored, conflict=True, status=409)
    except Gone as error:
        raise NotFound from error
    flash(_("Guardado. Las búsquedas ya lo usan."), "success")
    _tell_what_got_worse()
    return redirect(url_for("synonyms.index"), 303)


def _tell_what_got_worse() -> None:
    """Say at once which kept questions the change spoiled; many are tried by the worker."""
    found = trials.standing()
    if found.waiting:
        ask_for_run(now=clock.now())
    if found.worse:
        words = ngettext(
            "%(num)d prueba empeoró: mírela en «Pruebas».",
            "%(num)d pruebas empeoraron: mírelas en «Pruebas».",
            found.worse,
        )
        flash(words, "warning")


def _store(form: SynonymForm, group_id: int | None) -> None:
    actor, text, now = signed_in_actor(), form.text(), clock.now()
    if group_id is None:
        form_id = form.formulario.data or ""
        actions.create_group(actor=actor, text=text, form_id=form_id, now=now)
    else:
        actions.change_group(
            actor=actor, group_id=group_id, text=text, revision=form.revision.data, now=now
        )


def _tried(form: SynonymForm, group_id: int | None) -> Trial:
    text = form.text()
    words = form.prueba.data or text.phrases[0]
    others = queries.groups(but=group_id)
    with queries.trying(Vocabulary(others)):
        without = found_articles(words, FOUND)
    with queries.trying(Vocabulary([*others, Group(text.phrases, text.lang, text.one_way)])):
        with_group = found_articles(words, FOUND)
    return Trial(words, without, with_group)


def _form_page(
    form: SynonymForm,
    group: SynonymGroup | None,
    *,
    trial: Trial | None = None,
    conflict: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    phrases = phrases_of(form.palabras.data or "")
    page = render_template(
        "synonyms/edit.html",
        form=form,
        group=group,
        trial=trial,
        conflict=conflict,
        others=queries.groups_with(phrases, but=group.id if group else None),
    )
    return page, status


def _again(group_id: int | None) -> SynonymGroup | None:
    """The group as it is stored now: what was read before ended with the transaction."""
    return _group_or_404(group_id) if group_id else None


def _group_or_404(group_id: int) -> SynonymGroup:
    group = queries.group_to_edit(group_id)
    if group is None:
        raise NotFound
    return group
