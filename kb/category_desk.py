"""The editor's pages of the shelves on which articles stand."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from kb import categories as shelving
from kb import editor_queries, queries
from kb.addresses.leading import SlugTaken
from kb.editor_access import category_or_404
from kb.forms import CategoryForm
from kb.models import Category


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the editor."""
    add, both = blueprint.add_url_rule, ["GET", "POST"]
    add("/editor/categorias", "categories", categories)
    add("/editor/categorias/nueva", "new_category", new_category, methods=both)
    add("/editor/categorias/<slug:slug>", "category", category, methods=both)
    add("/editor/categorias/<slug:slug>/lugar", "move_category", move_category, methods=["POST"])


@requires(may_edit_articles)
def categories() -> ResponseReturnValue:
    return render_template(
        "editor/categories.html",
        categories=queries.categories(),
        counts=editor_queries.articles_per_category(),
    )


@requires(may_edit_articles)
def new_category() -> ResponseReturnValue:
    return _category_page(CategoryForm(), None)


@requires(may_edit_articles)
def category(slug: str) -> ResponseReturnValue:
    category = category_or_404(slug)
    form = CategoryForm()
    if request.method == "GET":
        form.nombre.data, form.descripcion.data = category.name, category.description
        form.posicion.data, form.direccion.data = category.position, category.slug
    return _category_page(form, category)


def _category_page(form: CategoryForm, category: Category | None) -> ResponseReturnValue:
    if request.method == "POST" and form.validate():
        saved = _category_saved(form, category)
        if saved is not None:
            return saved
    status = 422 if form.errors else 200
    return render_template("editor/category.html", form=form, category=category), status


@requires(may_edit_articles)
def move_category(slug: str) -> ResponseReturnValue:
    category_id = category_or_404(slug).id
    step = {"arriba": -1, "abajo": 1}.get(request.form.get("hacia", ""))
    if step is None:
        raise NotFound
    shelving.move_category(
        actor=signed_in_actor(), category_id=category_id, step=step, now=clock.now()
    )
    return redirect(url_for("editor.categories"), 303)


def _category_saved(form: CategoryForm, category: Category | None) -> ResponseReturnValue | None:
    """Store what the form says; None, with the reason at its field, when it is taken."""
    act = (
        partial(shelving.change_category, category_id=category.id)
        if category is not None
        else shelving.create_category
    )
    words = form.words() | ({"slug": form.direccion.data or ""} if category is not None else {})
    try:
        act(actor=signed_in_actor(), now=clock.now(), **words)
    except shelving.NameTaken:
        form.nombre.errors = [_("Ya hay una categoría con ese nombre.")]
        return None
    except SlugTaken:
        form.direccion.errors = [_("Otra categoría ya tiene esa dirección.")]
        return None
    flash(_("Guardada."), "success")
    return redirect(url_for("editor.categories"), 303)
