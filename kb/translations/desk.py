"""The editor's page «Idiomas» of an article."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.web import clean_number
from core.wording import clean_line
from kb.editor_access import article_or_404
from kb.following import Gone
from kb.models import Article
from kb.translations import actions, queries


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the editor."""
    own = "/editor/articulos/<number:article_id>/idiomas"
    add = blueprint.add_url_rule
    add(own, "languages", languages)
    add(f"{own}/enlace", "link", link, methods=["POST"])
    add(f"{own}/retiro", "unlink", unlink, methods=["POST"])
    add(f"{own}/verificacion", "confirm_translation", confirm_translation, methods=["POST"])


@requires(may_edit_articles)
def languages(article_id: int) -> ResponseReturnValue:
    article = article_or_404(article_id)
    other = queries.other_language(article)
    text = clean_line(request.args.get("q", ""), 200)
    return render_template(
        "editor/languages.html",
        article=article,
        other=other,
        translation=_translation(article, other),
        is_behind=other is not None
        and (queries.is_behind(article, other) or queries.is_behind(other, article)),
        q=text,
        found=queries.candidates(article, text) if text and other is None else [],
    )


def _translation(article: Article, other: Article | None) -> Article | None:
    return article if article.translation_of is not None else other


@requires(may_edit_articles)
def link(article_id: int) -> ResponseReturnValue:
    other_id = clean_number(request.form.get("articulo"))
    if other_id is None:
        raise NotFound
    try:
        actions.link(
            actor=signed_in_actor(), article_id=article_id, other_id=other_id, now=clock.now()
        )
    except Gone as error:
        raise NotFound from error
    except actions.SameLanguage:
        flash(_("Los dos están en el mismo idioma. No se enlazaron."), "error")
    else:
        flash(_("Enlazados. Cada página ofrece la del otro idioma."), "success")
    return redirect(url_for("editor.languages", article_id=article_id), 303)


@requires(may_edit_articles)
def unlink(article_id: int) -> ResponseReturnValue:
    try:
        actions.unlink(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except Gone as error:
        raise NotFound from error
    flash(_("Enlace quitado. Los dos artículos siguen donde estaban."), "success")
    return redirect(url_for("editor.languages", article_id=article_id), 303)


@requires(may_edit_articles)
def confirm_translation(article_id: int) -> ResponseReturnValue:
    try:
        actions.confirm_translation(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except (Gone, actions.NotLinked) as error:
        raise NotFound from error
    flash(_("La traducción está al día."), "success")
    return redirect(url_for("editor.languages", article_id=article_id), 303)
