"""Pictures for articles: sent by editors, seen by everybody who has their address."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all, requires, signed_in_actor
from accounts.permissions import may_edit_articles
from core import clock, imaging
from core.pictures import FOLDER
from core.protection import accepts_files
from core.web import Page, checked_page, page_number
from kb.images import actions, queries
from kb.images.forms import ImageForm
from kb.writing.policy import image_markdown

blueprint = Blueprint("images", __name__)
LISTED = 24
HEADERS = {
    "Content-Type": imaging.MEDIA_TYPE,
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.get(f"{FOLDER}<token:picture>.webp")
@open_to_all
def picture(picture: str) -> ResponseReturnValue:
    fetch = request.headers.get("Sec-Fetch-Dest", "document")
    found = queries.image_by_key(picture, content=True)
    if found is None or fetch not in {"image", "document", "empty"}:
        raise NotFound
    answer = Response(found.content, headers=HEADERS)
    answer.set_etag(found.name)
    return answer.make_conditional(request)


@blueprint.get("/editor/imagenes")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    return _list_page(ImageForm(formdata=None))


@blueprint.post("/editor/imagenes")
@requires(may_edit_articles)
@accepts_files
def upload() -> ResponseReturnValue:
    form = ImageForm()
    in_place = request.accept_mimetypes.best == "application/json"
    if not form.validate():
        return _refused(form, in_place)
    alt = form.alternativo.data or ""
    try:
        address = actions.store_image(
            actor=signed_in_actor(), content=form.content, alt=alt, now=clock.now()
        )
    except imaging.Broken:
        form.imagen.errors = [_("Esa imagen no se puede leer. Ábrala, guárdela otra vez y súbala.")]
        return _refused(form, in_place)
    if in_place:
        return jsonify(markdown=image_markdown(alt, address), url=address), 201
    flash(_("Imagen guardada. Copie su texto y péguelo en el artículo."), "success")
    key = address.removeprefix(FOLDER).removesuffix(".webp")
    return redirect(url_for("images.show", picture=key), 303)


@blueprint.get("/editor/imagenes/<token:picture>")
@requires(may_edit_articles)
def show(picture: str) -> ResponseReturnValue:
    image = queries.image_by_key(picture)
    if image is None:
        raise NotFound
    text = image_markdown(image.alt, image.address)
    return render_template("images/show.html", image=image, text=text)


def _refused(form: ImageForm, in_place: bool) -> ResponseReturnValue:
    if not in_place:
        return _list_page(form, 422)
    said = [str(error) for errors in form.errors.values() for error in errors]
    return jsonify(error=" ".join(said)), 422


def _list_page(form: ImageForm, status: int = 200) -> ResponseReturnValue:
    number = page_number()
    rows, total = queries.images(page=number, size=LISTED)
    page = checked_page(Page(rows, number, LISTED, total))
    return render_template("images/index.html", form=form, page=page), status
