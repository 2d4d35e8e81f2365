"""«Opiniones»: what readers said of one article. For editors."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import requires
from accounts.permissions import may_edit_articles
from kb import queries
from kb.votes import queries as votes

blueprint = Blueprint("opinions", __name__)


@blueprint.get("/editor/articulos/<number:article_id>/opiniones")
@requires(may_edit_articles)
def show(article_id: int) -> ResponseReturnValue:
    article = queries.article_to_edit(article_id)
    if article is None:
        raise NotFound
    return render_template(
        "editor/opinions.html", article=article, opinions=votes.opinions_of(article_id)
    )
