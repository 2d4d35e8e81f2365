"""Error pages in the site's face; nothing that was typed is lost with them."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, g, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.protection import CrossSite, same_origin
from core.ratelimit import window_of
from core.web import safe_next, site_settings

log = logging.getLogger(__name__)
#: Fields that are never shown again.
SECRET_FIELDS = {"clave", "clave_actual", "clave_nueva", "repetir", "valor", "csrf_token"}
#: What forms carry that nobody typed.
CARRIED_FIELDS = {
    "token", "nota_vacia", "borrador", "formulario", "condiciones", "accion", "next", "desde",
    "revision", "articulo", "afeccion", "prioridad", "momento", "quitar", "satisfecho", "util",
    "siguiente", "idioma", "roles", "permisos", "preset", "categoria", "hacia", "limite", "acento",
    "posicion", "conforme", "secreto", "dias", "corrige", "ticket", "promesa", "acuerdo",
    "deshacer", "visto", "insertar", "lista", "escribe",
}  # fmt: skip
KEPT_AT_MOST = 30
QUARTER, HOUR = 900, 3600


def words_for(code: int) -> tuple[str, str]:
    """Title and explanation of an error page."""
    return {**_refusals(), **_failures()}.get(
        code, (_("No se pudo completar"), _("Vuelva a intentarlo."))
    )


def _refusals() -> dict[int, tuple[str, str]]:
    return {
        400: (_("No entendimos lo que llegó"), _("La dirección o el formulario no está completo.")),
        403: (
            _("No tiene permiso para esto"),
            _("Si cree que debería tenerlo, pídalo al administrador de su empresa."),
        ),
        404: (
            _("Esta página no existe"),
            _("La dirección puede haber cambiado, o quizá no tiene acceso a ella."),
        ),
        405: (
            _("Esta página no se usa así"),
            _("Vuelva atrás y use los botones de la página."),
        ),
        409: (
            _("Algo cambió mientras usted escribía"),
            _("Revise lo que hay ahora y vuelva a enviar."),
        ),
        410: (_("Este enlace ya no sirve"), _("Se usó antes o venció. Puede pedir uno nuevo.")),
    }


def _failures() -> dict[int, tuple[str, str]]:
    return {
        413: (
            _("Es demasiado grande"),
            _(
                "Cada archivo puede tener hasta 10 MB, y el mensaje completo hasta 25 MB. Vuelva "
                "atrás en su navegador: su texto sigue en el formulario."
            ),
        ),
        415: (
            _("No podemos leer ese formato"),
            _("Envíe los datos con el formulario de la página."),
        ),
        429: (
            _("Demasiados intentos seguidos"),
            _("Espere unos minutos e inténtelo otra vez."),
        ),
        500: (
            _("Algo falló de nuestro lado"),
            _("Ya quedó registrado. Vuelva a intentarlo; si es urgente, llámenos."),
        ),
        503: (
            _("No pudimos guardar en este momento"),
            _("Vuelva a intentarlo en unos instantes. Si es urgente, llámenos."),
        ),
    }


def error_page(code: int, *, title: str = "", text: str = "", resend: bool = False) -> Response:
    """An error page; what was typed in the request is shown on it."""
    usual_title, usual_text = words_for(code)
    if request_ctx.url_adapter is None:
        # A Host that is not ours: there is no address to link to, and no page to dress up.
        return Response(f"{code} {usual_title}", status=code, mimetype="text/plain")
    kept = [] if code in {404, 405, 413} else typed()
    html = render_template(
        "errors/error.html",
        code=code,
        title=title or usual_title,
        text=text or usual_text,
        kept=kept,
        may_go_back=code == 413,
        resend=_resend_fields() if resend else None,
        # Of a form that was too large only the browser still has the text: it goes back by itself.
        actions=_ways_back() if request.method == "POST" and code != 413 else [],
        reference=getattr(g, "request_id", ""),
    )
    return Response(html, status=code, mimetype="text/html")


def _ways_back() -> list[dict[str, str]]:
    """The page whose form was sent, where the browser says which it was."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return []
    page = safe_next(urlunsplit(("", "", came_from.path, came_from.query, "")), "")
    return [{"label": _("Volver a la página"), "url": page}] if page else []


def typed() -> list[tuple[str, str]]:
    """(field, text) of what the person typed, without secrets."""
    if request.method != "POST":
        return []
    try:
        items = list(request.form.items(multi=True))
    except HTTPException:
        return []
    unseen = SECRET_FIELDS | CARRIED_FIELDS
    names = _field_names()
    kept = [(_name_of(k, names), v) for k, v in items if k not in unseen and v.strip()]
    return kept[:KEPT_AT_MOST]


