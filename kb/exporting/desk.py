"""Editors take the FAQ along: as Markdown, or as a copy that opens without a server."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import wrap_file

from accounts.access import requires
from accounts.permissions import may_edit_articles
from core import clock
from core.db import snapshot
from kb.editor_queries import counts_by_state
from kb.exporting.folder import zip_parts
from kb.exporting.formats import export_files

blueprint = Blueprint("exporting", __name__)


@blueprint.get("/editor/exportar")
@requires(may_edit_articles)
def index() -> ResponseReturnValue:
    return render_template("exporting/index.html", total=sum(counts_by_state(clock.now()).values()))


@blueprint.get("/editor/exportar/articulos.zip")
@requires(may_edit_articles)
def markdown() -> ResponseReturnValue:
    return _download("markdown", "articulos")


@blueprint.get("/editor/exportar/copia.zip")
@requires(may_edit_articles)
def static() -> ResponseReturnValue:
    return _download("static", "copia-preguntas")


def _download(kind: str, name: str) -> Response:
    now = clock.now()
    # On disk first: what fails then fails before the first byte is sent.
    file = TemporaryFile()  # noqa: SIM115  closed with the response
    with snapshot():
        for part in zip_parts(kind, export_files(kind, now=now)):
            file.write(part)
    file.seek(0)
    response = Response(
        wrap_file(request.environ, file), mimetype="application/zip", direct_passthrough=True
    )
    day = clock.in_lima(now).date().isoformat()
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{day}.zip")
    return response
