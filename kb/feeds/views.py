"""What programs read of the FAQ: feeds of what is new, and the map of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all
from core.web import external_url
from kb.feeds import queries, words
from kb.feeds.queries import Place
from kb.models import Article, Category
from kb.queries import category_to_show, rendered

blueprint = Blueprint("feeds", __name__)
#: Articles of a feed.
LISTED = 30
#: Addresses of one file of the map; the protocol allows no more.
MAP_SIZE = 50_000
#: Pages for everybody that say the same to all; other lists make their own address known.
PAGES = (
    "home.index",
    "kb.index",
    "tickets.new",
    "contact.callback",
    "chat.new",
    "quotes.new",
    "outages.index",
    "conditions.current",
    "accounts.register",
)
#: Pages of which nothing else says which address is theirs.
WITHOUT_OWN_ADDRESS = frozenset({"tickets.new", "contact.callback", "chat.new", "quotes.new"})
#: What no XML may hold, however it is written.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Address:
    """A line of the map."""

    url: str
    changed_at: datetime | None = None
    alternates: Sequence[tuple[str, str]] = field(default_factory=tuple)


@blueprint.get("/preguntas/novedades.atom")
@open_to_all
def news() -> ResponseReturnValue:
    return _feed(queries.newest(LISTED), external_url("feeds.news"), None)


@blueprint.get("/preguntas/categoria/<slug:slug>/novedades.atom")
@open_to_all
def category_news(slug: str) -> ResponseReturnValue:
    category = category_to_show(slug)
    if category is None:
        raise NotFound
    url = external_url("feeds.category_news", slug=slug)
    return _feed(queries.newest(LISTED, category.id), url, category)


@blueprint.get("/sitemap.xml")
@open_to_all
def site_map() -> ResponseReturnValue:
    """The files of the map."""
    count = -(-queries.article_count() // MAP_SIZE)
    files = [external_url("feeds.page_map")]
    files += [external_url("feeds.article_map", number=n) for n in range(1, count + 1)]
    return _xml(render_template("feeds/index.xml", files=files))


@blueprint.get("/sitemap/paginas.xml")
@open_to_all
def page_map() -> ResponseReturnValue:
    """Pages and categories."""
    lines = [Address(external_url(endpoint)) for endpoint in PAGES]
    for place in queries.category_places():
        lines.append(Address(external_url("kb.category", slug=place.slug), place.changed_at))
    return _xml(render_template("feeds/map.xml", lines=lines))


@blueprint.get("/sitemap/respuestas-<number:number>.xml")
@open_to_all
def article_map(number: int) -> ResponseReturnValue:
    """One file of articles."""
    places = queries.article_places(offset=(number - 1) * MAP_SIZE, limit=MAP_SIZE)
    if not places:
        raise NotFound
    versions = queries.alternates([place.number for place in places])
    lines = [_address(place, versions.get(place.number, ())) for place in places]
    return _xml(render_template("feeds/map.xml", lines=lines))


def _address(place: Place, versions: Sequence[tuple[str, str]]) -> Address:
    others = [(lang, external_url("kb.article", slug=slug)) for lang, slug in versions]
    return Address(external_url("kb.article", slug=place.slug), place.changed_at, others)


def _feed(articles: Sequence[Article], url: str, category: Category | None) -> ResponseReturnValue:
    host = urlsplit(current_app.config["SITE"].public_url).hostname
    # A time of its own where there is nothing: a feed without one is none.
    changed_at = articles[0].updated_at if articles else datetime.fromisoformat("2026-01-01T00:00Z")
    text = render_template(
        "feeds/news.xml",
        articles=[(article, str(rendered(article.body).html)) for article in articles],
        category=category,
        url=url,
        base=external_url("home.index"),
        page=external_url("kb.category", slug=category.slug)
        if category
        else external_url("kb.index"),
        changed_at=changed_at,
        tag=f"tag:{host},2026:",
    )
    return _xml(text, "application/atom+xml", changed_at if articles else None)


def _xml(
    text: str, kind: str = "application/xml", changed_at: datetime | None = None
) -> ResponseReturnValue:
    response = Response(_NO_XML.sub("", text).strip() + "\n", content_type=f"{kind}; charset=utf-8")
    response.add_etag()
    response.last_modified = changed_at
    return response.make_conditional(request)


def own_address() -> str:
    """The one address of a page that makes none known itself; '' for other pages."""
    endpoint = request.endpoint or ""
    return external_url(endpoint) if endpoint in WITHOUT_OWN_ADDRESS else ""


def register(app: Flask) -> None:
    """What the heads of pages say."""
    app.jinja_env.globals.update(
        own_address=own_address,
        open_graph_language=words.language,
        home_data=words.home_data,
        article_data=words.article_data,
        category_data=words.category_data,
        external_url=external_url,
    )