def _name_of(field: str, names: dict[str, str]) -> str:
    kind, dash, rest = field.partition("-")
    known = names.get(kind, kind.capitalize())
    return f"{known}: {rest.replace('-', ' ')}" if dash else known


def _field_names() -> dict[str, str]:
    """What the fields with the longer texts are called on their pages."""
    return {
        "asunto": _("Asunto"),
        "descripcion": _("Descripción"),
        "texto": _("Texto"),
        "comentario": _("Comentario"),
        "necesidad": _("¿Qué necesita?"),
        "nombre": _("Nombre"),
        "correo": _("Correo"),
        "telefono": _("Teléfono"),
        "empresa": _("Empresa"),
        "titulo": _("Título"),
        "resumen": _("Resumen"),
        "etiquetas": _("Etiquetas"),
        "resultado": _("Resultado"),
        "cantidad": _("Cantidad"),
        "ruc": _("RUC"),
        "slug": _("Dirección"),
        "horario": _("Horario de atención"),
        "whatsapp": "WhatsApp",
    }


def _has_files() -> bool:
    return any(file.filename for file in request.files.values())


def _resend_fields() -> dict[str, object] | None:
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or _has_files():
        return None
    # Every value of a name: a list of rights is one name with many.
    fields = [(k, v) for k, v in request.form.items(multi=True) if k not in SECRET_FIELDS]
    if any(name in request.form for name in SECRET_FIELDS - {"csrf_token"}):
        return None
    return {"url": request.full_path.rstrip("?"), "fields": fields}


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None and error.code is None:
        return error.response  # type: ignore[return-value]
    code = error.code or 500
    if 300 <= code < 400:
        return error.get_response()
    if code == 429:
        return _too_many(error)
    response = error_page(code)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _too_many(error: HTTPException) -> Response:
    """Says how long the window is that was used up, and when it ends in `Retry-After`."""
    window = window_of(error)
    both = _("Por teléfono y WhatsApp le atendemos.")
    reached = both if site_settings().whatsapp else _("Por teléfono le atendemos.")
    if window.length > HOUR:
        reason = _("Ya recibimos todos los envíos que admitimos en un día.")
    elif window.length >= HOUR:
        reason = _("Desde su red ya recibimos todos los envíos que admitimos en una hora.")
    else:
        reason = _("Espere unos minutos e inténtelo otra vez.")
    response = error_page(429, text=f"{reason} {reached}", resend=window.left <= QUARTER)
    response.headers["Retry-After"] = str(window.left)
    return response


def _on_csrf_error(_error: CSRFError) -> Response:
    return error_page(
        400,
        title=_("El formulario venció"),
        text=_(
            "Abajo está lo que escribió, pero no los archivos. Vuelva a la página, péguelo y "
            "adjúntelos otra vez."
        )
        if _has_files()
        else _("No se perdió nada: abajo está lo que escribió. Envíelo de nuevo."),
        resend=same_origin(),
    )


def _on_cross_site(_error: CrossSite) -> Response:
    return error_page(
        400, text=_("Este envío vino de otra página. Use el formulario de este sitio.")
    )


def _on_database_error(error: OperationalError) -> Response:
    log.error("database unavailable: %s", type(error.orig).__name__, exc_info=error)
    return error_page(503)


def _on_collision(error: IntegrityError) -> Response:
    # Two requests wanted the same row at once: the other one has it, and nothing of this one
    # was stored.
    log.warning("two requests collided: %s", type(error.orig).__name__)
    return error_page(409)


def _on_bad_value(error: DataError) -> Response:
    # Nothing was stored. Forms refuse what a column cannot hold; this is the net under them.
    log.error("a value that the database refuses", exc_info=error)
    return error_page(400)


def _on_crash(error: Exception) -> Response:
    g.request_id = secrets.token_hex(6)
    log.error("request %s failed", g.request_id, exc_info=error)
    return error_page(500)


def register(app: Flask) -> None:
    """Every error a person can meet gets a page in words."""
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(CrossSite, _on_cross_site)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(OperationalError, _on_database_error)
    app.register_error_handler(IntegrityError, _on_collision)
    app.register_error_handler(DataError, _on_bad_value)
    if not _crashes_are_shown(app):
        app.register_error_handler(Exception, _on_crash)


def _crashes_are_shown(app: Flask) -> bool:
    """In tests a crash must be seen, not painted over."""
    return bool(app.config.get("TESTING")) and not app.config.get("SHOW_ERROR_PAGES")
