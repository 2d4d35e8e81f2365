"""«Por mejorar»: the articles that need work. For editors."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import requires
from accounts.permissions import may_edit_articles
from core import clock
from core.web import Page, checked_page, page_number
from kb.needs.policy import Kind
from kb.needs.queries import pending

blueprint = Blueprint("needs", __name__)
LISTED = 30
#: The causes by their name in the address.
NAMES = {
    "votos": Kind.VOTES,
    "tickets": Kind.SILENT,
    "busquedas": Kind.GAPS,
    "revision": Kind.REVIEW,
    "enlaces": Kind.LINKS,
    "traduccion": Kind.TRANSLATION,
}


@blueprint.get("/editor/pendientes")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    chosen, number = NAMES.get(request.args.get("causa", "")), page_number()
    rows, total = pending(now=clock.now(), kind=chosen, page=number, size=LISTED)
    return render_template(
        "editor/needs.html",
        page=checked_page(Page(rows, number, LISTED, total)),
        names=NAMES,
        chosen=request.args.get("causa", "") if chosen else "",
    )
