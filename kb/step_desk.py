"""The editor's buttons for an article as a whole: the steps of its life, who reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.web import site_settings
from core.wording import clean_line
from kb import editor_queries, lifecycle, steps
from kb.addresses.queries import article_at
from kb.editor_access import article_or_404
from kb.following import Gone
from kb.lifecycle import Audience, State
from kb.models import Article
from kb.timetable.actions import may_plan_publication
from kb.translations.queries import other_language


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the editor."""
    own = "/editor/articulos/<number:article_id>"
    for noun, view in (
        ("publicacion", publish),
        ("archivo", archive),
        ("revision", ask_review),
        ("borrador", return_to_draft),
        ("eliminacion", delete),
        ("lectores", readers),
    ):
        blueprint.add_url_rule(f"{own}/{noun}", view.__name__, view, methods=["POST"])


@requires(may_edit_articles)
def publish(article_id: int) -> ResponseReturnValue:
    return _taken(steps.publish_article, article_id, _("Publicado. Ya se puede leer y buscar."))


@requires(may_edit_articles)
def archive(article_id: int) -> ResponseReturnValue:
    said = _("Archivado. Ya no se puede leer ni buscar; aquí sigue guardado.")
    return _taken(steps.archive_article, article_id, said)


@requires(may_edit_articles)
def ask_review(article_id: int) -> ResponseReturnValue:
    said = _("En revisión. Los demás editores lo ven en «En revisión».")
    return _taken(steps.ask_review, article_id, said)


@requires(may_edit_articles)
def return_to_draft(article_id: int) -> ResponseReturnValue:
    return _taken(steps.return_to_draft, article_id, _("Es un borrador otra vez."))


@requires(may_edit_articles)
def delete(article_id: int) -> ResponseReturnValue:
    back = redirect(url_for("editor.edit", article_id=article_id), 303)
    named = clean_line(request.form.get("reemplazo", ""), 300)
    successor = _named(named)
    if named and (successor is None or successor.id == article_id):
        article_or_404(article_id)
        flash(
            _("No hay otro artículo en «%(address)s». No se eliminó nada.", address=named), "error"
        )
        return back
    try:
        steps.delete_article(
            actor=signed_in_actor(),
            article_id=article_id,
            successor_id=successor.id if successor else None,
            now=clock.now(),
        )
    except Gone as error:
        raise NotFound from error
    except steps.StillPublished:
        flash(_("Está publicado. Archívelo antes de eliminarlo."), "error")
        return back
    flash(_("Eliminado."), "success")
    return redirect(url_for("editor.index"), 303)


@requires(may_edit_articles)
def readers(article_id: int) -> ResponseReturnValue:
    audience = {one.value: one for one in Audience}.get(request.form.get("publico", ""))
    if audience is None:
        raise NotFound
    try:
        steps.set_audience(
            actor=signed_in_actor(), article_id=article_id, audience=audience, now=clock.now()
        )
    except Gone as error:
        raise NotFound from error
    flash(
        _("Ahora sólo lo lee el personal.")
        if audience is Audience.STAFF
        else _("Ahora lo leen todos."),
        "success",
    )
    return redirect(url_for("editor.timetable", article_id=article_id), 303)


def _taken(verb: Callable[..., None], article_id: int, said: str) -> ResponseReturnValue:
    try:
        verb(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except Gone as error:
        raise NotFound from error
    except steps.StepNotAllowed:
        flash(_("Mientras tanto cambió de estado. No se hizo nada."), "error")
    else:
        flash(said, "success")
    return redirect(url_for("editor.edit", article_id=article_id), 303)


def _named(address: str) -> Article | None:
    """The article that somebody named by its address, whole or in part."""
    return article_at(address.rstrip("/").rsplit("/", 1)[-1]) if address else None


def life_of(article: Article | None) -> dict[str, Any]:
    """What the pages of an article say of its life."""
    now = clock.now()
    if article is None:
        return {"state": State.DRAFT, "steps": []}
    state = lifecycle.state_of(article, now)
    months = site_settings().review_months
    return {
        "state": state,
        "steps": [step.value for step in lifecycle.allowed(signed_in_actor(), state)],
        "is_due": bool(editor_queries.due_among([article.id], now, months)),
        "names": editor_queries.names_of(article),
        "may_plan": may_plan_publication(article, now),
        "other": other_language(article),
    }
