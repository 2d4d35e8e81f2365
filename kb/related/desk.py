"""The editor's page «Relacionados» of an article."""

from __future__ import annotations

from collections.abc import Callable

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
from kb.related import actions, queries
from kb.search import found_articles, related_articles

PROPOSED = 8


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the editor."""
    own = "/editor/articulos/<number:article_id>/relacionados"
    add = blueprint.add_url_rule
    add(own, "related", related)
    add(own, "choose", choose, methods=["POST"])
    add(f"{own}/retiro", "drop", drop, methods=["POST"])


@requires(may_edit_articles)
def related(article_id: int) -> ResponseReturnValue:
    article = article_or_404(article_id)
    text = clean_line(request.args.get("q", ""), 200)
    chosen = queries.chosen_articles(article_id)
    return render_template(
        "editor/related.html",
        article=article,
        chosen=chosen,
        most=actions.MOST,
        shown=related_articles(article),
        q=text,
        found=_proposed(text, {article_id, *(one.id for one in chosen)}),
    )


def _proposed(text: str, known: set[int]) -> list[Article]:
    found = found_articles(text, PROPOSED + len(known)) if text else []
    return [one for one in found if one.id not in known][:PROPOSED]


@requires(may_edit_articles)
def choose(article_id: int) -> ResponseReturnValue:
    try:
        _act(actions.choose, article_id)
    except actions.Itself:
        flash(_("Un artículo no lleva a sí mismo."), "error")
    except actions.Full:
        flash(_("Ya hay %(num)d elegidos. Quite uno antes.", num=actions.MOST), "error")
    else:
        flash(_("Elegido. Se ve al final del artículo."), "success")
    return redirect(url_for("editor.related", article_id=article_id), 303)


@requires(may_edit_articles)
def drop(article_id: int) -> ResponseReturnValue:
    _act(actions.drop, article_id)
    flash(_("Quitado. El artículo sigue donde estaba."), "success")
    return redirect(url_for("editor.related", article_id=article_id), 303)


def _act(verb: Callable[..., None], article_id: int) -> None:
    """Do it with the article that the form names. Raises NotFound where there is none."""
    related_id = clean_number(request.form.get("articulo"))
    if related_id is None:
        raise NotFound
    try:
        verb(actor=signed_in_actor(), article_id=article_id, related_id=related_id, now=clock.now())
    except Gone as error:
        raise NotFound from error
