"""Guards around every request: its shape, its origin, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wrappers import Response

from core.files import MAX_REQUEST

csrf = CSRFProtect()

ORDINARY_REQUEST = 512 * 1024
MAX_FIELDS = 500
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
V = TypeVar("V", bound=Callable[..., object])


class CrossSite(BadRequest):
    """A form of another site was sent to ours."""


def accepts(size: int) -> Callable[[V], V]:
    """Mark a view whose requests may be larger than an ordinary form (bytes)."""

    def mark(view: V) -> V:
        view.accepts_bytes = size  # type: ignore[attr-defined]
        return view

    return mark


def accepts_fields(count: int) -> Callable[[V], V]:
    """Mark a view whose form may have more fields than an ordinary one."""

    def mark(view: V) -> V:
        view.accepts_fields = count  # type: ignore[attr-defined]
        return view

    return mark


#: A view that takes attachments.
accepts_files = accepts(MAX_REQUEST)
#: A view that takes the text of an article: 200,000 characters, escaped in a form.
accepts_long_text = accepts(3 * 1024 * 1024)


def register(app: Flask) -> None:
    """Put the guards in place; the shape of a request is judged before its token is."""
    app.before_request(_check_shape)
    app.before_request(_check_origin)
    csrf.init_app(app)
    app.after_request(_set_headers)


def _check_shape() -> None:
    if "\x00" in request.path or b"\x00" in request.query_string or "%00" in request.full_path:
        raise NotFound
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, "accepts_bytes", ORDINARY_REQUEST)
    request.max_content_length = limit
    request.max_form_memory_size = min(limit, 3 * 1024 * 1024)
    if request.method not in UNSAFE or request.routing_exception is not None:
        return
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    if request.content_length and request.content_length > limit:
        raise RequestEntityTooLarge
    if request.mimetype and request.mimetype not in FORM_TYPES:
        raise UnsupportedMediaType
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType
    if request.mimetype == "multipart/form-data":
        _check_multipart()
    fields = getattr(view, "accepts_fields", MAX_FIELDS)
    if sum(1 for _ in request.form.items(multi=True)) > fields:
        raise RequestEntityTooLarge


def _check_multipart() -> None:
    # Werkzeug reads a broken body as an empty form: the person would lose what they typed.
    if not request.mimetype_params.get("boundary"):
        raise BadRequest
    if request.content_length and not request.form and not request.files:
        raise BadRequest


def _check_origin() -> None:
    if request.method not in UNSAFE:
        return
    if not same_origin():
        raise CrossSite


def same_origin() -> bool:
    """Whether the browser says that this request comes from our own pages, or says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    wanted = {request.host_url.rstrip("/"), current_app.config["SITE"].public_url}
    return origin in wanted or (
        # Behind a proxy that speaks TLS for us the scheme may differ; the host may not.
        origin != "null" and urlsplit(origin).netloc == request.host
    )


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SITE"].https:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
        )
    if request.endpoint == "static":
        if response.status_code == 200 and "v" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
    if "immutable" in response.headers.get("Cache-Control", "") and not session.modified:
        # What an address of its own content answers is the same for everybody, for ever.
        return response
    if getattr(g, "actor", None) is not None or session.modified:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.add("Cookie")
    return response
