"""Beside the form of an article: what was typed is kept, who else is there, two texts in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

import kb.queries
from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.protection import accepts_long_text
from core.tokens import new_token
from kb.actions import Gone
from kb.forms import ArticleForm
from kb.images.forms import ImageForm
from kb.models import Article
from kb.usage.queries import uses_of
from kb.writing import actions, drafts, queries
from kb.writing.forms import decided, draft_place, typed_in
from kb.writing.merge_views import conflict_page
from kb.writing.models import ArticleDraft, ArticlePresence, ArticleSource
from kb.writing.words import editing_line

blueprint = Blueprint("writing", __name__)


@blueprint.post("/editor/escritos")
@requires(may_edit_articles)
@accepts_long_text
def keep_new() -> ResponseReturnValue:
    form, place = ArticleForm(), draft_place()
    typed = typed_in(form)
    if typed is None or not place:
        return "", 422
    drafts.save_new_draft(actor=signed_in_actor(), place=place, typed=typed, now=clock.now())
    return "", 204


@blueprint.post("/editor/escritos/eliminacion")
@requires(may_edit_articles)
def discard_new() -> ResponseReturnValue:
    drafts.forget_new(actor=signed_in_actor(), place=draft_place())
    flash(_("Descartado."), "success")
    return redirect(url_for("editor.new"), 303)


@blueprint.post("/editor/articulos/<number:article_id>/escrito")
@requires(may_edit_articles)
@accepts_long_text
def keep(article_id: int) -> ResponseReturnValue:
    _article_or_404(article_id)
    typed = typed_in(ArticleForm())
    if typed is None:
        return "", 422
    actor = signed_in_actor()
    try:
        drafts.save_draft(actor=actor, article_id=article_id, typed=typed, now=clock.now())
    except Gone as error:
        raise NotFound from error
    return "", 204


@blueprint.post("/editor/articulos/<number:article_id>/escrito/eliminacion")
@requires(may_edit_articles)
def discard(article_id: int) -> ResponseReturnValue:
    _article_or_404(article_id)
    drafts.forget(actor=signed_in_actor(), article_id=article_id)
    flash(_("Descartado. Abajo está lo guardado."), "success")
    return redirect(url_for("editor.edit", article_id=article_id), 303)


@blueprint.post("/editor/articulos/<number:article_id>/presencia")
@requires(may_edit_articles)
def presence(article_id: int) -> ResponseReturnValue:
    _article_or_404(article_id)
    actor, writing, now = signed_in_actor(), request.form.get("escribe", ""), clock.now()
    if writing == "sale":
        actions.leave(article_id=article_id, actor=actor)
        return "", 204
    try:
        actions.be_seen(article_id=article_id, actor=actor, writing=writing == "si", now=now)
    except Gone as error:
        raise NotFound from error
    return jsonify(texto=editing_line(queries.others_here(actor, article_id, now=now)))


@blueprint.post("/editor/articulos/<number:article_id>/union")
@requires(may_edit_articles)
@accepts_long_text
def merge(article_id: int) -> ResponseReturnValue:
    article = _article_or_404(article_id)
    form = ArticleForm()
    form.offer(kb.queries.categories())
    moved = request.form.get("guardada") != str(article.last_revision)
    chosen = None if moved else decided(form, article)
    if chosen is None:
        return conflict_page(form, article, undecided=not moved, status=409 if moved else 422)
    drafts.save_draft(actor=signed_in_actor(), article_id=article_id, typed=chosen, now=clock.now())
    return redirect(url_for("editor.edit", article_id=article_id, juntos="si"), 303)


@dataclass(frozen=True)
class Bench:
    """What the form shows beside the article. `place` names the page of a new one."""

    place: str
    here: Sequence[ArticlePresence]
    unfinished: Sequence[ArticleDraft]
    source: ArticleSource | None
    uses: Mapping[str, int]
    image_form: ImageForm


def bench(article: Article | None) -> Bench:
    """Everything at once, in a constant number of queries."""
    actor, place = signed_in_actor(), draft_place()
    image_form = ImageForm(formdata=None)
    if article is None:
        unfinished = [one for one in queries.new_drafts(actor) if one.place != place]
        return Bench(place or new_token(), (), unfinished, None, {}, image_form)
    here = queries.others_here(actor, article.id, now=clock.now())
    uses = uses_of([article.id]).get(article.id, {})
    return Bench("", here, (), queries.source_of(article.id), uses, image_form)


def _article_or_404(article_id: int) -> Article:
    article = queries.with_body(article_id)
    if article is None:
        raise NotFound
    return article


@blueprint.record_once
def _register(setup: BlueprintSetupState) -> None:
    setup.app.jinja_env.globals.update(writing_bench=bench, editing_line=editing_line)
