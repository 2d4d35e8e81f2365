"""The editor: writing, publishing and withdrawing articles; the shelves they stand on."""

from __future__ import annotations

from functools import partial

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
from core.web import Page, checked_page, page_number
from core.wording import clean_line, clean_text
from kb import actions, policy, queries
from kb import categories as shelving
from kb.forms import ArticleForm, CategoryForm
from kb.models import Article, Category
from kb.policy import State

blueprint = Blueprint("editor", __name__)
LISTED = 30
#: Names of the states in the address of the list.
LISTS = {"borradores": State.DRAFT, "publicados": State.PUBLISHED, "retirados": State.WITHDRAWN}


@blueprint.get("/editor")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    name = request.args.get("estado", "")
    text = clean_line(request.args.get("q", ""), 200)
    number = page_number()
    rows, total = queries.editor_list(LISTS.get(name), text, page=number, size=LISTED)
    return render_template(
        "editor/index.html",
        page=checked_page(Page(rows, number, LISTED, total)),
        q=text,
        chosen=name if name in LISTS else "",
        lists=LISTS,
        counts=queries.counts_by_state(),
        state_of=policy.state_of,
    )


@blueprint.route("/editor/articulos/nuevo", methods=["GET", "POST"])
@requires(may_edit_articles)
@accepts_long_text
def new() -> ResponseReturnValue:
    form = _article_form()
    return _written(form, None) if request.method == "POST" else _form_page(form, None)


@blueprint.route("/editor/articulos/<number:article_id>", methods=["GET", "POST"])
@requires(may_edit_articles)
@accepts_long_text
def edit(article_id: int) -> ResponseReturnValue:
    article = _article_or_404(article_id)
    form = _article_form()
    if request.method == "POST":
        return _written(form, article)
    form.show(article)
    return _form_page(form, article, show_preview=True)


@blueprint.get("/editor/articulos/<number:article_id>/vista")
@requires(may_edit_articles)
def show(article_id: int) -> ResponseReturnValue:
    article = _article_or_404(article_id)
    return render_template(
        "editor/show.html",
        article=article,
        html=render_markdown(article.body).html,
        state=policy.state_of(article.published_at, article.withdrawn_at),
    )


@blueprint.post("/editor/vista")
@requires(may_edit_articles)
@accepts_long_text
def preview() -> ResponseReturnValue:
    html, error = _preview(clean_text(request.form.get("texto", "")))
    return render_template("editor/_preview.html", preview=html, preview_error=error)


