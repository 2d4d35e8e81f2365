"""The front page, the language, the health of the site, and its style sheet of the brand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all
from accounts.permissions import may_administer, may_ask_quotes, may_use_tickets
from core import clock
from core.colours import brand_css as css_for
from core.pagecache import cacheable
from core.presentation import asset
from core.web import LANGUAGE_COOKIE, LANGUAGES, external_url, safe_next, site_settings
from home import health
from kb.queries import most_helpful, shelves
from tickets.places import Placed, open_tickets_with_place

blueprint = Blueprint("home", __name__)

YEAR = timedelta(days=365)
ANSWERS_A_SHELF = 4
TICKETS_SHOWN = 5


@blueprint.get("/")
@open_to_all
@cacheable
def index() -> str:
    """Search, six doors, and the answers that helped most."""
    actor = current_actor()
    tickets: Sequence[Placed] = ()
    if actor is not None and may_use_tickets(actor):
        tickets = open_tickets_with_place(actor, limit=TICKETS_SHOWN)
    return render_template(
        "home/index.html",
        tickets=tickets,
        may_ask_quotes=may_ask_quotes(actor),
        shelves=shelves(first=ANSWERS_A_SHELF),
        popular=most_helpful(3),
        canonical=external_url("home.index"),
    )


@blueprint.get("/idioma/<code>")
@open_to_all
def language(code: str) -> ResponseReturnValue:
    """Remember the language in this browser and go back."""
    if code not in LANGUAGES:
        raise NotFound
    response = redirect(safe_next(request.args.get("next"), url_for("home.index")))
    response.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=YEAR,
        secure=current_app.config["SITE"].https,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.get("/salud/vivo")
@open_to_all
def alive() -> Response:
    """The process answers."""
    return _plain("ok\n")


@blueprint.get("/salud/listo")
@open_to_all
def ready() -> Response:
    """The site can serve; what is wrong is told to administrators only."""
    found = list(health.checks(clock.now()))
    is_ready = all(check.is_ok for check in found)
    text = "ok\n" if is_ready else "fail\n"
    if may_administer(current_actor()):
        text += "".join(
            f"{'ok' if check.is_ok else 'fail'} {check.name}: {check.detail}\n" for check in found
        )
    return _plain(text, 200 if is_ready else 503)


@blueprint.get("/estilo")
@open_to_all
def style_guide() -> str:
    """Every piece of the design system; only in development."""
    if not current_app.config["SITE"].development:
        raise NotFound
    return render_template("style/guide.html")


@blueprint.get("/estilo/marca.css")
@open_to_all
def brand_css() -> Response:
    """The company's accent, readable in both themes."""
    accent = site_settings().accent
    response = Response(css_for(accent), mimetype="text/css")
    if accent and request.args.get("v") == accent[1:]:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/robots.txt")
@open_to_all
def robots() -> Response:
    """Everything public may be read; private addresses are of no use to anybody."""
    closed = (
        "/cuenta/",
        "/tickets",
        "/mesa",
        "/editor",
        "/ventas",
        "/reportes",
        "/admin",
        "/salud/",
        "/idioma/",
    )
    # In the site map, without what a link fills in; the longer rule wins.
    open_pages = (url_for("tickets.new"), url_for("accounts.register"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += [*(f"Allow: {path}$" for path in open_pages), ""]
    lines.append(f"Sitemap: {external_url('feeds.site_map')}")
    return _plain("\n".join(lines) + "\n", keep=True)


@blueprint.get("/favicon.ico")
@open_to_all
def favicon() -> ResponseReturnValue:
    """Browsers that ask for the old name get the drawing."""
    return redirect(asset("img/favicon.svg"))


def _plain(text: str, status: int = 200, *, keep: bool = False) -> Response:
    response = make_response(text, status)
    response.mimetype = "text/plain"
    if not keep:
        response.headers["Cache-Control"] = "no-store"
    return response
