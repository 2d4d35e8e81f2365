"""The FAQ as visitors see it: shelves, search, suggestions."""

from __future__ import annotations

import logging

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all
from core import clock
from core.pagecache import cacheable
from core.web import Page, checked_page, current_locale, external_url, page_number
from core.wording import clean_line
from kb import actions, article_views, queries, search
from kb.addresses import queries as addresses
from kb.article_views import led_on, reads_internal
from kb.engines import open_index
from kb.index import MAX_QUERY_CHARS
from kb.lifecycle import Audience
from kb.models import Category
from kb.searches.queries import filled_up, most_read
from kb.searches.views import note_search
from kb.synonyms.queries import KEPT

log = logging.getLogger(__name__)
blueprint = Blueprint("kb", __name__)
article_views.add_routes(blueprint)
SHOWN_OF_EACH = 5
LISTED = 30
#: What is read of a search text that is too long to search, so that it can be shown again.
SHOWN_QUERY = 2000


@blueprint.get("/preguntas")
@open_to_all
@cacheable
def index() -> ResponseReturnValue:
    return render_template(
        "kb/index.html",
        shelves=queries.shelves(first=SHOWN_OF_EACH, internal=reads_internal()),
        canonical=external_url("kb.index"),
    )


@blueprint.get("/preguntas/categoria/<slug:slug>")
@open_to_all
@cacheable
def category(slug: str) -> ResponseReturnValue:
    here = queries.category_to_show(slug, internal=reads_internal())
    if here is None:
        moved = addresses.moved_shelf(slug, internal=reads_internal())
        return led_on("kb.category", moved)
    number = page_number()
    rows, total = queries.articles_in(here.id, page=number, size=LISTED, internal=reads_internal())
    page = checked_page(Page(rows, number, LISTED, total))
    return render_template(
        "kb/category.html",
        category=here,
        page=page,
        canonical=external_url(
            "kb.category", slug=slug, **({"pagina": number} if number > 1 else {})
        ),
    )


@blueprint.get("/preguntas/buscar", endpoint="search")
@open_to_all
@cacheable
def results() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", "")[:SHOWN_QUERY], SHOWN_QUERY)
    if len(text) > MAX_QUERY_CHARS:
        message = _("Busque con hasta %(n)d caracteres.", n=MAX_QUERY_CHARS)
        return render_template("kb/search.html", q=text, error=message), 422
    internal = reads_internal()
    if not text:
        return render_template("kb/search.html", q="", shelves=queries.shelves(internal=internal))
    slug, number = request.args.get("categoria", ""), page_number()
    chosen = _category_or_404(slug) if slug else None
    found = search.search_page(text, chosen, number, internal=internal)
    page = checked_page(Page(found.items, number, search.PAGE_SIZE, found.total))
    if chosen is None and number == 1:
        shown = [item.article.id for item in found.items]
        note_search(text, total=found.total, complete=bool(found.whole), shown=shown)
    more = {} if page.items else _when_nothing_is_found(text)
    return render_template("kb/search.html", q=text, found=found, page=page, chosen=chosen, **more)


def _when_nothing_is_found(text: str) -> dict[str, object]:
    read = most_read()
    return {
        "shelves": queries.shelves(internal=reads_internal()),
        "is_read": bool(read),
        "wanted": filled_up(read, current_locale()),
        "proposals": search.proposals(text),
    }


@blueprint.get("/preguntas/sugerencias")
@open_to_all
def suggestions() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", "")[:MAX_QUERY_CHARS], MAX_QUERY_CHARS)
    rows = search.completions(text, internal=reads_internal()) if text else []
    items = [
        {
            "title": row.title,
            "url": url_for("kb.article", slug=row.slug),
            "category": row.category.name
            if row.audience == Audience.EVERYBODY
            else _("Sólo personal · %(category)s", category=row.category.name),
        }
        for row in rows
    ]
    return jsonify(items=items, count=len(items))


def _category_or_404(slug: str) -> Category:
    category = queries.category_to_show(slug, internal=reads_internal())
    if category is None:
        raise NotFound
    return category


def _ask_for_rebuild(response: Response) -> Response:
    """The only trace a reading page leaves: without it an index that was damaged while the site
    runs would stay damaged until the worker starts again."""
    generation = current_app.extensions.pop(search.FAILED, None)
    if generation is not None:
        try:
            actions.request_rebuild(generation=generation, now=clock.now())
        except SQLAlchemyError:
            log.exception("a rebuild of the article index could not be asked for")
    return response


def register(app: Flask) -> None:
    """Give the app its index, which is opened when it is first asked, and watch over it."""
    site = app.config["SITE"]

    def forget() -> None:
        with app.app_context():
            app.extensions["article_index"] = open_index(site)
        app.extensions.pop(KEPT, None)
        app.extensions.pop(search.FAILED, None)
        search.forget()

    forget()
    app.extensions["forget"] = forget
    app.after_request(_ask_for_rebuild)