@blueprint.post("/editor/articulos/<number:article_id>/publicacion")
@requires(may_edit_articles)
def publish(article_id: int) -> ResponseReturnValue:
    try:
        actions.publish_article(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    flash(_("Publicado. Ya se puede leer y buscar."), "success")
    return redirect(url_for("editor.edit", article_id=article_id), 303)


@blueprint.post("/editor/articulos/<number:article_id>/retiro")
@requires(may_edit_articles)
def withdraw(article_id: int) -> ResponseReturnValue:
    try:
        actions.withdraw_article(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    flash(_("Retirado. Ya no se puede leer ni buscar; aquí sigue guardado."), "success")
    return redirect(url_for("editor.edit", article_id=article_id), 303)


@blueprint.post("/editor/articulos/<number:article_id>/eliminacion")
@requires(may_edit_articles)
def delete(article_id: int) -> ResponseReturnValue:
    try:
        actions.delete_article(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except actions.Gone as error:
        raise NotFound from error
    except actions.StillPublished:
        flash(_("Está publicado. Retírelo antes de eliminarlo."), "error")
        return redirect(url_for("editor.edit", article_id=article_id), 303)
    flash(_("Eliminado."), "success")
    return redirect(url_for("editor.index"), 303)


@blueprint.get("/editor/categorias")
@requires(may_edit_articles)
def categories() -> ResponseReturnValue:
    return render_template(
        "editor/categories.html",
        categories=queries.categories(),
        counts=queries.articles_per_category(),
    )


@blueprint.route("/editor/categorias/nueva", methods=["GET", "POST"])
@requires(may_edit_articles)
def new_category() -> ResponseReturnValue:
    return _category_page(CategoryForm(), None)


@blueprint.route("/editor/categorias/<slug:slug>", methods=["GET", "POST"])
@requires(may_edit_articles)
def category(slug: str) -> ResponseReturnValue:
    category = _category_or_404(slug)
    form = CategoryForm()
    if request.method == "GET":
        form.nombre.data, form.descripcion.data = category.name, category.description
        form.posicion.data = category.position
    return _category_page(form, category)


def _category_page(form: CategoryForm, category: Category | None) -> ResponseReturnValue:
    if request.method == "POST" and form.validate():
        saved = _category_saved(form, category)
        if saved is not None:
            return saved
    status = 422 if form.errors else 200
    return render_template("editor/category.html", form=form, category=category), status


@blueprint.post("/editor/categorias/<slug:slug>/lugar")
@requires(may_edit_articles)
def move_category(slug: str) -> ResponseReturnValue:
    category_id = _category_or_404(slug).id
    step = {"arriba": -1, "abajo": 1}.get(request.form.get("hacia", ""))
    if step is None:
        raise NotFound
    shelving.move_category(
        actor=signed_in_actor(), category_id=category_id, step=step, now=clock.now()
    )
    return redirect(url_for("editor.categories"), 303)


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
            now=clock.now(),
        )
    except actions.SlugTaken:
        form.slug.errors = [_("Otra respuesta ya tiene esa dirección.")]
        return _form_page(form, _again(article_id), status=422)
    except actions.RevisionConflict:
        return _conflict_page(form, _again(article_id))
    except actions.Gone as error:
        raise NotFound from error
    flash(
        _("Publicado. Ya se puede leer y buscar.") if wanted == "publicar" else _("Guardado."),
        "success",
    )
    return redirect(url_for("editor.edit", article_id=saved_id), 303)


def _again(article_id: int | None) -> Article | None:
    """The article as it is stored now: what was read before ended with the transaction."""
    return _article_or_404(article_id) if article_id else None


def _conflict_page(form: ArticleForm, article: Article | None) -> ResponseReturnValue:
    # Saving from this page stores the editor's text over the one shown beside it, knowingly.
    if article is None:
        raise NotFound
    form.revision.data = str(article.revision)
    return _form_page(form, article, conflict=True, status=409)


def _form_page(
    form: ArticleForm,
    article: Article | None,
    *,
    conflict: bool = False,
    show_preview: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    html, error = _preview(form.texto.data or "") if show_preview else (None, "")
    state = policy.state_of(article.published_at, article.withdrawn_at) if article else State.DRAFT
    page = render_template(
        "editor/edit.html",
        form=form,
        article=article,
        state=state,
        conflict=conflict,
        preview=html,
        preview_error=error,
    )
    return page, status


def _preview(source: str) -> tuple[Markup | None, str]:
    try:
        return render_markdown(source).html, ""
    except ValueError:
        return None, _("Es demasiado largo: hasta 200 000 caracteres.")


def _category_saved(form: CategoryForm, category: Category | None) -> ResponseReturnValue | None:
    """Store what the form says; None, with the reason at its field, when the name is taken."""
    act = (
        partial(shelving.change_category, category_id=category.id)
        if category is not None
        else shelving.create_category
    )
    try:
        act(actor=signed_in_actor(), now=clock.now(), **form.words())
    except shelving.NameTaken:
        form.nombre.errors = [_("Ya hay una categoría con ese nombre.")]
        return None
    flash(_("Guardada."), "success")
    return redirect(url_for("editor.categories"), 303)


def _article_or_404(article_id: int) -> Article:
    article = queries.article_to_edit(article_id)
    if article is None:
        raise NotFound
    return article


def _category_or_404(slug: str) -> Category:
    category = queries.category_by_slug(slug)
    if category is None:
        raise NotFound
    return category
