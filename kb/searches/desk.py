"""«Qué se buscó y no se encontró»: what editors learn from searches, and do about it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from kb.analysis import LANGUAGES
from kb.searches import actions, gaps
from kb.searches.keeping import KEPT_FOR
from kb.searches.models import MAX_KEY

blueprint = Blueprint("searches", __name__)
LISTED = 20
PERIODS = (7, 30, 90)
USUAL_PERIOD = 30
#: The page of synonyms takes the words of a search here.
SYNONYM_PAGE = "/editor/sinonimos/nuevo"
#: The most words a new article's title can begin with.
LONGEST_TITLE = 200


@blueprint.get("/editor/busquedas")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    days, aside, number = _period(), request.args.get("ver") == "descartadas", page_number()
    since = clock.now() - timedelta(days=days)
    rows = gaps.gaps(since=since, dismissed=aside, page=number, size=LISTED)
    counts = gaps.counts(since=since)
    return render_template(
        "editor/searches.html",
        page=checked_page(Page(rows, number, LISTED, counts[aside])),
        counts=counts,
        aside=aside,
        days=days,
        periods=PERIODS,
        usual=USUAL_PERIOD,
        article_url=_article_url,
        synonym_url=_synonym_url,
    )


@blueprint.post("/editor/busquedas/descartes")
@requires(may_edit_articles)
def dismiss() -> ResponseReturnValue:
    lang, key = _named()
    found = gaps.gap_of(lang, key, since=clock.now() - KEPT_FOR)
    if found is None:
        raise NotFound
    words, visitors = found
    actor, now = signed_in_actor(), clock.now()
    actions.dismiss(actor=actor, lang=lang, key=key, words=words, visitors=visitors, now=now)
    flash(_("Descartada. Vuelve si la buscan más personas; puede deshacerlo en «Descartadas»."))
    return redirect(url_for("searches.index", dias=_other_period()), 303)


@blueprint.post("/editor/busquedas/descartes/retiro")
@requires(may_edit_articles)
def restore() -> ResponseReturnValue:
    lang, key = _named()
    actions.restore(actor=signed_in_actor(), lang=lang, key=key, now=clock.now())
    flash(_("La búsqueda vuelve a la lista."), "success")
    return redirect(url_for("searches.index", dias=_other_period()), 303)


def _named() -> tuple[str, str]:
    """The group that a button names. Raises NotFound for none."""
    lang, key = request.form.get("idioma", ""), request.form.get("clave", "")
    if lang not in LANGUAGES or not 0 < len(key) <= MAX_KEY:
        raise NotFound
    return lang, clean_line(key, MAX_KEY)


def _period() -> int:
    given = request.args.get("dias") or request.form.get("dias") or ""
    return next((days for days in PERIODS if str(days) == given), USUAL_PERIOD)


def _other_period() -> int | None:
    return _period() if _period() != USUAL_PERIOD else None


def _article_url(gap: gaps.Gap) -> str:
    title = gap.words[:LONGEST_TITLE]
    return url_for("editor.new", titulo=title[:1].upper() + title[1:], idioma=gap.lang)


def _synonym_url(gap: gaps.Gap) -> str:
    return f"{SYNONYM_PAGE}?{urlencode({'palabras': gap.words})}"
