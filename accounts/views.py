"""Entering and leaving: registration, confirmation, sign-in, a lost password, an invitation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from accounts import actions, attempts, mail_views, member_views, membership, queries
from accounts.access import (
    begin_session,
    current_actor,
    end_session,
    open_to_all,
    signed_in_actor,
)
from accounts.actions import AddressTaken
from accounts.forms import (
    ConfirmForm,
    ForgotForm,
    InvitationForm,
    NewPasswordForm,
    RegisterForm,
    SignInForm,
)
from accounts.links import LinkGone, LinkUnknown, Purpose
from accounts.models import OneTimeLink
from core import clock
from core.web import current_locale, safe_next

blueprint = Blueprint("accounts", __name__)
member_views.register(blueprint)
mail_views.register(blueprint)

TokenView = Callable[[str], ResponseReturnValue]


def link_page(purpose: Purpose) -> Callable[[TokenView], TokenView]:
    """A page behind a mailed link: 404 for an unknown one, words and a way on for an old one.

    The address of the page is a secret: it is not kept by the browser and not told to others.
    """

    def mark(view: TokenView) -> TokenView:
        @wraps(view)
        def page(token: str) -> ResponseReturnValue:
            try:
                response = make_response(view(token))
            except LinkUnknown:
                raise NotFound from None
            except (LinkGone, AddressTaken) as reason:
                taken = isinstance(reason, AddressTaken)
                html = render_template("accounts/link_ended.html", purpose=purpose, taken=taken)
                response = make_response(html, 410)
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["Cache-Control"] = "no-store"
            return response

        return page

    return mark


def _next_page(endpoint: str) -> str:
    return _wanted() or url_for(endpoint)


def _wanted() -> str:
    asked = request.form if _is_sent() else request.args
    return safe_next(asked.get("next"), "")


def _is_sent() -> bool:
    # HEAD is a reading too: asking for what is not GET would let it act.
    return request.method == "POST"


@blueprint.route("/cuenta/registro", methods=["GET", "POST"])
@open_to_all
def register() -> ResponseReturnValue:
    """A new company; this browser is signed in at once, so that help need not wait for a mail."""
    if not _is_sent() and current_actor():
        return redirect(_next_page("accounts.profile"))
    form = RegisterForm()
    if not _is_sent():
        return render_template("accounts/register.html", form=form, wanted=_wanted())
    attempt = attempts.registration()
    if not form.validate():
        attempt.give_back()
        return render_template("accounts/register.html", form=form, wanted=_wanted()), 422
    person_id = actions.register(
        name=form.nombre.data,
        email=form.correo.data,
        company=form.empresa.data,
        password=form.clave.data,
        locale=current_locale(),
        now=clock.now(),
    )
    begin_session(person_id)
    flash(_("Su cuenta está lista. Ya puede enviar tickets."), "success")
    return redirect(_next_page("tickets.index"), 303)


@blueprint.route("/cuenta/confirmar/<token:token>", methods=["GET", "POST"])
@open_to_all
@link_page(Purpose.CONFIRM)
def confirm(token: str) -> ResponseReturnValue:
    """One click where the person is signed in; elsewhere the password is asked as well.

    The mailbox alone must not bless an account that a stranger made with its address (V84).
    """
    link = queries.open_link(token, Purpose.CONFIRM, now=clock.now())
    if queries.confirmed_person(link.email):
        raise AddressTaken
    actor, form, email = current_actor(), ConfirmForm(), link.email
    is_own = actor is not None and actor.person_id == link.person_id
    status = _judge_confirmation(form, link, is_own)
    if status != 303:
        page = render_template("accounts/confirm.html", form=form, is_own=is_own, email=email)
        return page, status
    person_id = actions.confirm(token=token, now=clock.now())
    if not is_own:
        begin_session(person_id)
    flash(_("Su correo quedó confirmado."), "success")
    return redirect(url_for("accounts.profile"), 303)


def _judge_confirmation(form: ConfirmForm, link: OneTimeLink, is_own: bool) -> int:
    """The status of the answer; 303 when the address is to be confirmed."""
    if not _is_sent():
        return 200
    if is_own:
        return 303
    if not form.validate():
        return 422
    person_id, attempt = link.person_id, attempts.password_try(link.email)
    if not actions.is_password_of(person_id=person_id, password=form.clave.data):
        form.clave.errors = [_("Esa clave no es la de esta cuenta.")]
        return 401
    attempt.give_back()
    return 303


@blueprint.post("/cuenta/confirmacion")
def resend_confirmation() -> ResponseReturnValue:
    """The link that confirms the address, once more."""
    attempts.mailed_link()
    actor = signed_in_actor()
    actions.ask_confirmation(actor=actor, now=clock.now())
    flash(_("Enviamos el enlace a %(email)s.", email=actor.email), "success")
    return redirect(_next_page("accounts.profile"), 303)


@blueprint.route("/cuenta/ingresar", methods=["GET", "POST"])
@open_to_all
def sign_in() -> ResponseReturnValue:
    """The same answer for every pair that is not right."""
    if not _is_sent() and current_actor():
        return redirect(_next_page("home.index"))
    form = SignInForm()
    if not _is_sent() or not form.validate():
        page = render_template("accounts/sign_in.html", form=form, wanted=_wanted(), refused=False)
        return page, 422 if _is_sent() else 200
    attempt = attempts.password_try(form.account)
    person_id = actions.sign_in(email=form.account, password=form.clave.data or "")
    if person_id is None:
        page = render_template("accounts/sign_in.html", form=form, wanted=_wanted(), refused=True)
        return page, 401
    attempt.give_back()
    begin_session(person_id)
    return redirect(_next_page("home.index"), 303)


@blueprint.post("/cuenta/salir")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """End this session; «back» shows nothing private afterwards."""
    end_session()
    flash(_("Cerró su sesión."), "info")
    response: Response = redirect(url_for("home.index"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.route("/cuenta/clave/olvidada", methods=["GET", "POST"])
@open_to_all
def forgot() -> ResponseReturnValue:
    """Ask for a link that sets a new password."""
    form = ForgotForm()
    if not _is_sent():
        form.correo.data = request.args.get("correo", "")[:254]
        return render_template("accounts/forgot.html", form=form)
    attempts.reset_try()
    if not form.validate():
        return render_template("accounts/forgot.html", form=form), 422
    actions.ask_reset(email=form.correo.data, now=clock.now())
    return redirect(url_for("accounts.forgot_sent"), 303)


@blueprint.get("/cuenta/clave/enviada")
@open_to_all
def forgot_sent() -> ResponseReturnValue:
    """The same page whether or not the address is somebody's."""
    return render_template("accounts/forgot_sent.html")


