"""The page of an article's hidden words: what readers taught it, and the last word of editors."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.wording import clean_line
from kb.learning import editing, policy, queries
from kb.learning.forms import WordsForm
from kb.learning.words import LONGEST_TYPED
from kb.models import Article
from kb.queries import article_to_edit

blueprint = Blueprint("learning", __name__, url_prefix="/editor/articulos/<number:article_id>")


@blueprint.get("/palabras")
@requires(may_edit_articles)
def words(article_id: int) -> ResponseReturnValue:
    return _page(_article_or_404(article_id), WordsForm(formdata=None))


@blueprint.post("/palabras")
@requires(may_edit_articles)
def add(article_id: int) -> ResponseReturnValue:
    article, form = _article_or_404(article_id), WordsForm()
    if not form.validate():
        return _page(article, form, 422)
    actor, now, typed = signed_in_actor(), clock.now(), form.words(article.lang)
    try:
        added = editing.add_words(actor=actor, article_id=article_id, words=typed, now=now)
    except editing.Gone as error:
        raise NotFound from error
    except editing.TooMany:
        form.palabras.errors = [_full()]
        return _page(_article_or_404(article_id), form, 422)
    flash(_said_after_adding(added), "success" if added else "info")
    return _back(article_id)


@blueprint.post("/palabras/retiro")
@requires(may_edit_articles)
def remove(article_id: int) -> ResponseReturnValue:
    actor, now = signed_in_actor(), clock.now()
    try:
        word = editing.remove_word(actor=actor, article_id=article_id, stem=_stem(), now=now)
    except editing.Gone as error:
        raise NotFound from error
    flash(_("«%(word)s» se quitó. Abajo puede ponerla de nuevo.", word=word), "success")
    return _back(article_id)


@blueprint.post("/palabras/restauracion")
@requires(may_edit_articles)
def restore(article_id: int) -> ResponseReturnValue:
    actor, now = signed_in_actor(), clock.now()
    try:
        word = editing.restore_word(actor=actor, article_id=article_id, stem=_stem(), now=now)
    except editing.Gone as error:
        raise NotFound from error
    except editing.TooMany:
        flash(_full(), "error")
        return _back(article_id)
    flash(_("«%(word)s» volvió a la lista.", word=word), "success")
    return _back(article_id)


def _page(article: Article, form: WordsForm, status: int = 200) -> ResponseReturnValue:
    found = queries.words_of_article(article.id, now=clock.now())
    html = render_template("learning/words.html", article=article, found=found, form=form)
    return html, status


def _back(article_id: int) -> ResponseReturnValue:
    return redirect(url_for("learning.words", article_id=article_id), 303)


def _stem() -> str:
    return clean_line(request.form.get("palabra", ""), LONGEST_TYPED)


def _full() -> str:
    return _("Un artículo admite %(n)d palabras ocultas. Quite alguna antes.", n=policy.MOST_WORDS)


def _said_after_adding(added: list[str]) -> str:
    if not added:
        return _("El artículo ya dice esas palabras: se encuentra por ellas.")
    return ngettext("Se añadió %(num)d palabra.", "Se añadieron %(num)d palabras.", len(added))


def _article_or_404(article_id: int) -> Article:
    article = article_to_edit(article_id)
    if article is None:
        raise NotFound
    return article
