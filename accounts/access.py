"""The front door: who is asking, and whether this page is for them.

Sign-in is the default. A page open to everybody says so with `open_to_all`; a page for some
says which predicate of `accounts.permissions` it needs. Missing and forbidden look the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import NotFound

from accounts import sessions
from accounts.permissions import Actor
from core import clock
from core.errors import error_page
from core.tokens import token_hash
from core.web import visitor_key

V = TypeVar("V", bound=Callable[..., object])
Predicate = Callable[[Actor | None], bool]
login_manager = LoginManager()


class SignedIn(UserMixin):
    """Flask-Login's view of a session: its id is the session's secret."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def open_to_all(view: V) -> V:
    """A page for everybody."""
    view.door = "open"  # type: ignore[attr-defined]
    return view


def requires(predicate: Predicate) -> Callable[[V], V]:
    """A page for whom `predicate` holds; a 404 for others."""

    def mark(view: V) -> V:
        view.door = predicate  # type: ignore[attr-defined]
        return view

    return mark


def unattended(view: V) -> V:
    """A page that a script asks for by itself: it keeps no session alive, for nobody was there."""
    view.unattended = True  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor | None:
    """The signed-in person, or None."""
    if "actor" not in g:
        # A visitor without a session cookie costs no look-up.
        signed_in = "_user_id" in session and current_user.is_authenticated
        g.actor = current_user.actor if signed_in else None
    actor: Actor | None = g.actor
    return actor


def signed_in_actor() -> Actor:
    """The signed-in person of a page that is not open. Raises NotFound otherwise."""
    actor = current_actor()
    if actor is None:
        raise NotFound
    return actor


def begin_session(person_id: int) -> None:
    """Sign a person in, with a new session and nothing of the old one but the language."""
    visitor = visitor_key()
    session.clear()
    now = clock.now()
    token = sessions.start(person_id, browser=request.headers.get("User-Agent", ""), now=now)
    actor = sessions.actor_of(token, now=now)
    if actor is None:
        raise NotFound
    for adopt in current_app.extensions.get("on_sign_in", ()):
        adopt(actor, visitor)
    login_user(SignedIn(token, actor))
    g.actor = actor


def session_hash() -> str:
    """The stored name of this browser's session; '' for a visitor."""
    return token_hash(current_user.token) if current_user.is_authenticated else ""


def end_session() -> None:
    """Sign out: the stored session is deleted, so a copied cookie is worthless."""
    if current_user.is_authenticated:
        sessions.end(current_user.token)
    logout_user()
    session.clear()
    g.actor = None


def _load(token: str) -> SignedIn | None:
    view = current_app.view_functions.get(request.endpoint or "")
    used = not getattr(view, "unattended", False)
    actor = sessions.actor_of(token, now=clock.now(), used=used)
    return SignedIn(token, actor) if actor else None


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    door = getattr(view, "door", None)
    actor = current_actor()
    if door == "open":
        return None
    if actor is None:
        return _ask_to_sign_in()
    if door is not None and not door(actor):
        raise NotFound
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method == "POST":
        return error_page(
            401,
            title=_("Su sesión terminó"),
            text=_(
                "No se perdió nada: abajo está lo que escribió. Ingrese en otra pestaña y "
                "vuelva a enviarlo desde aquí."
            ),
            resend=True,
        )
    flash(_("Ingrese para continuar."), "info")
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 302)


def register(app: Flask) -> None:
    """Flask-Login loads, the guard decides."""
    login_manager.session_protection = None
    # Its template helper would ask the database again on the page that says it is away.
    login_manager.init_app(app, add_context_processor=False)
    login_manager.user_loader(_load)
    app.before_request(_guard)
