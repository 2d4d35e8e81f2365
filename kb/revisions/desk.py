"""The editor's pages of what an article said before."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.web import Page, checked_page, clean_number, page_number
from kb.actions import LinkedLanguage
from kb.editor_access import article_or_404
from kb.following import Gone
from kb.revisions import actions, queries

LISTED = 30


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the editor."""
    own = "/editor/articulos/<number:article_id>"
    add = blueprint.add_url_rule
    add(f"{own}/revisiones", "revisions", revisions)
    add(f"{own}/diferencias", "differences", differences)
    add(f"{own}/revisiones/<number:number>/restauracion", "restore", restore, methods=["POST"])


@requires(may_edit_articles)
def revisions(article_id: int) -> ResponseReturnValue:
    article, number = article_or_404(article_id), page_number()
    rows, total = queries.revisions(article_id, page=number, size=LISTED)
    page = checked_page(Page(rows, number, LISTED, total))
    return render_template("editor/revisions.html", article=article, page=page)


@requires(may_edit_articles)
def differences(article_id: int) -> ResponseReturnValue:
    article = article_or_404(article_id)
    new = clean_number(request.args.get("a")) or article.last_revision
    old = clean_number(request.args.get("de")) or max(1, new - 1)
    found = queries.sides(article, old, new)
    if found is None:
        raise NotFound
    return render_template("editor/differences.html", article=article, sides=found)


@requires(may_edit_articles)
def restore(article_id: int, number: int) -> ResponseReturnValue:
    try:
        actions.restore(
            actor=signed_in_actor(), article_id=article_id, number=number, now=clock.now()
        )
    except Gone as error:
        raise NotFound from error
    except LinkedLanguage:
        flash(
            _("Estaba en otro idioma, y ahora está enlazado con él. Quite antes el enlace."),
            "error",
        )
        return redirect(url_for("editor.revisions", article_id=article_id), 303)
    waits = article_or_404(article_id).has_waiting_changes
    flash(
        _("Recuperado sin publicar. En el sitio se sigue viendo el texto anterior.")
        if waits
        else _("Recuperado."),
        "success",
    )
    return redirect(url_for("editor.edit", article_id=article_id), 303)
