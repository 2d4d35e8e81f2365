"""The FAQ as visitors see it: shelves, articles, search, suggestions, votes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all
from accounts.permissions import may_read_internal
from core import clock
from core.pagecache import cacheable, holds_until
from core.protection import csrf
from core.ratelimit import limiter
from core.text import Heading
from core.tokens import token_hash
from core.visits import seen_from
from core.web import Page, checked_page, external_url, page_number, visitor_key
from core.wording import clean_line
from kb import actions, queries, search
from kb.addresses import queries as addresses
from kb.forms import VoteForm
from kb.index import MAX_QUERY_CHARS
from kb.lifecycle import Audience
from kb.models import Article, Category
from kb.searches.queries import browser_name, recent_searches
from kb.searches.views import note_reading, note_search
from kb.translations import queries as translations
from kb.whoosh_index import WhooshIndex

log = logging.getLogger(__name__)
blueprint = Blueprint("kb", __name__)
SHOWN_OF_EACH = 5
LISTED = 30
#: Sections from which on an article begins with its contents.
LONG_ARTICLE = 4
#: What is read of a search text that is too long to search, so that it can be shown again.
SHOWN_QUERY = 2000
#: A vote speaks for the last searches of so long ago.
SEARCHED_BEFORE, JUDGED_SEARCHES = timedelta(minutes=30), 3


@blueprint.get("/preguntas")
@open_to_all
@cacheable
def index() -> ResponseReturnValue:
    return render_template(
        "kb/index.html",
        shelves=queries.shelves(first=SHOWN_OF_EACH, internal=_reads_internal()),
        canonical=external_url("kb.index"),
    )


@blueprint.get("/preguntas/categoria/<slug:slug>")
@open_to_all
@cacheable
def category(slug: str) -> ResponseReturnValue:
    here = queries.category_by_slug(slug)
    if here is None:
        return _led_on("kb.category", addresses.moved_shelf(slug))
    number = page_number()
    rows, total = queries.articles_in(here.id, page=number, size=LISTED, internal=_reads_internal())
    page = checked_page(Page(rows, number, LISTED, total))
    return render_template(
        "kb/category.html",
        category=here,
        page=page,
        canonical=external_url(
            "kb.category", slug=slug, **({"pagina": number} if number > 1 else {})
        ),
    )


@blueprint.get("/preguntas/<slug:slug>")
@open_to_all
@cacheable
def article(slug: str) -> ResponseReturnValue:
    article = queries.published_article(slug, internal=_reads_internal())
    if article is None:
        return _elsewhere(slug)
    note_reading(article.id)
    return _article_page(article, VoteForm(formdata=None))


@blueprint.get("/preguntas/<slug:slug>/texto")
@open_to_all
@cacheable
def answer(slug: str) -> ResponseReturnValue:
    """The text of an article alone, to be read in place."""
    article = _article_or_404(slug, internal=_reads_internal())
    holds_until(article.expire_at)
    return str(queries.rendered(article.body).html)


@blueprint.get("/preguntas/buscar", endpoint="search")
@open_to_all
@cacheable
def results() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", "")[:SHOWN_QUERY], SHOWN_QUERY)
    if len(text) > MAX_QUERY_CHARS:
        message = _("Busque con hasta %(n)d caracteres.", n=MAX_QUERY_CHARS)
        return render_template("kb/search.html", q=text, error=message), 422
    internal = _reads_internal()
    if not text:
        return render_template("kb/search.html", q="", shelves=queries.shelves(internal=internal))
    slug, number = request.args.get("categoria", ""), page_number()
    chosen = _category_or_404(slug) if slug else None
    found = search.search_page(text, chosen, number, internal=internal)
    page = checked_page(Page(found.items, number, search.PAGE_SIZE, found.total))
    if chosen is None and number == 1:
        shown = [item.article.id for item in found.items]
        note_search(text, total=found.total, complete=found.complete, shown=shown)
    more = {} if page.items else {"shelves": queries.shelves(), "helpful": queries.most_helpful()}
    return render_template("kb/search.html", q=text, found=found, page=page, chosen=chosen, **more)


@blueprint.get("/preguntas/sugerencias")
@open_to_all
def suggestions() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", "")[:MAX_QUERY_CHARS], MAX_QUERY_CHARS)
    rows = search.completions(text, internal=_reads_internal()) if text else []
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


@blueprint.post("/preguntas/<slug:slug>/valoraciones")
@csrf.exempt
@open_to_all
@limiter.limit("10 per hour")
def rate(slug: str) -> ResponseReturnValue:
    # No token: the page it is sent from is the same for all visitors. The origin is checked.
    # Nor is a vote lost whose page was open while the article moved.
    article = _article_or_404(addresses.moved_article(slug) or slug)
    form = VoteForm()
    if not form.validate():
        return _article_page(article, form, 422)
    voter = _voter()
    actions.rate_article(
        article_id=article.id,
        revision=article.revision,
        visitor=voter,
        useful=form.util.data == "si",
        comment=form.comentario.data or "",
        searched=_searched_before(voter),
        now=clock.now(),
    )
    flash(_("Gracias. Su respuesta nos ayuda a mejorar esta página."), "success")
    return redirect(url_for("kb.article", slug=article.slug), 303)


def _article_page(article: Article, form: VoteForm, status: int = 200) -> ResponseReturnValue:
    rendered, internal = queries.rendered(article.body), _reads_internal()
    holds_until(article.expire_at)
    other = translations.published_other(article, internal=internal)
    contents = _contents(rendered.headings)
    html = render_template(
        "kb/article.html",
        article=article,
        html=rendered.html,
        contents=contents,
        related=search.related_articles(article, internal=internal),
        other=other,
        alternates=_alternates(article, other),
        internal=article.audience != Audience.EVERYBODY,
        is_behind=translations.is_behind(article, other),
        useful=queries.useful_votes(article.id),
        form=form,
        canonical=external_url("kb.article", slug=article.slug),
    )
    return html, status


def _alternates(article: Article, other: Article | None) -> list[tuple[str, str]]:
    """(language, address) of each version, for search engines; none where there is only one."""
    if other is None or Audience.STAFF in {article.audience, other.audience}:
        return []
    return [(one.lang, external_url("kb.article", slug=one.slug)) for one in (article, other)]


def _contents(headings: Sequence[Heading]) -> list[tuple[Heading, list[Heading]]]:
    """The sections of a long article, each with its subsections; none for a short one."""
    sections: list[tuple[Heading, list[Heading]]] = []
    for heading in headings if len(headings) >= LONG_ARTICLE else ():
        if heading.level == 2 or not sections:
            sections.append((heading, []))
        elif heading.level == 3:
            sections[-1][1].append(heading)
    return sections


def _reads_internal() -> bool:
    return may_read_internal(current_actor())


def _elsewhere(slug: str) -> ResponseReturnValue:
    """Where a former address leads. Raises NotFound."""
    moved = addresses.moved_article(slug, internal=_reads_internal())
    if moved is not None:
        return _led_on("kb.article", moved)
    return _led_on("kb.category", addresses.shelf_instead(slug))


def _led_on(endpoint: str, slug: str | None) -> ResponseReturnValue:
    if slug is None:
        raise NotFound
    return redirect(url_for(endpoint, slug=slug), 301)


def _article_or_404(slug: str, *, internal: bool = False) -> Article:
    article = queries.published_article(slug, internal=internal)
    if article is None:
        raise NotFound
    return article


def _category_or_404(slug: str) -> Category:
    category = queries.category_by_slug(slug)
    if category is None:
        raise NotFound
    return category


def _voter() -> str:
    actor = current_actor()
    return f"p:{actor.person_id}" if actor else token_hash(visitor_key(create=True))


def _searched_before(voter: str) -> list[str]:
    """What led to the page that is being judged."""
    now = clock.now()
    browser = browser_name(*seen_from(request.environ), now)
    since = now - SEARCHED_BEFORE
    return recent_searches(visitor=voter, since=since, limit=JUDGED_SEARCHES, browser=browser)


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
        app.extensions["article_index"] = WhooshIndex(site.index_dir)
        app.extensions.pop(search.FAILED, None)
        search.forget()

    forget()
    app.extensions["forget"] = forget
    app.after_request(_ask_for_rebuild)
