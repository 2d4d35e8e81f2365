"""Pictures of attached images: ours, so they may be shown; handed out like what they are of."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from accounts.access import current_actor
from core import imaging
from tickets.previews import queries

blueprint = Blueprint("previews", __name__)
HEADERS = {
    "Content-Type": imaging.MEDIA_TYPE,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.get("/tickets/<number:number>/adjuntos/<number:attachment_id>/vista")
def large(number: int, attachment_id: int) -> ResponseReturnValue:
    return _picture(number, attachment_id, "large")


@blueprint.get("/tickets/<number:number>/adjuntos/<number:attachment_id>/miniatura")
def small(number: int, attachment_id: int) -> ResponseReturnValue:
    return _picture(number, attachment_id, "small")


def _picture(number: int, attachment_id: int, kind: str) -> Response:
    found = queries.preview_for(current_actor(), number, attachment_id, kind)
    fetch = request.headers.get("Sec-Fetch-Dest", "document")
    if found is None or fetch not in {"image", "document", "empty"}:
        raise NotFound
    return Response(found.content, headers=HEADERS)
