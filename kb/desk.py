"""The editor: the list of articles, writing one, looking at it.

What else is done with an article has modules of its own, which put their pages on the same
blueprint: `step_desk`, `category_desk`, and `desk` of `timetable`, `revisions`, `related`,
`translations`.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from core.protection import accepts_long_text
from core.text import render_markdown
from core.web import Page, checked_page, clean_number, page_number, site_settings
from core.wording import clean_line, clean_text
from kb import actions, category_desk, editor_queries, lifecycle, queries, step_desk
from kb.editor_access import article_or_404
from kb.forms import ArticleForm
from kb.lifecycle import Audience, State
from kb.links.queries import Remarks, remarks_on
from kb.models import Article
from kb.policy import LANGUAGES
from kb.related import desk as related_desk
from kb.revisions import desk as revision_desk
from kb.timetable import desk as timetable_desk
from kb.translations import desk as translation_desk
from kb.writing.forms import forget_typed, recover
from kb.writing.merge_views import conflict_page

blueprint = Blueprint("editor", __name__)
LISTED = 30
_NO_PREVIEW = (None, "", Remarks())
#: Names of the states, the audiences and the other filters in the address of the list.
LISTS = {
    "borradores": State.DRAFT,
    "en-revision": State.REVIEW,
    "publicados": State.PUBLISHED,
    "archivados": State.ARCHIVED,
}
READERS = {"todos": Audience.EVERYBODY, "personal": Audience.STAFF}
ONLY = ("por-revisar", "con-cambios", "programados", "traduccion-atrasada")

PARTS = (
    step_desk,
    category_desk,
    timetable_desk,
    revision_desk,
    related_desk,
    translation_desk,
)
for part in PARTS:
    part.add_routes(blueprint)


@blueprint.get("/editor")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    wanted, now, number = _wanted(), clock.now(), page_number()
    rows, total = editor_queries.editor_list(wanted, page=number, size=LISTED, now=now)
    return render_template(
        "editor/index.html",
        page=checked_page(Page(rows, number, LISTED, total)),
        chosen=_chosen(),
        lists=LISTS,
        counts=editor_queries.counts_by_state(now),
        categories=queries.categories(),
        due=editor_queries.due_among([row.id for row in rows], now, wanted.months),
        state_of=lambda article: lifecycle.state_of(article, now),
    )


def _wanted() -> editor_queries.Wanted:
    """The filters of the address; what is none of them filters nothing."""
    args = request.args
    return editor_queries.Wanted(
        text=clean_line(args.get("q", ""), 200),
        state=LISTS.get(args.get("estado", "")),
        audience=READERS.get(args.get("lectores", "")),
        lang=args.get("idioma", "") if args.get("idioma") in LANGUAGES else "",
        category_id=clean_number(args.get("categoria")),
        only=args.get("solo", "") if args.get("solo") in ONLY else "",
        months=site_settings().review_months,
    )


def _chosen() -> dict[str, str]:
    """The same filters as they stand in the address, to be shown again."""
    wanted, args = _wanted(), request.args
    kept = {
        "q": wanted.text,
        "estado": args.get("estado", "") if wanted.state else "",
        "lectores": args.get("lectores", "") if wanted.audience else "",
        "idioma": wanted.lang,
        "categoria": str(wanted.category_id or ""),
        "solo": wanted.only,
    }
    return {name: value for name, value in kept.items() if value}


@blueprint.route("/editor/articulos/nuevo", methods=["GET", "POST"])
@requires(may_edit_articles)
@accepts_long_text
def new() -> ResponseReturnValue:
    form = _article_form()
    if request.method == "POST":
        return _written(form, None)
    form.begin(request.args.get("titulo", ""), request.args.get("idioma", ""))
    form.recovered = recover(form, None)
    return _form_page(form, None)


@blueprint.route("/editor/articulos/<number:article_id>", methods=["GET", "POST"])
@requires(may_edit_articles)
@accepts_long_text
def edit(article_id: int) -> ResponseReturnValue:
    article = article_or_404(article_id)
    form = _article_form()
    if request.method == "POST":
        return _written(form, article)
    form.show(article, editor_queries.working_text(article))
    form.recovered = recover(form, article)
    return _form_page(form, article, show_preview=True)


@blueprint.get("/editor/articulos/<number:article_id>/vista")
@requires(may_edit_articles)
def show(article_id: int) -> ResponseReturnValue:
    article = article_or_404(article_id)
    text = editor_queries.working_text(article)
    return render_template(
        "editor/show.html",
        article=article,
        text=text,
        html=render_markdown(text.body).html,
        state=lifecycle.state_of(article, clock.now()),
    )


@blueprint.post("/editor/vista")
@requires(may_edit_articles)
@accepts_long_text
def preview() -> ResponseReturnValue:
    internal = request.form.get("publico") == Audience.STAFF.value
    html, error, remarks = _preview(clean_text(request.form.get("texto", "")), internal)
    return render_template(
        "editor/_preview.html", preview=html, preview_error=error, remarks=remarks
    )


def _article_form() -> ArticleForm:
    form = ArticleForm()
    form.offer(queries.categories())
    return form


def _written(form: ArticleForm, article: Article | None) -> ResponseReturnValue:
    """What the button of the form asks for: a look at the text, or to store it."""
    wanted = request.form.get("accion", "guardar")
    if wanted == "vista":
        return _form_page(form, article, show_preview=True)
    if not form.validate():
        return _form_page(form, article, status=form.status)
    article_id = article.id if article else None
    try:
        saved_id = actions.save_article(
            actor=signed_in_actor(),
            text=form.text(),
            article_id=article_id,
            revision=form.read_revision,
            publish=wanted == "publicar",
            hold=wanted == "reservar",
            audience=form.audience,
            now=clock.now(),
        )
    except actions.SlugTaken:
        form.slug.errors = [_("Otra respuesta ya tiene esa dirección.")]
        return _form_page(form, _again(article_id), status=422)
    except actions.LinkedLanguage:
        form.idioma.errors = [
            _("Está enlazado con su versión en otro idioma. Quite antes el enlace.")
        ]
        return _form_page(form, _again(article_id), status=422)
    except actions.RevisionConflict:
        return conflict_page(form, article_or_404(article_id or 0))
    except actions.Gone as error:
        raise NotFound from error
    forget_typed(article_id)
    flash(_said(saved_id), "success")
    return redirect(url_for("editor.edit", article_id=saved_id), 303)


def _said(article_id: int) -> str:
    article = article_or_404(article_id)
    if article.has_waiting_changes:
        return _("Guardado sin publicar. En el sitio se sigue viendo el texto anterior.")
    if lifecycle.state_of(article, clock.now()) is State.PUBLISHED:
        return _("Publicado. Ya se puede leer y buscar.")
    return _("Guardado.")


def _again(article_id: int | None) -> Article | None:
    """The article as it is stored now: what was read before ended with the transaction."""
    return article_or_404(article_id) if article_id else None


def _form_page(
    form: ArticleForm,
    article: Article | None,
    *,
    show_preview: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    internal = form.publico.data == Audience.STAFF.value
    text = form.texto.data or ""
    html, error, remarks = _preview(text, internal) if show_preview else _NO_PREVIEW
    page = render_template(
        "editor/edit.html",
        form=form,
        article=article,
        preview=html,
        preview_error=error,
        remarks=remarks,
        **step_desk.life_of(article),
    )
    return page, status


def _preview(source: str, internal: bool) -> tuple[Markup | None, str, Remarks]:
    try:
        return render_markdown(source).html, "", remarks_on(source, internal=internal)
    except ValueError:
        return None, _("Es demasiado largo: hasta 200 000 caracteres."), Remarks()
