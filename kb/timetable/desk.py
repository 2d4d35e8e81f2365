"""The page «Publicación» of an article: its dates, its readers, its address, its verification."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock
from kb import step_desk
from kb.addresses.actions import change_address
from kb.addresses.leading import SlugTaken
from kb.addresses.queries import former_of
from kb.editor_access import article_or_404
from kb.following import Gone
from kb.models import Article
from kb.timetable import actions
from kb.timetable.forms import AddressForm, TimetableForm


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the editor."""
    own = "/editor/articulos/<number:article_id>"
    add = blueprint.add_url_rule
    add(f"{own}/fechas", "timetable", timetable, methods=["GET", "POST"])
    add(f"{own}/direccion", "address", address, methods=["POST"])
    add(f"{own}/verificacion", "confirm", confirm, methods=["POST"])


@requires(may_edit_articles)
def timetable(article_id: int) -> ResponseReturnValue:
    article = article_or_404(article_id)
    form = TimetableForm()
    if request.method == "GET":
        form.show(article)
        return _page(article, form)
    if not form.validate() or not _planned(form, article_id):
        return _page(article_or_404(article_id), form, status=422)
    flash(_("Fechas guardadas."), "success")
    return redirect(url_for("editor.timetable", article_id=article_id), 303)


def _planned(form: TimetableForm, article_id: int) -> bool:
    """Store the dates; False, with the reason at its field, where they cannot be."""
    try:
        actions.plan(
            actor=signed_in_actor(),
            article_id=article_id,
            publish_at=form.publicar.moment,
            expire_at=form.vencer.moment,
            review_at=form.revisar.moment,
            now=clock.now(),
        )
    except Gone as error:
        raise NotFound from error
    except actions.InThePast as error:
        field = {"publish_at": form.publicar, "expire_at": form.vencer}.get(
            error.name, form.revisar
        )
        field.errors = [_("Esa fecha ya pasó. Elija una que venga.")]
        return False
    except actions.Crossed:
        form.vencer.errors = [_("Tiene que ser después de publicarlo.")]
        return False
    return True


@requires(may_edit_articles)
def address(article_id: int) -> ResponseReturnValue:
    form = AddressForm()
    if form.validate():
        try:
            change_address(
                actor=signed_in_actor(),
                article_id=article_id,
                slug=form.direccion.data,
                now=clock.now(),
            )
        except Gone as error:
            raise NotFound from error
        except SlugTaken:
            form.direccion.errors = [_("Otra respuesta ya tiene esa dirección.")]
        else:
            flash(_("Dirección cambiada. La anterior lleva a la nueva."), "success")
            return redirect(url_for("editor.timetable", article_id=article_id), 303)
    article = article_or_404(article_id)
    dates = TimetableForm(formdata=None)
    dates.show(article)
    return _page(article, dates, form, status=422)


@requires(may_edit_articles)
def confirm(article_id: int) -> ResponseReturnValue:
    try:
        actions.confirm(actor=signed_in_actor(), article_id=article_id, now=clock.now())
    except Gone as error:
        raise NotFound from error
    flash(_("Verificado hoy."), "success")
    return redirect(url_for("editor.timetable", article_id=article_id), 303)


def _page(
    article: Article, form: TimetableForm, moving: AddressForm | None = None, status: int = 200
) -> ResponseReturnValue:
    html = render_template(
        "editor/timetable.html",
        article=article,
        form=form,
        address_form=moving or AddressForm(formdata=None, data={"direccion": article.slug}),
        former=former_of(article.id),
        **step_desk.life_of(article),
    )
    return html, status
