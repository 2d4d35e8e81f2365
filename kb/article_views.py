"""An article as visitors see it, and what they say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all
from accounts.permissions import may_edit_articles, may_read_internal
from core import clock
from core.pagecache import cacheable, holds_until
from core.protection import csrf
from core.ratelimit import limiter
from core.text import Heading
from core.tokens import token_hash
from core.visits import seen_from
from core.web import external_url, visitor_key
from kb import actions, queries, search
from kb.addresses import queries as addresses
from kb.forms import VoteForm
from kb.lifecycle import Audience
from kb.models import Article
from kb.searches.queries import browser_name, recent_searches
from kb.searches.views import note_reading, visitor_name
from kb.translations import queries as translations
from kb.votes import queries as votes
from kb.votes.policy import Reason

#: Sections from which on an article begins with its contents.
LONG_ARTICLE = 4
#: A vote speaks for the last searches of so long ago.
SEARCHED_BEFORE, JUDGED_SEARCHES = timedelta(minutes=30), 3


def add_routes(blueprint: Blueprint) -> None:
    """The addresses of an article on the blueprint of the FAQ."""
    add, own = blueprint.add_url_rule, "/preguntas/<slug:slug>"
    add(own, "article", article, methods=["GET"])
    add(f"{own}/texto", "answer", answer, methods=["GET"])
    add(f"{own}/valoraciones", "rate", rate, methods=["POST"])
    add(f"{own}/valoraciones", "why", why, methods=["GET"])


@open_to_all
@cacheable
def article(slug: str) -> ResponseReturnValue:
    article = queries.published_article(slug, internal=reads_internal())
    if article is None:
        return _elsewhere(slug)
    note_reading(article.id)
    return _article_page(article, VoteForm(formdata=None))


@open_to_all
@cacheable
def answer(slug: str) -> ResponseReturnValue:
    """The text of an article alone, to be read in place."""
    article = _article_or_404(slug, internal=reads_internal())
    holds_until(article.expire_at)
    return str(queries.rendered(article.body).html)


@csrf.exempt
@open_to_all
@limiter.limit("20 per hour")
def rate(slug: str) -> ResponseReturnValue:
    # No token: the page it is sent from is the same for all visitors. The origin is checked.
    # Nor is a vote lost whose page was open while the article moved.
    article = _article_or_404(addresses.moved_article(slug) or slug)
    form, in_second_step = VoteForm(), request.form.get("paso") == "motivos"
    if not form.validate():
        page = _reasons_page if in_second_step else _article_page
        return page(article, form, 422)
    voter = _voter()
    actions.rate_article(
        article_id=article.id,
        revision=article.revision,
        visitor=voter,
        useful=form.util.data == "si",
        comment=form.comentario.data or "",
        reason=form.motivo.data or "",
        searched=_searched_before(voter),
        now=clock.now(),
    )
    if form.util.data == "no" and not form.motivo.data and not in_second_step:
        return redirect(url_for("kb.why", slug=article.slug), 303)
    flash(_("Gracias. Su respuesta nos ayuda a mejorar esta página."), "success")
    return redirect(url_for("kb.article", slug=article.slug), 303)


@open_to_all
def why(slug: str) -> ResponseReturnValue:
    """After «No»: what was wrong. Who did not say no is led to the article."""
    article = _article_or_404(slug)
    vote = votes.vote_of(article.id, article.revision, visitor_name())
    if vote is None or vote.useful:
        return redirect(url_for("kb.article", slug=slug))
    form = VoteForm(formdata=None)
    form.motivo.data, form.comentario.data = vote.reason, vote.comment
    return _reasons_page(article, form)


def _reasons_page(article: Article, form: VoteForm, status: int = 200) -> ResponseReturnValue:
    return render_template("kb/why.html", article=article, form=form, reasons=Reason), status


def _article_page(article: Article, form: VoteForm, status: int = 200) -> ResponseReturnValue:
    rendered, internal = queries.rendered(article.body), reads_internal()
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
        vote=votes.vote_of(article.id, article.revision, visitor_name()),
        form=form,
        may_edit=may_edit_articles(current_actor()),
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


def reads_internal() -> bool:
    """Whether this reader may see articles for staff alone."""
    return may_read_internal(current_actor())


def _elsewhere(slug: str) -> ResponseReturnValue:
    """Where a former address leads. Raises NotFound."""
    internal = reads_internal()
    moved = addresses.moved_article(slug, internal=internal)
    if moved is not None:
        return led_on("kb.article", moved)
    return led_on("kb.category", addresses.shelf_instead(slug, internal=internal))


def led_on(endpoint: str, slug: str | None) -> ResponseReturnValue:
    """The answer at a former address. Raises NotFound where it leads nowhere."""
    if slug is None:
        raise NotFound
    return redirect(url_for(endpoint, slug=slug), 301)


def _article_or_404(slug: str, *, internal: bool = False) -> Article:
    article = queries.published_article(slug, internal=internal)
    if article is None:
        raise NotFound
    return article


def _voter() -> str:
    actor = current_actor()
    return f"p:{actor.person_id}" if actor else token_hash(visitor_key(create=True))


def _searched_before(voter: str) -> list[str]:
    """What led to the page that is being judged."""
    now = clock.now()
    browser = browser_name(*seen_from(request.environ), now)
    since = now - SEARCHED_BEFORE
    return recent_searches(visitor=voter, since=since, limit=JUDGED_SEARCHES, browser=browser)
