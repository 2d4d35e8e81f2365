"""Links that lead nowhere, and who links to an article."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

import kb.queries
from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.web import Page, checked_page, page_number
from kb.actions import RevisionConflict
from kb.editor_queries import working_text
from kb.following import Gone
from kb.lifecycle import Audience
from kb.links import queries
from kb.links.mending import mend_moved
from kb.links.words import why_broken

blueprint = Blueprint("links", __name__)
LISTED = 50


@blueprint.get("/editor/enlaces")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    rows, number = queries.broken(), page_number()
    shown = rows[(number - 1) * LISTED : number * LISTED]
    page = checked_page(Page(shown, number, LISTED, len(rows)))
    return render_template("links/index.html", page=page)


@blueprint.get("/editor/articulos/<number:article_id>/enlaces")
@requires(may_edit_articles)
def show(article_id: int) -> ResponseReturnValue:
    article = kb.queries.article_to_edit(article_id)
    if article is None:
        raise NotFound
    return render_template(
        "links/show.html",
        article=article,
        remarks=queries.remarks_on(
            working_text(article).body, internal=article.audience == Audience.STAFF.value
        ),
        linking=queries.linking_to(article),
    )


@blueprint.post("/editor/articulos/<number:article_id>/enlaces")
@requires(may_edit_articles)
def mend(article_id: int) -> ResponseReturnValue:
    if kb.queries.article_to_edit(article_id) is None:
        raise NotFound
    try:
        count = mend_moved(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except Gone as error:
        raise NotFound from error
    except RevisionConflict:
        flash(_("Alguien acaba de guardar este artículo. Pruebe otra vez."), "warning")
        return redirect(url_for("links.show", article_id=article_id), 303)
    said = ngettext("%(num)d enlace corregido.", "%(num)d enlaces corregidos.", count)
    flash(said, "success")
    return redirect(url_for("links.show", article_id=article_id), 303)


@blueprint.record_once
def _register(setup: BlueprintSetupState) -> None:
    setup.app.jinja_env.globals.update(why_broken=why_broken)