@blueprint.route("/cuenta/clave/nueva/<token:token>", methods=["GET", "POST"])
@open_to_all
@link_page(Purpose.RESET)
def new_password(token: str) -> ResponseReturnValue:
    """Set a password by link; every other session ends, this browser is signed in."""
    if _is_sent():
        attempts.reset_try()
    link = queries.open_link(token, Purpose.RESET, now=clock.now())
    form, email = NewPasswordForm(), link.email
    form.context = queries.words_about(link.person_id)
    if not form.validate_on_submit():
        page = render_template("accounts/new_password.html", form=form, email=email)
        return page, 422 if _is_sent() else 200
    now = clock.now()
    person_id = actions.reset_password(token=token, password=form.clave.data, now=now)
    begin_session(person_id)
    flash(_("Su clave es la nueva. Cerramos sus otras sesiones."), "success")
    return redirect(url_for("home.index"), 303)


@blueprint.route("/cuenta/invitacion/<token:token>", methods=["GET", "POST"])
@open_to_all
@link_page(Purpose.INVITE)
def invitation(token: str) -> ResponseReturnValue:
    """Become a member of the company that invites."""
    offer = queries.invitation(token, now=clock.now())
    if queries.confirmed_person(offer.email):
        raise AddressTaken
    form = InvitationForm()
    form.context = (offer.email, offer.company)
    if not form.validate_on_submit():
        page = render_template("accounts/invitation.html", form=form, offer=offer)
        return page, 422 if _is_sent() else 200
    person_id = membership.accept(
        token=token,
        name=form.nombre.data,
        password=form.clave.data,
        locale=current_locale(),
        now=clock.now(),
    )
    begin_session(person_id)
    flash(
        _("Le damos la bienvenida. Ya es parte de %(company)s.", company=offer.company), "success"
    )
    return redirect(url_for("home.index"), 303)
